using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>
/// Writes of a context whose strategy repeats what fails: the strategy runs the transaction as a whole, since it refuses one that is begun outside of it. What a
/// failed attempt has left in the context is forgotten first.
/// </summary>
internal static class RetriedWork
{
    private const string Title = "Run the writes in one transaction that is repeated as a whole";

    /// <summary>The statements that have to be repeated together; null where a repetition would lose or double something.</summary>
    public static WriteRange? Widened(FixScope scope, TransactionGap gap, WriteRange range, Owner owner)
    {
        if (scope.LanguageVersion < LanguageVersion.CSharp8 || range.IsTopLevel)
        {
            return null;
        }

        var wider = Saves(gap) ? TrackedWork.Widened(scope, range, owner) : range;
        if (wider is null)
        {
            return null;
        }

        // return order.Id;
        return Block.DeclaresForLater(wider) && wider.Last == wider.List.Count - 2 && wider.List[wider.Last + 1] is ReturnStatementSyntax { Expression: not null } ? wider with { Last = wider.Last + 1 } : wider;
    }

    /// <summary>The edit; null where the statements can't stand in a lambda that may run twice.</summary>
    public static CallFix? Edit(FixScope scope, TransactionGap gap, WriteRange range, Owner owner, Inside inside)
    {
        var exits = Exits.Of(range);
        var isReturned = range.End is ReturnStatementSyntax { Expression: not null };
        if (exits.Count != (isReturned ? 1 : 0) || (isReturned && exits[0] != range.End) || !RepeatedWork.MayRunTwice(scope, range, owner))
        {
            return null;
        }

        var unit = Layout.UnitOf(scope, range.Start);
        var layout = new Layout(scope, unit);
        var names = new NewNames(scope, range.Start);
        var strategy = names.Take("strategy");
        var transaction = names.Take("transaction");
        var awaiting = Awaiting.Of(scope, gap, range.Span.Start);
        var isAsync = range.IsAsync;
        var commit = awaiting.Call(TransactionEmit.Commit(transaction, isAsync, awaiting.Token), isAsync) + ";";
        var participants = new Participants(scope, range, owner, layout, transaction, owner.Text);
        if (!inside.Executions.All(participants.Add) || Exits.Edits(range, inside, layout, commit, exit => names.Take(ResultName.Of(scope, exit))) is not { } inner)
        {
            return null;
        }

        var database = TransactionEmit.DatabaseOf(owner.Text);
        var begin = awaiting.Call(TransactionEmit.BeginOn(database, isAsync, awaiting.Token), isAsync);
        var before = new List<string> { $"var {strategy} = {TransactionEmit.MakeStrategy(database)};", (isReturned ? "return " : "") + TransactionEmit.RunWith(strategy, isAsync), "{" };
        if (Saves(gap))
        {
            before.Add(unit + TransactionEmit.Forget(owner.Text));
        }

        before.Add($"{unit}{(isAsync ? "await " : "")}using var {transaction} = {begin};");
        before.AddRange(participants.First.Select(line => unit + line));
        var behind = new List<string>();
        if (Exits.ReachesEnd(scope, range))
        {
            behind.Add(unit + commit);
        }

        behind.Add("})" + (isAsync ? awaiting.Suffix : "") + ";");
        if (Block.Of(scope, range, layout, unit, before, behind, [.. inner, .. participants.Changes]) is not { } block)
        {
            return null;
        }

        var usings = Directives.For(scope, range.Span.Start, participants.IsConverted ? new[] { EfEmit.Namespace, TransactionEmit.StorageNamespace } : [EfEmit.Namespace]);
        return new CallFix(Title, TransactionBlock.Key, ImmutableArray.CreateRange(usings.Concat(block).Where(change => !change.Span.IsEmpty || change.NewText!.Length > 0)), TransactionBlock.SitesOf(gap));
    }

    private static bool Saves(TransactionGap gap) => gap.Writes.Any(write => write.Execution is not { SavesChanges: false });
}
