using System.Transactions;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A strategy that retries repeats what it is given, all of it, and refuses what it can't repeat.</summary>
public sealed class RetryStrategyTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private const string Refusal = "does not support user-initiated transactions";

    private SamplesContext Retrying() => Context(options => options.UseNpgsql(npgsql => npgsql.EnableRetryOnFailure()));

    private static void Refused(Action work) => Assert.Contains(Refusal, Assert.Throws<InvalidOperationException>(work).Message);

    [Fact]
    public void BeginTransaction_itself_does_not_throw()
    {
        using var context = Retrying();
        context.Database.BeginTransaction().Dispose();
        context.Database.BeginTransaction(System.Data.IsolationLevel.Serializable).Dispose();
    }

    [Fact]
    public async Task BeginTransactionAsync_does_not_throw_either()
    {
        await using var context = Retrying();
        await (await context.Database.BeginTransactionAsync(TestContext.Current.CancellationToken)).DisposeAsync();
        await (await context.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, TestContext.Current.CancellationToken)).DisposeAsync();
    }

    [Fact]
    public void The_first_command_of_EF_Core_in_it_throws()
    {
        Action<SamplesContext>[] commands =
        [
            context => { context.Add(New(11)); context.SaveChanges(); },
            context => context.Samples.ToList(),
            context => { foreach (var _ in context.Samples) { } },
            context => context.Samples.Count(),
            context => context.Samples.Find(1),
            context => context.Database.SqlQueryRaw<int>("SELECT 1").ToList(),
            context => context.Samples.ExecuteDelete(),
        ];
        foreach (var command in commands)
        {
            using var context = Retrying();
            using var transaction = context.Database.BeginTransaction();
            Refused(() => command(context));
        }
    }

    [Fact]
    public void To_save_nothing_throws_too()
    {
        using var context = Retrying();
        using var transaction = context.Database.BeginTransaction();
        Refused(() => context.SaveChanges());
    }

    /// <summary>EF Core never retries a command of text, in a transaction or not.</summary>
    [Fact]
    public async Task ExecuteSql_in_it_does_not_throw()
    {
        using var context = Retrying();
        using var transaction = context.Database.BeginTransaction();
        context.Database.ExecuteSqlRaw(Insert(11));
        context.Database.ExecuteSql($"INSERT INTO samples (id) VALUES ({12})");
        await context.Database.ExecuteSqlRawAsync(Insert(13), TestContext.Current.CancellationToken);
        transaction.Commit();
        Assert.Equal([11, 12, 13], Kept());
    }

    [Fact]
    public void Dapper_and_savepoints_in_it_do_not_throw()
    {
        using var context = Retrying();
        using var transaction = context.Database.BeginTransaction();
        context.Database.GetDbConnection().Execute(Insert(11), transaction: transaction.GetDbTransaction());
        transaction.CreateSavepoint("s");
        transaction.Commit();
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_transaction_that_is_given_throws_too()
    {
        using var context = Retrying();
        context.Database.OpenConnection();
        using var transaction = context.Database.GetDbConnection().BeginTransaction();
        context.Database.UseTransaction(transaction);
        Refused(() => context.Samples.Count());
    }

    [Fact]
    public void A_transaction_that_the_context_does_not_know_of_passes()
    {
        using var context = Retrying();
        context.Database.OpenConnection();
        using var transaction = context.Database.GetDbConnection().BeginTransaction();
        context.Add(New(11));
        context.SaveChanges();
        transaction.Rollback();
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_scope_throws_too()
    {
        using var scope = new TransactionScope();
        using var context = Retrying();
        Refused(() => context.Samples.Count());
    }

    [Fact]
    public void Inside_the_strategy_it_is_fine()
    {
        using var context = Retrying();
        context.Database.CreateExecutionStrategy().Execute(() =>
        {
            using var transaction = context.Database.BeginTransaction();
            context.Add(New(11));
            context.SaveChanges();
            transaction.Commit();
        });
        context.Database.CreateExecutionStrategy().Execute(() =>
        {
            using var scope = new TransactionScope();
            context.Add(New(12));
            context.SaveChanges();
            scope.Complete();
        });
        context.Database.CreateExecutionStrategy().ExecuteInTransaction(() => context.Database.ExecuteSqlRaw(Insert(13)), () => false);
        Assert.Equal([11, 12, 13], Kept());
    }

    [Fact]
    public async Task Inside_ExecuteAsync_it_is_fine()
    {
        await using var context = Retrying();
        await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            context.Add(New(11));
            await context.SaveChangesAsync();
            await transaction.CommitAsync();
        });
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_strategy_that_was_begun_inside_the_transaction_throws()
    {
        using var context = Retrying();
        using var transaction = context.Database.BeginTransaction();
        Refused(() => context.Database.CreateExecutionStrategy().Execute(() => context.Samples.Count()));
    }

    [Fact]
    public void Without_retries_it_is_fine()
    {
        using var context = Context(options => options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies))));
        using var transaction = context.Database.BeginTransaction();
        Assert.Equal(6, context.Samples.Count());
    }
}

/// <summary>What a retry applies twice, once, or not at all. Each strategy here meets one serialization failure, and then none.</summary>
public sealed class RetriedWorkTests(PostgresServer server) : TransactionTest(server)
{
    /// <summary>A sequence remembers through a rollback.</summary>
    private const string FailsOnce = """
        CREATE SEQUENCE attempts;
        CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('attempts') = 1 THEN
                RAISE EXCEPTION 'once' USING ERRCODE = '40001';
            END IF;
            RETURN NEW;
        END $$;
        """;

    private int id = 10;
    private int attempts;

    /// <summary>A new row: the key differs, as a generated one does.</summary>
    private Sample Next() => New(++id);

    private void FailInSave() => Run(FailsOnce + "CREATE TRIGGER fails BEFORE INSERT OR UPDATE ON samples FOR EACH STATEMENT EXECUTE FUNCTION fail_once()");

    private void FailInCommit() =>
        Run(FailsOnce + "CREATE CONSTRAINT TRIGGER fails AFTER INSERT OR UPDATE ON samples DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_once()");

    private static PostgresException Transient() => new("once", "ERROR", "ERROR", "40001");

    private SamplesContext Retrying() => Context(options => options.UseNpgsql(npgsql => npgsql.EnableRetryOnFailure()));

    /// <summary>Runs work on one context, in a strategy and a transaction.</summary>
    private void Retry(Action<SamplesContext> work, Action<SamplesContext>? before = null, bool transactional = true)
    {
        using var context = Retrying();
        before?.Invoke(context);
        context.Database.CreateExecutionStrategy().Execute(() =>
        {
            attempts++;
            using var transaction = transactional ? context.Database.BeginTransaction() : null;
            work(context);
            transaction?.Commit();
        });
        Assert.Equal(2, attempts);
    }

    private int Quantity() => Query<int>("SELECT length(name) FROM samples WHERE id = 2").Single();

    [Fact]
    public void SaveChanges_alone_is_retried_and_applied_once()
    {
        FailInSave();
        using var context = Retrying();
        context.AddRange(Next(), Next());
        context.SaveChanges();
        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void ExecuteSql_alone_is_not_retried()
    {
        FailInSave();
        using var context = Retrying();
        Assert.Equal("40001", Error(() => context.Database.ExecuteSqlRaw(Insert(11))));
        context.Database.ExecuteSqlRaw(Insert(12));
        Assert.Equal([12], Kept());
    }

    [Fact]
    public void ExecuteUpdate_alone_is_retried()
    {
        FailInSave();
        using var context = Retrying();
        Assert.Equal(1, context.Samples.Where(row => row.Id == 2).ExecuteUpdate(set => set.SetProperty(row => row.Name, "x")));
        Assert.Equal(1, Quantity());
    }

    [Fact]
    public void An_entity_made_inside_is_added_twice_when_the_save_fails()
    {
        FailInSave();
        Retry(context =>
        {
            context.Add(Next());
            context.SaveChanges();
        });
        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void An_entity_made_inside_is_added_twice_when_something_fails_before_the_save()
    {
        Retry(context =>
        {
            context.Add(Next());
            if (attempts == 1)
            {
                throw Transient();
            }

            context.SaveChanges();
        });
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>The save was accepted, so the first entity counts as stored; the rollback takes it away and the context does not know.</summary>
    [Fact]
    public void An_entity_made_inside_is_added_once_when_the_commit_fails()
    {
        FailInCommit();
        Retry(context =>
        {
            context.Add(Next());
            context.SaveChanges();
        });
        Assert.Equal([12], Kept());
    }

    [Fact]
    public void Without_a_transaction_it_is_the_save_itself_that_is_retried()
    {
        FailInSave();
        using var context = Retrying();
        var runs = 0;
        context.Database.CreateExecutionStrategy().Execute(() =>
        {
            runs++;
            context.Add(Next());
            context.SaveChanges();
        });
        Assert.Equal(runs == 2 ? [11, 12] : [11], Kept());
        Assert.Equal(2, runs);
    }

    [Fact]
    public void An_entity_made_outside_and_added_inside_is_added_once()
    {
        FailInSave();
        var entity = Next();
        Retry(context =>
        {
            context.Add(entity);
            context.SaveChanges();
        });
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void An_entity_made_outside_and_added_inside_is_added_once_when_the_commit_fails()
    {
        FailInCommit();
        var entity = Next();
        Retry(context =>
        {
            context.Add(entity);
            context.SaveChanges();
        });
        Assert.Equal([11], Kept());
    }

    [Fact]
    public void An_entity_added_outside_is_saved_once_when_the_save_fails()
    {
        FailInSave();
        Retry(context => context.SaveChanges(), context => context.Add(Next()));
        Assert.Equal([11], Kept());
    }

    /// <summary>The second save has nothing to do, and the second commit succeeds.</summary>
    [Fact]
    public void An_entity_added_outside_is_lost_when_the_commit_fails()
    {
        FailInCommit();
        Retry(context => context.SaveChanges(), context => context.Add(Next()));
        Assert.Empty(Kept());
    }

    [Fact]
    public void Accepting_the_changes_after_the_commit_keeps_it()
    {
        FailInCommit();
        Retry(context => context.SaveChanges(acceptAllChangesOnSuccess: false), context => context.Add(Next()));
        Assert.Equal([11], Kept());
    }

    /// <summary>The key that the first attempt was given is a value like any other in the second.</summary>
    [Fact]
    public void A_generated_key_of_a_failed_commit_is_written_as_it_is()
    {
        Run("CREATE SEQUENCE keys START 11; ALTER TABLE samples ALTER COLUMN id SET DEFAULT nextval('keys')");
        FailInCommit();
        var entity = new Sample { Name = "new" };
        Retry(context =>
        {
            context.Add(entity);
            context.SaveChanges();
        });
        Assert.Equal([11], Kept());
        Assert.Equal(11, Query<int>("SELECT last_value FROM keys").Single());
    }

    [Fact]
    public void ExecuteInTransaction_does_not_help_an_entity_made_inside()
    {
        FailInSave();
        using var context = Retrying();
        context.Database.CreateExecutionStrategy().ExecuteInTransaction(
            () =>
            {
                context.Add(Next());
                context.SaveChanges();
            },
            () => false);
        Assert.Equal([11, 12], Kept());
    }

    /// <summary>A query does not read a tracked entity anew.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_of_a_loaded_entity_is_applied_twice(bool inCommit)
    {
        Run("UPDATE samples SET name = ''");
        (inCommit ? (Action)FailInCommit : FailInSave)();
        Retry(context =>
        {
            context.Samples.Single(row => row.Id == 2).Name += "x";
            context.SaveChanges();
        });
        Assert.Equal(2, Quantity());
    }

    [Fact]
    public void A_change_that_does_not_build_on_the_old_value_is_applied_once_when_the_save_fails()
    {
        FailInSave();
        Retry(context =>
        {
            context.Samples.Single(row => row.Id == 2).Name = "x";
            context.SaveChanges();
        });
        Assert.Equal(1, Quantity());
    }

    /// <summary>The context believes that the value is there already, and writes nothing.</summary>
    [Fact]
    public void A_change_that_does_not_build_on_the_old_value_is_lost_when_the_commit_fails()
    {
        Run("UPDATE samples SET name = ''");
        FailInCommit();
        Retry(context =>
        {
            context.Samples.Single(row => row.Id == 2).Name = "x";
            context.SaveChanges();
        });
        Assert.Equal(0, Quantity());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_Clear_first_all_is_applied_once(bool inCommit)
    {
        Run("UPDATE samples SET name = ''");
        (inCommit ? (Action)FailInCommit : FailInSave)();
        Retry(context =>
        {
            context.ChangeTracker.Clear();
            context.Add(Next());
            context.Samples.Single(row => row.Id == 2).Name += "x";
            context.SaveChanges();
        });
        Assert.Equal([12], Kept());
        Assert.Equal(1, Quantity());
    }

    /// <summary>Clear forgets what was added outside: it must be made inside.</summary>
    [Fact]
    public void With_Clear_first_what_was_added_outside_is_lost()
    {
        FailInSave();
        Retry(
            context =>
            {
                context.ChangeTracker.Clear();
                context.Add(Next());
                context.SaveChanges();
            },
            context => context.Add(New(99)));
        Assert.Equal([12], Kept());
    }

    [Fact]
    public void A_context_of_each_attempts_own_applies_all_once()
    {
        Run("UPDATE samples SET name = ''");
        FailInSave();
        Retry(
            _ =>
            {
                using var context = Retrying();
                context.Add(Next());
                context.Samples.Single(row => row.Id == 2).Name += "x";
                context.SaveChanges();
            },
            transactional: false);
        Assert.Equal([12], Kept());
        Assert.Equal(1, Quantity());
    }

    /// <summary>EF Core wraps a transient error of a context that does not retry, and the strategy of the other one no longer knows it.</summary>
    [Fact]
    public void The_error_of_a_context_that_does_not_retry_ends_the_strategy_of_another()
    {
        FailInSave();
        Assert.Equal("40001", Error(() => Retry(
            _ =>
            {
                using var context = Context();
                context.Add(Next());
                context.SaveChanges();
            },
            transactional: false)));
        Assert.Equal(1, attempts);
        Assert.Empty(Kept());
    }

    [Fact]
    public void Commands_that_track_nothing_are_applied_once()
    {
        Run("UPDATE samples SET name = ''");
        FailInCommit();
        Retry(context =>
        {
            context.Samples.Where(row => row.Id == 2).ExecuteUpdate(set => set.SetProperty(row => row.Name, row => row.Name + "x"));
            context.Database.ExecuteSqlRaw(Insert(11));
        });
        Assert.Equal([11], Kept());
        Assert.Equal(1, Quantity());
    }

    /// <summary>What is not in the database is not rolled back.</summary>
    [Fact]
    public void Effects_elsewhere_are_applied_twice()
    {
        FailInCommit();
        var sent = new List<int>();
        Retry(context =>
        {
            context.Database.ExecuteSqlRaw(Insert(11));
            sent.Add(11);
        });
        Assert.Equal([11], Kept());
        Assert.Equal([11, 11], sent);
    }
}
