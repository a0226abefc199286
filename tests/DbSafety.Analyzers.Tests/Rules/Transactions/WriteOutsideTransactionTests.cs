using DbSafety.Analyzers.Rules.Transactions;

namespace DbSafety.Analyzers.Tests.Rules.Transactions;

/// <summary>DBS3002: what is written while a transaction is open, but not in it.</summary>
public sealed class WriteOutsideTransactionTests
{
    private const string Insert = "\"INSERT INTO a VALUES (1)\"";

    private static Task Check(string statements) => Verify<WriteOutsideTransaction>.Statements(statements.Replace("SQL", Insert), "string text");

    private const string Two = "using var c = new NpgsqlConnection(text); c.Open(); using var o = new NpgsqlConnection(text); o.Open(); using var tx = c.BeginTransaction(); c.Execute(SQL); ";

    [Theory]
    [InlineData(Two + "[|o.Execute(SQL)|]; tx.Commit();")]
    [InlineData(Two + "[|o.Execute(SQL, transaction: tx)|]; tx.Commit();")]
    [InlineData(Two + "using var k = new NpgsqlCommand(SQL, o); [|k.ExecuteNonQuery()|]; tx.Commit();")]
    [InlineData(Two + "using var k = o.CreateCommand(); k.CommandText = SQL; await [|k.ExecuteNonQueryAsync()|]; tx.Commit();")]
    [InlineData(Two + "var id = [|o.QuerySingle<int>(\"INSERT INTO a VALUES (1) RETURNING id\")|]; tx.Commit();")]
    [InlineData(Two + "if (flag) { [|o.Execute(SQL)|]; } tx.Commit();")]
    [InlineData("await using var c = await source.OpenConnectionAsync(); await using var tx = await c.BeginTransactionAsync(); await c.ExecuteAsync(SQL, transaction: tx); await using var k = source.CreateCommand(SQL); await [|k.ExecuteNonQueryAsync()|]; await tx.CommitAsync();")]
    [InlineData("using var c = source.OpenConnection(); using var tx = c.BeginTransaction(); [|source.CreateCommand(SQL).ExecuteNonQuery()|]; c.Execute(SQL); tx.Commit();")]
    [InlineData("using var c = source.OpenConnection(); using var o = source.OpenConnection(); using (var tx = c.BeginTransaction()) { c.Execute(SQL); [|o.Execute(SQL)|]; tx.Commit(); }")]
    [InlineData("using var c = source.OpenConnection(); using var o = source.OpenConnection(); c.Execute(\"BEGIN\"); c.Execute(SQL); [|o.Execute(SQL)|]; c.Execute(\"COMMIT\");")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); using var o = new Shop(); o.Users.Add(new User()); [|o.SaveChanges()|]; tx.Commit();")]
    [InlineData("await using var tx = await shop.Database.BeginTransactionAsync(); await shop.SaveChangesAsync(); await using var o = new Shop(); await [|o.Users.ExecuteDeleteAsync()|]; await tx.CommitAsync();")]
    public Task Reports_a_write_elsewhere(string statements) => Check(statements);

    [Theory]
    [InlineData(Two + "tx.Commit(); o.Execute(SQL);")]
    [InlineData(Two + "tx.Rollback(); o.Execute(SQL);")]
    [InlineData(Two + "o.Query<int>(\"SELECT 1\"); tx.Commit();")]
    [InlineData(Two + "c.Execute(SQL, transaction: tx); c.Execute(SQL); tx.Commit();")]
    [InlineData(Two + "using var second = o.BeginTransaction(); o.Execute(SQL, transaction: second); second.Commit(); tx.Commit();")]
    [InlineData(Two + "try { c.Execute(SQL); tx.Commit(); } catch (Exception) { o.Execute(SQL); throw; }")]
    [InlineData("using var c = new NpgsqlConnection(text); c.Open(); using var o = new NpgsqlConnection(text); using var tx = c.BeginTransaction(); c.Query<int>(\"SELECT 1\"); o.Execute(SQL); tx.Commit();")]
    [InlineData("using var c = new NpgsqlConnection(text); c.Open(); using var o = new NpgsqlConnection(\"Host=other\"); using var tx = c.BeginTransaction(); c.Execute(SQL); o.Execute(SQL); tx.Commit();")]
    [InlineData("using var o = source.OpenConnection(); using (var tx = pg.BeginTransaction()) { pg.Execute(SQL); o.Execute(SQL); tx.Commit(); }")]
    [InlineData("using var scope = new System.Transactions.TransactionScope(); using var c = source.OpenConnection(); using var o = source.OpenConnection(); c.Execute(SQL); o.Execute(SQL); scope.Complete();")]
    [InlineData("using var tx = shop.Database.BeginTransaction(); shop.SaveChanges(); shop.Database.GetDbConnection().Execute(SQL); tx.Commit();")]
    [InlineData("using var c = source.OpenConnection(); using var tx = c.BeginTransaction(); c.Execute(SQL); var options = new DbContextOptionsBuilder<Shop>().UseNpgsql(c).Options; tx.Commit();")]
    public Task Leaves_what_is_inside_and_what_is_over_alone(string statements) => Check(statements);

    [Theory]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL); any.Execute(SQL); db.Execute(SQL); tx.Commit();")]
    [InlineData(Two + "o.Execute(text); tx.Commit();")]
    [InlineData("var c = flag ? pg : source.OpenConnection(); using var tx = c.BeginTransaction(); c.Execute(SQL); source.CreateCommand(SQL).ExecuteNonQuery(); tx.Commit();")]
    public Task Is_silent_where_nobody_knows(string statements) => Check(statements);

    [Theory]
    [InlineData("using var tx = server.BeginTransaction(); [|server.Execute(SQL)|]; tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); await [|server.QueryAsync<int>(\"SELECT 1\")|]; tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); using var k = new SqlCommand(SQL, server); [|k.ExecuteNonQuery()|]; tx.Commit();")]
    [InlineData("using var k = server.CreateCommand(); k.CommandText = SQL; using var tx = server.BeginTransaction(); [|k.ExecuteNonQuery()|]; tx.Commit();")]
    [InlineData("using var tx = my.BeginTransaction(); [|my.Execute(SQL)|]; tx.Commit();")]
    [InlineData("await using var tx = await my.BeginTransactionAsync(); await using var k = my.CreateCommand(); k.CommandText = SQL; await [|k.ExecuteNonQueryAsync()|]; await tx.CommitAsync();")]
    [InlineData("using var tx = lite.BeginTransaction(); using var k = new SqliteCommand(SQL, lite); [|k.ExecuteNonQuery()|]; tx.Commit();")]
    [InlineData("using var k = lite.CreateCommand(); k.CommandText = SQL; using var tx = lite.BeginTransaction(); [|k.ExecuteNonQuery()|]; tx.Commit();")]
    public Task Reports_a_command_that_is_not_given_the_transaction(string statements) => Check(statements);

    [Theory]
    [InlineData("using var tx = server.BeginTransaction(); server.Execute(SQL, transaction: tx); server.Execute(SQL, null, tx); server.Execute(new CommandDefinition(SQL, transaction: tx)); tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); using var k = new SqlCommand(SQL, server, tx); k.ExecuteNonQuery(); tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); using var k = new SqlCommand(SQL, server) { Transaction = tx }; k.ExecuteNonQuery(); tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); using var k = server.CreateCommand(); k.CommandText = SQL; k.Transaction = tx; k.ExecuteNonQuery(); tx.Commit();")]
    [InlineData("using var tx = server.BeginTransaction(); using var k = new SqlCommand(SQL, server); Give(k); k.ExecuteNonQuery(); tx.Commit(); void Give(SqlCommand command) { }")]
    [InlineData("using var tx = lite.BeginTransaction(); using var k = lite.CreateCommand(); k.CommandText = SQL; k.ExecuteNonQuery(); lite.Execute(SQL); tx.Commit();")]
    [InlineData("using var tx = pg.BeginTransaction(); pg.Execute(SQL); using var k = new NpgsqlCommand(SQL, pg); k.ExecuteNonQuery(); tx.Commit();")]
    [InlineData("using var tx = db.BeginTransaction(); db.Execute(SQL); tx.Commit();")]
    [InlineData("using (var tx = server.BeginTransaction()) { tx.Commit(); server.Execute(SQL); }")]
    public Task Leaves_commands_that_have_it_and_clients_that_do_not_ask_alone(string statements) => Check(statements);

    [Fact]
    public Task Contexts_that_are_made_by_hand() => Verify<WriteOutsideTransaction>.CSharp("""
        public class Store(DbContextOptions<Store> options) : DbContext(options) { public DbSet<User> Users => Set<User>(); }
        public class Tenant(string text) : DbContext { protected override void OnConfiguring(DbContextOptionsBuilder builder) => builder.UseNpgsql(text); }
        public class Case(DbContextOptions<Store> options, IDbContextFactory<Store> factory)
        {
            public void Shared()
            {
                using var one = new Store(options);
                using var two = new Store(options);
                using var transaction = one.Database.BeginTransaction();
                one.SaveChanges();
                [|two.SaveChanges()|];
                transaction.Commit();
            }

            public async Task Factory(CancellationToken ct)
            {
                await using var one = await factory.CreateDbContextAsync(ct);
                await using var two = await factory.CreateDbContextAsync(ct);
                await using var transaction = await one.Database.BeginTransactionAsync(ct);
                await one.SaveChangesAsync(ct);
                await [|two.SaveChangesAsync(ct)|];
                await transaction.CommitAsync(ct);
            }

            public void Tenants(string first, string second)
            {
                using var one = new Tenant(first);
                using var two = new Tenant(second);
                using var transaction = one.Database.BeginTransaction();
                one.SaveChanges();
                two.SaveChanges();
                transaction.Commit();
            }

            public void OnOneConnection(NpgsqlConnection connection)
            {
                var here = new DbContextOptionsBuilder<Store>().UseNpgsql(connection).Options;
                using var one = new Store(here);
                using var two = new Store(here);
                using var transaction = one.Database.BeginTransaction();
                two.Database.UseTransaction(Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction));
                one.SaveChanges();
                two.SaveChanges();
                transaction.Commit();
            }
        }
        """);

    [Fact]
    public Task A_factory_is_told_the_database() => Verify<WriteOutsideTransaction>.CSharp("""
        public class Sources { public NpgsqlDataSource Of(string name) => null!; public NpgsqlConnection Create(string name, CancellationToken ct = default) => new(name); public Store For(Guid tenant) => new(); }
        public class Store : DbContext { }
        public class Case(Sources sources, Func<string, NpgsqlDataSource> named)
        {
            public void Tenants(string first, string second)
            {
                using var one = named(first).OpenConnection();
                using var transaction = one.BeginTransaction();
                one.Execute("DELETE FROM a");
                using var two = named(second).OpenConnection();
                two.Execute("DELETE FROM a");
                transaction.Commit();
            }

            public void Names()
            {
                using var one = sources.Of("shop").OpenConnection();
                using var same = sources.Of("shop").OpenConnection();
                using var two = sources.Of("log").OpenConnection();
                using var transaction = one.BeginTransaction();
                one.Execute("DELETE FROM a");
                [|same.Execute("DELETE FROM a")|];
                two.Execute("DELETE FROM a");
                transaction.Commit();
            }

            public void Contexts(Guid first, Guid second)
            {
                using var one = sources.For(first);
                using var two = sources.For(second);
                using var transaction = one.Database.BeginTransaction();
                one.SaveChanges();
                two.SaveChanges();
                transaction.Commit();
            }
        }
        """);

    [Fact]
    public Task Called_methods_and_fields() => Verify<WriteOutsideTransaction>.CSharp("""
        public class Store(NpgsqlDataSource source, NpgsqlDataSource archive2, string text)
        {
            private readonly string _text = text;

            public async Task Run()
            {
                await using var connection = new NpgsqlConnection(_text);
                await connection.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await connection.ExecuteAsync("INSERT INTO a VALUES (1)", transaction: transaction);
                await [|LogAsync()|];
                await [|Deeper()|];
                await OnAsync(connection);
                await ElsewhereAsync();
                await UnknownAsync("x");
                await transaction.CommitAsync();
                await LogAsync();
            }

            private async Task LogAsync()
            {
                await using var own = new NpgsqlConnection(_text);
                await own.ExecuteAsync("INSERT INTO log VALUES (1)");
            }

            private Task Deeper() => LogAsync();
            private static Task OnAsync(NpgsqlConnection given) => given.ExecuteAsync("INSERT INTO log VALUES (1)");
            private async Task ElsewhereAsync() { await using var own = await archive2.OpenConnectionAsync(); await own.ExecuteAsync("INSERT INTO log VALUES (1)"); }
            private async Task UnknownAsync(string sql) { await using var own = new NpgsqlConnection(_text); await own.ExecuteAsync(sql); }

            public void Sources()
            {
                using var connection = source.OpenConnection();
                using var transaction = connection.BeginTransaction();
                connection.Execute("INSERT INTO a VALUES (1)");
                using var own = [|source.CreateCommand("INSERT INTO b VALUES (1)").ExecuteReader()|];
                archive2.CreateCommand("INSERT INTO b VALUES (1)").ExecuteNonQuery();
                transaction.Commit();
            }
        }

        public class Held(NpgsqlConnection connection, NpgsqlDataSource source)
        {
            private NpgsqlTransaction? _transaction;

            public void Begin() { _transaction = connection.BeginTransaction(); connection.Execute("INSERT INTO a VALUES (1)"); End(); source.CreateCommand("INSERT INTO a VALUES (1)").ExecuteNonQuery(); }
            private void End() => _transaction!.Commit();
        }
        """);
}
