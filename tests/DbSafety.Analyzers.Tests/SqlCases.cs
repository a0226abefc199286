using System.Globalization;
using System.Text;

namespace DbSafety.Analyzers.Tests;

/// <summary>Which APIs an SQL text is embedded in.</summary>
[Flags]
internal enum Families
{
    /// <summary>Npgsql, Dapper on an Npgsql connection, EF Core for PostgreSQL.</summary>
    PostgreSql = 1,

    /// <summary>Contracts of ADO.NET, behind which several databases are possible.</summary>
    Neutral = 2,

    /// <summary>SQL Server, SQLite, MySQL.</summary>
    Others = 4,

    /// <summary>All of them.</summary>
    All = PostgreSql | Neutral | Others,
}

/// <summary>
/// Makes C# of an SQL text: one method for each API that takes such a text, and one for each way to build it. The text is written like the content
/// of an interpolated string, with <c>[|..|]</c> around what must be reported.
/// </summary>
internal static class SqlCases
{
    /// <summary>What every method has at hand, beside the variables of the case.</summary>
    public const string Parameters =
        "NpgsqlConnection pg, NpgsqlDataSource source, IDbConnection any, DbConnection db, Shop shop, SqliteConnection lite, SqlConnection server, MySqlConnection my, bool flag, int choice";

    private static readonly (Families Family, string Statement)[] s_apis =
    [
        (Families.PostgreSql, "using var command = new NpgsqlCommand(SQL, pg);"),
        (Families.PostgreSql, "using var command = new NpgsqlCommand { Connection = pg, CommandText = SQL };"),
        (Families.PostgreSql, "using var command = pg.CreateCommand(); command.CommandText = SQL;"),
        (Families.PostgreSql, "using var command = source.CreateCommand(SQL);"),
        (Families.PostgreSql, "using var batch = source.CreateBatch(); batch.BatchCommands.Add(new NpgsqlBatchCommand(SQL));"),
        (Families.PostgreSql, "var command = new NpgsqlBatchCommand(); command.CommandText = SQL;"),
        (Families.PostgreSql, "using var adapter = new NpgsqlDataAdapter(SQL, pg);"),
        (Families.PostgreSql, "pg.Execute(SQL);"),
        (Families.PostgreSql, "await pg.QueryAsync<User>(param: new { flag }, sql: SQL);"),
        (Families.PostgreSql, "pg.QuerySingle<int>(new CommandDefinition(SQL));"),
        (Families.PostgreSql, "_ = shop.Users.FromSqlRaw(SQL);"),
        (Families.PostgreSql, "await shop.Database.ExecuteSqlRawAsync(SQL);"),
        (Families.PostgreSql, "_ = shop.Database.SqlQueryRaw<int>(SQL);"),
        (Families.Neutral, "using var command = any.CreateCommand(); command.CommandText = SQL;"),
        (Families.Neutral, "using var command = db.CreateCommand(); command.CommandText = SQL;"),
        (Families.Neutral, "any.QueryFirstOrDefault(SQL);"),
        (Families.Others, "using var command = new SqliteCommand(SQL, lite);"),
        (Families.Others, "using var command = new SqlCommand(SQL, server);"),
        (Families.Others, "using var command = new MySqlCommand(SQL, my);"),
        (Families.Others, "lite.Execute(SQL);"),
    ];

    /// <summary>The ways to build a text: each gives the statements before the call, and the expression that is passed.</summary>
    private static readonly (string Name, Func<SqlTemplate, (string Before, string Text)?> Build)[] s_forms =
    [
        ("Interpolated", text => ("", text.Interpolated())),
        ("Verbatim", text => ("", text.Verbatim())),
        ("Raw", text => text.Raw() is { } raw ? ("", raw) : null),
        ("Sum", text => text.HasFormats ? null : ("", text.List(" + "))),
        ("Format", text => ("", text.Formatted("string.Format"))),
        ("FormatInvariant", text => ("", text.Formatted("string.Format", "CultureInfo.InvariantCulture, "))),
        ("Concat", text => text.HasFormats ? null : ("", $"string.Concat({text.List(", ")}, \"\")")),
        ("ConcatArray", text => text.HasFormats ? null : ("", $"string.Concat(new object[] {{ {text.List(", ")} }})")),
        ("JoinEmpty", text => text.HasFormats ? null : ("", $"string.Join(\"\", {text.List(", ")}, \"\")")),
        ("Create", text => ("", $"string.Create(CultureInfo.InvariantCulture, {text.Interpolated()})")),
        ("Invariant", text => ("", $"FormattableString.Invariant({text.Interpolated()})")),
        ("Local", text => ($"var sql = {text.Interpolated()};", "sql")),
        ("LocalTwice", text => ($"var inner = {text.Interpolated()}; string sql = inner;", "sql")),
        ("Appended", text => text.HasFormats ? null : (text.Each("var sql = \"\";", part => $"sql += {part};"), "sql")),
        ("AppendedInBranch", text => ($"var sql = \"\"; if (flag) {{ sql += {text.Interpolated()}; }}", "sql")),
        ("Builder", text => text.HasFormats ? null : (text.Each("var builder = new StringBuilder();", part => $"builder.Append({part});"), "builder.ToString()")),
        ("BuilderChain", text => text.HasFormats ? null : (text.Each("var builder = new StringBuilder()", part => $".Append({part})") + ";", "builder.ToString()")),
        ("BuilderChainAtOnce", text => text.HasFormats ? null : ("", text.Each("new StringBuilder()", part => $".Append({part})") + ".ToString()")),
        ("BuilderInterpolated", text => ($"var builder = new StringBuilder(); builder.Append({text.Interpolated()});", "builder.ToString()")),
        ("BuilderFormat", text => ($"var builder = new StringBuilder(); {text.Formatted("builder.AppendFormat")};", "builder.ToString()")),
        ("Conditional", text => ("", $"flag ? {text.Interpolated()} : \"SELECT 1\"")),
        ("ConditionalReversed", text => ("", $"(flag ? \"SELECT 1\" : {text.Interpolated()})")),
        ("Switch", text => ("", $"choice switch {{ 1 => \"SELECT 1\", 2 => {text.Interpolated()}, _ => throw new ArgumentException() }}")),
        ("Coalesce", text => ("string? cached = null;", $"cached ?? {text.Interpolated()}")),
        ("Prefixed", text => ("const string prefix = \"/* \" + nameof(Case) + \" */ \";", $"prefix + {text.Interpolated()}")),
        ("Overwritten", text => ("string sql = \"SELECT 1\";" + $" sql = {text.Interpolated()};", "sql")),
        ("Trimmed", text => text.HasTwoParts ? ("", $"{text.Interpolated()}.Trim()") : null),
    ];

    /// <summary>The names of the ways to build a text.</summary>
    public static IEnumerable<string> Forms => s_forms.Select(form => form.Name);

    /// <summary>Every API with an interpolated string, and every way to build the text with three APIs.</summary>
    public static string Embed(string sql, string variables, Families families = Families.All)
    {
        var text = SqlTemplate.Parse(sql);
        var chosen = s_apis.Where(api => families.HasFlag(api.Family)).ToList();
        var methods = new StringBuilder();
        for (var i = 0; i < chosen.Count; i++)
        {
            Method(methods, $"Api{i}", variables, "", chosen[i].Statement, text.Interpolated());
        }

        foreach (var (name, build) in s_forms)
        {
            foreach (var api in chosen.Take(1).Concat(chosen.Where(api => api.Statement.Contains("FromSqlRaw") || api.Statement.StartsWith("any."))))
            {
                if (build(text) is var (before, expression))
                {
                    Method(methods, name + chosen.IndexOf(api), variables, before, api.Statement, expression);
                }
            }
        }

        return Class(methods);
    }

    /// <summary>One way to build the text with every API.</summary>
    public static string Embed(string sql, string variables, string form)
    {
        var text = SqlTemplate.Parse(sql);
        var methods = new StringBuilder();
        if (s_forms.Single(candidate => candidate.Name == form).Build(text) is var (before, expression))
        {
            for (var i = 0; i < s_apis.Length; i++)
            {
                Method(methods, $"Api{i}", variables, before, s_apis[i].Statement, expression);
            }
        }

        return Class(methods);
    }

    /// <summary>Statements in a method that has everything at hand.</summary>
    public static string Wrap(string statements, string variables)
    {
        var method = new StringBuilder();
        Method(method, "Run", variables, "", statements, "");
        return Class(method);
    }

    private static string Class(StringBuilder methods) => $$"""
        public class Case
        {
        {{methods}}
        }
        """;

    private static void Method(StringBuilder methods, string name, string variables, string before, string statement, string expression) =>
        methods.Append(CultureInfo.InvariantCulture, $$"""
                public static async Task {{name}}({{Parameters}}{{(variables.Length == 0 ? "" : ", " + variables)}})
                {
                    {{before}}
                    {{statement.Replace("SQL", expression, StringComparison.Ordinal)}}
                    await Task.CompletedTask;
                }

            """);
}

/// <summary>An SQL text with holes, some of them marked.</summary>
internal sealed class SqlTemplate
{
    private readonly List<(string Text, string? Hole, string? Format, bool IsMarked)> _parts = [];

    /// <summary>Some hole has a format.</summary>
    public bool HasFormats => _parts.Any(part => part.Format is not null);

    /// <summary>There is more than one hole.</summary>
    public bool HasTwoParts => _parts.Count > 1;

    /// <summary>Reads the text.</summary>
    public static SqlTemplate Parse(string sql)
    {
        var template = new SqlTemplate();
        var literal = new StringBuilder();
        for (var i = 0; i < sql.Length; i++)
        {
            if (sql[i] is '{' or '}' && i + 1 < sql.Length && sql[i + 1] == sql[i])
            {
                literal.Append(sql[i++]);
                continue;
            }

            var isMarked = string.CompareOrdinal(sql, i, "[|{", 0, 3) == 0;
            if (!isMarked && sql[i] != '{')
            {
                literal.Append(sql[i]);
                continue;
            }

            if (literal.Length > 0)
            {
                template._parts.Add((literal.ToString(), null, null, false));
                literal.Clear();
            }

            var start = sql.IndexOf('{', i);
            var end = sql.IndexOf('}', start);
            var hole = sql[(start + 1)..end];
            var format = hole.IndexOf(':');
            template._parts.Add(("", format < 0 ? hole : hole[..format], format < 0 ? null : hole[(format + 1)..], isMarked));
            i = isMarked ? end + 2 : end;
        }

        if (literal.Length > 0)
        {
            template._parts.Add((literal.ToString(), null, null, false));
        }

        return template;
    }

    /// <summary><c>$".."</c></summary>
    public string Interpolated() => "$\"" + string.Concat(_parts.Select(part => part.Hole is null
        ? Escape(part.Text).Replace("{", "{{").Replace("}", "}}")
        : Mark(part, "{" + Content(part) + "}"))) + "\"";

    /// <summary><c>$@".."</c></summary>
    public string Verbatim() => "$@\"" + string.Concat(_parts.Select(part => part.Hole is null
        ? part.Text.Replace("\"", "\"\"").Replace("{", "{{").Replace("}", "}}")
        : Mark(part, "{" + Content(part) + "}"))) + "\"";

    /// <summary><c>$$"""..."""</c> of several lines, or null where the text can't stand in it.</summary>
    public string? Raw() => _parts.Any(part => part.Text.Contains("{{") || part.Text.Contains("}}")) ? null
        : "$$\"\"\"\n            " + string.Concat(_parts.Select(part => part.Hole is null
            ? part.Text.Replace("\n", "\n            ")
            : Mark(part, "{{" + Content(part) + "}}"))) + "\n            \"\"\"";

    /// <summary>Literals and values with something between them.</summary>
    public string List(string separator) =>
        string.Join(separator, _parts.Select(Operand).Prepend(_parts[0].Hole is null ? null : "\"\"").OfType<string>());

    /// <summary>Statements of one kind, one for each part.</summary>
    public string Each(string before, Func<string, string> statement) => before + string.Concat(_parts.Select(part => statement(Operand(part))));

    /// <summary>A call with a composite format.</summary>
    public string Formatted(string method, string before = "")
    {
        var format = new StringBuilder();
        var values = new List<string>();
        foreach (var part in _parts)
        {
            if (part.Hole is null)
            {
                format.Append(Escape(part.Text).Replace("{", "{{").Replace("}", "}}"));
            }
            else
            {
                format.Append('{').Append(values.Count).Append(part.Format is null ? "" : ":" + part.Format).Append('}');
                values.Add(Mark(part, part.Hole));
            }
        }

        return values.Count == 0 ? $"{method}({before}\"{format}\")" : $"{method}({before}\"{format}\", {string.Join(", ", values)})";
    }

    private static string Operand((string Text, string? Hole, string? Format, bool IsMarked) part) =>
        part.Hole is null ? "\"" + Escape(part.Text) + "\"" : Mark(part, part.Hole);

    private static string Content((string Text, string? Hole, string? Format, bool IsMarked) part) =>
        part.Format is null ? part.Hole! : part.Hole + ":" + part.Format;

    private static string Mark((string Text, string? Hole, string? Format, bool IsMarked) part, string code) => part.IsMarked ? "[|" + code + "|]" : code;

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
