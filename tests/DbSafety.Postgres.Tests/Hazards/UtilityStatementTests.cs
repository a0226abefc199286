using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>Hazard 9: statements that the planner never sees take no parameters.</summary>
public sealed class UtilityStatementTests(PostgresServer server) : PostgresTest(server)
{
    [Theory]
    [InlineData("SET search_path = @p", "42601")]
    [InlineData("SET LOCAL statement_timeout = @p", "42601")]
    [InlineData("SET TIME ZONE @p", "42601")]
    [InlineData("NOTIFY channel, @p", "42601")]
    [InlineData("NOTIFY @p", "42601")]
    [InlineData("LISTEN @p", "42601")]
    [InlineData("TRUNCATE @p", "42601")]
    [InlineData("DO @p", "42601")]
    [InlineData("DO $$ BEGIN PERFORM @p; END $$", "42703")]
    [InlineData("COPY samples TO @p", "42601")]
    [InlineData("COPY (SELECT @p) TO STDOUT", "42P02")]
    [InlineData("CREATE TABLE made (id integer DEFAULT @p)", "42P02")]
    [InlineData("CREATE TABLE @p (id integer)", "42601")]
    [InlineData("ALTER TABLE samples ALTER COLUMN name SET DEFAULT @p", "42P02")]
    [InlineData("ALTER TABLE samples ADD CONSTRAINT c CHECK (name <> @p)", "42P02")]
    [InlineData("CREATE VIEW made AS SELECT @p AS x", "42P02")]
    [InlineData("CREATE MATERIALIZED VIEW made AS SELECT @p AS x", "0A000")]
    [InlineData("CREATE INDEX made ON samples (id) WHERE name = @p", "42P02")]
    [InlineData("DROP TABLE @p", "42601")]
    [InlineData("COMMENT ON TABLE samples IS @p", "42601")]
    [InlineData("CREATE ROLE made PASSWORD @p", "42601")]
    [InlineData("ALTER ROLE postgres PASSWORD @p", "42601")]
    [InlineData("CREATE DATABASE @p", "42601")]
    [InlineData("VACUUM @p", "42601")]
    public async Task A_parameter_fails(string sql, string error)
    {
        Assert.Equal(error, (await Database.Npgsql(sql, ("p", "public"))).Error);
        Assert.Equal(error, (await Database.Dapper(sql, new { p = "public" })).Error);
    }

    /// <summary>These plan the query inside, so its parameters are parameters.</summary>
    [Theory]
    [InlineData("EXPLAIN SELECT id FROM samples WHERE name = @p")]
    [InlineData("CREATE TABLE made AS SELECT id FROM samples WHERE name = @p")]
    [InlineData("SELECT id INTO made FROM samples WHERE name = @p")]
    [InlineData("BEGIN; DECLARE made CURSOR FOR SELECT id FROM samples WHERE name = @p; COMMIT")]
    public async Task A_parameter_of_the_query_inside_works(string sql) =>
        Assert.Null((await Database.Npgsql(sql, ("p", "alpha"))).Error);

    [Theory]
    [InlineData("SET application_name = 'it'", "application_name", "it", false)]
    [InlineData("SET search_path = app, public", "search_path", "app, public", false)]
    [InlineData("SET TIME ZONE 'Asia/Tokyo'", "TimeZone", "Asia/Tokyo", false)]
    [InlineData("SET LOCAL statement_timeout = '5s'", "statement_timeout", "5s", true)]
    [InlineData("SET app.tenant = '7'", "app.tenant", "7", false)]
    public async Task Set_config_is_the_twin_of_set(string statement, string name, string value, bool local)
    {
        var show = $"SELECT current_setting('{name}')";
        var bySet = await Database.Npgsql($"BEGIN; {statement}; {show}; COMMIT; {show}");
        var byFunction = await Database.Npgsql($"BEGIN; SELECT set_config(@name, @value, @local); {show}; COMMIT; {show}", ("name", name), ("value", value), ("local", local));
        Assert.Null(bySet.Error);
        Assert.Equal(bySet.ToString(), string.Join('\n', byFunction.ToString().Split('\n')[1..]));
    }

    [Fact]
    public async Task Set_config_takes_text_only()
    {
        const string sql = "SELECT set_config('app.tenant', @p, false)";
        Assert.Equal("42883", (await Database.Npgsql(sql, ("p", 7))).Error);
        Assert.Equal(Outcome.Column("7"), (await Database.Npgsql(sql, ("p", "7"))).ToString());
    }

    /// <summary>A null that was pasted as nothing is another matter: set_config(.., NULL, ..) resets the setting.</summary>
    [Fact]
    public async Task Set_config_with_null_resets() =>
        Assert.Equal(
            Outcome.Column("app", "\"$user\", public"),
            (await Database.Npgsql("SELECT set_config('search_path', 'app', false); SELECT set_config('search_path', @p, false)", ("p", DBNull.Value))).ToString());

    [Fact]
    public async Task Pg_notify_is_the_twin_of_notify()
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var heard = new List<string>();
        connection.Notification += (_, notification) => heard.Add($"{notification.Channel}:{notification.Payload}");
        await using var command = new NpgsqlCommand("LISTEN changes; NOTIFY changes, 'it''s'; SELECT pg_notify(@channel, @payload)", connection);
        command.Parameters.AddWithValue("channel", "changes");
        command.Parameters.AddWithValue("payload", "it's too");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["changes:it's", "changes:it's too"], heard);
    }

    /// <summary>NOTIFY folds a bare channel name, the function does not.</summary>
    [Fact]
    public async Task Pg_notify_does_not_fold_case()
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var heard = new List<string>();
        connection.Notification += (_, notification) => heard.Add(notification.Payload);
        await using var command = new NpgsqlCommand("LISTEN Changes; NOTIFY Changes, 'statement'; SELECT pg_notify('Changes', 'function')", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["statement"], heard);
    }
}
