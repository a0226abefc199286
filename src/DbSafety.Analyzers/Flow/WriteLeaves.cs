using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
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
    public static bool OnlySweeps(IEnumerable<UnprotectedWrite> leaves, DbApis apis)
    {
        var any = false;
        foreach (var leaf in leaves)
        {
            any = true;
            if (leaf.Execution is not { } execution || !(execution.Call is { } call ? OnlySweeps(call) : SweptRows.AreSwept(execution, apis)))
            {
                return false;
            }
        }

        return any;
    }

    private static bool OnlySweeps(DbCall call) => call.Holes.IsEmpty && !call.Sql.Statements.IsEmpty &&
        call.Sql.Statements.All(statement => statement is DeleteStatement delete ? !Names(delete.Where.Value?.Expression, call) : statement.Verb == "TRUNCATE" && !TakesValues(call.Sql.Source.Text));

    // @id, $1, :id, and not the cast ::date.
    private static bool TakesValues(string text) => text.Replace("::", "").IndexOfAny(['@', '$', ':']) >= 0;

    // A value that says which rows: not one that only says up to where.
    private static bool Names(SqlExpression? condition, DbCall call) => condition is not null && (condition switch
    {
        BinaryExpression { Operator: "<" or "<=" or ">" or ">=" } => false,
        { Operands: { IsEmpty: false } operands } => operands.Any(operand => Names(operand, call)),
        _ => TakesValues(call.Sql.Source.ToString(condition.Span)),
    });

    /// <summary>Whether the one only sweeps away what time has outdated, and the other does not read there: they have nothing to do with one another.</summary>
    public static bool OnlyExpires(IReadOnlyList<UnprotectedWrite> sweep, IReadOnlyList<UnprotectedWrite> other)
    {
        if (StatementOf(sweep) is not DeleteStatement { Where.Value: { } where, Using.IsAbsent: true } delete || sweep[0].Execution!.Call is not { } call || !OnlySweeps(call) || !Ages(where.Expression, call))
        {
            return false;
        }

        return other.Count > 0 && other.All(leaf => leaf.Execution?.Call is { } text && text.Sql.Statements.All(statement => statement switch
        {
            InsertStatement insert => CountOf(delete.Table.Name.Name, text.Sql.Source.Text) == (insert.Table.Name.Name == delete.Table.Name.Name ? 1 : 0),
            UpdateStatement update => update.Table.Name.Name != delete.Table.Name.Name && CountOf(delete.Table.Name.Name, text.Sql.Source.Text) == 0,
            _ => false,
        }));
    }

    private static int CountOf(string word, string text)
    {
        var count = 0;
        for (var i = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); i >= 0; i = text.IndexOf(word, i + word.Length, StringComparison.OrdinalIgnoreCase))
        {
            count++;
        }

        return count;
    }

    // expires < now()
    private static bool Ages(SqlExpression condition, DbCall call) => condition switch
    {
        BinaryExpression { Operator: "<" or "<=" or ">" or ">=" } comparison => call.Sql.Source.ToString(comparison.Span) is var text &&
            (text.IndexOf("now()", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("current_timestamp", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("current_date", StringComparison.OrdinalIgnoreCase) >= 0),
        { Operands: var operands } => operands.Any(operand => Ages(operand, call)),
    };

    /// <summary>Whether all only see to it that constant rows are there: <c>INSERT .. ON CONFLICT DO NOTHING</c> without a value passed; who runs it again, completes it.</summary>
    public static bool OnlySeeds(IEnumerable<UnprotectedWrite> leaves) => leaves.All(leaf => leaf.Execution?.Call is { } call && call.Holes.IsEmpty && !TakesValues(call.Sql.Source.Text) &&
        call.Sql.Statements.All(statement => statement is InsertStatement { OnConflict: { IsPresent: true, Value.IsDoNothing: true } }));

    /// <summary>Whether the first only sees to it that there is a row for the second: <c>INSERT .. ON CONFLICT DO NOTHING</c>, and then an UPDATE of the same table.</summary>
    public static bool OnlyEnsures(IReadOnlyList<UnprotectedWrite> first, IReadOnlyList<UnprotectedWrite> second) =>
        StatementOf(first) is InsertStatement { OnConflict: { IsPresent: true, Value.IsDoNothing: true } } insert && StatementOf(second) is UpdateStatement update &&
        insert.Table.Name.Name == update.Table.Name.Name;

    /// <summary>Whether both change the same rows by turns, as what notes the state of a job does: an INSERT or UPDATE, then an UPDATE or DELETE in one table; or saves of a context.</summary>
    public static bool OnlyNote(IReadOnlyList<UnprotectedWrite> first, IReadOnlyList<UnprotectedWrite> second) =>
        (StatementOf(first) is WriteStatement one and (InsertStatement or UpdateStatement) && StatementOf(second) is WriteStatement other and (UpdateStatement or DeleteStatement) && one.Table.Name.Name == other.Table.Name.Name) ||
        (first.Count == 1 && second.Count == 1 && first[0].Execution is { SavesChanges: true } && second[0].Execution is { SavesChanges: true });

    private static SqlStatement? StatementOf(IReadOnlyList<UnprotectedWrite> leaves) =>
        leaves.Count == 1 && leaves[0].Execution?.Call is { Sql.Statements: { Length: 1 } statements } ? statements[0] : null;
}
