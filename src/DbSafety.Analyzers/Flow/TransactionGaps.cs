using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Finds writes of one member that should be one unit and are none.</summary>
internal sealed class TransactionGaps
{
    private readonly ITransactionFacts _facts;
    private readonly BodyTransactions _body;
    private readonly TransactionScopes _scopes;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<UnprotectedWrite, IReadOnlyList<UnprotectedWrite>> _leaves = [];

    private TransactionGaps(BodyTransactions body, ITransactionFacts facts, CancellationToken cancellation)
    {
        _facts = facts;
        _body = body;
        _scopes = new TransactionScopes(facts, cancellation);
        _cancellation = cancellation;
    }

    /// <summary>The gaps of a member, in the order of the source: one for each set of writes that belong together.</summary>
    public static ImmutableArray<TransactionGap> Of(BodyTransactions body, ITransactionFacts facts, CancellationToken cancellation) =>
        body.IsTooLarge || body.Writes.IsEmpty ? ImmutableArray<TransactionGap>.Empty : new TransactionGaps(body, facts, cancellation).Find();

    private ImmutableArray<TransactionGap> Find()
    {
        var open = _body.Writes.Where(write => (_body.Writes.Length > 1 || Repeats(write)) && IsOpen(write)).ToList();
        var sets = new List<HashSet<UnprotectedWrite>>();
        var followers = new Dictionary<UnprotectedWrite, UnprotectedWrite>();
        foreach (var second in open)
        {
            foreach (var first in _body.WritesBefore(second.Operation))
            {
                if (first != second && open.Contains(first) && BelongTogether(first, second))
                {
                    Join(first, second, sets);
                    if (!followers.ContainsKey(second))
                    {
                        followers.Add(second, first);
                    }
                }
            }

            if (Repeats(second))
            {
                Join(second, second, sets);
            }
        }

        var gaps = ImmutableArray.CreateBuilder<TransactionGap>();
        foreach (var set in sets)
        {
            var writes = open.Where(set.Contains).ToImmutableArray();
            var second = writes.FirstOrDefault(followers.ContainsKey) ?? writes[0];
            var first = followers.TryGetValue(second, out var earlier) ? earlier : second;
            if (!WriteLeaves.OnlySweeps(writes.SelectMany(LeavesOf), _facts.Apis) && !WriteLeaves.OnlySeeds(writes.SelectMany(LeavesOf)) && !_scopes.MayBeIn(second.Operation, second.Connection) && (first == second || !_scopes.MayBeIn(first.Operation, first.Connection)))
            {
                gaps.Add(new TransactionGap(writes, first, second, BodyGraph.FunctionOf(second.Operation)));
            }
        }

        gaps.Sort((left, right) => left.Second.Operation.Syntax.SpanStart.CompareTo(right.Second.Operation.Syntax.SpanStart));
        return gaps.ToImmutable();
    }

    private static void Join(UnprotectedWrite first, UnprotectedWrite second, List<HashSet<UnprotectedWrite>> sets)
    {
        var joined = new HashSet<UnprotectedWrite> { first, second };
        foreach (var set in sets.Where(set => set.Overlaps(joined)).ToList())
        {
            joined.UnionWith(set);
            sets.Remove(set);
        }

        sets.Add(joined);
    }

    // One call that writes many times: for each element of a loop, for each row of a list.
    private bool Repeats(UnprotectedWrite write) =>
        // A list in a loop is a chunk.
        (write.Execution?.Call is { } call && SuppliedRows.Of(call) is { } rows && rows.Count is not (0 or 1) && !LoopRegions.Around(write.Operation).Any()) ||
        // Commands of a batch behind barriers are transactions of their own.
        write.Execution?.Batch is { ErrorBarriers: Sql.Syntax.Presence.Present, Calls.Length: > 1 } ||
        (_facts.RepetitionOf(write.Operation, _cancellation) is { } repetition && (repetition.Writes || repetition.Saves) &&
            !(write.Connection is { IsFresh: true } own && own.IsDeclaredIn(write.Operation.Syntax.SyntaxTree, repetition.Region.Operation.Syntax.Span) && (!repetition.Region.IsData || IsParallel(repetition.Region))));

    // Each on a connection of its own, at once: no transaction holds them all.
    private static bool IsParallel(LoopRegion region) => region.Operation is IInvocationOperation call && ConnectionMembers.RunsAtOnce(call.TargetMethod);

    private bool BelongTogether(UnprotectedWrite first, UnprotectedWrite second)
    {
        if (!IsOneDatabase(first, second) || IsApart(first.Operation, second.Operation))
        {
            return false;
        }

        var later = Guards.Of(second.Operation);
        // UPDATE, and INSERT if nothing was hit: one of them writes.
        return !Guards.Exclude(Guards.Of(first.Operation), later) && !Guards.SaysNothingHit(later, first.Operation) && !WriteLeaves.OnlyEnsures(LeavesOf(first), LeavesOf(second)) && !AreChecked(first, second, later) &&
            !WriteLeaves.OnlyExpires(LeavesOf(first), LeavesOf(second)) && !WriteLeaves.OnlyExpires(LeavesOf(second), LeavesOf(first)) &&
            !(WriteLeaves.OnlyNote(LeavesOf(first), LeavesOf(second)) && LoopUnits.WaitsBetween(first.Operation, second.Operation, _facts, _cancellation));
    }

    // Each makes up for what is missing, as what fills an empty database does: the next run goes on where this one stopped.
    private bool AreChecked(UnprotectedWrite first, UnprotectedWrite second, IReadOnlyList<Guard> later)
    {
        var earlier = Guards.Of(first.Operation);
        return Guards.FoundNothing(earlier, later, _facts) && Guards.FoundNothing(later, earlier, _facts);
    }

    private bool IsOneDatabase(UnprotectedWrite first, UnprotectedWrite second)
    {
        if (first.Connection is { } one && second.Connection is { } other && one.CompareTo(other) == ConnectionRelation.Same)
        {
            return true;
        }

        return DatabaseOf(first) is { } left && DatabaseOf(second) is { } right && left.IsSameAs(right);
    }

    private DatabaseKey? DatabaseOf(UnprotectedWrite write) => DatabaseKey.Of(write, LeavesOf(write), _facts.Apis);

    private IReadOnlyList<UnprotectedWrite> LeavesOf(UnprotectedWrite write)
    {
        if (!_leaves.TryGetValue(write, out var known))
        {
            _leaves.Add(write, known = WriteLeaves.Of(write, _facts, _cancellation));
        }

        return known;
    }

    // A called method may have its own transaction, or one that its object holds.
    private bool IsOpen(UnprotectedWrite write) => !_scopes.MayBeInOwn(write.Operation, write.Connection) &&
        (write.Execution is not null || !LeavesOf(write).Any(leaf => _scopes.MayBeInOwn(leaf.Operation, leaf.Connection) || _scopes.MayBeInUnit(leaf.Operation, leaf.Connection)));

    // A failure of one is swallowed, or made good, where the other is not concerned: they were never meant to be one.
    private bool IsApart(IOperation first, IOperation second) => Attempts(first).Any(attempt => !attempt.Syntax.Span.Contains(second.Syntax.Span) && attempt.Catches.Any(handler => GoesOn(handler.Handler))) ||
        Attempts(second).Any(attempt => !attempt.Syntax.Span.Contains(first.Syntax.Span) && attempt.Catches.Any(handler => GoesOn(handler.Handler) || MakesGood(handler.Handler)));

    private static IEnumerable<ITryOperation> Attempts(IOperation operation)
    {
        for (var at = operation; at.Parent is { } parent && at is not (IAnonymousFunctionOperation or ILocalFunctionOperation); at = parent)
        {
            if (parent is ITryOperation attempt && at == attempt.Body)
            {
                yield return attempt;
            }
        }
    }

    private static bool GoesOn(IBlockOperation handler) => handler.Operations.LastOrDefault() is not (IThrowOperation or IReturnOperation or IBranchOperation or IExpressionStatementOperation { Operation: IThrowOperation });

    private bool MakesGood(IBlockOperation handler) => handler.Descendants().Any(part => part is IInvocationOperation call &&
        (_facts.ExecutionOf(call) is { } execution ? execution.Writes : (_facts.SummaryOf(call.TargetMethod, _cancellation).Effects & (Apis.DbEffects.Writes | Apis.DbEffects.SavesChanges)) != 0));
}
