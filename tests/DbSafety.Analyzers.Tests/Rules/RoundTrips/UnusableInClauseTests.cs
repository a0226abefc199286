using DbSafety.Analyzers.Rules.RoundTrips;

namespace DbSafety.Analyzers.Tests.Rules.RoundTrips;

/// <summary>DBS2009: lists that PostgreSQL or Npgsql does not take.</summary>
public sealed class UnusableInClauseTests
{
    private const string Variables =
        "int[] ids, List<int> list, HashSet<int> set, IEnumerable<int> some, ICollection<Guid> keys, string[] names, string name, byte[] bytes, Dictionary<int, string> map, " +
        "Filter filter, ISet<int> sorted, object unknown, NpgsqlParameter given";

    private static Task Check(string statement) => Verify<UnusableInClause>.CSharp(SqlCases.Wrap(statement, Variables) + """

        public sealed class Filter { public List<int> Ids { get; set; } = []; public HashSet<int> Set { get; set; } = []; public int Id { get; set; } }
        """);

    [Theory]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|IN (@ids)|]\", new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|in @Ids|] AND flag = @flag\", new { ids = list, flag });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|NOT IN @ids|] AND name [|IN (@names)|]\", new { ids = some, names });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE key [|IN :keys|]\", new { keys });")]
    [InlineData("pg.Query<int>(@\"SELECT id FROM users\nWHERE id [|IN (\n@ids)|]\", new { ids });")]
    [InlineData("pg.Query<int>(\"\"\"\n    SELECT id FROM users\n    WHERE id [|IN @ids|]\n    \"\"\", new { ids });")]
    [InlineData("var sql = \"SELECT id FROM users\"; if (flag) { sql += \" WHERE id [|IN @ids|]\"; } pg.Query<int>(sql, new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @Ids|]\", filter);")]
    [InlineData("var args = new { ids = set }; pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", args);")]
    [InlineData("var bag = new DynamicParameters(); bag.Add(\"@ids\", list); pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", bag);")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", new Dictionary<string, object> { [\"ids\"] = list });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", new Dictionary<string, object?> { { \"ids\", list } });")]
    [InlineData("pg.Execute(new CommandDefinition(\"DELETE FROM users WHERE id [|IN @ids|]\", new { ids }));", true)]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id [|IN (@ids)|]\", pg); c.Parameters.AddWithValue(\"ids\", ids);")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id [|IN (@ids)|]\", pg); c.Parameters.Add(new NpgsqlParameter(\"@ids\", list));")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id [|IN (@ids)|]\", pg) { Parameters = { new(\"ids\", list) } };")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id [|IN (@ids)|]\", pg) { Parameters = { new() { ParameterName = \"ids\", Value = list } } };")]
    [InlineData("using var c = pg.CreateCommand(); c.CommandText = \"DELETE FROM users WHERE id [|IN (@ids)|]\"; var p = c.CreateParameter(); p.ParameterName = \"ids\"; p.Value = set; c.Parameters.Add(p);")]
    [InlineData("using var c = source.CreateCommand(\"DELETE FROM users WHERE id [|IN (@ids)|]\"); c.Parameters.AddWithValue(\"ids\", (object)list);")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE flag = $1 AND id [|IN ($2)|]\", pg) { Parameters = { new() { Value = flag }, new() { Value = list } } };")]
    public Task Reports_a_list_behind_IN(string statement, bool needsOneProvider = false) => needsOneProvider ? OnlyNpgsql(statement) : Check(statement);

    [Theory]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = [|set|] });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id <> ALL(@ids)\", new { ids = [|list.Where(id => id > 0)|] });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids::bigint[])\", new { ids = [|list.Select(id => id + 1).Distinct()|] });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = [|map.Keys|] });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = [|from id in ids where id > 0 select id|] });")]
    [InlineData("var some2 = list.Select(id => id); pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = [|some2|] });")]
    [InlineData("IEnumerable<int> kept = new Queue<int>(); pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = [|kept|] });")]
    [InlineData("IEnumerable<int> Own() { yield return 1; } pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = [|Own()|] });")]
    [InlineData("[|pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@Set)\", filter)|];")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id = ANY(@ids)\", pg); c.Parameters.AddWithValue(\"ids\", [|set|]);")]
    public Task Reports_a_sequence_that_is_no_list(string statement) => Check(statement);

    [Theory]
    [InlineData("_ = shop.Users.FromSqlRaw(\"SELECT * FROM users WHERE id [|IN ({0})|]\", ids);")]
    [InlineData("_ = shop.Users.FromSqlRaw(\"SELECT * FROM users WHERE name = {0} AND id [|IN {1}|]\", name, list);")]
    [InlineData("_ = shop.Users.FromSql($\"SELECT * FROM users WHERE name = {name} AND id [|NOT IN ({set})|]\");")]
    [InlineData("shop.Database.ExecuteSql($\"DELETE FROM users WHERE id [|IN ({some})|]\");")]
    public Task Reports_it_in_EF(string statement) => OnlyNpgsql(statement);

    [Theory]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids) AND id <> ALL(@list)\", new { ids = some, list });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = sorted });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = set.ToArray() });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = Enumerable.Range(1, 3) });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = list.Skip(1).Take(2) });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = new SortedList<int, int>().Keys });")]
    [InlineData("IEnumerable<int> kept = set; if (flag) { kept = ids; } pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = kept });")]
    [InlineData("var kept = list.Select(id => id); (kept, var one) = (ids, 1); pg.Query<int>(\"SELECT id FROM users WHERE id = ANY(@ids)\", new { ids = kept });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN (@Id)\", filter);")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN (@choice, @other)\", new { choice, other = 1 });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE name IN (@name)\", new { name });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE hash IN (@bytes)\", new { bytes });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE (id, 1) IN (@ids)\", new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE ARRAY[id] IN (@ids)\", new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE tags::text[] IN (@names)\", new { names });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN (SELECT unnest(@ids))\", new { ids });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN (1, 2) AND id > @id\", new { id = ids[0] });")]
    [InlineData("pg.Query<int>(\"SELECT '(IN @ids)' FROM users -- IN @ids\", new { ids });")]
    [InlineData("_ = shop.Users.FromSqlRaw(\"SELECT * FROM users WHERE name IN ({0})\", names);")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id IN (@id)\", pg); c.Parameters.AddWithValue(\"id\", choice); c.Parameters.AddWithValue(\"ids\", ids);")]
    public Task Is_silent(string statement) => Check(statement);

    [Theory]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", unknown);")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id IN ($1) AND name = $3\", pg) { Parameters = { new() { Value = choice }, new() { Value = list } } };")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id IN ($1)\", pg) { Parameters = { new(\"ids\", list) } };")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN (@unknown)\", new { unknown });")]
    [InlineData("pg.Query<int>(\"SELECT id FROM users WHERE id IN @ids\");")]
    [InlineData("pg.Query<int>($\"SELECT id FROM users WHERE {name} IN (@ids, {name})\", new { ids });")]
    [InlineData("var bag = new DynamicParameters(unknown); pg.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", bag);")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id IN (@ids)\", pg); c.Parameters.Add(given);")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id = ANY(@ids)\", pg); c.Parameters.Add(new NpgsqlParameter(\"ids\", NpgsqlTypes.NpgsqlDbType.Hstore) { Value = set });")]
    [InlineData("using var c = new NpgsqlCommand(\"DELETE FROM users WHERE id IN (@ids)\", pg); if (flag) { c.Parameters.AddWithValue(\"ids\", choice); } else { c.Parameters.AddWithValue(\"ids\", ids); }")]
    public Task Is_silent_where_the_value_is_unknown(string statement) => Check(statement);

    [Theory]
    [InlineData("any.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", new { ids });")]
    [InlineData("db.Query<int>(\"SELECT id FROM users WHERE id IN (@ids)\", new { ids });")]
    [InlineData("lite.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", new { ids });")]
    [InlineData("server.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", new { ids });")]
    [InlineData("my.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", new { ids = set });")]
    public Task Is_silent_on_other_databases(string statement) => Check(statement);

    [Theory]
    [InlineData("_ = shop.Users.FromSql($\"SELECT * FROM users WHERE id = ANY({set})\");")]
    [InlineData("_ = shop.Users.FromSqlRaw(\"SELECT * FROM users WHERE id = ANY({0})\", list.Where(id => id > 0));")]
    public Task EF_makes_arrays_of_sequences(string statement) => OnlyNpgsql(statement);

    [Fact]
    public Task Dapper_sees_through_an_interface() => OnlyNpgsql("any.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", new { ids });");

    [Fact]
    public Task Dapper_writes_lists_out_behind_a_wrapper() => OnlyNpgsql(
        "any.Query<int>(\"SELECT id FROM users WHERE id IN @ids\", new { ids }); pg.Query<int>(\"SELECT id FROM users WHERE id [|IN @ids|]\", new { ids });",
        "public abstract class Profiled : DbConnection { }");

    [Theory]
    [InlineData("HashSet<int>", "HashSet<int> value", "set", "set", "(@ids)")]
    [InlineData("T", "T? value", "set", "set", "(@ids)")]
    [InlineData("DateOnly", "DateOnly value", "[|set|]", "set", "[|IN (@ids)|]")]
    public Task A_handler_may_write_collections(string type, string value, string sequence, string list, string parentheses) => OnlyNpgsql(
        $$"""
        pg.Query<int>("SELECT id FROM users WHERE id = ANY(@ids)", new { ids = {{sequence}} });
        pg.Query<int>("SELECT id FROM users WHERE id {{(parentheses[0] == '[' ? parentheses : "IN " + parentheses)}}", new { ids = {{list}} });
        pg.Query<int>("SELECT id FROM users WHERE id [|IN @ids|]", new { ids = {{list}} });
        """,
        $$"""
        public sealed class Handler{{(type == "T" ? "<T>" : "")}} : SqlMapper.TypeHandler<{{type}}>
        {
            public override void SetValue(IDbDataParameter parameter, {{value}}) => throw new NotImplementedException();
            public override {{type}} Parse(object value) => throw new NotImplementedException();
        }
        """);

    [Fact]
    public Task An_array_column_takes_an_array() => Verify<UnusableInClause>.CSharp(
        """
        public class Case
        {
            public static void Run(NpgsqlConnection pg, string[] tags)
            {
                pg.Query<int>("SELECT id FROM users WHERE tags IN (@tags)", new { tags });
                pg.Query<int>("SELECT id FROM users WHERE name [|IN (@tags)|]", new { tags });
            }
        }
        """,
        test => test.TestState.AdditionalFiles.Add(("schema.sql", "CREATE TABLE users (id int, name text, tags text[]);")));

    private static Task OnlyNpgsql(string statement, string more = "") => Verify<UnusableInClause>.CSharp(
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Data;
        using System.Data.Common;
        using System.Linq;
        using Dapper;
        using Microsoft.EntityFrameworkCore;
        using Npgsql;

        {{more}}
        public class User { public int Id { get; set; } }
        public class Shop : DbContext { public DbSet<User> Users => Set<User>(); }
        public class Case
        {
            public static void Run(NpgsqlConnection pg, IDbConnection any, Shop shop, string name, int[] ids, List<int> list, HashSet<int> set, IEnumerable<int> some)
            {
                {{statement}}
            }
        }
        """,
        test =>
        {
            test.TestState.Sources.RemoveAt(0);
            test.Referencing(References.Newest);
        });
}
