using DbSafety.Analyzers.Rules.Indexes;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class FilterWithoutIndexTests
{
    [Theory]
    [InlineData("SELECT * FROM orders WHERE [|customer_id = @id|]")]
    [InlineData("SELECT * FROM orders o WHERE [|o.customer_id = @id|] AND o.note = 'x'")]
    [InlineData("SELECT * FROM orders WHERE [|created_at >= now() - interval '1 day'|]")]
    [InlineData("SELECT * FROM orders WHERE [|customer_id = ANY(@id)|]")]
    [InlineData("SELECT * FROM orders WHERE [|customer_id IN (1, 2, 3)|]")]
    [InlineData("SELECT * FROM orders WHERE status = 'open' OR [|customer_id = @id|]")]
    [InlineData("UPDATE orders SET note = 'x' WHERE [|customer_id = @id|]")]
    [InlineData("DELETE FROM orders WHERE [|customer_id = @id|]")]
    [InlineData("SELECT * FROM customers c JOIN orders o ON [|o.customer_id = c.id|] WHERE c.email = @name")]
    [InlineData("SELECT * FROM lines WHERE [|product = @name|]")]
    [InlineData("WITH recent AS (SELECT * FROM orders) SELECT * FROM recent WHERE [|customer_id = @id|]")]
    [InlineData("SELECT * FROM customers c WHERE c.id = @id AND EXISTS (SELECT 1 FROM orders o WHERE [|o.customer_id = c.id|])")]
    public Task Filters_without_an_index_are_reported(string sql) => IndexCase.Sql<FilterWithoutIndex>(sql);

    [Theory]
    [InlineData("SELECT * FROM orders WHERE id = @id")]
    [InlineData("SELECT * FROM orders WHERE id = @id AND customer_id = 7")]
    [InlineData("SELECT * FROM orders WHERE status = 'open' AND customer_id = @id")]
    [InlineData("SELECT * FROM customers WHERE email = @name")]
    [InlineData("SELECT * FROM customers WHERE is_active")]
    [InlineData("SELECT * FROM orders WHERE customer_id <> @id")]
    [InlineData("SELECT * FROM orders WHERE note IS NOT NULL")]
    [InlineData("SELECT * FROM orders WHERE note LIKE '%x%'")]
    [InlineData("SELECT * FROM lines WHERE order_id = @id")]
    [InlineData("SELECT * FROM countries WHERE name = @name")]
    [InlineData("SELECT * FROM orders")]
    [InlineData("SELECT * FROM unknown WHERE customer_id = @id")]
    [InlineData("SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'open'")]
    [InlineData("INSERT INTO orders (customer_id) VALUES (@id)")]
    [InlineData("WITH orders AS (SELECT 1 AS customer_id) SELECT * FROM orders WHERE customer_id = @id")]
    public Task Served_and_hopeless_filters_are_silent(string sql) => IndexCase.Sql<FilterWithoutIndex>(sql);

    [Theory]
    [InlineData("SELECT * FROM orders WHERE customer_id = @id {x}")]
    [InlineData("SELECT * FROM orders WHERE customer_id = @id AND {x}")]
    [InlineData("SELECT * FROM {x} WHERE customer_id = @id")]
    [InlineData("SELECT * FROM orders WHERE {x} = @id")]
    [InlineData("SELECT * FROM orders {x} WHERE customer_id = @id")]
    public Task A_hole_that_may_hold_a_condition_silences(string sql) => IndexCase.Sql<FilterWithoutIndex>(sql);

    [Fact]
    public Task A_hole_in_quotes_is_a_value() => IndexCase.Sql<FilterWithoutIndex>("SELECT * FROM orders WHERE [|note = '{x}'|]");

    [Fact]
    public Task A_bare_hole_may_be_anything() => IndexCase.Sql<FilterWithoutIndex>("SELECT * FROM orders WHERE customer_id = {id}");

    [Theory]
    [InlineData("_ = db.Orders.Where(o => [|o.CustomerId == id|]).ToList();")]
    [InlineData("_ = db.Orders.FirstOrDefault(o => [|o.CustomerId == id|]);")]
    [InlineData("_ = db.Orders.Count(o => [|o.CustomerId == id|] && o.Note != null);")]
    [InlineData("_ = (from o in db.Orders where [|o.CustomerId == id|] select o).ToList();")]
    [InlineData("_ = db.Orders.Where(o => [|ids.Contains(o.CustomerId)|]).ToList();")]
    public Task Queries_of_EF_Core_are_read_too(string statement) => IndexCase.Code<FilterWithoutIndex>(statement);

    [Theory]
    [InlineData("_ = db.Orders.Where(o => o.Id == id).ToList();")]
    [InlineData("_ = db.Orders.Where(o => o.Status == name && o.CustomerId == id).ToList();")]
    [InlineData("_ = db.Orders.ToList();")]
    [InlineData("_ = db.Customers.Single(c => c.Email == name);")]
    [InlineData("var q = db.Orders.Where(o => o.CustomerId == id); if (flag) q = q.Where(o => o.Status == name); _ = q.ToList();")]
    public Task Served_queries_of_EF_Core_are_silent(string statement) => IndexCase.Code<FilterWithoutIndex>(statement);

    [Theory]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER TABLE orders ' || x; END $$;")]
    [InlineData("CREATE INDEX ON orders (customer_id);")]
    [InlineData("CREATE INDEX ON orders (customer_id, note);")]
    [InlineData("CREATE INDEX ON orders USING hash (customer_id);")]
    public Task What_the_migrations_may_have_silences(string more) =>
        IndexCase.Sql<FilterWithoutIndex>("SELECT * FROM orders WHERE customer_id = @id", IndexCase.Schema + more);

    [Theory]
    [InlineData("CREATE INDEX ON orders (note, customer_id);")]
    [InlineData("CREATE INDEX ON orders (customer_id) WHERE status = 'open';")]
    [InlineData("CREATE INDEX i ON orders (customer_id); DROP INDEX i;")]
    public Task What_the_migrations_have_may_not_serve(string more) =>
        IndexCase.Sql<FilterWithoutIndex>("SELECT * FROM orders WHERE [|customer_id = @id|]", IndexCase.Schema + more);

    [Fact]
    public Task Files_that_undo_others_declare_nothing() =>
        IndexCase.Code<FilterWithoutIndex>("pg.Query<int>(\"SELECT * FROM orders WHERE customer_id = @id\", new { id });", path: "migrations/0001_init.down.sql");

    [Fact]
    public Task A_projects_own_writes_make_a_seeded_table_more_than_a_lookup() => IndexCase.Code<FilterWithoutIndex>(
        """
        pg.Execute("INSERT INTO countries VALUES (@x, @name)", new { x, name });
        pg.Query<int>("SELECT * FROM countries WHERE [|name = @name|]", new { name });
        """);
}
