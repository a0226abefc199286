namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Writes of Dapper in one transaction.</summary>
public sealed class DapperBlockTests
{
    private const string First = "\"INSERT INTO orders (id) VALUES (@id)\", new { id }";
    private const string Second = "\"UPDATE stock SET left = left - 1 WHERE id = @id\", new { id }";

    private const string Row = "\"INSERT INTO orders (id) VALUES (@Id)\", order";

    [Fact]
    public Task A_connection_that_may_be_closed_is_opened() => TransactionCase.Fixes($$"""
        // The order.
        await db.ExecuteAsync({{First}});

        // The stock.
        await db.ExecuteAsync({{Second}}); // one less
        """, $$"""
        if (db.State != ConnectionState.Open) await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        // The order.
        await db.ExecuteAsync({{First}}, transaction: transaction);

        // The stock.
        await db.ExecuteAsync({{Second}}, transaction: transaction); // one less
        await transaction.CommitAsync();
        """);

    [Fact]
    public Task One_that_was_made_here_is_closed() => TransactionCase.Fixes($$"""
        await using var connection = new NpgsqlConnection(text);
        await connection.ExecuteAsync({{First}});
        await connection.ExecuteAsync({{Second}});
        """, $$"""
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync({{First}}, transaction: transaction);
        await connection.ExecuteAsync({{Second}}, transaction: transaction);
        await transaction.CommitAsync();
        """);

    [Theory]
    [InlineData("await using var connection = await source.OpenConnectionAsync(ct);")]
    [InlineData("using var connection = new NpgsqlConnection(text);\nawait connection.OpenAsync(ct);")]
    [InlineData("using var connection = new NpgsqlConnection(text);\nif (connection.State != ConnectionState.Open)\n{\n    await connection.OpenAsync(ct);\n}\n")]
    public Task One_that_is_open_stays_so(string open) => TransactionCase.Fixes($$"""
        {{open}}
        await connection.ExecuteAsync({{First}}).ConfigureAwait(false);
        await connection.ExecuteAsync({{Second}}).ConfigureAwait(false);
        """, $$"""
        {{open}}
        await using var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        await connection.ExecuteAsync({{First}}, transaction: transaction).ConfigureAwait(false);
        await connection.ExecuteAsync({{Second}}, transaction: transaction).ConfigureAwait(false);
        await transaction.CommitAsync().ConfigureAwait(false);
        """);

    [Fact]
    public Task An_IDbConnection_has_no_asynchronous_members() => TransactionCase.Fixes($$"""
        await any.ExecuteAsync({{First}});
        var left = await any.ExecuteScalarAsync<int>("SELECT left FROM stock WHERE id = @id", new { id });
        await any.ExecuteAsync({{Second}});
        """, $$"""
        if (any.State != ConnectionState.Open) any.Open();
        using var transaction = any.BeginTransaction();
        await any.ExecuteAsync({{First}}, transaction: transaction);
        var left = await any.ExecuteScalarAsync<int>("SELECT left FROM stock WHERE id = @id", new { id }, transaction: transaction);
        await any.ExecuteAsync({{Second}}, transaction: transaction);
        transaction.Commit();
        """);

    [Fact]
    public Task In_a_synchronous_method() => TransactionCase.Fixes($$"""
        db.Execute({{First}});
        db.Execute({{Second}});
        """, $$"""
        if (db.State != ConnectionState.Open) db.Open();
        using var transaction = db.BeginTransaction();
        db.Execute({{First}}, transaction: transaction);
        db.Execute({{Second}}, transaction: transaction);
        transaction.Commit();
        """, "void");

    [Fact]
    public Task A_token_that_all_writes_get_is_handed_on() => TransactionCase.Fixes($$"""
        await plain.ExecuteAsync(new CommandDefinition({{First}}, cancellationToken: ct));
        await plain.ExecuteAsync(new CommandDefinition(
            {{Second}},
            cancellationToken: ct));
        """, $$"""
        if (plain.State != ConnectionState.Open) await plain.OpenAsync(ct);
        await using var transaction = await plain.BeginTransactionAsync(ct);
        await plain.ExecuteAsync(new CommandDefinition({{First}}, cancellationToken: ct, transaction: transaction));
        await plain.ExecuteAsync(new CommandDefinition(
            {{Second}},
            cancellationToken: ct, transaction: transaction));
        await transaction.CommitAsync(ct);
        """);

    [Fact]
    public Task What_is_returned_is_returned_after_the_commit() => TransactionCase.Fixes($$"""
        await db.ExecuteAsync({{First}});
        return await db.ExecuteAsync({{Second}});
        """, $$"""
        if (db.State != ConnectionState.Open) await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        await db.ExecuteAsync({{First}}, transaction: transaction);
        var affected = await db.ExecuteAsync({{Second}}, transaction: transaction);
        await transaction.CommitAsync();
        return affected;
        """, "async Task<int>");

    [Fact]
    public Task Each_way_out_commits() => TransactionCase.Fixes($$"""
        var number = await db.ExecuteScalarAsync<int>({{First}});
        if (text.Length == 0)
            return 0;
        if (text.Length == 1) return await db.ExecuteScalarAsync<int>("SELECT 2");
        if (text.Length == 2)
        {
            return number;
        }

        await db.ExecuteAsync({{Second}});
        return number + 1;
        """.Replace("INSERT INTO orders (id) VALUES (@id)", "INSERT INTO orders (id) VALUES (@id) RETURNING id"), $$"""
        if (db.State != ConnectionState.Open) await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        var number = await db.ExecuteScalarAsync<int>({{First}}, transaction: transaction);
        if (text.Length == 0)
        {
            await transaction.CommitAsync();
            return 0;
        }
        if (text.Length == 1)
        {
            var result = await db.ExecuteScalarAsync<int>("SELECT 2", transaction: transaction);
            await transaction.CommitAsync();
            return result;
        }
        if (text.Length == 2)
        {
            await transaction.CommitAsync();
            return number;
        }

        await db.ExecuteAsync({{Second}}, transaction: transaction);
        await transaction.CommitAsync();
        return number + 1;
        """.Replace("INSERT INTO orders (id) VALUES (@id)", "INSERT INTO orders (id) VALUES (@id) RETURNING id"), "async Task<int>");

    [Fact]
    public Task A_transaction_of_each_iteration() => TransactionCase.Fixes($$"""
        foreach (var order in orders)
        {
            await db.ExecuteAsync({{First}});
            if (order.Id == 3) continue;
            await db.ExecuteAsync({{Second}});
        }
        """, $$"""
        foreach (var order in orders)
        {
            if (db.State != ConnectionState.Open) await db.OpenAsync();
            await using var transaction = await db.BeginTransactionAsync();
            await db.ExecuteAsync({{First}}, transaction: transaction);
            if (order.Id == 3)
            {
                await transaction.CommitAsync();
                continue;
            }
            await db.ExecuteAsync({{Second}}, transaction: transaction);
            await transaction.CommitAsync();
        }
        """);

    [Fact]
    public Task A_loop_stands_in_one() => TransactionCase.Fixes($$"""
        foreach (var order in orders)
        {
            await db.ExecuteAsync({{Row}});
        }

        return orders.Count;
        """, $$"""
        if (db.State != ConnectionState.Open) await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        foreach (var order in orders)
        {
            await db.ExecuteAsync({{Row}}, transaction: transaction);
        }
        await transaction.CommitAsync();

        return orders.Count;
        """, "async Task<int>");

    [Fact]
    public Task A_list_is_written_whole() => TransactionCase.Fixes("""
        return await db.ExecuteAsync(
            "INSERT INTO orders (id) VALUES (@Id)",
            orders);
        """, """
        if (db.State != ConnectionState.Open) await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        var affected = await db.ExecuteAsync(
            "INSERT INTO orders (id) VALUES (@Id)",
            orders,
            transaction: transaction);
        await transaction.CommitAsync();
        return affected;
        """, "async Task<int>");

    [Fact]
    public Task Names_do_not_collide() => TransactionCase.Fixes($$"""
        var transaction = text;
        if (id > 0) { db.Execute({{First}}); db.Execute({{Second}}); }
        """, $$"""
        var transaction = text;
        if (id > 0) { if (db.State != ConnectionState.Open) db.Open(); using var transaction2 = db.BeginTransaction(); db.Execute({{First}}, transaction: transaction2); db.Execute({{Second}}, transaction: transaction2); transaction2.Commit(); }
        """, "void");

    [Fact]
    public Task A_switch_section_takes_a_block() => TransactionCase.Fixes($$"""
        switch (id)
        {
            case 1:
                db.Execute({{First}});
                db.Execute({{Second}});
                break;
        }
        """, $$"""
        switch (id)
        {
            case 1:
                if (db.State != ConnectionState.Open) db.Open();
                using (var transaction = db.BeginTransaction())
                {
                    db.Execute({{First}}, transaction: transaction);
                    db.Execute({{Second}}, transaction: transaction);
                    transaction.Commit();
                }
                break;
        }
        """, "void");

    [Fact]
    public Task With_the_oldest_libraries() => FixTest.Run(TransactionCase.Wrap($$"""
        await db.OpenAsync();
        await db.ExecuteAsync({{First}});
        await db.ExecuteAsync({{Second}});
        """), TransactionCase.Wrap($$"""
        await db.OpenAsync();
        await using var transaction = await db.BeginTransactionAsync();
        await db.ExecuteAsync({{First}}, transaction: transaction);
        await db.ExecuteAsync({{Second}}, transaction: transaction);
        await transaction.CommitAsync();
        """), references: References.Oldest, fixer: new DbSafety.CodeFixes.Transactions.TransactionBlockFixer());
}
