using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2005: Dapper's Execute with a list.</summary>
public sealed class ListExecuteTests
{
    private const string Variables =
        "List<User> users, User[] array, IEnumerable<User> some, User user, object unknown, dynamic late, string name, Dictionary<string, object> map, DynamicParameters bag, " +
        "Dictionary<int, User> byId, IDbTransaction transaction";

    private static Task Check(string statement) => Verify<ListExecute>.Statements(statement, Variables);

    [Theory]
    [InlineData("[|pg.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", users)|];")]
    [InlineData("await [|pg.ExecuteAsync(\"INSERT INTO users VALUES (@Id, @Name)\", array)|];")]
    [InlineData("var n = [|pg.Execute(\"UPDATE users SET name = @Name WHERE id = @Id\", some, transaction)|];")]
    [InlineData("[|pg.Execute(param: users.Select(x => new { x.Id }), sql: \"DELETE FROM users WHERE id = @Id\")|];")]
    [InlineData("[|pg.Execute(\"DELETE FROM users WHERE id = @Id; DELETE FROM keys WHERE id = @Id\", byId.Values)|];")]
    [InlineData("var sql = $\"INSERT INTO {name} (id) VALUES (@Id)\"; [|pg.Execute(sql, users)|];")]
    [InlineData("object given = users; [|pg.Execute(\"DELETE FROM users WHERE id = @Id\", (object)users)|];")]
    [InlineData("var more = new List<User> { user }; more.AddRange(some); [|pg.Execute(\"INSERT INTO users VALUES (@Id)\", more)|];")]
    [InlineData("[|server.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", users)|];")]
    [InlineData("[|SqlMapper.Execute(my, \"DELETE FROM users WHERE id = @Id\", users)|];")]
    [InlineData("[|pg.Execute(\"INSERT INTO users VALUES (@Id)\", new[] { new { Id = 1 }, new { Id = 2 }, new { Id = 3 }, new { Id = 4 }, new { Id = 5 }, new { Id = 6 }, new { Id = 7 }, new { Id = 8 }, new { Id = 9 } })|];")]
    public Task Reports_the_call(string statement) => Check(statement);

    [Theory]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", user);")]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", new { Id = 1, Name = name });")]
    [InlineData("pg.Execute(\"DELETE FROM users WHERE id = ANY(@ids)\", new { ids = users.Select(x => x.Id).ToArray() });")]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", map);")]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", bag);")]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (1)\");")]
    [InlineData("pg.Execute(\"DELETE FROM users WHERE name = @name\", (object)name);")]
    [InlineData("pg.Execute(\"SELECT pg_notify('x', @Name)\", users);")]
    [InlineData("pg.Execute(\"CALL add_user(@Id)\", users);")]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id)\", new[] { new { Id = 1 }, new { Id = 2 } });")]
    [InlineData("var two = new[] { user, user }; pg.Execute(\"INSERT INTO users VALUES (@Id)\", two);")]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id)\", new List<User> { user, user });")]
    [InlineData("lite.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", users);")]
    public Task Is_silent(string statement) => Check(statement);

    [Theory]
    [InlineData("pg.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", unknown);")]
    [InlineData("SqlMapper.Execute(pg, \"INSERT INTO users VALUES (@Id, @Name)\", late);")]
    [InlineData("pg.Execute(name, users);")]
    [InlineData("pg.Execute($\"{name} FROM users WHERE id = @Id\", users);")]
    [InlineData("any.Execute(\"INSERT INTO users VALUES (@Id, @Name)\", users);")]
    public Task Is_silent_where_it_is_unknown(string statement) => Check(statement);
}
