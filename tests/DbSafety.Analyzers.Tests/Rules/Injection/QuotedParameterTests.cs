using DbSafety.Analyzers.Rules.Injection;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>DBS1005: placeholders in quotes.</summary>
public sealed class QuotedParameterTests
{
    [Theory]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = [|'@name'|]\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = [|'@Name'|]\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = [|':name'|]\", new { name });")]
    [InlineData("pg.Execute(@\"SELECT * FROM users\nWHERE name = [|'@name'|]\", new { name });")]
    [InlineData("pg.Execute(\"\"\"\n    SELECT * FROM users\n    WHERE name = [|'@name'|]\n    \"\"\", new { name });")]
    [InlineData("pg.Query(param: new { name, choice }, sql: $\"SELECT * FROM users WHERE name = [|'@name'|] AND id = @choice\");")]
    [InlineData("var sql = \"SELECT * FROM users WHERE name = [|'@name'|]\"; pg.Execute(sql, new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users \" + \"WHERE name = [|'@name'|]\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = [|'@Name'|]\", user);")]
    [InlineData("var values = new DynamicParameters(); values.Add(\"name\", name); pg.Execute(\"SELECT * FROM users WHERE name = [|'@name'|]\", values);")]
    [InlineData("var values = new DynamicParameters(); values.Add(\"@name\", name); pg.Execute(\"SELECT * FROM users WHERE name = [|'@name'|]\", values);")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = [|'@name'|]\", new Dictionary<string, object> { [\"name\"] = name });")]
    [InlineData("pg.Execute(new CommandDefinition(\"SELECT * FROM users WHERE name = [|'@name'|]\", new { name }));")]
    [InlineData("using var c = new NpgsqlCommand(\"SELECT * FROM users WHERE name = [|'@name'|]\", pg); c.Parameters.AddWithValue(\"name\", name);")]
    [InlineData("using var c = new NpgsqlCommand(\"SELECT * FROM users WHERE name = [|'@name'|]\", pg); c.Parameters.Add(new NpgsqlParameter(\"@name\", name));")]
    [InlineData("using var c = new NpgsqlCommand(\"SELECT * FROM users WHERE name = [|'@name'|]\", pg) { Parameters = { new(\"name\", name) } };")]
    [InlineData("using var c = pg.CreateCommand(); c.CommandText = \"SELECT * FROM users WHERE name = [|'@name'|]\"; c.Parameters.AddWithValue(\"name\", name);")]
    [InlineData("using var c = source.CreateCommand(\"SELECT * FROM users WHERE name = [|'@name'|]\"); c.Parameters.AddWithValue(\"name\", name);")]
    [InlineData("using var c = any.CreateCommand(); c.CommandText = \"SELECT * FROM users WHERE name = [|'@name'|]\"; var p = c.CreateParameter(); p.ParameterName = \"name\"; c.Parameters.Add(p);")]
    [InlineData("using var c = new SqliteCommand(\"SELECT * FROM users WHERE name = [|'@name'|]\", lite); c.Parameters.AddWithValue(\"@name\", name);")]
    [InlineData("shop.Database.ExecuteSqlRaw(\"DELETE FROM users WHERE name = [|'{0}'|]\", name);")]
    [InlineData("_ = shop.Users.FromSql($\"SELECT * FROM users WHERE name = [|'{name}'|]\");")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = [|'@name'|] AND other = [|'@choice'|]\", new { name, choice });")]
    public Task Reports_the_quoted_placeholder(string statement) => Verify<QuotedParameter>.Statements(statement, "string name, User user");

    [Theory]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = '@name'\");")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = '@everyone'\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name LIKE '%@name'\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name LIKE '%@example.com' AND name = @name\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = @name\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users /* '@name' */ WHERE name = @name\", new { name });")]
    [InlineData("pg.Execute(\"SELECT * FROM users WHERE name = ' @name'\", new { name });")]
    [InlineData("pg.Execute(\"SELECT \\\"@name\\\" FROM users\", new { name });")]
    [InlineData("using var c = new NpgsqlCommand(\"SELECT '@name'\", pg); using var d = new NpgsqlCommand(\"SELECT @name\", pg); d.Parameters.AddWithValue(\"name\", name);")]
    [InlineData("pg.Execute(\"SELECT '@name'\", values);")]
    [InlineData("shop.Database.ExecuteSqlRaw(\"DELETE FROM users WHERE name = {0}\", name);")]
    [InlineData("_ = shop.Users.FromSql($\"SELECT * FROM users WHERE name = {name}\");")]
    public Task Is_silent(string statement) => Verify<QuotedParameter>.Statements(statement, "string name, object values");

    [Fact]
    public Task Is_silent_where_the_supplied_parameters_are_unknown() => Verify<QuotedParameter>.CSharp("""
        public class Case
        {
            public static void Run(NpgsqlConnection pg, object given, DynamicParameters bag)
            {
                pg.Execute("SELECT * FROM users WHERE name = '@name'", given);
                pg.Execute("SELECT * FROM users WHERE name = '@name'", bag);
            }
        }
        """);
}
