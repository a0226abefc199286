namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>One expression at two places: one parameter, unless the server could take it for two types.</summary>
public sealed class SharedValueFixTests
{
    private const string Parameters = "NpgsqlConnection db, string name";

    private static Task Fixes(string condition, string fixedCondition, string parameters) => FixTest.Run(
        FixTest.Wrap($$"""return await new NpgsqlCommand($"SELECT 1 FROM users WHERE {{condition}}", db).ExecuteScalarAsync();""", Parameters),
        FixTest.Wrap($$"""return await new NpgsqlCommand("SELECT 1 FROM users WHERE {{fixedCondition}}", db) { Parameters = { {{parameters}} } }.ExecuteScalarAsync();""", Parameters));

    [Fact]
    public Task Two_columns_of_unknown_types() => Fixes(
        "a = '{name}' OR b = '{name}'",
        "a = @name OR b = @name2",
        """new("name", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = name }, new("name2", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = name }""");

    [Fact]
    public Task One_column() => Fixes(
        "a = '{name}' OR a < '{name}'",
        "a = @name OR a < @name",
        """new("name", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = name }""");
}
