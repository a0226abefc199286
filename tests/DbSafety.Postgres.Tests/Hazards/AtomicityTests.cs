using Dapper;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>What is all or nothing without a transaction, and what only looks so. The second write fails each time.</summary>
public sealed class AtomicityTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private static readonly string Two = $"{Insert(11)}; {Insert(1)}";

    private void Fails(Action<NpgsqlConnection> work)
    {
        using var connection = Open();
        Assert.Equal("23505", Error(() => work(connection)));
    }

    private void FailsInEf(Action<SamplesContext> work)
    {
        using var context = Context();
        Assert.Equal("23505", Error(() => work(context)));
    }

    [Fact]
    public void One_command_of_several_statements_is_atomic()
    {
        Fails(connection => connection.Execute(Two));
        Fails(connection => connection.Execute($"INSERT INTO samples (id) VALUES (@a); INSERT INTO samples (id) VALUES (@b)", new { a = 11, b = 1 }));
        Fails(connection =>
        {
            using var results = connection.QueryMultiple($"{Insert(11)} RETURNING id; {Insert(1)} RETURNING id");
            Assert.Equal(11, results.ReadSingle<int>());
        });
        FailsInEf(context => context.Database.ExecuteSqlRaw(Two));
        Assert.Empty(Kept());
    }

    /// <summary>Statements that begin and commit take it apart.</summary>
    [Fact]
    public void A_commit_inside_the_command_is_a_commit()
    {
        Fails(connection => connection.Execute($"{Insert(11)}; COMMIT; {Insert(1)}"));
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_batch_is_atomic()
    {
        Fails(connection => new NpgsqlBatch(connection) { BatchCommands = { new(Insert(11)), new(Insert(1)) } }.ExecuteNonQuery());
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_batch_with_error_barriers_is_not()
    {
        Fails(connection => new NpgsqlBatch(connection) { EnableErrorBarriers = true, BatchCommands = { new(Insert(11)), new(Insert(1)) } }.ExecuteNonQuery());
        Assert.Equal([11], Kept());
    }

    /// <summary>It even goes on behind the error.</summary>
    [Fact]
    public void A_barrier_goes_on_behind_the_error()
    {
        Fails(connection => new NpgsqlBatch(connection) { EnableErrorBarriers = true, BatchCommands = { new(Insert(11)), new(Insert(1)), new(Insert(12)) } }.ExecuteNonQuery());
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>EF Core writes in the order of the keys, so 11 goes first.</summary>
    [Theory]
    [InlineData(AutoTransactionBehavior.WhenNeeded, 1000, false)]
    [InlineData(AutoTransactionBehavior.WhenNeeded, 1, false)]
    [InlineData(AutoTransactionBehavior.Always, 1, false)]
    [InlineData(AutoTransactionBehavior.Never, 1000, false)]
    [InlineData(AutoTransactionBehavior.Never, 1, true)]
    public void One_SaveChanges_is_atomic_unless_it_has_no_transaction_and_several_batches(AutoTransactionBehavior behavior, int batchSize, bool kept)
    {
        Run(Insert(12));
        using var context = Context(options => options.UseNpgsql(npgsql => npgsql.MaxBatchSize(batchSize)));
        context.Database.AutoTransactionBehavior = behavior;
        context.AddRange(New(11), New(12));
        Assert.Equal("23505", Error(() => context.SaveChanges()));
        Assert.Equal(kept ? [11, 12] : [12], Kept());
    }

    [Fact]
    public void Two_SaveChanges_are_not()
    {
        FailsInEf(context =>
        {
            context.Add(New(11));
            context.SaveChanges();
            context.Add(New(1));
            context.SaveChanges();
        });
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void ExecuteUpdate_and_SaveChanges_are_not()
    {
        FailsInEf(context =>
        {
            context.Samples.Where(row => row.Id == 2).ExecuteUpdate(set => set.SetProperty(row => row.Id, 11));
            context.Add(New(1));
            context.SaveChanges();
        });
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void ExecuteDelete_and_ExecuteSql_are_not()
    {
        FailsInEf(context =>
        {
            context.Samples.Where(row => row.Id == 2).ExecuteDelete();
            context.Database.ExecuteSqlRaw(Insert(11));
            context.Database.ExecuteSqlRaw(Insert(1));
        });
        Assert.Equal([11], Kept());
        Assert.Empty(Query<int>("SELECT id FROM samples WHERE id = 2"));
    }

    /// <summary>Dapper runs it once for each element.</summary>
    [Fact]
    public void Dapper_with_a_list_is_not()
    {
        const string sql = "INSERT INTO samples (id) VALUES (@id)";
        Fails(connection => connection.Execute(sql, new[] { new { id = 11 }, new { id = 1 }, new { id = 12 } }));
        Assert.Equal([11], Kept());
        Run("DELETE FROM samples WHERE id > 10");
        Fails(connection =>
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(sql, new[] { new { id = 11 }, new { id = 1 } }, transaction);
            transaction.Commit();
        });
        Assert.Empty(Kept());
    }

    [Fact]
    public void Two_commands_are_not()
    {
        Fails(connection =>
        {
            connection.Execute(Insert(11));
            connection.Execute(Insert(1));
        });
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_statement_with_writes_inside_is_atomic()
    {
        Fails(connection => connection.Execute($"WITH first AS ({Insert(11)} RETURNING id) {Insert(1)}"));
        Fails(connection => connection.Execute("INSERT INTO samples (id) VALUES (11), (1)"));
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_block_is_atomic()
    {
        Fails(connection => connection.Execute($"DO $$ BEGIN {Two}; END $$"));
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_block_that_commits_is_not()
    {
        Fails(connection => connection.Execute($"DO $$ BEGIN {Insert(11)}; COMMIT; {Insert(1)}; END $$"));
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_copy_is_atomic()
    {
        Fails(connection =>
        {
            using var import = connection.BeginTextImport("COPY samples (id) FROM STDIN");
            import.Write("11\n1\n");
        });
        Assert.Empty(Kept());
    }
}
