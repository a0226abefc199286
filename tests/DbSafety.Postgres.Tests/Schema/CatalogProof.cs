using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Npgsql;

namespace DbSafety.Postgres.Tests.Catalog;

/// <summary>Runs scripts on a server and through the reader, and compares what both hold then.</summary>
/// <param name="Entries">How many entries the server has, that the scripts know completely.</param>
/// <param name="Unknown">Of these, the columns whose type the scripts leave open, and the expressions that are the same only by their columns.</param>
/// <param name="Incomplete">How many entries belong to tables that are marked as incomplete.</param>
/// <param name="Refused">The statements that the server refused, which the reader was not shown either.</param>
/// <param name="Differences">What differs.</param>
internal sealed partial record CatalogProof(int Entries, int Unknown, int Incomplete, ImmutableArray<string> Refused, ImmutableArray<string> Differences)
{
    /// <summary>The tables and types that the scripts do not know completely.</summary>
    public ImmutableArray<string> IncompleteOwners { get; init; } = [];

    /// <summary>Whether more may exist than the scripts tell, or otherwise.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Runs and compares.</summary>
    /// <param name="database">An empty database.</param>
    /// <param name="scripts">The scripts, in order.</param>
    /// <param name="transactions">Whether BEGIN, COMMIT and ROLLBACK are run; else a statement that the server refuses would end the whole transaction.</param>
    public static async Task<CatalogProof> OfAsync(TestDatabase database, IEnumerable<string> scripts, bool transactions = false)
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        var trees = new List<SqlTree>();
        await RunAsync(database, "DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        foreach (var script in scripts)
        {
            var text = new StringBuilder(Plain(script));
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync();
            var tree = SqlParser.Parse(new SqlSource(text.ToString()));
            foreach (var statement in tree.Statements)
            {
                var sql = tree.Source.ToString(statement.Span);
                if ((statement is TransactionStatement && !transactions) || statement is OtherStatement { Verb: "SET CONSTRAINTS" })
                {
                    Blank(text, statement.Span);
                    continue;
                }

                if (statement is WriteStatement or CopyStatement)
                {
                    // Rows are not compared.
                    continue;
                }

                try
                {
                    if (connection.State != System.Data.ConnectionState.Open)
                    {
                        await connection.CloseAsync();
                        await connection.OpenAsync();
                    }

                    await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
                    command.AllResultTypesAreUnknown = true;
                    await command.ExecuteNonQueryAsync();
                }
                catch (PostgresException exception)
                {
                    refused.Add($"{exception.SqlState} {exception.MessageText}: {(sql.Length > 150 ? sql[..150] : sql).ReplaceLineEndings(" ")}");
                    Blank(text, statement.Span);
                }
            }

            trees.Add(SqlParser.Parse(new SqlSource(text.ToString())));
        }

        var catalog = SchemaReader.Read(trees);
        return Compare(await CatalogLines.OfAsync(database.ConnectionString), catalog, refused.ToImmutable());
    }

    private static CatalogProof Compare(Dictionary<string, CatalogLines.Entry> server, SchemaCatalog catalog, ImmutableArray<string> refused)
    {
        var own = CatalogLines.Of(catalog);
        var open = catalog.Tables.Where(table => table.IsIncomplete).Select(table => $"{table.Schema}.{table.Name}").Concat(catalog.Types.Where(type => type.IsIncomplete).Select(type => $"{type.Schema}.{type.Name}")).ToHashSet();
        var differences = ImmutableArray.CreateBuilder<string>();
        var unknown = 0;
        var incomplete = server.Values.Count(entry => open.Contains(entry.Owner));
        foreach (var (key, entry) in server.Where(pair => !open.Contains(pair.Value.Owner)))
        {
            if (!own.TryGetValue(key, out var other))
            {
                if (catalog.FindTable(new ObjectName(entry.Owner.Split('.')[0], entry.Owner.Split('.')[^1])) is null && catalog.IsIncomplete && !key.StartsWith("type", StringComparison.Ordinal))
                {
                    // More may exist, says the catalog.
                    incomplete++;
                    continue;
                }

                differences.Add($"missing: {key}: {entry.Text} {entry.Type}");
                continue;
            }

            var isOpen = other.Type is null && entry.Type is not null;
            if (entry.Text != other.Text || (!isOpen && !string.Equals(entry.Type, other.Type, StringComparison.OrdinalIgnoreCase)))
            {
                differences.Add($"differs: {key}: server {entry.Text} {entry.Type}; scripts {other.Text} {other.Type}");
                continue;
            }

            var isSame = entry.Expressions.Select(form => form.Text).SequenceEqual(other.Expressions.Select(form => form.Text));
            if (!isSame && !entry.Expressions.Select(form => form.Columns).SequenceEqual(other.Expressions.Select(form => form.Columns)))
            {
                differences.Add($"differs: {key}: server {string.Join("; ", entry.Expressions)}; scripts {string.Join("; ", other.Expressions)}");
                continue;
            }

            unknown += isOpen || !isSame ? 1 : 0;
        }

        foreach (var (key, entry) in own.Where(pair => !server.ContainsKey(pair.Key) && !open.Contains(pair.Value.Owner)))
        {
            differences.Add($"not there: {key}: {entry.Text} {entry.Type}");
        }

        return new CatalogProof(server.Count - incomplete, unknown, incomplete, refused, differences.Order(StringComparer.Ordinal).ToImmutableArray())
        {
            IncompleteOwners = open.Order(StringComparer.Ordinal).ToImmutableArray(),
            IsIncomplete = catalog.IsIncomplete,
        };
    }

    private static void Blank(StringBuilder text, SqlSpan span)
    {
        for (var i = span.Start; i < span.End; i++)
        {
            text[i] = ' ';
        }
    }

    /// <summary>A script without the commands of psql, and without the rows behind COPY .. FROM stdin.</summary>
    private static string Plain(string script)
    {
        var text = new StringBuilder();
        var isData = false;
        foreach (var line in script.Split('\n'))
        {
            if (isData)
            {
                isData = line.TrimEnd('\r') != "\\.";
            }
            else if (!line.StartsWith('\\'))
            {
                text.Append(line);
                isData = CopyFromInput().IsMatch(line);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static async Task RunAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"^\s*COPY\s.*\sFROM\s+stdin.*;\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex CopyFromInput();
}
