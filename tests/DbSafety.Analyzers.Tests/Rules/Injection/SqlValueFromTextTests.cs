using DbSafety.Analyzers.Rules.Injection;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>DBS1001.</summary>
public sealed class SqlValueFromTextTests
{
    [Theory]
    [InlineData("SELECT * FROM users WHERE name = '[|{name}|]'")]
    [InlineData("SELECT * FROM users WHERE name = [|{name}|]")]
    public Task Reports_a_value(string sql) => Verify<SqlValueFromText>.Sql(sql);
}
