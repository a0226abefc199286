namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>One way in which applications hand SQL to an API.</summary>
/// <param name="Name">What it is called in a test's name.</param>
/// <param name="Connection">The parameter that the code gets.</param>
/// <param name="Body">The code; <c>SQL</c> stands for the expression of the text.</param>
internal sealed record Family(string Name, string Connection, string Body)
{
    /// <summary>Every family.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        new("Npgsql constructor", "NpgsqlConnection db", "await using var command = new NpgsqlCommand(SQL, db); return await Rows.ReadAsync(command);")
            { CanSendUntyped = true, IsWide = true },
        new("Npgsql CommandText", "NpgsqlConnection db", "await using var command = db.CreateCommand(); command.CommandText = SQL; return await Rows.ReadAsync(command);")
            { CanSendUntyped = true },
        new("Npgsql text in a local", "NpgsqlConnection db", "var sql = SQL; await using var command = new NpgsqlCommand(sql, db); return await Rows.ReadAsync(command);")
            { CanSendUntyped = true },
        new("Npgsql CreateCommand", "NpgsqlDataSource db", "await using var command = db.CreateCommand(SQL); return await Rows.ReadAsync(command);")
            { CanSendUntyped = true, Writes = false },
        new("Npgsql CreateCommand chained", "NpgsqlDataSource db", "return await db.CreateCommand(SQL).ExecuteScalarAsync();")
            { CanSendUntyped = true, Writes = false },
        new("Npgsql batch", "NpgsqlConnection db", "await using var batch = new NpgsqlBatch(db) { BatchCommands = { new NpgsqlBatchCommand(SQL), new NpgsqlBatchCommand(\"SELECT 1\") } }; return await Rows.ReadAsync(batch);")
            { CanSendUntyped = true },
        new("Npgsql positional", "NpgsqlConnection db", "await using var command = new NpgsqlCommand(SQL, db) { Parameters = { new() { Value = 1000 } } }; return await Rows.ReadAsync(command);")
            { CanSendUntyped = true, Guard = "id < $1" },
        new("Npgsql named", "NpgsqlConnection db", "await using var command = new NpgsqlCommand(SQL, db) { Parameters = { new(\"value\", 1000) } }; return await Rows.ReadAsync(command);")
            { CanSendUntyped = true, Guard = "id < @value" },
        new("ADO.NET IDbConnection", "IDbConnection db", "using var command = db.CreateCommand(); command.CommandText = SQL; await Task.Yield(); return Rows.Read(command);")
            { IsWide = true },
        new("ADO.NET DbConnection", "DbConnection db", "await using var command = db.CreateCommand(); command.CommandText = SQL; return await Rows.ReadAsync(command);"),
        new("Dapper query", "NpgsqlConnection db", "return await db.QueryAsync(SQL);") { IsWide = true },
        new("Dapper IDbConnection", "IDbConnection db", "return await db.QueryAsync(SQL);"),
        new("Dapper with an object", "NpgsqlConnection db", "return await db.QueryAsync(SQL, new { value = 1000 });") { Guard = "id < @value" },
        new("Dapper definition", "NpgsqlConnection db", "return await db.QueryAsync(new CommandDefinition(SQL, cancellationToken: default));"),
        new("Dapper DynamicParameters", "NpgsqlConnection db", "var bag = new DynamicParameters(); bag.Add(\"most\", 1000); return await db.QueryAsync(SQL, bag);") { Guard = "id < @most" },
        new("EF FromSqlRaw", "NpgsqlConnection db", "await using var ef = new SamplesContext(db); return await ef.Samples.FromSqlRaw(SQL).AsNoTracking().ToListAsync();")
            { IsFormat = true },
        new("EF SqlQueryRaw", "NpgsqlConnection db", "await using var ef = new SamplesContext(db); return await ef.Database.SqlQueryRaw<int>(SQL).ToListAsync();")
            { IsFormat = true, IsWide = true },
        new("EF ExecuteSqlRaw", "NpgsqlConnection db", "await using var ef = new SamplesContext(db); return await ef.Database.ExecuteSqlRawAsync(SQL);")
            { IsFormat = true, Reads = false },
        new("EF with a value", "NpgsqlConnection db", "await using var ef = new SamplesContext(db); return await ef.Database.SqlQueryRaw<int>(SQL, 1000).ToListAsync();")
            { IsFormat = true, Guard = "id < {{0}}" },
        new("Dapper execute", "NpgsqlConnection db", "return await db.ExecuteAsync(SQL);") { Reads = false },
    ];

    /// <summary>Whether a text can go without a type, so that every column takes it though nobody knows the schema.</summary>
    public bool CanSendUntyped { get; init; }

    /// <summary>Whether all shapes are tried with it, not only one.</summary>
    public bool IsWide { get; init; }

    /// <summary>Whether statements that write are tried.</summary>
    public bool Writes { get; init; } = true;

    /// <summary>Whether statements that only read are tried.</summary>
    public bool Reads { get; init; } = true;

    /// <summary>Whether the API formats its text, so that braces are doubled in it.</summary>
    public bool IsFormat { get; init; }

    /// <summary>A condition with the parameter that the code passes already.</summary>
    public string Guard { get; init; } = "id < 1000";

    /// <summary>The code for a text.</summary>
    public string Code(string sql) => Body.Replace("SQL", $"$\"{sql.Replace("GUARD", Guard).Replace("LIST", "id, id AS \\\"Value\\\", name")
        .Replace("[[", IsFormat ? "{{{{" : "{{").Replace("]]", IsFormat ? "}}}}" : "}}")}\"");
}
