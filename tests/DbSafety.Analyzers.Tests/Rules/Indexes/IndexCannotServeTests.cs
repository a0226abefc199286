using DbSafety.Analyzers.Rules.Indexes;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class IndexCannotServeTests
{
    [Theory]
    [InlineData("SELECT * FROM customers WHERE [|lower(email) = @name|]")]
    [InlineData("SELECT * FROM customers WHERE [|lower(email) = lower(@name)|]")]
    [InlineData("SELECT * FROM orders WHERE [|status LIKE 'op%'|]")]
    [InlineData("SELECT * FROM orders WHERE [|id + 0 = 5|]")]
    [InlineData("SELECT * FROM orders WHERE [|id::text = @name|]")]
    [InlineData("SELECT * FROM orders WHERE [|id = 5.5|]")]
    public Task Forms_that_the_index_cannot_serve_are_reported(string sql) => IndexCase.Sql<IndexCannotServe>(sql);

    [Theory]
    [InlineData("CREATE INDEX ON customers (lower(email));", "SELECT * FROM customers WHERE lower(email) = @name")]
    [InlineData("CREATE INDEX ON orders (status text_pattern_ops);", "SELECT * FROM orders WHERE status LIKE 'op%'")]
    [InlineData("", "SELECT * FROM orders WHERE status LIKE @name")]
    [InlineData("", "SELECT * FROM orders WHERE id = 5")]
    [InlineData("", "SELECT * FROM orders WHERE id = @id::int")]
    [InlineData("", "SELECT * FROM customers WHERE lower(name) = @name")]
    [InlineData("", "SELECT * FROM customers WHERE lower(email) = @name AND id = 5")]
    public Task Forms_that_are_served_are_silent(string more, string sql) => IndexCase.Sql<IndexCannotServe>(sql, IndexCase.Schema + more);

    [Fact]
    public Task A_hole_silences() => IndexCase.Sql<IndexCannotServe>("SELECT * FROM customers WHERE lower(email) = @name {x}");
}
