using DbSafety.Analyzers.Rules.Injection;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>DBS1001: which holes are values, and which texts are followed to their holes.</summary>
public sealed class SqlValueFromTextTests
{
    [Theory]
    [InlineData("SELECT * FROM users WHERE name = '[|{name}|]'")]
    [InlineData("SELECT * FROM users WHERE name = [|{name}|]")]
    [InlineData("SELECT * FROM users WHERE name LIKE '%[|{name}|]%'")]
    [InlineData("SELECT * FROM users WHERE name IN ('[|{name}|]')")]
    [InlineData("SELECT * FROM users WHERE id NOT IN ([|{name}|])")]
    [InlineData("INSERT INTO users (id, name) VALUES (1, '[|{name}|]')")]
    [InlineData("UPDATE users SET name = '[|{name}|]' WHERE id = 1")]
    [InlineData("SELECT * FROM users WHERE name BETWEEN '[|{name}|]' AND '[|{other}|]'", "string name, string other")]
    [InlineData("SELECT * FROM users WHERE \"Name\" = '[|{name}|]' AND path = 'C:\\tmp'")]
    [InlineData("SELECT *\nFROM users\nWHERE name = '[|{name}|]'\n")]
    public Task Reports_a_value_through_every_api_and_form(string sql, string variables = "string name") => Verify<SqlValueFromText>.Sql(sql, variables);

    public static TheoryData<string> Forms => [.. SqlCases.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public Task Reports_each_value_of_a_text_in_each_form_through_every_api(string form) => Verify<SqlValueFromText>.CSharp(
        SqlCases.Embed("SELECT id, \"Name\" FROM users WHERE name = '[|{name}|]' AND id = {id} AND other LIKE '[|{other}|]%' ORDER BY {id}", "string name, int id, string other", form));

    [Theory]
    [InlineData("SELECT * FROM users WHERE name ILIKE '[|{name}|]%'")]
    [InlineData("SELECT * FROM users WHERE name ~ '[|{name}|]'")]
    [InlineData("SELECT * FROM users LIMIT [|{name}|]")]
    [InlineData("SELECT * FROM users LIMIT 1 OFFSET [|{name}|]")]
    [InlineData("SELECT * FROM users WHERE id = ANY(ARRAY['[|{name}|]'])")]
    [InlineData("SELECT * FROM users WHERE id = ANY('{{[|{name}|]}}'::int[])")]
    [InlineData("SELECT * FROM users WHERE data @> '{{\"name\": \"[|{name}|]\"}}'")]
    [InlineData("SELECT * FROM users WHERE id = '[|{name}|]'::uuid")]
    [InlineData("SELECT * FROM users WHERE at > DATE '[|{name}|]'")]
    [InlineData("SELECT * FROM users WHERE at > now() - interval '[|{name}|]'")]
    [InlineData("SELECT * FROM users WHERE lower(name) = lower('[|{name}|]')")]
    [InlineData("SELECT * FROM users WHERE name = E'[|{name}|]'")]
    [InlineData("SELECT '[|{name}|]' AS name")]
    [InlineData("SELECT CASE WHEN a = '[|{name}|]' THEN 1 ELSE 2 END FROM users")]
    [InlineData("SELECT a FROM users GROUP BY a HAVING max(name) > '[|{name}|]'")]
    [InlineData("SELECT * FROM users u JOIN orders o ON o.user_id = u.id AND o.state = '[|{name}|]'")]
    [InlineData("WITH x AS (SELECT * FROM users WHERE name = '[|{name}|]') SELECT * FROM x")]
    [InlineData("SELECT * FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE state = '[|{name}|]')")]
    [InlineData("DELETE FROM users WHERE name = '[|{name}|]' RETURNING id")]
    [InlineData("INSERT INTO users (name) VALUES ('a') ON CONFLICT (name) DO UPDATE SET name = '[|{name}|]'")]
    [InlineData("SELECT 1; SELECT * FROM users WHERE name = '[|{name}|]'")]
    [InlineData("SELECT * FROM users WHERE (a, b) > (1, '[|{name}|]')")]
    [InlineData("EXPLAIN SELECT * FROM users WHERE name = '[|{name}|]'")]
    [InlineData("SELECT * FROM search('[|{name}|]')")]
    [InlineData("SELECT * FROM users WHERE name = 'it''s [|{name}|]'")]
    [InlineData("SELECT * FROM users WHERE first || ' ' || last = '[|{name}|]'")]
    public Task Reports_a_value_wherever_it_stands(string sql) => Verify<SqlValueFromText>.Sql(sql, families: Families.PostgreSql);

    [Theory]
    [InlineData("SELECT TOP 10 * FROM [dbo].[users] WITH (NOLOCK) WHERE [name] = N'[|{name}|]'")]
    [InlineData("SELECT * FROM `users` WHERE `name` = '[|{name}|]' LIMIT 5, 10")]
    [InlineData("INSERT OR REPLACE INTO users (id, name) VALUES (1, '[|{name}|]')")]
    [InlineData("MERGE INTO users AS t USING x ON t.id = x.id WHEN MATCHED THEN UPDATE SET name = '[|{name}|]';")]
    public Task Reports_a_value_in_other_dialects(string sql) => Verify<SqlValueFromText>.Sql(sql, families: Families.Others | Families.Neutral);

    [Theory]
    [InlineData("object name")]
    [InlineData("dynamic name")]
    [InlineData("char name")]
    [InlineData("string? name")]
    [InlineData("StringBuilder name")]
    [InlineData("Uri name")]
    [InlineData("IFormattable name")]
    [InlineData("char[] name")]
    public Task Reports_every_type_that_can_carry_text(string variable) =>
        Verify<SqlValueFromText>.Statements("pg.Execute($\"SELECT * FROM users WHERE name = '[|{name}|]'\");", variable);

    [Theory]
    [InlineData("[|user.Name|]")]
    [InlineData("[|user.Name.Trim()|]")]
    [InlineData("[|name.Replace(\"'\", \"''\")|]")]
    [InlineData("[|name.Substring(1)|]")]
    [InlineData("[|name[1..]|]")]
    [InlineData("[|name ?? \"x\"|]")]
    [InlineData("[|(string)value|]")]
    [InlineData("[|value.ToString()|]")]
    [InlineData("[|names[0]|]")]
    [InlineData("[|name|] + [|name|]")]
    [InlineData("[|await Task.FromResult(name)|]")]
    [InlineData("[|Environment.GetEnvironmentVariable(name)|]")]
    [InlineData("[|user?.Name|]")]
    [InlineData("[|string.Join(',', names)|]")]
    [InlineData("[|string.Join(\"','\", names)|]")]
    [InlineData("[|JoinNames(names)|]")]
    public Task Reports_every_expression_that_is_text(string expression) =>
        Verify<SqlValueFromText>.CSharp($$"""
            public class Case
            {
                static string JoinNames(string[] names) => string.Join(",", names);
                public static async Task Run(NpgsqlConnection pg, string name, string[] names, object value, User user)
                {
                    await Task.CompletedTask;
                    using var command = new NpgsqlCommand("SELECT * FROM users WHERE name = '" + ({{expression}}) + "'", pg);
                }
            }
            """);

    // ---- texts that are followed

    [Fact]
    public Task Reports_a_value_behind_a_variable_where_it_is_pasted() => Verify<SqlValueFromText>.CSharp("""
        public class Case
        {
            public void Run(NpgsqlConnection pg)
            {
                var read = Console.ReadLine();
                var term = read;
                pg.Execute($"DELETE FROM users WHERE name = '[|{term}|]'");
                pg.Execute("DELETE FROM users WHERE name = '" + [|read|] + "'");
            }
        }
        """);

    [Fact]
    public Task Follows_fields_constants_and_properties() => Verify<SqlValueFromText>.CSharp("""
        public class Case
        {
            private const string Select = "SELECT * FROM " + nameof(User);
            private static readonly string s_where = Select + " WHERE name = '";
            private string End => "'";
            public void Run(NpgsqlConnection pg, string name)
            {
                pg.Execute(Select + " WHERE name = '" + [|name|] + "'");
                pg.Execute(s_where + [|name|] + "'");
                pg.Execute(s_where + [|name|] + End);
                pg.Execute($"{Select} WHERE name = '[|{name}|]{End}");
                pg.Execute(string.Format(s_where + "{0}'", [|name|]));
            }
        }
        """);

    [Fact]
    public Task Follows_a_private_helper_whose_callers_are_all_known() => Verify<SqlValueFromText>.CSharp("""
        public class Case
        {
            public void Run(NpgsqlConnection pg, string name)
            {
                pg.Execute(Build("users", name));
                pg.Execute(Build("orders", name));
                pg.Execute(Local(name));
                string Local(string value) => $"SELECT * FROM users WHERE name = '[|{value}|]'";
            }
            private static string Build(string table, string value) => $"SELECT * FROM {table} WHERE name = '[|{value}|]'";
        }
        """);

    [Fact]
    public Task Follows_an_async_helper() => Verify<SqlValueFromText>.CSharp("""
        public class Case
        {
            public async Task Run(NpgsqlConnection pg, string name) => await pg.ExecuteAsync(await BuildAsync(name));
            private static async Task<string> BuildAsync(string value)
            {
                await Task.Yield();
                return "SELECT * FROM users WHERE name = '" + [|value|] + "'";
            }
        }
        """);

    [Fact]
    public Task Follows_a_builder_that_a_helper_returns() => Verify<SqlValueFromText>.CSharp("""
        public class Case
        {
            public void Run(NpgsqlConnection pg, string name) => pg.Execute(Build(name).ToString());
            private static StringBuilder Build(string value)
            {
                var sql = new StringBuilder("SELECT * FROM users");
                sql.AppendLine().Append(" WHERE name = '").Append([|value|]).Append('\'');
                return sql;
            }
        }
        """);

    [Fact]
    public Task Follows_branches_and_loops() => Verify<SqlValueFromText>.Statements("""
        var sql = "SELECT * FROM users WHERE 1 = 1";
        if (flag)
        {
            sql += " AND name = '" + [|name|] + "'";
        }
        else if (choice > 1)
        {
            sql += $" AND first = '[|{name}|]'";
        }

        for (var i = 0; i < choice; i++)
        {
            sql += " OR last = '" + [|name|] + "'";
        }

        foreach (var part in name.Split(','))
        {
            sql += " OR part = '" + [|part|] + "'";
        }

        try { sql += " OR a = '" + [|name|] + "'"; } catch (Exception) { sql += " OR b = '" + [|name|] + "'"; } finally { sql += " LIMIT 10"; }
        switch (choice) { case 1: sql += " OFFSET 1"; break; default: sql += ""; break; }
        pg.Execute(sql);
        """);

    [Fact]
    public Task Follows_every_call_on_a_builder() => Verify<SqlValueFromText>.Statements("""
        var sql = new StringBuilder().Append("SELECT * FROM users WHERE name IN (").AppendJoin(", ", [|names|]).Append(')');
        sql.AppendFormat(" AND first = '{0}'", [|name|]).AppendLine($" AND last = '[|{name}|]'");
        sql.Insert(0, "/* list */ ").Replace("users", "people");
        pg.Execute(sql.ToString());
        sql.Clear().Append("SELECT 1");
        pg.Execute(sql.ToString());
        """, "string name, string[] names");

    [Fact]
    public Task Follows_a_list_that_is_joined() => Verify<SqlValueFromText>.Statements("""
        var conditions = new List<string> { "a = 1" };
        conditions.Add($"name = '[|{name}|]'");
        if (flag) conditions.Add("b = '" + [|name|] + "'");
        pg.Execute("SELECT * FROM users WHERE " + string.Join(" AND ", conditions));
        """);

    [Fact]
    public Task Follows_a_projection_that_is_joined() => Verify<SqlValueFromText>.Statements("""
        pg.Execute("SELECT * FROM users WHERE name IN (" + string.Join(", ", names.Select(n => $"'[|{n}|]'")) + ")");
        """, "string[] names");

    [Fact]
    public Task Follows_a_formattable_string_that_was_made_from_formatted_text() => Verify<SqlValueFromText>.Statements("""
        using var context = shop;
        _ = context.Users.FromSql(System.Runtime.CompilerServices.FormattableStringFactory.Create($"SELECT * FROM users WHERE name = '[|{name}|]' AND id = {{0}}", 1));
        var text = "SELECT * FROM users WHERE name = '" + [|name|] + "'";
        await context.Database.ExecuteSqlAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(text));
        """);

    [Fact]
    public Task Follows_command_text_that_is_appended() => Verify<SqlValueFromText>.Statements("""
        using var command = pg.CreateCommand();
        command.CommandText = "SELECT * FROM users WHERE name = '";
        command.CommandText += [|name|];
        command.CommandText += "'";
        """);

    [Fact]
    public Task Follows_assignments_in_every_branch_to_their_use() => Verify<SqlValueFromText>.Statements("""
        string sql;
        if (flag) sql = $"SELECT 1 WHERE a = '[|{name}|]'"; else sql = "SELECT 2";
        pg.Execute(sql);
        """);

    [Fact]
    public Task Reports_once_for_two_calls_that_share_a_local() => Verify<SqlValueFromText>.Statements("""
        var sql = $"SELECT * FROM users WHERE name = '[|{name}|]'";
        pg.Execute(sql);
        await pg.ExecuteAsync(sql);
        using var command = new NpgsqlCommand(sql, pg);
        """);

    [Fact]
    public Task Reports_in_lambdas_iterators_initialisers_and_base_calls() => Verify<SqlValueFromText>.CSharp("""
        public class Mine : System.Data.Common.DbDataSource
        {
            public override string ConnectionString => "";
            protected override DbConnection CreateDbConnection() => throw new NotSupportedException();
        }
        public class Case(NpgsqlConnection pg, string seed)
        {
            private readonly NpgsqlCommand _field = new($"SELECT * FROM users WHERE name = '[|{seed}|]'");
            public NpgsqlCommand Property => new NpgsqlCommand("SELECT * FROM users WHERE name = '" + [|seed|] + "'");
            public Func<string, int> Lambda => name => pg.Execute($"SELECT * FROM users WHERE name = '[|{name}|]'");
            public IEnumerable<int> Iterator(string name)
            {
                yield return pg.Execute($"SELECT * FROM users WHERE name = '[|{name}|]'");
            }
            public static void Local(NpgsqlConnection pg, string name)
            {
                Inner(name);
                void Inner(string value) => pg.Execute($"SELECT * FROM users WHERE name = '[|{value}|]'");
            }
            public void Source(Mine source, string name) => source.CreateCommand($"SELECT * FROM users WHERE name = '[|{name}|]'");
            public static Case operator +(Case a, string name) { a.Run($"SELECT * FROM users WHERE name = '[|{name}|]'"); return a; }
            private void Run(string sql) => pg.Execute(sql);
        }
        """);

    // ---- silent

    [Theory]
    [InlineData("SELECT * FROM users WHERE name = @name")]
    [InlineData("SELECT * FROM users WHERE id = {id} AND state = '{state}' AND token = '{token}' AND at > '{at:yyyy-MM-dd}'", "int id, Status state, Guid token, DateTime at")]
    [InlineData("SELECT * FROM users WHERE name = '{Constant}'", "string name, [System.Runtime.InteropServices.Optional] int x")]
    [InlineData("SELECT * FROM {name}")]
    [InlineData("SELECT * FROM users {name}")]
    public Task Is_silent(string sql, string variables = "string name") =>
        Verify<SqlValueFromText>.Silent(sql.Replace("{Constant}", "{nameof(Status)}"), variables);

    [Fact]
    public Task Is_silent_for_formattable_strings() => Verify<SqlValueFromText>.Statements("""
        _ = shop.Users.FromSql($"SELECT * FROM users WHERE name = {name}");
        _ = shop.Users.FromSqlInterpolated($"SELECT * FROM users WHERE name = {name}");
        await shop.Database.ExecuteSqlAsync($"DELETE FROM users WHERE name = {name}");
        _ = shop.Database.SqlQuery<int>($"SELECT id FROM users WHERE name = {name}");
        FormattableString sql = $"DELETE FROM users WHERE name = {name}";
        shop.Database.ExecuteSql(sql);
        _ = shop.Users.FromSqlRaw("SELECT * FROM users WHERE name = {0}", name);
        shop.Database.ExecuteSqlRaw("DELETE FROM users WHERE name = {0} AND data = '{{}}'", name);
        """);

    [Theory]
    [InlineData("var value = \"a\";")]
    [InlineData("const string value = \"a\";")]
    [InlineData("var value = flag ? \"a\" : \"b\";")]
    [InlineData("var value = choice switch { 1 => \"a\", 2 => \"b\", _ => \"c\" };")]
    [InlineData("var value = choice switch { 1 => \"a\", _ => throw new ArgumentException() };")]
    [InlineData("string value; switch (choice) { case 1: value = \"a\"; break; default: value = \"b\"; break; }")]
    [InlineData("var value = name; value = \"a\";")]
    [InlineData("var value = nameof(choice);")]
    [InlineData("var value = Status.Active.ToString();")]
    [InlineData("var value = choice.ToString();")]
    [InlineData("var value = choice.ToString(CultureInfo.InvariantCulture);")]
    [InlineData("var value = typeof(User).Name;")]
    [InlineData("if (name is not (\"a\" or \"b\")) return; var value = name;")]
    [InlineData("if (name != \"a\" && name != \"b\") throw new ArgumentException(); var value = name;")]
    [InlineData("var value = new[] { \"a\", \"b\" }[choice];")]
    public Task Is_silent_for_values_from_closed_sets(string statements) =>
        Verify<SqlValueFromText>.Statements(statements + " pg.Execute($\"SELECT * FROM users WHERE name = '{value}'\");");

    [Fact]
    public Task Is_silent_for_a_text_that_a_constant_overwrites_before_use() => Verify<SqlValueFromText>.Statements("""
        var sql = $"SELECT * FROM users WHERE name = '{name}'";
        sql = "SELECT 1";
        pg.Execute(sql);
        using var command = new NpgsqlCommand($"SELECT 2 WHERE 'a' = 'b'", pg);
        """);

    [Theory]
    [InlineData("string.Join(\", \", names.Select((_, i) => \"@p\" + i))")]
    [InlineData("string.Join(\", \", names.Select((_, i) => $\"@p{i}\"))")]
    [InlineData("string.Join(\", \", Enumerable.Repeat(\"?\", names.Length))")]
    [InlineData("string.Join(\", \", Enumerable.Range(0, names.Length).Select(i => \"@p\" + i))")]
    [InlineData("string.Join(\",\", names.Select(_ => \"?\"))")]
    public Task Is_silent_for_generated_placeholder_lists(string list) =>
        Verify<SqlValueFromText>.Statements($"pg.Execute($\"SELECT * FROM users WHERE name IN ({{{list}}})\");", "string[] names");

    [Fact]
    public Task Is_silent_where_the_text_is_unknown_because_somebody_else_makes_it() => Verify<SqlValueFromText>.CSharp("""
        public interface IText { string Make(string name); }
        public abstract class Case
        {
            protected abstract string Sql { get; }
            public virtual string Text(string name) => $"SELECT * FROM users WHERE name = '{name}'";
            public void Run(NpgsqlConnection pg, IText text, string name, Func<string, string> make)
            {
                pg.Execute(text.Make(name));
                pg.Execute(Text(name));
                pg.Execute(make(name));
                pg.Execute(Sql);
                pg.Execute(System.IO.File.ReadAllText(name));
            }
        }
        """);

    [Fact]
    public Task Is_silent_in_generated_code() => Verify<SqlValueFromText>.CSharp("""
        // <auto-generated/>
        public class Case
        {
            public void Run(NpgsqlConnection pg, string name) => pg.Execute($"SELECT * FROM users WHERE name = '{name}'");
        }
        """);

    [Fact]
    public Task Is_silent_in_methods_that_only_look_like_sinks() => Verify<SqlValueFromText>.CSharp("""
        public class Own
        {
            public string CommandText { get; set; } = "";
            public void Execute(string sql) { }
            public void Query(string sql) => Console.WriteLine(sql);
        }
        public class Case
        {
            public void Run(Own own, string name)
            {
                own.CommandText = $"SELECT * FROM users WHERE name = '{name}'";
                own.Execute($"SELECT * FROM users WHERE name = '{name}'");
                own.Query($"SELECT * FROM users WHERE name = '{name}'");
            }
        }
        """);
}
