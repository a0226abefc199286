using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Rules.Indexes;
using Microsoft.CodeAnalysis.Testing;

namespace DbSafety.Analyzers.Tests.Rules.Indexes;

public class ProjectIndexesTests
{
    private const string Head = "-- Where a table is in use, write CREATE INDEX CONCURRENTLY, and run that statement outside of a transaction.\n";

    private const string Schema = """
        CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, data jsonb NOT NULL);
        CREATE TABLE sessions (id bigint PRIMARY KEY, user_id bigint NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL);
        """;

    [Fact]
    public Task One_composite_index_serves_three_queries() => Reports(
        """
        pg.Query<int>("SELECT id FROM sessions WHERE status = @s AND user_id = @u ORDER BY created_at DESC LIMIT 20", new { u, s });
        pg.Query<int>("SELECT id FROM sessions WHERE user_id = @u", new { u });
        pg.Query<int>("SELECT id FROM sessions WHERE user_id = @u AND status = @s", new { u, s });
        """,
        Schema,
        "-- The fewest indexes that serve all queries and foreign keys of the project: 1, for 3 places.\n" + Head + """

            -- Test1.cs:6 (DBS4001)
            -- Test1.cs:7 (DBS4001)
            -- Test1.cs:8 (DBS4001)
            CREATE INDEX idx_sessions_user_id_status_created_at ON sessions (user_id, status, created_at DESC);
            """);

    [Fact]
    public Task Foreign_keys_and_queries_share_an_index_and_the_rest_is_told_in_comments() => Reports(
        """
        pg.Query<int>("SELECT id FROM lines WHERE order_id = @u AND state = @s", new { u, s });
        pg.Query<int>("SELECT id FROM users WHERE data @> '{\"a\": 1}'");
        """,
        Schema + """

        CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES sessions, state text NOT NULL, note text);
        CREATE INDEX idx_a ON lines (note);
        CREATE INDEX idx_b ON lines (note, state);
        """,
        "-- The fewest indexes that serve all queries and foreign keys of the project: 2, for 3 places.\n" + Head + """

            -- Test1.cs:6 (DBS4001)
            -- migrations/0001.sql:3 (DBS4003)
            CREATE INDEX idx_lines_order_id_state ON lines (order_id, state);

            -- Test1.cs:7 (DBS4002)
            CREATE INDEX idx_users_data ON users USING gin (data);

            -- Redundant; drop them if nothing else asks for them:
            -- migrations/0001.sql:4 (DBS4006): idx_a does nothing that idx_b does not: DROP INDEX idx_a;
            """);

    [Fact]
    public Task Indexes_that_would_have_one_name_get_two() => Reports(
        """
        pg.Query<int>("SELECT id FROM t WHERE a_b = @u", new { u });
        pg.Query<int>("SELECT id FROM t WHERE a = @u AND b = @u", new { u });
        """,
        "CREATE TABLE t (id bigint PRIMARY KEY, a bigint, b bigint, a_b bigint);",
        "-- The fewest indexes that serve all queries and foreign keys of the project: 2, for 2 places.\n" + Head + """

            -- Test1.cs:6 (DBS4001)
            CREATE INDEX idx_t_a_b ON t (a_b);

            -- Test1.cs:7 (DBS4001)
            CREATE INDEX idx_t_a_b_2 ON t (a, b);
            """);

    [Theory]
    [InlineData("#pragma warning disable DBS4001\n", "")]
    [InlineData("", "dotnet_diagnostic.DBS4001.severity = none\n")]
    public Task What_is_silenced_where_it_stands_is_left_out(string above, string configuration) => Reports(
        above + """pg.Query<int>("SELECT id FROM sessions WHERE user_id = @u", new { u });""",
        Schema + "\n-- dbsafety:disable DBS4003\nCREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES sessions);",
        IndexMigration.Nothing, configuration);

    [Fact]
    public Task Without_a_table_it_says_so() => Reports(
        "", "", "No table is known: neither migrations nor a model of EF Core were found.", more: test =>
        {
            test.TestState.Sources.Clear();
            test.TestCode = "public class A;";
        });

    [Fact]
    public Task What_nobody_understands_is_told() => Reports(
        "", "CREATE TABLE t (id int PRIMARY KEY); DO $$ BEGIN EXECUTE 'ALTER TABLE t ' || x; END $$;",
        "-- No index is missing.\n\n-- Not understood, so that nothing is said about them: t");

    [Theory]
    [InlineData("")]
    [InlineData("build_property.DbSafetyIndexReport = false\n")]
    [InlineData("build_property.DbSafetyIndexReport =\n")]
    public Task Nobody_asked(string configuration) => Verify<ProjectIndexes>.CSharp(
        Source("""pg.Query<int>("SELECT id FROM sessions WHERE user_id = @u", new { u });"""), test => Configure(test, Schema, configuration));

    private static Task Reports(string statements, string schema, string expected, string configuration = "", Action<RuleTest>? more = null) => Verify<ProjectIndexes>.CSharp(Source(statements), test =>
    {
        Configure(test, schema, "build_property.DbSafetyIndexReport = true\n" + configuration);
        test.ExpectedDiagnostics.Add(new DiagnosticResult(Descriptors.DBS4000_ProjectIndexes).WithArguments(expected.ReplaceLineEndings("\n")));
        more?.Invoke(test);
    });

    private static void Configure(RuleTest test, string schema, string configuration)
    {
        test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\nbuild_property.ProjectDir = /0/\n" + configuration));
        test.TestState.AdditionalFiles.Add(("/0/migrations/0001.sql", schema));
    }

    private static string Source(string statements) => $$"""
        public class Case
        {
            public static void Run(NpgsqlConnection pg, long u, string s)
            {

        {{statements}}
            }
        }
        """;
}
