using DbSafety.Analyzers.Rules.Indexes;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class ForeignKeyWithoutIndexTests
{
    private const string Parent = "CREATE TABLE u (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));\n";

    [Theory]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, u int [|REFERENCES u (id)|]);")]
    [InlineData("CREATE TABLE t (id int, u int, [|FOREIGN KEY (u) REFERENCES u|]);")]
    [InlineData("CREATE TABLE t (a int, b int, [|FOREIGN KEY (a, b) REFERENCES u (a, b)|]); CREATE INDEX ON t (a);")]
    [InlineData("CREATE TABLE t (u int); ALTER TABLE t ADD [|CONSTRAINT fk FOREIGN KEY (u) REFERENCES u (id)|];")]
    [InlineData("CREATE TABLE t (id int, u int [|REFERENCES u|]); CREATE INDEX ON t (u) WHERE id > 5;")]
    [InlineData("CREATE TABLE t (id int, u int [|REFERENCES u|]); CREATE INDEX ON t (id, u);")]
    [InlineData("CREATE TABLE t (id int, u int [|REFERENCES u|]); CREATE INDEX i ON t (u); DROP INDEX i;")]
    public Task Keys_without_an_index_are_reported(string sql) => Verify(sql);

    [Theory]
    [InlineData("CREATE TABLE t (u int PRIMARY KEY REFERENCES u);")]
    [InlineData("CREATE TABLE t (u int REFERENCES u); CREATE INDEX ON t (u);")]
    [InlineData("CREATE TABLE t (u int REFERENCES u); CREATE INDEX ON t (u) WHERE u IS NOT NULL;")]
    [InlineData("CREATE TABLE t (a int, b int, c int, FOREIGN KEY (a, b) REFERENCES u (a, b)); CREATE INDEX ON t (b, a, c);")]
    [InlineData("CREATE TABLE t (u int REFERENCES u); DROP TABLE t;")]
    [InlineData("CREATE TABLE t (u int CONSTRAINT fk REFERENCES u); ALTER TABLE t DROP CONSTRAINT fk;")]
    [InlineData("CREATE TABLE t (u int REFERENCES u); -- dbsafety:disable DBS4003")]
    public Task Keys_with_an_index_are_silent(string sql) => Verify(sql);

    [Theory]
    [InlineData("CREATE TABLE t (u int REFERENCES u); DO $$ BEGIN EXECUTE 'CREATE INDEX ON t ' || x; END $$;")]
    [InlineData("CREATE TABLE t (u int REFERENCES u); CREATE INDEX ON t (${column});")]
    public Task What_is_not_known_silences(string sql) => Verify(sql);

    [Fact]
    public Task A_comment_at_the_head_silences_the_file() => Verify("CREATE TABLE t (u int REFERENCES u);", "-- dbsafety:disable DBS4003\n\n");

    private static Task Verify(string sql, string head = "") => Tests.Verify<ForeignKeyWithoutIndex>.CSharp("", test => test.TestState.AdditionalFiles.Add(("migrations/0001_init.sql", head + Parent + sql)));
}
