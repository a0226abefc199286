using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace DbSafety.Postgres.Tests.Hazards;

/// <summary>A binary import is kept when it is completed, a text import unless it is cancelled.</summary>
public sealed class CopyCompletionTests(PostgresServer server, SharedDatabase shared) : TransactionTest(server, shared), IClassFixture<SharedDatabase>
{
    private const string Binary = "COPY samples (id) FROM STDIN (FORMAT BINARY)";
    private const string Text = "COPY samples (id) FROM STDIN";

    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Row11 = [0, 1, 0, 0, 0, 4, 0, 0, 0, 11];
    private static readonly byte[] Trailer = [0xFF, 0xFF];

    private static void Write(NpgsqlBinaryImporter import, int id)
    {
        import.StartRow();
        import.Write(id, NpgsqlDbType.Integer);
    }

    [Fact]
    public void A_binary_import_without_Complete_is_lost_in_silence()
    {
        using var connection = Open();
        using (var import = connection.BeginBinaryImport(Binary))
        {
            Write(import, 11);
        }

        connection.Execute("SELECT 1");
        Assert.Empty(Kept());
    }

    [Fact]
    public void So_is_one_that_is_only_closed()
    {
        using var connection = Open();
        using (var import = connection.BeginBinaryImport(Binary))
        {
            Write(import, 11);
            import.Close();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public async Task So_is_one_that_is_disposed_asynchronously()
    {
        await using var connection = Open();
        await using (var import = await connection.BeginBinaryImportAsync(Binary, TestContext.Current.CancellationToken))
        {
            Write(import, 11);
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void A_binary_import_with_Complete_is_kept()
    {
        using var connection = Open();
        using (var import = connection.BeginBinaryImport(Binary))
        {
            Write(import, 11);
            Write(import, 12);
            Assert.Equal(2UL, import.Complete());
        }

        Assert.Equal([11, 12], Kept());
    }

    [Fact]
    public void Nothing_can_be_written_after_Complete()
    {
        using var connection = Open();
        using var import = connection.BeginBinaryImport(Binary);
        import.Complete();
        Assert.Equal(Invalid, Error(() => Write(import, 11)));
    }

    /// <summary>The server was told that the import failed.</summary>
    [Fact]
    public void Without_Complete_the_transaction_around_has_failed()
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using (var import = connection.BeginBinaryImport(Binary))
        {
            Write(import, 11);
        }

        Assert.Equal(Failed, Error(() => connection.Execute(Insert(12))));
    }

    [Fact]
    public void A_text_import_is_kept_when_it_is_disposed()
    {
        using var connection = Open();
        using (var import = connection.BeginTextImport(Text))
        {
            import.Write("11\n12\n");
        }

        Assert.Equal([11, 12], Kept());
    }

    /// <summary>Dispose runs while the exception passes, and keeps what there is.</summary>
    [Fact]
    public void A_text_import_that_is_left_by_an_exception_is_kept_as_far_as_it_got()
    {
        using var connection = Open();
        Assert.Equal(nameof(TimeoutException), Error(() =>
        {
            using var import = connection.BeginTextImport(Text);
            import.Write("11\n");
            throw new TimeoutException();
        }));
        Assert.Equal([11], Kept());
    }

    /// <summary>The writer flushes once more when it is disposed, and its stream is closed already.</summary>
    [Fact]
    public void A_text_import_that_is_cancelled_is_lost_and_throws_from_Dispose()
    {
        using var connection = Open();
        var import = (NpgsqlCopyTextWriter)connection.BeginTextImport(Text);
        import.Write("11\n");
        import.Flush();
        import.Cancel();
        Assert.Equal(nameof(ObjectDisposedException), Error(import.Dispose));
        connection.Execute("SELECT 1");
        Assert.Empty(Kept());
    }

    /// <summary>What is wrong with the rows is only said when the import ends.</summary>
    [Fact]
    public void The_error_of_a_text_import_comes_from_Dispose()
    {
        using var connection = Open();
        var import = connection.BeginTextImport(Text);
        import.Write("11\nx\n");
        Assert.Equal("22P02", Error(import.Dispose));
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_raw_binary_copy_is_kept_when_it_is_disposed()
    {
        using var connection = Open();
        using (var stream = connection.BeginRawBinaryCopy(Binary))
        {
            stream.Write([.. Header, .. Row11, .. Trailer]);
        }

        Assert.Equal([11], Kept());
    }

    /// <summary>The end of the data is the end of the stream.</summary>
    [Fact]
    public void A_raw_binary_copy_needs_no_trailer()
    {
        using var connection = Open();
        using (var stream = connection.BeginRawBinaryCopy(Binary))
        {
            stream.Write([.. Header, .. Row11]);
        }

        Assert.Equal([11], Kept());
    }

    [Fact]
    public void A_raw_binary_copy_that_breaks_off_in_a_row_throws_from_Dispose()
    {
        using var connection = Open();
        var stream = connection.BeginRawBinaryCopy(Binary);
        stream.Write([.. Header, .. Row11[..^1]]);
        Assert.Equal("22P04", Error(stream.Dispose));
        Assert.Empty(Kept());
    }

    [Fact]
    public void A_raw_binary_copy_that_is_cancelled_is_lost()
    {
        using var connection = Open();
        using (var stream = connection.BeginRawBinaryCopy(Binary))
        {
            stream.Write([.. Header, .. Row11, .. Trailer]);
            stream.Cancel();
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public void A_completed_import_is_rolled_back_with_its_transaction()
    {
        using var connection = Open();
        using (connection.BeginTransaction())
        using (var import = connection.BeginBinaryImport(Binary))
        {
            Write(import, 11);
            import.Complete();
        }

        Assert.Empty(Kept());
    }
}
