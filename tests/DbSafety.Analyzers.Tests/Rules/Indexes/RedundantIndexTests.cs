using DbSafety.Analyzers.Rules.Indexes;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class RedundantIndexTests
{
    [Theory]
    [InlineData("[|CREATE INDEX i ON t (a)|]; CREATE INDEX j ON t (a, b);")]
    [InlineData("CREATE INDEX i ON t (a); [|CREATE INDEX j ON t (a)|];")]
    [InlineData("[|CREATE INDEX i ON t (id)|];")]
    [InlineData("[|CREATE INDEX i ON t (a DESC)|]; CREATE INDEX j ON t (a, b);")]
    [InlineData("[|CREATE INDEX i ON t (lower(c))|]; CREATE INDEX j ON t (lower(c), a);")]
    public Task Needless_indexes_are_reported(string sql) => Verify(sql);

    [Theory]
    [InlineData("CREATE INDEX i ON t (a); CREATE INDEX j ON t (b, a);")]
    [InlineData("CREATE UNIQUE INDEX i ON t (a); CREATE INDEX j ON t (a, b);")]
    [InlineData("CREATE INDEX i ON t (a) WHERE b > 0; CREATE INDEX j ON t (a, b);")]
    [InlineData("CREATE INDEX i ON t USING hash (a); CREATE INDEX j ON t (a, b);")]
    [InlineData("CREATE INDEX i ON t (c text_pattern_ops); CREATE INDEX j ON t (c, b);")]
    [InlineData("CREATE INDEX i ON t (a); -- dbsafety:disable DBS4006\nCREATE INDEX j ON t (a, b);")]
    public Task Indexes_of_use_are_silent(string sql) => Verify(sql);

    [Theory]
    [InlineData("CREATE INDEX i ON t (a); CREATE INDEX j ON t (a, ${b});")]
    [InlineData("CREATE INDEX i ON t (a); CREATE INDEX j ON t (a, b) WHERE ${filter};")]
    public Task What_is_not_known_silences(string sql) => Verify(sql);

    private static Task Verify(string sql) =>
        Tests.Verify<RedundantIndex>.CSharp("", test => test.TestState.AdditionalFiles.Add(("migrations/0001_init.sql", "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text);\n" + sql)));
}
