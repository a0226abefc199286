namespace DbSafety.Analyzers.Tests.Fixes.Transactions;

/// <summary>Commands of ADO.NET in one transaction.</summary>
public sealed class CommandBlockTests
{
    [Fact]
    public Task Commands_are_made_with_it() => TransactionCase.Fixes("""
        await using var insert = new NpgsqlCommand("INSERT INTO orders (id) VALUES ($1)", db);
        insert.Parameters.AddWithValue(id);
        await insert.ExecuteNonQueryAsync(ct);

        await using var update = new NpgsqlCommand("UPDATE stock SET left = left - 1 WHERE id = $1", db);
        update.Parameters.AddWithValue(id);
        await update.ExecuteNonQueryAsync(ct);
        """, """
        await using var transaction = await db.BeginTransactionAsync(ct);
        await using var insert = new NpgsqlCommand("INSERT INTO orders (id) VALUES ($1)", db, transaction);
        insert.Parameters.AddWithValue(id);
        await insert.ExecuteNonQueryAsync(ct);

        await using var update = new NpgsqlCommand("UPDATE stock SET left = left - 1 WHERE id = $1", db, transaction);
        update.Parameters.AddWithValue(id);
        await update.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        """);

    [Fact]
    public Task In_using_statements() => TransactionCase.Fixes("""
        using (var insert = new NpgsqlCommand("INSERT INTO orders DEFAULT VALUES RETURNING id", db))
        {
            id = (int)insert.ExecuteScalar()!;
        }

        using (var update = db.CreateCommand())
        {
            update.CommandText = "UPDATE stock SET left = 1";
            update.ExecuteNonQuery();
        }
        """, """
        using var transaction = db.BeginTransaction();
        using (var insert = new NpgsqlCommand("INSERT INTO orders DEFAULT VALUES RETURNING id", db, transaction))
        {
            id = (int)insert.ExecuteScalar()!;
        }

        using (var update = db.CreateCommand())
        {
            update.Transaction = transaction;
            update.CommandText = "UPDATE stock SET left = 1";
            update.ExecuteNonQuery();
        }
        transaction.Commit();
        """, "void");

    [Fact]
    public Task A_command_of_a_contract_is_given_it() => TransactionCase.Fixes("""
        using var command = any.CreateCommand();
        command.CommandText = "INSERT INTO orders (id) VALUES (@id)";
        var value = command.CreateParameter();
        command.Parameters.Add(value);
        foreach (var order in orders)
        {
            value.Value = order.Id;
            command.ExecuteNonQuery();
        }
        """, """
        using var transaction = any.BeginTransaction();
        using var command = any.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO orders (id) VALUES (@id)";
        var value = command.CreateParameter();
        command.Parameters.Add(value);
        foreach (var order in orders)
        {
            value.Value = order.Id;
            command.ExecuteNonQuery();
        }
        transaction.Commit();
        """, "void");

    [Fact]
    public Task One_command_writes_twice() => TransactionCase.Fixes("""
        using var command = plain.CreateCommand();
        command.CommandText = "INSERT INTO orders (id) VALUES (1)";
        Console.WriteLine(text);
        await command.ExecuteNonQueryAsync();
        await command.ExecuteNonQueryAsync();
        """, """
        using var command = plain.CreateCommand();
        command.CommandText = "INSERT INTO orders (id) VALUES (1)";
        Console.WriteLine(text);
        await using var transaction = await plain.BeginTransactionAsync();
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync();
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        """);

    [Fact]
    public Task A_reader_is_closed_before_the_commit() => TransactionCase.Fixes("""
        var ids = new List<int>();
        await using (var insert = new NpgsqlCommand("INSERT INTO orders DEFAULT VALUES RETURNING id", db))
        await using (var reader = await insert.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids.Add(reader.GetInt32(0));
            }
        }

        await using (var update = new NpgsqlCommand("DELETE FROM stock", db))
        {
            await update.ExecuteNonQueryAsync();
        }
        """, """
        var ids = new List<int>();
        await using var transaction = await db.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand("INSERT INTO orders DEFAULT VALUES RETURNING id", db, transaction))
        await using (var reader = await insert.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids.Add(reader.GetInt32(0));
            }
        }

        await using (var update = new NpgsqlCommand("DELETE FROM stock", db, transaction))
        {
            await update.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
        """);

    [Fact]
    public Task Beside_Dapper() => TransactionCase.Fixes("""
        await db.OpenAsync(ct);
        await db.ExecuteAsync("INSERT INTO orders (id) VALUES (1)");
        await using var update = new NpgsqlCommand("DELETE FROM stock") { Connection = db };
        return await update.ExecuteNonQueryAsync(ct);
        """, """
        await db.OpenAsync(ct);
        await using var transaction = await db.BeginTransactionAsync();
        await db.ExecuteAsync("INSERT INTO orders (id) VALUES (1)", transaction: transaction);
        await using var update = new NpgsqlCommand("DELETE FROM stock") { Connection = db };
        update.Transaction = transaction;
        var affected = await update.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync();
        return affected;
        """, "async Task<int>");

    [Fact]
    public Task Commands_of_a_data_source_get_one_connection() => TransactionCase.Fixes("""
        await using var insert = source.CreateCommand("INSERT INTO orders (id) VALUES ($1)");
        insert.Parameters.AddWithValue(id);
        await insert.ExecuteNonQueryAsync(ct);
        await using (var update = source.CreateCommand())
        {
            update.CommandText = "DELETE FROM stock";
            await update.ExecuteNonQueryAsync(ct);
        }
        """, """
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var insert = new NpgsqlCommand("INSERT INTO orders (id) VALUES ($1)", connection, transaction);
        insert.Parameters.AddWithValue(id);
        await insert.ExecuteNonQueryAsync(ct);
        await using (var update = connection.CreateCommand())
        {
            update.CommandText = "DELETE FROM stock";
            await update.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        """);

    [Fact]
    public Task Also_where_they_are_in_no_variable() => TransactionCase.Fixes("""
        source.CreateCommand("INSERT INTO orders (id) VALUES (1)").ExecuteNonQuery();
        return (int)source.CreateCommand("DELETE FROM stock RETURNING id").ExecuteScalar()!;
        """, """
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        new NpgsqlCommand("INSERT INTO orders (id) VALUES (1)", connection, transaction).ExecuteNonQuery();
        var result = (int)new NpgsqlCommand("DELETE FROM stock RETURNING id", connection, transaction).ExecuteScalar()!;
        transaction.Commit();
        return result;
        """, "int");

    // On one connection the reader would be in the way; a batch, or another connection, would not take part.
    [Theory]
    [InlineData("using (var reader = source.CreateCommand(\"SELECT 1\").ExecuteReader()) { while (reader.Read()) { source.CreateCommand(\"DELETE FROM stock\").ExecuteNonQuery(); } }")]
    [InlineData("using (var own = source.OpenConnection()) { own.Execute(\"DELETE FROM stock\"); }")]
    [InlineData("using (var batch = source.CreateBatch()) { batch.ExecuteNonQuery(); }\nsource.CreateCommand(\"DELETE FROM stock\").ExecuteNonQuery();")]
    public Task A_data_source_of_which_more_is_taken(string statements) => TransactionCase.Refuses("source.CreateCommand(\"INSERT INTO orders (id) VALUES (1)\").ExecuteNonQuery();\n" + statements, "void");
}
