using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Tests.Definitions;

public class IndexTests
{
    private static CreateIndexStatement Index(string sql) => Sql.One<CreateIndexStatement>(sql);

    [Fact]
    public void Every_clause()
    {
        var index = Index(
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING gin (a COLLATE \"C\" text_ops (n = 1) DESC NULLS LAST, lower(b), (c + 1) ASC NULLS FIRST) "
            + "INCLUDE (d) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE x WHERE a IS NOT NULL AND b > 0");
        Assert.Equal(("i", "s", "t", "gin"), (index.Name!.Text, index.Table.Schema, index.Table.Name, index.Method));
        Assert.True(index is { IsUnique: true, IsConcurrently: true, IfNotExists: true, IsOnly: true, IsNullsNotDistinct: true, IsIncomplete: false });
        var (first, second, third) = (index.Elements[0], index.Elements[1], index.Elements[2]);
        Assert.Equal(("a", "C", "text_ops", true, false), (((ColumnReference)first.Expression).Column, first.Collation!.Name, first.OperatorClass!.Name, first.IsDescending, first.IsNullsFirst));
        Assert.Equal("lower", Assert.IsType<FunctionCall>(second.Expression).Name.Name);
        Assert.Null(second.IsNullsFirst);
        Assert.True(third is { Expression: BinaryExpression, IsDescending: false, IsNullsFirst: true });
        Assert.Equal("d", ((ColumnReference)Assert.Single(index.Include).Expression).Column);
        Assert.IsType<LogicalExpression>(index.Where.Value!.Expression);
    }

    [Fact]
    public void Shortest()
    {
        var index = Index("CREATE INDEX ON t (a)");
        Assert.Null(index.Name);
        Assert.Null(index.Method);
        Assert.True(index.Where.IsAbsent);
        Assert.False(index.IsUnique || index.IsConcurrently || index.IsIncomplete);
    }

    [Theory]
    [InlineData("CREATE INDEX i ON t ({cols})")]
    [InlineData("CREATE INDEX i ON t (a) {rest}")]
    [InlineData("CREATE INDEX i ON {t} (a)")]
    [InlineData("CREATE INDEX i ON t USING {m} (a)")]
    public void Hole_makes_it_incomplete(string sql) => Assert.True(Index(sql).IsIncomplete);

    [Fact]
    public void Hole_may_be_the_predicate() => Assert.True(Index("CREATE INDEX i ON t (a) {where}").Where.IsUnknown);

    [Theory]
    [InlineData("CREATE INDEX i ON t")]
    [InlineData("CREATE INDEX i ON t ()")]
    [InlineData("CREATE INDEX i ON t (a + 1)")]
    [InlineData("CREATE INDEX i ON t (a DESC ASC)")]
    [InlineData("CREATE INDEX i ON t (concurrently)")]
    [InlineData("CREATE INDEX IF NOT EXISTS ON t (a)")]
    [InlineData("CREATE INDEX s.i ON t (a)")]
    [InlineData("CREATE UNIQUE CONCURRENTLY INDEX i ON t (a)")]
    [InlineData("CREATE INDEX i ON t (a) WHERE")]
    [InlineData("CREATE INDEX i ON t (a) WHERE a > 0 INCLUDE (b)")]
    public void Errors(string sql) => Assert.NotEmpty(Sql.Parse(sql).Errors);
}
