using System.Collections.Immutable;
using DbSafety.Analyzers.Rules.Injection;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>What the database behind a connection changes.</summary>
public sealed class ProviderTests
{
    private static readonly ImmutableArray<MetadataReference> s_dapperAlone = [.. References.Framework, References.Newer("Dapper")];

    public static TheoryData<string> Libraries => ["Npgsql", "Microsoft.Data.SqlClient", "Microsoft.Data.Sqlite.Core", "MySqlConnector", ""];

    [Theory]
    [MemberData(nameof(Libraries))]
    public Task Reports_a_value_whatever_one_library_is_referenced(string library) => Verify<SqlValueFromText>.CSharp(
        Usings + """
        public class Case
        {
            public void Run(IDbConnection any, string name)
            {
                any.Execute($"SELECT * FROM users WHERE name = '[|{name}|]'");
                using var command = any.CreateCommand();
                command.CommandText = "DELETE FROM users WHERE name = '" + [|name|] + "'";
            }
        }
        """,
        test => Alone(test, library.Length == 0 ? s_dapperAlone : s_dapperAlone.Add(References.Newer(library))));

    [Theory]
    [InlineData("Microsoft.Data.SqlClient", "SELECT TOP (5) [name] FROM [users] WHERE [name] = '[|{name}|]'")]
    [InlineData("Microsoft.Data.Sqlite.Core", "PRAGMA foreign_keys; SELECT * FROM users WHERE name = '[|{name}|]' COLLATE NOCASE")]
    [InlineData("MySqlConnector", "SELECT SQL_CALC_FOUND_ROWS * FROM `users` WHERE `name` = '[|{name}|]' LIMIT 5, 10")]
    [InlineData("Npgsql", "SELECT data->>'a' FROM users WHERE name = '[|{name}|]' AND data ? 'b'")]
    public Task Reports_a_value_in_the_dialect_of_the_library(string library, string sql) => Verify<SqlValueFromText>.CSharp(
        Usings + $$"""
        public class Case { public void Run(IDbConnection any, string name) => any.Execute($"{{sql}}"); }
        """,
        test => Alone(test, s_dapperAlone.Add(References.Newer(library))));

    [Fact]
    public Task Reports_nothing_of_the_base_class_library_alone() => Verify<SqlValueFromText>.CSharp(
        """
        using System.Data;
        public class Case
        {
            public void Run(IDbConnection any, string name)
            {
                var command = any.CreateCommand();
                command.CommandText = "DELETE FROM users WHERE name = '" + name + "'";
            }
        }
        """,
        test => Alone(test, References.Framework));

    private const string Usings = "using System; using System.Data; using Dapper;\n";

    private static void Alone(RuleTest test, ImmutableArray<MetadataReference> references)
    {
        test.Referencing(references).TestState.Sources.RemoveAt(0);
    }
}
