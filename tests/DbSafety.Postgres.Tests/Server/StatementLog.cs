using System.Collections.Immutable;
using System.Text;

namespace DbSafety.Postgres.Tests.Server;

/// <summary>
/// The statements that a database was sent, read from the server's log: what <c>log_statement = all</c> writes, one entry for each execution in the
/// extended protocol, and one for each simple query. A statement that does not parse is not executed and not among them.
/// </summary>
public sealed class StatementLog
{
    private readonly string file;
    private readonly string prefix;
    private readonly long start;

    /// <summary>Begins at the end of a log.</summary>
    internal StatementLog(string file, string database)
    {
        this.file = file;
        prefix = database + ">LOG:  ";
        start = new FileInfo(file).Length;
    }

    /// <summary>The texts so far, in order, with everything that drivers add (BEGIN, COMMIT ..).</summary>
    public async Task<ImmutableArray<string>> TextsAsync()
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = start;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var log = (await reader.ReadToEndAsync()).Replace("\n\t", "\r", StringComparison.Ordinal);
        return [.. log.Split('\n').Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => TextOf(entry[prefix.Length..])).OfType<string>()];
    }

    // "statement: ..", "execute <unnamed>: ..", "execute name: ..".
    private static string? TextOf(string entry) =>
        entry.IndexOf(": ", StringComparison.Ordinal) is var end and > 0 &&
        (entry.StartsWith("statement", StringComparison.Ordinal) || entry.StartsWith("execute ", StringComparison.Ordinal))
            ? entry[(end + 2)..].Replace('\r', '\n')
            : null;
}
