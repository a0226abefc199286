using System.Text;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>Code that is broken, huge or strange: no rule throws, hangs or reports wildly.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("pg.Execute($\"SELECT * FROM users WHERE name = '{name}")]
    [InlineData("pg.Execute($\"SELECT * FROM users WHERE name = '{name\");")]
    [InlineData("pg.Execute($\"SELECT {\");")]
    [InlineData("pg.Execute($\"SELECT {}\");")]
    [InlineData("pg.Execute($\"\"\"\n SELECT {name}")]
    [InlineData("pg.Execute(\"SELECT \\u12\" + name);")]
    [InlineData("pg.Execute(\"SELECT \\U00FFFFFF \" + name);")]
    [InlineData("pg.Execute(@\"SELECT \" + );")]
    [InlineData("pg.Execute(string.Format(\"SELECT {0\", name));")]
    [InlineData("pg.Execute(string.Format(\"SELECT {9}\", name));")]
    [InlineData("pg.Execute(string.Format(\"SELECT {99999999999999999999}\", name));")]
    [InlineData("pg.Execute(string.Format(\"{0} {1:\", name, name));")]
    [InlineData("pg.Execute(string.Format(null, name));")]
    [InlineData("pg.Execute(string.Join(\",\"));")]
    [InlineData("pg.Execute(sql: , name);")]
    [InlineData("pg.Execute();")]
    [InlineData("pg.Execute(unknown + name);")]
    [InlineData("pg.Execute(unknown.Member(name) + Missing<int>());")]
    [InlineData("new NpgsqlCommand(name + ")]
    [InlineData("using var c = new NpgsqlCommand { CommandText = $\"{name}\" , };")]
    [InlineData("var c = new NpgsqlCommand(); c.CommandText += ;")]
    [InlineData("string sql = sql + name; pg.Execute(sql);")]
    [InlineData("var sql = sql; pg.Execute(sql);")]
    [InlineData("foreach (var x in ) pg.Execute(x);")]
    [InlineData("pg.Execute(flag ? $\"SELECT {name}\" : );")]
    [InlineData("pg.Execute(choice switch { 1 => $\"{name}\", });")]
    [InlineData("goto end; start: pg.Execute(\"SELECT '\" + name + \"'\"); end: goto start;")]
    [InlineData("while (true) { if (flag) continue; name += name; pg.Execute(name); }")]
    [InlineData("for (;;) { }")]
    [InlineData("try { throw; } catch { pg.Execute(name); throw; } finally { name = null; }")]
    [InlineData("shop.Users.FromSqlRaw(\"SELECT {\" + name + \"}\");")]
    [InlineData("shop.Users.FromSqlRaw(\"{{{{{\" + name);")]
    [InlineData("shop.Users.FromSql($\"{name}{\");")]
    [InlineData("pg.Execute(\"\\0\\0'\" + name + \"\\ufffc'\\ud800\");")]
    [InlineData("pg.Execute($\"\ufffc {name} \ufffc\");")]
    [InlineData("unsafe { char* p = null; pg.Execute(new string(p) + name); }")]
    [InlineData("new StringBuilder().Append(name).Append();")]
    [InlineData("var b = new StringBuilder(); b.Insert(99, name).Replace(\"\", name).Remove(1, 2); pg.Execute(b.ToString());")]
    [InlineData("var (a, b) = (name, name); pg.Execute(\"SELECT '\" + a + b);")]
    [InlineData("pg.Execute(name is { Length: > 3 } x && x is not null ? $\"SELECT '{x}'\" : name);")]
    [InlineData("Func<string, string> f = null; f = x => f(x) + name; pg.Execute(f(name));")]
    [InlineData("string L(string x) => L(x + name); pg.Execute(L(name));")]
    [InlineData("pg.Execute($\"SELECT '{(flag ? $\"{name}{$\"{name}\"}\" : name)}'\");")]
    public async Task Survives_statements(string statement)
    {
        var source = SqlCases.Wrap(statement, "string name");
        var end = source.IndexOf(statement, StringComparison.Ordinal) + statement.Length;
        foreach (var found in await Verify.Survives(source))
        {
            Assert.True(found.Location.IsInSource && found.Location.SourceSpan.Start < end, found.ToString());
        }
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("'")]
    [InlineData("SELEC * FRO users WHER name = '{name}'")]
    [InlineData("SELECT * FROM users WHERE ((((( name = '{name}'")]
    [InlineData("SELECT * FROM users WHERE name = \"{name}'")]
    [InlineData("{name}{name}{name}")]
    [InlineData("/* {name}")]
    [InlineData("-- {name}")]
    [InlineData("$$ {name}")]
    [InlineData("E'\\\\{name}")]
    [InlineData("U&'\\\\{name}' UESCAPE '{name}'")]
    [InlineData("1e{name}.{name}.. 0x{name} $1{name} @{name} :{name} ::{name} ?{name}")]
    [InlineData("SELECT * FROM users WHERE name = '{name}' GO SELECT 1 GO")]
    [InlineData("BEGIN; DECLARE @x INT = {name}; EXEC sp_executesql N'SELECT {name}'; END")]
    [InlineData("db.users.find({{ name: '{name}' }})")]
    [InlineData("<xml attr='{name}'/>")]
    public async Task Survives_half_typed_sql(string sql) =>
        Assert.All(await Verify.Survives(SqlCases.Embed(sql, "string name")), found => Assert.StartsWith("DBS1", found.Id));

    [Fact]
    public async Task Survives_a_sum_of_5000_operands()
    {
        var sum = string.Join(" + ", Enumerable.Range(0, 2500).Select(i => $"\"a{i} = '\" + name + \"' OR \""));
        var found = await Verify.Survives(SqlCases.Wrap($"pg.Execute(\"SELECT * FROM users WHERE \" + {sum} + \"1 = 1\");", "string name"));
        Assert.Equal(2500, found.Length);
    }

    [Fact]
    public async Task Survives_a_text_that_5000_statements_append_to()
    {
        var statements = new StringBuilder("var sql = \"SELECT * FROM users WHERE 1 = 1\";");
        for (var i = 0; i < 5000; i++)
        {
            statements.Append("sql += \" AND a = 1\";\n");
        }

        Assert.Single(await Verify.Survives(SqlCases.Wrap(statements + "sql += \" AND name = '\" + name + \"'\"; pg.Execute(sql);", "string name")));
    }

    [Fact]
    public async Task Survives_500_branches_that_append()
    {
        var statements = new StringBuilder("var sql = \"SELECT * FROM users WHERE 1 = 1\";");
        for (var i = 0; i < 500; i++)
        {
            statements.Append("if (flag) sql += \" AND name = '\" + name + \"'\"; else sql += \" AND b = 1\";\n");
        }

        Assert.Equal(500, (await Verify.Survives(SqlCases.Wrap(statements + "pg.Execute(sql);", "string name"))).Length);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("flag ? \"a\" : (", ")")]
    [InlineData("(flag ? (", ") : \"b\")")]
    [InlineData("(choice switch { 1 => ", ", _ => \"c\" })")]
    [InlineData("string.Concat(\"a\", ", ")")]
    [InlineData("(\"a\" + ", ")")]
    [InlineData("Same(", ")")]
    [InlineData("Quoted(", ")")]
    [InlineData("Uri.EscapeDataString(", ")")]
    [InlineData("name.Insert(0, ", ")")]
    [InlineData("$\"{", ",5}\"")]
    public async Task Survives_300_levels(string open, string close)
    {
        const int Levels = 300;
        var text = string.Concat(Enumerable.Repeat(open, Levels)) + "name" + string.Concat(Enumerable.Repeat(close, Levels));
        await Verify.Survives(SqlCases.Wrap($"pg.Execute(\"SELECT * FROM users WHERE name = '\" + ({text}) + \"'\"); static string Same(string x) => x; static string Quoted(string x) => \"'\" + x + \"'\";", "string name"));
    }

    [Fact]
    public async Task Survives_sql_of_300_levels()
    {
        var sql = string.Concat(Enumerable.Repeat("(SELECT a FROM t WHERE b = ", 300)) + "'{name}'" + new string(')', 300);
        var found = await Verify.Survives(SqlCases.Wrap($"pg.Execute($\"SELECT {sql}\");", "string name"));
        Assert.Single(found);
    }

    [Fact]
    public async Task Survives_a_literal_of_a_million_characters() => Assert.Single(
        await Verify.Survives(SqlCases.Wrap($"pg.Execute($\"SELECT '{new string('x', 1_000_000)}' WHERE name = '{{name}}'\");", "string name")));

    [Fact]
    public async Task Survives_members_that_refer_to_themselves() => await Verify.Survives("""
        public class Case
        {
            private static readonly string A = B + "x";
            private static readonly string B = A + "y";
            private static readonly string Self = Self + "z";
            private const string C = D; private const string D = C;
            private string P => P + "x";
            private string Q { get { return R; } } private string R { get { return Q; } }
            private static readonly string[] Array = Array;
            private static readonly Dictionary<string, string> Map = new(Map);
            private string M(string x) => N(x); private string N(string x) => M(x);
            private string Z(string x) => "'" + Z(x + "a") + x;
            private string W(string x) { if (x.Length > 3) return W("a"); return "SELECT '" + x + "'"; }
            private static string Given(string x) => x == "" ? Given(x) : Given(Given(x));
            public void Run(NpgsqlConnection pg, string name)
            {
                pg.Execute(A + B + Self + C + D + P + Q + R + M(name) + N(name) + Z(name));
                pg.Execute(W(name)); pg.Execute(Given(name)); pg.Execute(Given("x"));
                foreach (var x in Array) pg.Execute($"SELECT * FROM {x}");
                if (Map.ContainsKey(name)) pg.Execute($"SELECT * FROM {name}");
            }
            private void Loop(NpgsqlConnection pg, string sql) { Loop(pg, sql + "x"); pg.Execute(sql); }
        }
        public class Case : Case { }
        public class Case<T> where T : Case<T> { public void Run(T pg) => pg.Execute("SELECT " + typeof(T).Name); }
        class X : X { string CommandText => base.CommandText; }
        partial class Y { partial string M(); } partial class Y { partial string M() => M(); }
        """);

    [Theory]
    [InlineData("class")]
    [InlineData("}{")]
    [InlineData("public class A { void M( { pg.Execute($\"")]
    [InlineData("pg.Execute($\"SELECT {name}\");")]
    [InlineData("namespace A; using B; int x = ")]
    [InlineData("#if\n#region\nclass A { }")]
    [InlineData("[assembly: X($\"SELECT {a}\")]")]
    [InlineData("var pg = new NpgsqlConnection(); var name = Console.ReadLine(); pg.Execute($\"SELECT * FROM users WHERE name = '{name}'\");")]
    public async Task Survives_files(string source) => await Verify.Survives(source);
}
