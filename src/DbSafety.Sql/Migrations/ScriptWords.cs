namespace DbSafety.Sql.Migrations;

/// <summary>The words that tell what a script is about.</summary>
internal enum ScriptWord
{
    None,
    Create,
    Alter,
    Drop,
    Comment,

    /// <summary>DO, CALL, EXECUTE, IMPORT: statements that may define anything.</summary>
    Run,
    Copy,
    From,
    Stdin,
    Select,
    With,
    Into,
    Begin,
    Start,
    Table,

    /// <summary>Words between CREATE and TABLE: UNLOGGED, FOREIGN, ..</summary>
    TableKind,

    /// <summary>TEMP, TEMPORARY</summary>
    Temporary,

    /// <summary>SCHEMA, EXTENSION, TYPE, DOMAIN: what tables need first.</summary>
    Base,

    /// <summary>DATABASE, ROLE, USER, TABLESPACE: no part of a schema.</summary>
    Server,
    If,
    Not,
    Exists,
    As,

    /// <summary>Words before a name, behind which <c>$x$</c> is no constant.</summary>
    BeforeName,
    SearchPath,
    Go,
    Delimiter,
    Pragma,

    /// <summary>A word that only PostgreSQL has.</summary>
    PostgreSql,

    /// <summary>A word that PostgreSQL does not have, but another database.</summary>
    Foreign,
}

/// <summary>Looks words up by a hash of their lower-case letters, so that no string is made for each word of a file.</summary>
internal static class ScriptWords
{
    private const ulong Seed = 14695981039346656037;

    private static readonly Dictionary<ulong, ScriptWord> s_words = Build();

    /// <summary>The word at a position, and where it ends.</summary>
    public static ScriptWord Read(string text, int start, out int end)
    {
        var hash = Seed;
        for (end = start; end < text.Length && IsPart(text, end); end++)
        {
            hash = Step(hash, text[end]);
        }

        return end - start <= 20 && s_words.TryGetValue(hash, out var word) ? word : ScriptWord.None;
    }

    public static bool IsStart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or (>= '\u0080' and not '\uFEFF');

    private static bool IsPart(string text, int position)
    {
        var c = text[position];

        // ${x} is a placeholder, also behind a word.
        return IsStart(c) || FileName.IsDigit(c) || (c == '$' && (position + 1 >= text.Length || text[position + 1] != '{'));
    }

    private static ulong Step(ulong hash, char c) => unchecked((hash ^ (c is >= 'A' and <= 'Z' ? (char)(c + 32) : c)) * 1099511628211);

    private static Dictionary<ulong, ScriptWord> Build()
    {
        var words = new Dictionary<ulong, ScriptWord>();
        Add(ScriptWord.Create, "create");
        Add(ScriptWord.Alter, "alter");
        Add(ScriptWord.Drop, "drop");
        Add(ScriptWord.Comment, "comment");
        Add(ScriptWord.Run, "do call execute import");
        Add(ScriptWord.Copy, "copy");
        Add(ScriptWord.From, "from");
        Add(ScriptWord.Stdin, "stdin");
        Add(ScriptWord.Select, "select");
        Add(ScriptWord.With, "with");
        Add(ScriptWord.Into, "into");
        Add(ScriptWord.Begin, "begin");
        Add(ScriptWord.Start, "start");
        Add(ScriptWord.Table, "table");
        Add(ScriptWord.TableKind, "unlogged global local foreign");
        Add(ScriptWord.Temporary, "temp temporary");
        Add(ScriptWord.Base, "schema extension type domain");
        Add(ScriptWord.Server, "database role user tablespace");
        Add(ScriptWord.If, "if");
        Add(ScriptWord.Not, "not");
        Add(ScriptWord.Exists, "exists");
        Add(ScriptWord.As, "as");
        Add(ScriptWord.BeforeName, "on join update references authorization owner to group");
        Add(ScriptWord.SearchPath, "search_path");
        Add(ScriptWord.Go, "go");
        Add(ScriptWord.Delimiter, "delimiter");
        Add(ScriptWord.Pragma, "pragma");
        Add(ScriptWord.PostgreSql, "serial bigserial smallserial jsonb timestamptz plpgsql tsvector bytea citext regclass ilike daterange tstzrange int4range int8range numrange inet cidr");
        Add(ScriptWord.Foreign, "auto_increment autoincrement nvarchar nvarchar2 varchar2 uniqueidentifier datetime2 datetimeoffset nonclustered mediumtext longtext mediumblob longblob tinyint");
        return words;

        void Add(ScriptWord word, string texts)
        {
            foreach (var text in texts.Split(' '))
            {
                var hash = Seed;
                foreach (var c in text)
                {
                    hash = Step(hash, c);
                }

                words.Add(hash, word);
            }
        }
    }
}
