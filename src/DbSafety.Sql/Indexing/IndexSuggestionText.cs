using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>Writes suggestions as DDL, names them, and turns them into indexes of the catalog.</summary>
public static class IndexSuggestionText
{
    private const int MaxName = 63;

    /// <summary>CREATE INDEX, without a semicolon.</summary>
    /// <param name="suggestion">The suggestion.</param>
    /// <param name="name">The name of the index, as the catalog has it: without quotes.</param>
    /// <param name="concurrently">CONCURRENTLY: without a lock that stops writers, and outside a transaction.</param>
    /// <param name="ifNotExists">IF NOT EXISTS</param>
    public static string ToSql(this IndexSuggestion suggestion, string name, bool concurrently = false, bool ifNotExists = false)
    {
        var text = new StringBuilder("CREATE INDEX ");
        text.Append(concurrently ? "CONCURRENTLY " : "").Append(ifNotExists ? "IF NOT EXISTS " : "").Append(Quote(name)).Append(" ON ");
        if (suggestion.Table.Schema != "public")
        {
            text.Append(Quote(suggestion.Table.Schema)).Append('.');
        }

        text.Append(Quote(suggestion.Table.Name)).Append(suggestion.Method == "btree" ? "" : " USING " + suggestion.Method);
        text.Append(" (").Append(string.Join(", ", suggestion.Keys.Select(Key))).Append(')');
        return suggestion.Predicate is null ? text.ToString() : text.Append(" WHERE ").Append(suggestion.Predicate).ToString();
    }

    /// <summary>A name in the style <c>idx_table_columns</c>, of at most 63 bytes, that no table or index of the schema has.</summary>
    /// <param name="suggestion">The suggestion.</param>
    /// <param name="catalog">The schema.</param>
    /// <param name="others">The names that others are about to take, in any schema.</param>
    public static string Name(this IndexSuggestion suggestion, SchemaCatalog catalog, ICollection<string>? others = null)
    {
        var words = new StringBuilder("idx_").Append(suggestion.Table.Name);
        foreach (var key in suggestion.Keys)
        {
            words.Append('_').Append(key.Column ?? Words(key.Text));
        }

        words.Append(suggestion.Predicate is null ? "" : "_partial");
        var name = Fit(words.ToString(), MaxName);
        for (var i = 2; catalog.HasName(new ObjectName(suggestion.Table.Schema, name)) || others?.Contains(name) == true; i++)
        {
            var end = "_" + i;
            name = Fit(words.ToString(), MaxName - end.Length) + end;
        }

        return name;
    }

    /// <summary>The index that the suggestion would make.</summary>
    /// <param name="suggestion">The suggestion.</param>
    /// <param name="name">Its name.</param>
    public static TableIndex ToIndex(this IndexSuggestion suggestion, string name) => new(name, suggestion.Keys.Select(ToKey).ToImmutableArray(), IsUnique: false)
    {
        Method = suggestion.Method,
        Predicate = suggestion.Predicate is { } predicate && Parse(predicate) is { } expression ? new SchemaExpression(expression) : null,
    };

    /// <summary>A name as SQL writes it: in quotes where it must be.</summary>
    public static string Quote(string name) =>
        name.Length > 0 && (name[0] is (>= 'a' and <= 'z') or '_') && name.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')
        && (!Keywords.TryFind(name, out _, out var category, out _) || category is KeywordCategory.None or KeywordCategory.Unreserved)
            ? name
            : "\"" + name.Replace("\"", "\"\"") + "\"";

    /// <summary>The one form of an expression as DDL writes it: without needless quotes, and in parentheses unless it is a call.</summary>
    internal static string KeyText(string canonical)
    {
        var text = new StringBuilder();
        for (var i = 0; i < canonical.Length; i++)
        {
            if (canonical[i] is not ('"' or '\''))
            {
                text.Append(canonical[i]);
                continue;
            }

            // To the closing quote: a quote that is doubled is a part of the content.
            var quote = canonical[i];
            var start = ++i;
            while (i < canonical.Length && (canonical[i] != quote || (i + 1 < canonical.Length && canonical[i + 1] == quote)))
            {
                i += canonical[i] == quote ? 2 : 1;
            }

            var content = canonical.Substring(start, Math.Min(i, canonical.Length) - start);
            text.Append(quote == '"' ? Quote(content) : "'" + content + "'");
        }

        var written = text.ToString();
        return IsCall(written) || (written.StartsWith("(", StringComparison.Ordinal) && Closes(written, 0) == written.Length - 1) ? written : "(" + written + ")";
    }

    private static bool IsCall(string text)
    {
        var open = text.IndexOf('(');
        return open > 0 && text.Take(open).All(character => char.IsLetterOrDigit(character) || character == '_') && Closes(text, open) == text.Length - 1;
    }

    private static int Closes(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] is '\'' or '"')
            {
                i = text.IndexOf(text[i], i + 1);
                if (i < 0)
                {
                    return -1;
                }
            }
            else if (text[i] == '(')
            {
                depth++;
            }
            else if (text[i] == ')' && --depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static string Key(SuggestedKey key)
    {
        // A call stands bare, any other expression in parentheses.
        var text = key.Text + (key.OperatorClass is { } name ? " " + name : "") + (key.IsDescending ? " DESC" : "");
        return key.IsNullsFirst is { } first && first != key.IsDescending ? text + (first ? " NULLS FIRST" : " NULLS LAST") : text;
    }

    private static IndexKey ToKey(SuggestedKey key) => new(key.Column, key.Column is null && Parse(key.Text) is { } expression ? new SchemaExpression(expression) : null)
    {
        OperatorClass = key.OperatorClass,
        IsDescending = key.IsDescending,
        IsNullsFirst = key.IsNullsFirst ?? key.IsDescending,
    };

    /// <summary>Reads an expression; null where it is none.</summary>
    internal static SqlExpression? Parse(string text)
    {
        var tree = SqlParser.Parse(new SqlSource("SELECT 1 WHERE " + text));
        return tree.Errors.IsEmpty && tree.Statements.Length == 1 && tree.Statements[0] is SelectStatement { Query: SelectQuery query } ? query.Where.Value?.Expression : null;
    }

    private static string Words(string expression)
    {
        var words = new StringBuilder();
        foreach (var character in expression)
        {
            if (char.IsLetterOrDigit(character))
            {
                words.Append(char.ToLowerInvariant(character));
            }
            else if (words.Length > 0 && words[words.Length - 1] != '_')
            {
                words.Append('_');
            }
        }

        return words.ToString().Trim('_');
    }

    /// <summary>At most so many bytes; the name's end is replaced by a number that its whole text makes.</summary>
    private static string Fit(string name, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= bytes)
        {
            return name;
        }

        var hash = 2166136261u;
        foreach (var character in name)
        {
            hash = (hash ^ character) * 16777619u;
        }

        var end = "_" + hash.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var length = name.Length;
        while (Encoding.UTF8.GetByteCount(name.Substring(0, length)) > bytes - end.Length || char.IsHighSurrogate(name[length - 1]))
        {
            length--;
        }

        return name.Substring(0, length) + end;
    }
}
