namespace DbSafety.Sql.Text;

/// <summary>
/// Comments that silence rules in a file of SQL: <c>-- dbsafety:disable DBS4003</c> at the end of a line silences what begins on it; on a line of its own,
/// the next line; at the head of the file, before any statement, the whole file. Several ids are separated by spaces or commas; without an id all are meant.
/// </summary>
public static class SqlSuppressions
{
    private const string Mark = "dbsafety:disable";

    /// <summary>Whether a rule is silenced at a place.</summary>
    /// <param name="text">The file.</param>
    /// <param name="position">Where the rule would report.</param>
    /// <param name="id">Its id.</param>
    public static bool Silences(string text, int position, string id)
    {
        if (text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase) < 0 || position > text.Length)
        {
            return false;
        }

        var start = LineStart(text, position);
        if (Names(Line(text, start), id))
        {
            return true;
        }

        // Lines above that are nothing but comments: the one before, or all of the head.
        var isNext = true;
        for (var at = start; at > 0;)
        {
            at = LineStart(text, at - 1);
            var line = Line(text, at).Trim();
            if (line.Length == 0)
            {
                isNext = false;
            }
            else if (!line.StartsWith("--", StringComparison.Ordinal))
            {
                break;
            }
            else if (isNext && Names(line, id))
            {
                return true;
            }
        }

        return InHead(text, id);
    }

    private static bool InHead(string text, string id)
    {
        var named = false;
        for (var at = 0; at < text.Length;)
        {
            var line = Line(text, at);
            var content = line.Trim();
            if (content.Length > 0 && !content.StartsWith("--", StringComparison.Ordinal))
            {
                // A comment directly above a statement is that statement's.
                return false;
            }

            if (content.Length == 0 && named)
            {
                return true;
            }

            named |= Names(content, id);
            at += line.Length + 1;
        }

        return named;
    }

    private static bool Names(string line, string id)
    {
        var comment = line.IndexOf("--", StringComparison.Ordinal);
        var mark = comment < 0 ? -1 : line.IndexOf(Mark, comment, StringComparison.OrdinalIgnoreCase);
        if (mark < 0)
        {
            return false;
        }

        var ids = line.Substring(mark + Mark.Length).Split([' ', ',', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word.StartsWith("DBS", StringComparison.OrdinalIgnoreCase)).ToList();
        return ids.Count == 0 || ids.Contains(id, StringComparer.OrdinalIgnoreCase);
    }

    private static int LineStart(string text, int position) => position <= 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;

    private static string Line(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return text.Substring(start, (end < 0 ? text.Length : end) - start);
    }
}
