using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Rules.Injection;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>DBS1002: which holes are identifiers, and which identifiers come from a closed set.</summary>
public sealed class SqlIdentifierFromTextTests
{
    [Theory]
    [InlineData("SELECT * FROM [|{name}|]")]
    [InlineData("SELECT * FROM \"[|{name}|]\"")]
    [InlineData("SELECT * FROM users ORDER BY [|{name}|]")]
    [InlineData("SELECT * FROM users ORDER BY id [|{name}|]")]
    [InlineData("SELECT * FROM public.[|{name}|] WHERE id = 1")]
    [InlineData("SELECT * FROM users_[|{name}|] WHERE id = 1")]
    [InlineData("UPDATE users SET [|{name}|] = 1 WHERE id = 1")]
    [InlineData("INSERT INTO [|{name}|] (id) VALUES (1)")]
    [InlineData("SELECT * FROM users WHERE [|{name}|] = 1")]
    public Task Reports_an_identifier_through_every_api_and_form(string sql) => Verify<SqlIdentifierFromText>.Sql(sql);

    [Theory]
    [InlineData("SELECT * FROM [|{name}|].users")]
    [InlineData("SELECT * FROM \"x_[|{name}|]\".\"users\"")]
    [InlineData("SELECT * FROM users u JOIN [|{name}|] o ON o.id = u.id")]
    [InlineData("SELECT EXTRACT([|{name}|] FROM at) FROM users")]
    [InlineData("SELECT a, count(*) FROM users GROUP BY [|{name}|]")]
    [InlineData("DELETE FROM [|{name}|] WHERE id = 1")]
    [InlineData("TRUNCATE TABLE [|{name}|]")]
    [InlineData("DROP TABLE IF EXISTS [|{name}|]")]
    [InlineData("CREATE TABLE [|{name}|] (id int)")]
    [InlineData("CREATE INDEX [|{name}|] ON users (id)")]
    [InlineData("LISTEN [|{name}|]")]
    [InlineData("CREATE DATABASE \"[|{name}|]\"")]
    [InlineData("SELECT * FROM users WHERE a [|{name}|] 1")]
    [InlineData("SELECT * FROM users ORDER BY \"[|{name}|]\" DESC NULLS LAST")]
    [InlineData("SELECT u.[|{name}|] FROM users u")]
    public Task Reports_an_identifier_wherever_it_stands(string sql) => Verify<SqlIdentifierFromText>.Sql(sql, families: Families.PostgreSql);

    [Theory]
    [InlineData("SELECT * FROM [dbo].[[|{name}|]]")]
    [InlineData("SELECT * FROM `[|{name}|]`")]
    [InlineData("SELECT TOP 5 * FROM [|{name}|] WITH (NOLOCK)")]
    public Task Reports_an_identifier_in_other_dialects(string sql) => Verify<SqlIdentifierFromText>.Sql(sql, families: Families.Others);

    [Theory]
    [InlineData("SELECT * FROM users WHERE name = '{name}'")]
    [InlineData("SELECT * FROM users {name}")]
    [InlineData("SELECT * FROM users_{year} WHERE id = @p{year}", "int year")]
    [InlineData("SELECT * FROM users ORDER BY {column}", "Status column")]
    public Task Is_silent(string sql, string variables = "string name") => Verify<SqlIdentifierFromText>.Silent(sql, variables);

    /// <summary>Guards behind which <c>name</c> is one of a closed set.</summary>
    [Theory]
    [InlineData("if (!Allowed.Contains(name)) throw new ArgumentException();")]
    [InlineData("if (!Allowed.Contains(name)) return;")]
    [InlineData("if (!Allowed.Contains(name)) { Console.WriteLine(); return; }")]
    [InlineData("if (Allowed.Contains(name) == false) return;")]
    [InlineData("if (!AllowedSet.Contains(name)) throw new ArgumentException();")]
    [InlineData("if (!AllowedList.Contains(name, StringComparer.OrdinalIgnoreCase)) throw new ArgumentException();")]
    [InlineData("if (!Columns.ContainsKey(name)) throw new ArgumentException();")]
    [InlineData("if (!Columns.Keys.Contains(name)) throw new ArgumentException();")]
    [InlineData("if (!Columns.TryGetValue(name, out _)) throw new ArgumentException();")]
    [InlineData("if (Array.IndexOf(Allowed, name) < 0) throw new ArgumentException();")]
    [InlineData("if (name is not (\"id\" or \"name\")) throw new ArgumentException();")]
    [InlineData("if (!(name is \"id\" or \"name\")) throw new ArgumentException();")]
    [InlineData("if (name != \"id\" && name != \"name\") throw new ArgumentException();")]
    [InlineData("if (!(name == \"id\" || name == \"name\")) name = \"id\";")]
    [InlineData("if (!name.Equals(\"id\", StringComparison.OrdinalIgnoreCase)) return;")]
    [InlineData("if (!string.Equals(name, \"id\")) return;")]
    [InlineData("switch (name) { case \"id\": case \"name\": break; default: throw new ArgumentException(); }")]
    [InlineData("name = name switch { \"a\" => \"id\", \"b\" => \"name\", _ => throw new ArgumentException() };")]
    [InlineData("name = Columns[name];")]
    [InlineData("if (!Columns.TryGetValue(name, out var column)) throw new ArgumentException(); name = column;")]
    [InlineData("name = Columns.TryGetValue(name, out var column) ? column : \"id\";")]
    [InlineData("name = Columns.GetValueOrDefault(name, \"id\");")]
    [InlineData("name = Allowed.Contains(name) ? name : \"id\";")]
    [InlineData("name = Allowed.Single(column => column == name);")]
    [InlineData("name = Allowed.FirstOrDefault(column => column == name) ?? \"id\";")]
    [InlineData("var (column, direction) = flag ? (\"id\", \"ASC\") : (\"name\", \"DESC\"); name = column + \" \" + direction;")]
    [InlineData("(name, _) = choice switch { 1 => (\"id\", 1), 2 => (\"name\", 2), _ => throw new ArgumentException() };")]
    [InlineData("(name, other) = (\"id\", name);")]
    [InlineData("EnsureAllowed(name);")]
    [InlineData("if (!IsKnown(name)) throw new ArgumentException();")]
    [InlineData("name = Choose(name);")]
    [InlineData("name = flag ? \"id\" : \"name\";")]
    [InlineData("name = typeof(User).Name;")]
    [InlineData("name = nameof(User.Name);")]
    [InlineData("name = Status.Active.ToString();")]
    [InlineData("name = ((Status)choice).ToString().ToLowerInvariant();")]
    [InlineData("name = Enum.GetName(Status.Active);")]
    [InlineData("name = Enum.Parse<Status>(name).ToString();")]
    [InlineData("name = new NpgsqlCommandBuilder().QuoteIdentifier(name);")]
    [InlineData("name = shop.Model.FindEntityType(typeof(User)).GetTableName();")]
    [InlineData("if (!System.Text.RegularExpressions.Regex.IsMatch(name, \"^[a-z_]+$\")) throw new ArgumentException();")]
    [InlineData("if (!name.All(char.IsLetterOrDigit)) throw new ArgumentException();")]
    [InlineData("while (!Allowed.Contains(name)) { name = Console.ReadLine(); }")]
    [InlineData("if (!Allowed.Contains(name) || flag) return;")]
    [InlineData("if (name is null || !Allowed.Contains(name)) return;")]
    [InlineData("if (flag) { if (!Allowed.Contains(name)) return; } else { name = \"id\"; }")]
    [InlineData("var direction = flag ? \"ASC\" : \"DESC\"; name = \"id \" + direction;")]
    [InlineData("name = name.ToLowerInvariant() switch { \"id\" => \"id\", _ => \"name\" };")]
    [InlineData("name = name == \"desc\" ? \"DESC\" : \"ASC\";")]
    [InlineData("name = string.Equals(name, \"desc\", StringComparison.OrdinalIgnoreCase) ? \"DESC\" : \"ASC\";")]
    public Task Is_silent_behind_a_guard(string guard) => Verify.CSharp(Guarded(guard, "name"));

    /// <summary>What looks like a guard and is none.</summary>
    [Theory]
    [InlineData("if (!Allowed.Contains(name)) Console.WriteLine();")]
    [InlineData("if (Allowed.Contains(name)) return;")]
    [InlineData("if (flag && !Allowed.Contains(name)) return;")]
    [InlineData("if (Allowed.Contains(name)) { }")]
    [InlineData("if (name != \"id\" || name != \"name\") { }")]
    [InlineData("if (!Allowed.Contains(name)) return; name = other;")]
    [InlineData("if (!Allowed.Contains(other)) return;")]
    [InlineData("if (!given.Contains(name)) return;")]
    [InlineData("if (!Allowed.Any(a => name.Contains(a))) return;")]
    [InlineData("if (name.Contains(\"id\") == false) return;")]
    [InlineData("if (name.Length > 10) return;")]
    [InlineData("if (string.IsNullOrEmpty(name)) throw new ArgumentException();")]
    [InlineData("if (!System.Text.RegularExpressions.Regex.IsMatch(name, \"[a-z]\")) return;")]
    [InlineData("if (!System.Text.RegularExpressions.Regex.IsMatch(name, \"^.*$\")) return;")]
    [InlineData("name = name switch { \"a\" => \"id\", _ => name };")]
    [InlineData("name = flag ? \"id\" : name;")]
    [InlineData("if (!Allowed.Contains(name)) return; (name, other) = (other, name);")]
    [InlineData("name = \"id\"; (name, _) = Given(other); static (string, int) Given(string x) => (x, 1);")]
    [InlineData("try { if (!Allowed.Contains(name)) throw new ArgumentException(); } catch (ArgumentException) { }")]
    [InlineData("Changing.Add(\"x\"); if (!Changing.Contains(name)) name = other;")]
    [InlineData("name = name.Replace(\"\\\"\", \"\");")]
    [InlineData("name = name.Trim().ToLowerInvariant();")]
    public async Task Reports_where_a_guard_proves_nothing(string guard)
    {
        var found = await Verify.Survives(Guarded(guard, "name"));
        Assert.Equal("DBS1002", Assert.Single(found.Select(diagnostic => diagnostic.Id).Distinct()));
    }

    private static string Guarded(string guard, string column) => $$"""
        #nullable disable
        public class Case
        {
            private static readonly string[] Allowed = { "id", "name" };
            private static readonly HashSet<string> AllowedSet = new(StringComparer.OrdinalIgnoreCase) { "id", "name" };
            private static readonly IReadOnlyList<string> AllowedList = new List<string> { "id", "name" };
            private static readonly List<string> Changing = new();
            private static readonly Dictionary<string, string> Columns = new() { ["a"] = "id", ["b"] = "name" };
            public static void Run(NpgsqlConnection pg, Shop shop, string name, string other, string[] given, bool flag, int choice)
            {
                {{guard}}
                pg.Execute($"SELECT * FROM users ORDER BY {{{column}}}");
            }
            private static void EnsureAllowed(string column)
            {
                if (!Allowed.Contains(column)) throw new ArgumentException(column);
            }
            private static bool IsKnown(string column) => AllowedSet.Contains(column);
            private static string Choose(string column)
            {
                switch (column) { case "a": return "id"; case "b": return "name"; default: return "id"; }
            }
        }
        """;

    [Fact]
    public Task Is_silent_inside_the_guarded_branch_only() => Verify<SqlIdentifierFromText>.CSharp("""
        public class Case
        {
            private static readonly string[] Allowed = { "id", "name" };
            public static void Run(NpgsqlConnection pg, string name)
            {
                if (Allowed.Contains(name))
                {
                    pg.Execute($"SELECT * FROM users ORDER BY {name}");
                }
                else
                {
                    pg.Execute($"SELECT * FROM users ORDER BY [|{name}|]");
                }
                pg.Execute($"SELECT * FROM users ORDER BY [|{name}|] DESC");
                pg.Execute(name == "a" ? $"SELECT * FROM {name}" : $"SELECT * FROM [|{name}|]");
                if (name is "x" && pg.Execute($"SELECT * FROM {name}") > 0) { }
                if (name is "x" || pg.Execute($"SELECT * FROM [|{name}|]") > 0) { }
            }
        }
        """);

    [Fact]
    public Task Is_silent_for_elements_of_constant_collections() => Verify<SqlIdentifierFromText>.CSharp("""
        public class Case
        {
            private static readonly string[] Tables = { "users", "orders" };
            private static readonly Dictionary<string, string> Columns = new() { ["a"] = "id", ["b"] = "name" };
            public static void Run(NpgsqlConnection pg, string[] given, IEnumerable<string> more)
            {
                foreach (var table in Tables) pg.Execute($"TRUNCATE {table}");
                foreach (var table in new[] { "a", "b" }) pg.Execute($"TRUNCATE {table}");
                string[] local = ["c", "d"];
                foreach (var table in local) pg.Execute($"TRUNCATE {table}");
                foreach (var (key, value) in Columns) pg.Execute($"SELECT {value} FROM users");
                foreach (var pair in Columns) pg.Execute($"SELECT * FROM {pair.Key} ORDER BY {pair.Value}");
                for (var i = 0; i < Tables.Length; i++) pg.Execute($"TRUNCATE {Tables[i]}");
                foreach (var status in Enum.GetNames<Status>()) pg.Execute($"TRUNCATE {status}");
                foreach (var status in Enum.GetValues<Status>()) pg.Execute($"TRUNCATE {status}");
                foreach (var table in given) pg.Execute($"TRUNCATE [|{table}|]");
                foreach (var table in more.Where(t => t.Length > 1)) pg.Execute($"TRUNCATE [|{table}|]");
            }
        }
        """);

    [Theory]
    [InlineData("SELECT * FROM \\\"{name.Replace(\"\\\"\", \"\\\"\\\"\")}\\\"")]
    [InlineData("SELECT * FROM {builder.QuoteIdentifier(name)}")]
    [InlineData("SELECT * FROM {typeof(User).Name}")]
    [InlineData("SELECT * FROM {shop.Model.FindEntityType(typeof(User))!.GetTableName()}")]
    [InlineData("SELECT * FROM {shop.Model.FindEntityType(typeof(User))!.GetSchema()}.users")]
    [InlineData("SELECT * FROM {nameof(User)} WHERE {nameof(User.Id)} = 1")]
    public Task Is_silent_for_names_that_are_quoted_or_come_from_metadata(string sql) =>
        Verify.Statements($"var builder = new NpgsqlCommandBuilder(); pg.Execute($\"{sql}\");");

    private const string Configured = """
        public class Settings { public string Schema { get; init; } = "public"; public string Table { get; set; } = "users"; }
        public class Case
        {
            private readonly string _schema;
            private readonly Settings _settings;
            private static readonly string s_table = Environment.GetEnvironmentVariable("TABLE") ?? "users";
            protected virtual string Table => "users";
            public string Name { get; }
            public Case(string schema, Settings settings) { _schema = schema; _settings = settings; Name = schema; }
            public void Run(NpgsqlConnection pg)
            {
                pg.Execute($"SELECT * FROM (1_schema)2.users");
                pg.Execute($"SELECT * FROM (1_settings.Table)2");
                pg.Execute($"SELECT * FROM (1s_table)2");
                pg.Execute($"SELECT * FROM (1Name)2");
            }
        }
        """;

    [Fact]
    public Task Is_silent_for_readonly_configuration_fields() =>
        Verify<SqlIdentifierFromText>.CSharp(Configured.Replace("(1", "{").Replace(")2", "}"));

    /// <summary>A field that holds more than one value is reported where its text is made.</summary>
    [Fact]
    public Task Reports_configuration_fields_where_the_option_asks_for_it() => Verify<SqlIdentifierFromText>.CSharp(
        Configured.Replace("(1", "[|{").Replace(")2", "}|]").Replace("[|{s_table}|]", "{s_table}")
            .Replace("Environment.GetEnvironmentVariable(\"TABLE\")", "[|Environment.GetEnvironmentVariable(\"TABLE\")|]"),
        test => test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", $"root = true\n[*.cs]\n{Options.ReportConfigurationFieldsKey} = true\n")));

    [Fact]
    public Task Is_silent_where_a_name_is_unknown_only_because_all_callers_pass_constants() => Verify<SqlIdentifierFromText>.CSharp("""
        public class Case
        {
            public void Run(NpgsqlConnection pg, string name) { Clear(pg, "users"); Clear(pg, "orders"); Near(pg, "a"); Open(pg, "a"); Mixed(pg, "a"); Mixed(pg, name); }
            private static void Clear(NpgsqlConnection pg, string table) => pg.Execute($"TRUNCATE {table}");
            internal static void Near(NpgsqlConnection pg, string table) => pg.Execute($"TRUNCATE {table}");
            public static void Open(NpgsqlConnection pg, string table) => pg.Execute($"TRUNCATE {table}");
            public static void Mixed(NpgsqlConnection pg, string table) => pg.Execute($"TRUNCATE [|{table}|]");
            public static void Uncalled(NpgsqlConnection pg, string table) => pg.Execute($"TRUNCATE [|{table}|]");
        }
        """);
}
