using DbSafety.Analyzers.Rules.Indexes;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class JsonFilterWithoutIndexTests
{
    [Theory]
    [InlineData("SELECT * FROM orders WHERE [|details @> '[1]'|]")]
    [InlineData("SELECT * FROM orders WHERE [|details @> @name::jsonb|]")]
    [InlineData("SELECT * FROM orders WHERE [|details ->> 'kind' = @name|]")]
    [InlineData("SELECT * FROM orders WHERE [|details @? '$.a'|]")]
    public Task Operators_without_an_index_are_reported(string sql) => IndexCase.Sql<JsonFilterWithoutIndex>(sql);

    [Theory]
    [InlineData("CREATE INDEX ON orders USING gin (details jsonb_path_ops);", "SELECT * FROM orders WHERE [|details ->> 'kind' = @name|]")]
    [InlineData("CREATE INDEX ON orders (details);", "SELECT * FROM orders WHERE [|details @> '[1]'|]")]
    public Task An_index_of_another_class_does_not_serve(string more, string sql) => IndexCase.Sql<JsonFilterWithoutIndex>(sql, IndexCase.Schema + more);

    [Theory]
    [InlineData("CREATE INDEX ON orders USING gin (details);", "SELECT * FROM orders WHERE details @> '[1]'")]
    [InlineData("CREATE INDEX ON orders USING gin (details jsonb_path_ops);", "SELECT * FROM orders WHERE details @> '[1]'")]
    [InlineData("CREATE INDEX ON orders ((details ->> 'kind'));", "SELECT * FROM orders WHERE details ->> 'kind' = @name")]
    [InlineData("", "SELECT * FROM orders WHERE id = @id AND details @> '[1]'")]
    [InlineData("", "SELECT * FROM orders WHERE details ->> 'kind' <> @name")]
    public Task Served_operators_are_silent(string more, string sql) => IndexCase.Sql<JsonFilterWithoutIndex>(sql, IndexCase.Schema + more);

    [Theory]
    [InlineData("SELECT * FROM orders WHERE details @> '[1]' {x}")]
    [InlineData("SELECT * FROM orders WHERE details ->> {x} = @name")]
    public Task A_hole_silences(string sql) => IndexCase.Sql<JsonFilterWithoutIndex>(sql);
}
