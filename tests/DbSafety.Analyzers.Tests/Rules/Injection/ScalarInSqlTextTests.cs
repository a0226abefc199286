using DbSafety.Analyzers.Rules.Injection;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>DBS1004: scalars as values.</summary>
public sealed class ScalarInSqlTextTests
{
    [Theory]
    [InlineData("SELECT * FROM users WHERE id = [|{id}|]", "int id")]
    [InlineData("SELECT * FROM users WHERE token = '[|{token}|]' AND id > [|{id}|]", "Guid token, long? id")]
    [InlineData("SELECT * FROM users LIMIT [|{count}|] OFFSET [|{skip}|]", "int count, int skip")]
    [InlineData("SELECT * FROM users WHERE at >= '[|{at:yyyy-MM-dd}|]'", "DateTime at")]
    [InlineData("INSERT INTO users (id, active, price) VALUES ([|{id}|], [|{active}|], [|{price}|])", "int id, bool active, decimal price")]
    public Task Reports_a_scalar_through_every_api_and_form(string sql, string variables) => Verify<ScalarInSqlText>.Sql(sql, variables);

    [Theory]
    [InlineData("byte")]
    [InlineData("sbyte")]
    [InlineData("short")]
    [InlineData("uint")]
    [InlineData("ulong")]
    [InlineData("nint")]
    [InlineData("float")]
    [InlineData("double?")]
    [InlineData("decimal")]
    [InlineData("bool")]
    [InlineData("Guid?")]
    [InlineData("DateTime")]
    [InlineData("DateTimeOffset")]
    [InlineData("DateOnly")]
    [InlineData("TimeOnly")]
    [InlineData("TimeSpan")]
    [InlineData("Status")]
    [InlineData("Status?")]
    [InlineData("System.Numerics.BigInteger")]
    [InlineData("Int128")]
    [InlineData("Half")]
    public Task Reports_every_scalar_type(string type) => Verify.Statements(
        "pg.Execute($\"SELECT * FROM users WHERE a = '{|DBS1004:{value}|}'\"); pg.Execute(\"SELECT * FROM users WHERE a = \" + {|DBS1004:value|});", type + " value");

    [Fact]
    public Task Reports_texts_that_are_made_of_scalars() => Verify.Statements("""
        pg.Execute($"SELECT * FROM users WHERE a = {|DBS1004:{id.ToString()}|}");
        pg.Execute("SELECT * FROM users WHERE a = " + {|DBS1004:id.ToString(CultureInfo.InvariantCulture)|});
        pg.Execute("SELECT * FROM users WHERE a = " + ({|DBS1004:id + 1|}));
        pg.Execute("SELECT * FROM users WHERE a = " + {|DBS1004:(int)status|});
        pg.Execute("SELECT * FROM users WHERE a = " + {|DBS1004:ids.Length|});
        pg.Execute($"SELECT * FROM users WHERE a IN ({|DBS1004:{string.Join(',', ids)}|})");
        pg.Execute($"SELECT * FROM users WHERE a = '{|DBS1004:{DateTime.UtcNow:O}|}'");
        """, "int id, Status status, int[] ids");

    [Theory]
    [InlineData("SELECT * FROM users_{year}", "int year")]
    [InlineData("SELECT * FROM users WHERE id = @p{year}", "int year")]
    [InlineData("CREATE TABLE t (a varchar({year}))", "int year")]
    [InlineData("SET statement_timeout = {year}", "int year")]
    [InlineData("ALTER SEQUENCE s RESTART WITH {year}", "int year")]
    [InlineData("SELECT /* {year} */ 1", "int year")]
    [InlineData("SELECT * FROM users WHERE name = '{name}'", "string name")]
    [InlineData("SELECT * FROM users WHERE id = {year}", "object year")]
    public Task Is_silent(string sql, string variables) => Verify<ScalarInSqlText>.Silent(sql, variables);

    [Fact]
    public Task Is_silent_for_constant_numbers() => Verify.Statements("""
        const int limit = 10;
        pg.Execute($"SELECT * FROM users LIMIT {limit}");
        pg.Execute("SELECT * FROM users WHERE id = " + 5);
        pg.Execute($"SELECT * FROM users LIMIT {int.MaxValue}");
        """);

    [Fact]
    public Task Is_silent_in_migrations() => Verify<ScalarInSqlText>.CSharp("""
        public class Case
        {
            public static void Up(Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder builder, int id) =>
                builder.Sql($"UPDATE users SET a = {id}");
        }
        """);
}
