namespace DbSafety.Sql.Migrations;

/// <summary>What a mark of a tool says about the lines below it.</summary>
internal enum ScriptSection
{
    /// <summary>No mark, or one that says nothing about what runs.</summary>
    None,

    /// <summary>What follows runs.</summary>
    Up,

    /// <summary>What follows is the way back, or for another database: it does not run.</summary>
    Down,
}

/// <summary>Reads the comments by which tools divide a file.</summary>
internal sealed class ScriptMarks
{
    /// <summary>The tool whose mark came first.</summary>
    public MigrationTool? Tool { get; private set; }

    /// <summary>Whether a mark takes the file out of the tool's transaction.</summary>
    public bool HasNoTransaction { get; private set; }

    /// <summary>What ends a statement instead of a semicolon, or null.</summary>
    public string? Delimiter { get; private set; }

    /// <summary>Reads a comment that begins its line.</summary>
    public ScriptSection Read(string text, int start, int end)
    {
        // Most comments are prose: one look at the first letter that counts.
        var i = start;
        while (i < end && text[i] is '-' or ' ' or '\t')
        {
            i++;
        }

        if (i >= end || text[i] is not ('+' or 'm' or 'c' or 'e' or 'f' or 'n' or 't' or 'l' or 'U' or 'D' or '/' or 'p'))
        {
            return ScriptSection.None;
        }

        var length = Math.Min(end - i, 400);
        var words = text.Substring(i, length).Trim();
        if (words.StartsWith("+goose", StringComparison.OrdinalIgnoreCase))
        {
            Tool ??= MigrationTool.Goose;
            return After("+goose", "no transaction");
        }

        if (words.StartsWith("+migrate", StringComparison.OrdinalIgnoreCase))
        {
            Tool ??= MigrationTool.SqlMigrate;
            return After("+migrate", "notransaction");
        }

        if (words.StartsWith("migrate:", StringComparison.Ordinal))
        {
            Tool ??= MigrationTool.Dbmate;
            return After("migrate:", "transaction:false");
        }

        if (words is "create above / drop below ----")
        {
            Tool ??= MigrationTool.Tern;
            return ScriptSection.Down;
        }

        if (words is "tern: disable-tx ----" or "no-transaction" || words.StartsWith("evolve-tx-off", StringComparison.OrdinalIgnoreCase)
            || words.Replace(" ", "").StartsWith("flyway:executeInTransaction=false", StringComparison.OrdinalIgnoreCase))
        {
            // The last one is no mark of Flyway's, but people believe it is: what they mean is no evidence of what happens.
            HasNoTransaction |= words[0] != 'f';
        }

        if (words.StartsWith("evolve-", StringComparison.OrdinalIgnoreCase))
        {
            Tool ??= MigrationTool.Evolve;
            return ScriptSection.None;
        }

        if (words is "Up Migration" or "Down Migration")
        {
            Tool ??= MigrationTool.NodePgMigrate;
            return words[0] == 'U' ? ScriptSection.Up : ScriptSection.Down;
        }

        if (words.StartsWith("//@UNDO", StringComparison.Ordinal))
        {
            Tool ??= MigrationTool.MyBatis;
            return ScriptSection.Down;
        }

        if (words.StartsWith("liquibase formatted", StringComparison.OrdinalIgnoreCase))
        {
            Tool ??= MigrationTool.Liquibase;
        }

        return Tool == MigrationTool.Liquibase && words.StartsWith("changeset", StringComparison.OrdinalIgnoreCase) ? Changeset(words) : ScriptSection.None;

        ScriptSection After(string mark, string noTransaction)
        {
            var rest = words.Substring(mark.Length).Trim();
            HasNoTransaction |= rest.IndexOf(noTransaction, StringComparison.OrdinalIgnoreCase) >= 0;
            return rest.StartsWith("up", StringComparison.OrdinalIgnoreCase) ? ScriptSection.Up
                : rest.StartsWith("down", StringComparison.OrdinalIgnoreCase) ? ScriptSection.Down
                : ScriptSection.None;
        }
    }

    /// <summary>
    /// <c>--changeset author:id name:value ..</c>. Contexts and labels are read as if they run: without contexts on the command line all do.
    /// </summary>
    private ScriptSection Changeset(string words)
    {
        Delimiter = null;
        var section = ScriptSection.Up;
        foreach (var part in words.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':');
            if (colon <= 0)
            {
                continue;
            }

            var value = part.Substring(colon + 1).Trim('"');
            if (FileName.Is(part.Substring(0, colon), "runInTransaction"))
            {
                HasNoTransaction |= FileName.Is(value, "false");
            }
            else if (FileName.Is(part.Substring(0, colon), "endDelimiter"))
            {
                Delimiter = value is "" or ";" || value.IndexOf('\\') >= 0 ? null : value;
            }
            else if (FileName.Is(part.Substring(0, colon), "dbms")
                && !value.Split(',').Any(name => name is "all" || name.StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
                && !value.StartsWith("!", StringComparison.Ordinal))
            {
                section = ScriptSection.Down;
            }
        }

        return section;
    }
}
