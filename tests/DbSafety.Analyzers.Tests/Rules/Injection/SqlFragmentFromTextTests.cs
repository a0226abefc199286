using DbSafety.Analyzers.Rules.Injection;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>DBS1003: which holes are fragments, and which fragments are made of constants.</summary>
public sealed class SqlFragmentFromTextTests
{
    [Theory]
    [InlineData("SELECT * FROM users [|{name}|]")]
    [InlineData("SELECT * FROM users WHERE [|{name}|]")]
    [InlineData("SELECT * FROM users WHERE id = 1 [|{name}|]")]
    [InlineData("SELECT * FROM users WHERE id = 1 AND [|{name}|] ORDER BY id")]
    [InlineData("SELECT /* [|{name}|] */ * FROM users")]
    public Task Reports_a_fragment_through_every_api_and_form(string sql) => Verify<SqlFragmentFromText>.Sql(sql);

    [Theory]
    [InlineData("SELECT [|{name}|] FROM users")]
    [InlineData("-- [|{name}|]\nSELECT 1")]
    [InlineData("DO $$ BEGIN RAISE NOTICE '[|{name}|]'; END $$")]
    [InlineData("SELECT $$[|{name}|]$$")]
    [InlineData("SET application_name = '[|{name}|]'")]
    [InlineData("NOTIFY channel, '[|{name}|]'")]
    [InlineData("CREATE ROLE x PASSWORD '[|{name}|]'")]
    [InlineData("COMMENT ON TABLE users IS '[|{name}|]'")]
    [InlineData("ALTER TABLE users ALTER COLUMN a SET DEFAULT '[|{name}|]'")]
    [InlineData("CREATE VIEW v AS SELECT * FROM users WHERE name = '[|{name}|]'")]
    [InlineData("INSERT INTO users (id) [|{name}|]")]
    [InlineData("INSERT INTO users (id) VALUES (1) ON CONFLICT ([|{name}|]) DO NOTHING")]
    [InlineData("UPDATE users SET [|{name}|] WHERE id = 1")]
    public Task Reports_a_fragment_wherever_it_stands(string sql) => Verify<SqlFragmentFromText>.Sql(sql, families: Families.PostgreSql);

    [Fact]
    public Task Reports_a_whole_statement_that_is_input() => Verify<SqlFragmentFromText>.CSharp("""
        public class Request { public string Sql { get; set; } = ""; public Request? Inner { get; set; } }
        public class Case
        {
            public void Run(NpgsqlConnection pg, Request request)
            {
                pg.Execute([|request.Sql|]);
                var sql = request.Inner!.Sql;
                pg.Execute([|sql|]);
                pg.Execute([|Console.ReadLine()|]!);
            }
        }
        """);

    [Theory]
    [InlineData("var where = flag ? \"WHERE id = 1\" : \"\";")]
    [InlineData("var where = \"\"; if (flag) where += \" WHERE id = 1\";")]
    [InlineData("var where = choice switch { 1 => \"WHERE id = 1\", _ => \"\" };")]
    [InlineData("string where = flag ? \"WHERE id = \" + choice : string.Empty;")]
    [InlineData("var list = new List<string> { \"a = 1\" }; if (flag) list.Add(\"b = @b\"); var where = \"WHERE \" + string.Join(\" AND \", list);")]
    [InlineData("var list = new List<string>(); if (flag) list.Add(\"b = @b\"); list.AddRange(new[] { \"c = 1\", \"d = 2\" }); var where = list.Count > 0 ? \"WHERE \" + string.Join(\" AND \", list) : \"\";")]
    [InlineData("List<string> list = [\"a = 1\"]; var where = \"WHERE \" + string.Join(\" AND \", list.ToArray());")]
    [InlineData("var builder = new StringBuilder(\" WHERE 1 = 1\"); if (flag) builder.Append(\" AND a = @a\"); foreach (var x in name) builder.AppendLine(\" AND b = 1\"); var where = builder.ToString();")]
    [InlineData("var where = $\"LIMIT {choice}\";")]
    [InlineData("var where = Where(flag); static string Where(bool some) => some ? \"WHERE id = 1\" : \"\";")]
    [InlineData("var list = new[] { \"a\", \"b\" }; var where = \"ORDER BY \" + string.Join(\", \", list);")]
    [InlineData("var list = new[] { \"a\", \"b\" }; var where = \"ORDER BY \" + string.Join(\", \", list.Select(c => c + \" DESC\"));")]
    [InlineData("var where = name; where = \"WHERE id = 1\";")]
    [InlineData("var where = name == \"all\" ? \"\" : \"WHERE id = 1\";")]
    public Task Is_silent_for_fragments_made_of_constants(string statements) =>
        Verify.Statements((statements + " pg.Query($\"SELECT * FROM users {where} \");").Replace("$\"LIMIT {choice}\"", "$\"LIMIT {(flag ? \"1\" : \"2\")}\"").Replace("\"WHERE id = \" + choice", "\"WHERE id = \" + (choice > 1 ? \"1\" : \"2\")"));

    [Theory]
    [InlineData("SELECT * FROM users WHERE name = '{name}'")]
    [InlineData("SELECT * FROM {name}")]
    public Task Is_silent(string sql) => Verify<SqlFragmentFromText>.Silent(sql);

    [Fact]
    public Task Is_silent_where_a_whole_statement_is_unknown_because_somebody_else_made_it() => Verify<SqlFragmentFromText>.CSharp("""
        public class Case(string stored)
        {
            private readonly string _sql = stored;
            public string Sql { get; init; } = "";
            public void Run(NpgsqlConnection pg, string sql, NpgsqlCommand other)
            {
                pg.Execute(sql);
                pg.Execute(_sql);
                pg.Execute(Sql);
                pg.Execute(other.CommandText);
                pg.Execute($"WITH x AS ({sql}) SELECT * FROM x");
                pg.Execute($"EXPLAIN ANALYZE {sql}");
                pg.Execute("SET LOCAL statement_timeout = 5; " + sql);
                pg.Execute(System.IO.File.ReadAllText("a.sql"));
                using var reader = new System.IO.StreamReader(typeof(Case).Assembly.GetManifestResourceStream("a.sql")!);
                pg.Execute(reader.ReadToEnd());
            }
        }
        """);

    [Fact]
    public Task Is_silent_for_constant_parts_around_an_unknown_statement() => Verify<SqlFragmentFromText>.Statements("""
        pg.Execute("SELECT 1; SELECT 2");
        pg.Execute("");
        pg.Execute(" ");
        """);
}
