using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Tests.Calls;

/// <summary>Whether two values of a body are, or belong to, one connection.</summary>
public sealed class ConnectionIdentityTests
{
    private static string Source(string statements) => $$"""
        using Dapper;
        using Microsoft.EntityFrameworkCore;
        using Npgsql;

        class Shop : DbContext { }
        class Unit { public NpgsqlConnection Kept { get; } = new(); public NpgsqlConnection Each => new(); public NpgsqlConnection Settable { get; set; } = new(); }

        class Test(NpgsqlConnection primary, Unit unit)
        {
            private readonly NpgsqlConnection _field = new();
            private readonly Unit _unit = unit;
            private NpgsqlConnection _changing = new();
            private static readonly NpgsqlConnection s_shared = new();

            async Task Run(NpgsqlConnection pg, NpgsqlConnection other, NpgsqlDataSource source, Shop shop, NpgsqlCommand given, Func<NpgsqlConnection> make, bool flag)
            {
                {{statements}}
                await Task.CompletedTask;
            }

            static void Pair(object? left, object? right) { }
        }
        """;

    [Theory]
    [InlineData("Pair(pg, pg);", ConnectionRelation.Same)]
    [InlineData("Pair(pg, (IDbConnection)pg);", ConnectionRelation.Same)]
    [InlineData("var alias = pg; Pair(pg, alias);", ConnectionRelation.Same)]
    [InlineData("Pair(_field, this._field);", ConnectionRelation.Same)]
    [InlineData("Pair(s_shared, s_shared);", ConnectionRelation.Same)]
    [InlineData("Pair(primary, primary);", ConnectionRelation.Same)]
    [InlineData("Pair(_unit.Kept, _unit.Kept);", ConnectionRelation.Same)]
    [InlineData("Pair(shop, shop.Database.GetDbConnection());", ConnectionRelation.Same)]
    [InlineData("var c = shop.Database.GetDbConnection(); Pair(shop.Database, c);", ConnectionRelation.Same)]
    [InlineData("using var c = new NpgsqlCommand(\"\", pg); Pair(c, pg);", ConnectionRelation.Same)]
    [InlineData("using var c = pg.CreateCommand(); using var d = new NpgsqlCommand { Connection = pg }; Pair(c, d);", ConnectionRelation.Same)]
    [InlineData("using var c = new NpgsqlCommand(); c.Connection = pg; Pair(c, pg);", ConnectionRelation.Same)]
    [InlineData("await using var tx = await pg.BeginTransactionAsync(); Pair(tx.Connection, pg);", ConnectionRelation.Same)]
    [InlineData("Pair(given, given);", ConnectionRelation.Same)]
    [InlineData("await using var a = await source.OpenConnectionAsync(); await using var b = source.OpenConnection(); Pair(a, b);", ConnectionRelation.Different)]
    [InlineData("using var a = new NpgsqlConnection(); using var b = new NpgsqlConnection(); using var c = a.CreateCommand(); Pair(c, b);", ConnectionRelation.Different)]
    [InlineData("using var a = new Shop(); using var b = new Shop(); Pair(a, b);", ConnectionRelation.Different)]
    [InlineData("Pair(pg, other);", ConnectionRelation.Unknown)]
    [InlineData("Pair(pg, _field);", ConnectionRelation.Unknown)]
    [InlineData("Pair(given, pg);", ConnectionRelation.Unknown)]
    [InlineData("var a = make(); var b = make(); Pair(a, b);", ConnectionRelation.Unknown)]
    [InlineData("using var a = new NpgsqlConnection(); Pair(a, pg);", ConnectionRelation.Unknown)]
    public void Compares(string statements, ConnectionRelation expected)
    {
        var (left, right) = Identities(statements);
        Assert.NotNull(left);
        Assert.NotNull(right);
        Assert.Equal(expected, left.CompareTo(right));
        Assert.Equal(expected, right.CompareTo(left));
    }

    [Theory]
    [InlineData("Pair(_changing, pg);")]
    [InlineData("Pair(_unit.Each, pg);")]
    [InlineData("Pair(_unit.Settable, pg);")]
    [InlineData("Pair(source, pg);")]
    [InlineData("using var c = source.CreateCommand(); Pair(c, pg);")]
    [InlineData("var c = pg; if (flag) { c = other; } Pair(c, pg);")]
    [InlineData("using var c = new NpgsqlCommand(\"\", pg); c.Connection = other; Pair(c, pg);")]
    [InlineData("Pair(make(), pg);")]
    public void Has_none_where_nobody_knows(string statements)
    {
        var (left, right) = Identities(statements);
        Assert.Null(left);
        Assert.NotNull(right);
    }

    [Fact]
    public void A_variable_of_a_loop_is_another_one_each_time()
    {
        var (outer, inner) = Identities("while (flag) { using var own = new NpgsqlConnection(); Pair(pg, own); }", out var call);
        var loop = call.Syntax.Parent!.Parent!;
        Assert.True(inner!.IsDeclaredIn(loop.SyntaxTree, loop.Span));
        Assert.False(outer!.IsDeclaredIn(loop.SyntaxTree, loop.Span));
    }

    private static (ConnectionIdentity? Left, ConnectionIdentity? Right) Identities(string statements) => Identities(statements, out _);

    private static (ConnectionIdentity? Left, ConnectionIdentity? Right) Identities(string statements, out IInvocationOperation call)
    {
        var compilation = Code.Compile(Source(statements), References.Newest);
        call = Code.Operations(compilation).OfType<IInvocationOperation>().Single(found => found.TargetMethod.Name == "Pair");
        var connections = BodyConnections.Of(HoleValues.RootOf(call), DbApis.Create(compilation, [])!);
        return (connections.Of(call.Arguments[0].Value), connections.Of(call.Arguments[1].Value));
    }
}
