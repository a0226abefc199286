namespace DbSafety.Sql.Indexing;

/// <summary>What a pattern begins with.</summary>
internal enum PatternStart
{
    /// <summary>With anything.</summary>
    Any,

    /// <summary>With fixed characters.</summary>
    Prefix,

    /// <summary>It is fixed characters as a whole.</summary>
    Exact,

    /// <summary>Too hard to tell here.</summary>
    Unknown,
}

/// <summary>Reads the fixed beginning of a pattern, as PostgreSQL does (<c>like_support.c</c>).</summary>
internal static class Patterns
{
    /// <summary>Of a pattern of LIKE, with the backslash as the escape character.</summary>
    public static PatternStart OfLike(string pattern)
    {
        var length = 0;
        for (var i = 0; i < pattern.Length; i++, length++)
        {
            if (pattern[i] is '%' or '_')
            {
                return length > 0 ? PatternStart.Prefix : PatternStart.Any;
            }

            if (pattern[i] == '\\' && ++i == pattern.Length)
            {
                break;
            }
        }

        return length > 0 ? PatternStart.Exact : PatternStart.Unknown;
    }

    /// <summary>Of a pattern of ILIKE: only characters without case are fixed.</summary>
    public static PatternStart OfIgnoreCase(string pattern) =>
        pattern.Length > 0 && (pattern[0] is '%' or '_' || char.IsLetter(pattern[0])) ? PatternStart.Any : PatternStart.Unknown;

    /// <summary>Of a regular expression.</summary>
    public static PatternStart OfRegex(string pattern)
    {
        if (pattern.StartsWith("***", StringComparison.Ordinal) || pattern.IndexOf('|') >= 0 || pattern.StartsWith("(", StringComparison.Ordinal))
        {
            return PatternStart.Unknown;
        }

        if (!pattern.StartsWith("^", StringComparison.Ordinal))
        {
            return PatternStart.Any;
        }

        var end = 1;
        while (end < pattern.Length && (char.IsLetterOrDigit(pattern[end]) || pattern[end] is ' ' or '-' or '_' or '/' or ':' or '@' or '#'))
        {
            end++;
        }

        if (end == pattern.Length)
        {
            return end > 1 ? PatternStart.Prefix : PatternStart.Any;
        }

        return pattern[end] switch
        {
            '$' when end == pattern.Length - 1 => end > 1 ? PatternStart.Exact : PatternStart.Unknown,
            '*' or '?' or '{' => end > 2 ? PatternStart.Prefix : PatternStart.Unknown,
            '\\' or '(' => end > 1 ? PatternStart.Prefix : PatternStart.Unknown,
            _ => end > 1 ? PatternStart.Prefix : PatternStart.Any,
        };
    }
}
