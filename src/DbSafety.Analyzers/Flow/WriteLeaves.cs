using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>The executions that a write comes down to: itself, or those of the methods that it calls.</summary>
internal static class WriteLeaves
{
    // How deep a callee that writes is asked.
    private const int MaxCallees = 4;

    // Who writes in more places than this is no helper.
    private const int MaxLeaves = 32;

    /// <summary>The executions; none where a body is not in sight.</summary>
    public static IReadOnlyList<UnprotectedWrite> Of(UnprotectedWrite write, ITransactionFacts facts, CancellationToken cancellation)
    {
        var found = new List<UnprotectedWrite>();
        return Add(write, found, facts, 0, cancellation) ? found : [];
    }

    private static bool Add(UnprotectedWrite write, List<UnprotectedWrite> found, ITransactionFacts facts, int depth, CancellationToken cancellation)
    {
        if (write.Execution is not null)
        {
            found.Add(write);
            return found.Count <= MaxLeaves;
        }

        if (depth >= MaxCallees || write.Operation is not IInvocationOperation call || facts.BodyOf((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition, cancellation) is not { } body)
        {
            return false;
        }

        var inner = facts.TransactionsAround(body, cancellation).Writes.Where(part => body.Syntax.Span.Contains(part.Operation.Syntax.Span)).ToList();
        return inner.Count > 0 && inner.All(part => Add(part, found, facts, depth + 1, cancellation));
    }

    /// <summary>Whether all that is written is to sweep rows away, whatever they are: DELETE or TRUNCATE, and nothing is passed that says which.</summary>
    public static bool OnlySweeps(IEnumerable<UnprotectedWrite> leaves)
    {
        var any = false;
        foreach (var leaf in leaves)
        {
            any = true;
            if (leaf.Execution?.Call is not { } call || !call.Holes.IsEmpty || call.Sql.Statements.IsEmpty ||
                !call.Sql.Statements.All(statement => statement is DeleteStatement || statement.Verb == "TRUNCATE") || TakesValues(call.Sql.Source.Text))
            {
                return false;
            }
        }

        return any;
    }

    // @id, $1, :id, and not the cast ::date.
    private static bool TakesValues(string text) => text.Replace("::", "").IndexOfAny(['@', '$', ':']) >= 0;

    /// <summary>Whether the first only sees to it that there is a row for the second: <c>INSERT .. ON CONFLICT DO NOTHING</c>, and then an UPDATE of the same table.</summary>
    public static bool OnlyEnsures(IReadOnlyList<UnprotectedWrite> first, IReadOnlyList<UnprotectedWrite> second) =>
        StatementOf(first) is InsertStatement { OnConflict: { IsPresent: true, Value.IsDoNothing: true } } insert && StatementOf(second) is UpdateStatement update &&
        insert.Table.Name.Name == update.Table.Name.Name;

    /// <summary>Whether both change the same rows by turns, as what notes the state of a job does: UPDATEs of one table, or saves of a context.</summary>
    public static bool OnlyNote(IReadOnlyList<UnprotectedWrite> first, IReadOnlyList<UnprotectedWrite> second) =>
        (StatementOf(first) is UpdateStatement one && StatementOf(second) is UpdateStatement other && one.Table.Name.Name == other.Table.Name.Name) ||
        (first.Count == 1 && second.Count == 1 && first[0].Execution is { SavesChanges: true } && second[0].Execution is { SavesChanges: true });

    private static SqlStatement? StatementOf(IReadOnlyList<UnprotectedWrite> leaves) =>
        leaves.Count == 1 && leaves[0].Execution?.Call is { Sql.Statements: { Length: 1 } statements } ? statements[0] : null;
}
