using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3011: a lock that its statement alone holds.</summary>
public sealed class LockWithoutTransactionTests
{
    private static Task Check(string statements, string variables = "string name") => Verify<LockWithoutTransaction>.Statements(statements, variables);

    private const string Own = "using var own = source.OpenConnection(); ";
    private const string Update = " pg.Execute(\"UPDATE users SET name = 'x'\");";

    [Theory]
    [InlineData(Own + "own.Query<User>(\"SELECT * FROM users WHERE id = 1 [|FOR UPDATE|]\");")]
    [InlineData(Own + "await own.QueryAsync<User>(\"SELECT * FROM users ORDER BY id LIMIT 1 [|FOR NO KEY UPDATE SKIP LOCKED|]\");")]
    [InlineData(Own + "using var c = new NpgsqlCommand(\"SELECT id FROM users [|FOR SHARE|]\", own); using var reader = c.ExecuteReader();")]
    [InlineData(Own + "own.Execute(\"SELECT [|pg_advisory_xact_lock(7)|]\");")]
    [InlineData("using var c = source.CreateCommand(\"SELECT id FROM users [|FOR UPDATE|]\"); c.ExecuteScalar();")]
    [InlineData("var user = pg.QuerySingle<User>(\"SELECT * FROM users WHERE id = 1 [|FOR UPDATE|]\");" + Update)]
    [InlineData("using var own = new Shop(); own.Users.FromSqlRaw(\"SELECT * FROM users [|FOR UPDATE|]\").ToList();")]
    [InlineData("var user = shop.Users.FromSqlInterpolated($\"SELECT * FROM users WHERE name = {name} [|FOR UPDATE|]\").Single(); user.Name = name; shop.SaveChanges();")]
    [InlineData(Own + "own.Query<User>($\"SELECT * FROM {name} WHERE id = 1 [|FOR UPDATE|]\");")]
    public Task Reports_a_lock(string statements) => Check(statements);

    [Theory]
    [InlineData(Own + "using var tx = own.BeginTransaction(); own.Query<User>(\"SELECT * FROM users WHERE id = 1 FOR UPDATE\", null, tx);")]
    [InlineData(Own + "own.Query<User>(\"SELECT * FROM users WHERE id = 1 FOR UPDATE\", null, given);")]
    [InlineData(Own + "own.Execute(\"SELECT * FROM users WHERE id = 1 FOR UPDATE; UPDATE users SET name = 'x'\");")]
    [InlineData(Own + "own.Query<User>(\"WITH next AS (SELECT id FROM users LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE users SET name = 'x' FROM next WHERE users.id = next.id RETURNING users.*\");")]
    [InlineData(Own + "own.Query<User>(\"SELECT * FROM users\");")]
    [InlineData(Own + "own.Execute(\"SELECT pg_advisory_lock(7)\");")]
    [InlineData(Own + "own.Query<User>($\"SELECT * FROM users {name}\");")]
    [InlineData(Own + "own.Query<User>(name);")]
    [InlineData("pg.Query<User>(\"SELECT * FROM users WHERE id = 1 FOR UPDATE\");")]
    [InlineData(Own + "using var scope = new System.Transactions.TransactionScope(); own.Query<User>(\"SELECT * FROM users FOR UPDATE\");")]
    [InlineData("any.Query<User>(\"SELECT * FROM users FOR UPDATE\"); any.Execute(\"UPDATE users SET name = 'x'\");")]
    [InlineData("my.Query<User>(\"SELECT * FROM users FOR UPDATE\"); my.Execute(\"UPDATE users SET name = 'x'\");")]
    public Task Leaves_others_alone(string statements) => Check(statements, statements.Contains("given", StringComparison.Ordinal) ? "string name, IDbTransaction given" : "string name");

    [Fact]
    public Task Callers_that_hold_a_transaction() => Verify<LockWithoutTransaction>.CSharp("""
        public class Store(NpgsqlConnection connection)
        {
            public async Task Run()
            {
                await using var tx = await connection.BeginTransactionAsync();
                await Move();
                await tx.CommitAsync();
            }

            private async Task Move()
            {
                await connection.QueryAsync("SELECT * FROM users FOR UPDATE");
                await connection.ExecuteAsync("UPDATE users SET name = 'x'");
            }

            public async Task Alone()
            {
                await connection.QueryAsync("SELECT * FROM users [|FOR UPDATE|]");
                await connection.ExecuteAsync("UPDATE users SET name = 'x'");
            }
        }
        """);
}
