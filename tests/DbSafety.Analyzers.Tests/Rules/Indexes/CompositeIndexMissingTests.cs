using DbSafety.Analyzers.Rules.Indexes;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class CompositeIndexMissingTests
{
    [Theory]
    [InlineData("SELECT * FROM orders WHERE status = 'open' AND [|customer_id = @id|]")]
    [InlineData("SELECT * FROM orders WHERE status = 'open' AND [|created_at > now()|]")]
    [InlineData("SELECT * FROM orders WHERE status = 'open' [|ORDER BY created_at DESC|] LIMIT 20")]
    [InlineData("SELECT * FROM orders [|ORDER BY created_at DESC|] LIMIT 20")]
    public Task What_an_index_serves_in_part_is_reported(string sql) => IndexCase.Sql<CompositeIndexMissing>(sql);

    [Theory]
    [InlineData("SELECT * FROM orders WHERE status = 'open'")]
    [InlineData("SELECT * FROM orders WHERE id = @id AND customer_id = 7 ORDER BY created_at LIMIT 1")]
    [InlineData("SELECT * FROM orders WHERE status = 'open' ORDER BY created_at")]
    [InlineData("SELECT * FROM orders ORDER BY id DESC LIMIT 20")]
    [InlineData("SELECT * FROM orders WHERE customer_id = @id AND note = @name")]
    [InlineData("SELECT * FROM lines WHERE order_id = @id ORDER BY position LIMIT 3")]
    public Task What_is_served_in_whole_or_not_at_all_is_silent(string sql) => IndexCase.Sql<CompositeIndexMissing>(sql);

    [Fact]
    public Task In_a_LINQ_query_the_key_of_the_order_is_reported() =>
        IndexCase.Code<CompositeIndexMissing>("_ = db.Orders.OrderByDescending(o => [|o.CreatedAt|]).Take(20).ToList();");

    [Theory]
    [InlineData("SELECT * FROM orders WHERE status = 'open' AND customer_id = @id {x}")]
    [InlineData("SELECT * FROM orders ORDER BY {x} LIMIT 20")]
    public Task A_hole_silences(string sql) => IndexCase.Sql<CompositeIndexMissing>(sql);
}
