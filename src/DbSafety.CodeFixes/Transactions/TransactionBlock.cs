using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using DbSafety.CodeFixes.Injection;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Writes on one connection, context or data source, from the first to the last, in one transaction. Disposing it without a commit rolls back.</summary>
internal sealed class TransactionBlock
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.TransactionBlock";

    private const string Title = "Run the writes in one transaction";

    private readonly FixScope _scope;
    private readonly TransactionGap _gap;
    private readonly CancellationToken _cancellation;

    private TransactionBlock(FixScope scope, TransactionGap gap, CancellationToken cancellation)
    {
        _scope = scope;
        _gap = gap;
        _cancellation = cancellation;
    }

    /// <summary>The edit; null where the writes can't stand in one transaction.</summary>
    public static CallFix? Of(FixScope scope, TransactionGap gap, CancellationToken cancellation) =>
        WriteRange.Of(gap).Select(new TransactionBlock(scope, gap, cancellation).Edit).FirstOrDefault(fix => fix is not null);

    /// <summary>Where the writes are reported.</summary>
    public static ImmutableArray<TextSpan> SitesOf(TransactionGap gap) =>
        ImmutableArray.CreateRange(gap.Writes.Select(write => write.Operation.Syntax.Span).Append(gap.Second.Operation.Syntax.Span).Distinct());

    private CallFix? Edit(WriteRange range)
    {
        var connections = BodyConnections.Of(HoleValues.RootOf(_gap.First.Operation), _scope.Facts.Apis);
        range = Commands.Included(_scope, _gap, range);
        if (Owner.Of(_scope, _gap, connections, range.Span.Start) is not { } owner)
        {
            return null;
        }

        var retries = owner.IsContext && _scope.Facts.RetriesTransactions;
        if (retries)
        {
            if (RetriedWork.Widened(_scope, _gap, range, owner) is not { } wider)
            {
                return null;
            }

            range = wider;
        }

        if (Inside.Of(_scope, _gap, range, owner, connections, _cancellation) is not { } inside || Opening.Of(_scope, _gap, range, owner, connections) is not { } state)
        {
            return null;
        }

        if (owner.IsSource && inside.Overlaps)
        {
            return null;
        }

        return retries ? RetriedWork.Edit(_scope, _gap, range, owner, inside) : Plain(range, owner, inside, state);
    }

    private CallFix? Plain(WriteRange range, Owner owner, Inside inside, ConnectionState state)
    {
        if (owner.IsSource && _scope.LanguageVersion < LanguageVersion.CSharp8)
        {
            return null;
        }

        var isDeclared = range.TakesUsingDeclaration && _scope.LanguageVersion >= LanguageVersion.CSharp8;
        var unit = Layout.UnitOf(_scope, range.Start);
        var layout = new Layout(_scope, isDeclared ? "" : unit);
        var names = new NewNames(_scope, range.Start);
        var connection = owner.IsSource ? names.Take("connection") : owner.Text;
        var transaction = names.Take("transaction");
        var awaiting = Awaiting.Of(_scope, _gap, range.Span.Start);

        // IDbConnection has no asynchronous members; before C# 8 nothing is disposed asynchronously.
        var opensAsync = range.IsAsync && (owner.IsSource || TransactionEmit.IsDbConnection(owner.Type));
        var isAsync = range.IsAsync && _scope.LanguageVersion >= LanguageVersion.CSharp8 && (owner.IsContext || owner.IsSource || (opensAsync && TransactionEmit.BeginsAsync(owner.Type)));
        var commit = awaiting.Call(TransactionEmit.Commit(transaction, isAsync, awaiting.Token), isAsync) + ";";
        var participants = new Participants(_scope, range, owner, layout, transaction, connection);
        if (!inside.Executions.All(participants.Add) || Exits.Edits(range, inside, layout, commit, exit => names.Take(ResultName.Of(_scope, exit))) is not { } exits)
        {
            return null;
        }

        var begin = awaiting.Call(TransactionEmit.BeginOn(owner.IsContext ? TransactionEmit.DatabaseOf(owner.Text) : connection, isAsync, awaiting.Token), isAsync);
        var opening = owner.IsSource ? [$"{(isAsync ? "await " : "")}using var {connection} = {awaiting.Call(TransactionEmit.OpenFrom(owner.Text, isAsync, awaiting.Token), isAsync)};"]
            : state == ConnectionState.Open ? [] : new[] { OpeningOf(owner, state, awaiting, opensAsync) };
        var changes = new List<TextChange>(UsingsFor(range, state, participants));
        var atEnd = Exits.ReachesEnd(_scope, range) ? new[] { commit } : [];
        if (isDeclared)
        {
            changes.Add(layout.Before(range.Start, [.. opening, $"{(isAsync ? "await " : "")}using var {transaction} = {begin};", .. participants.First]));
            changes.AddRange(exits);
            changes.AddRange(participants.Changes);
            changes.Add(layout.After(range.End, atEnd));
        }
        else
        {
            string[] before = [.. opening, $"{(isAsync ? "await " : "")}using (var {transaction} = {begin})", "{", .. participants.First.Select(line => unit + line)];
            if (Block.Of(_scope, range, layout, unit, before, [.. atEnd.Select(line => unit + line), "}"], [.. exits, .. participants.Changes]) is not { } wrapped)
            {
                return null;
            }

            changes.AddRange(wrapped);
        }

        return new CallFix(Title, Key, ImmutableArray.CreateRange(changes.Where(change => !change.Span.IsEmpty || change.NewText!.Length > 0)), SitesOf(_gap));
    }

    private static string OpeningOf(Owner owner, ConnectionState state, Awaiting awaiting, bool isAsync)
    {
        var open = awaiting.Call(TransactionEmit.Open(owner.Text, isAsync, awaiting.Token), isAsync);
        return state == ConnectionState.Closed ? open + ";" : TransactionEmit.OpenIfClosed(owner.Text, open);
    }

    private IEnumerable<TextChange> UsingsFor(WriteRange range, ConnectionState state, Participants participants)
    {
        if (state == ConnectionState.Either && Usings.ForConnectionState(_scope, range.Span.Start) is { } added)
        {
            yield return added;
        }

        if (participants.IsConverted)
        {
            foreach (var storage in Directives.For(_scope, range.Span.Start, [TransactionEmit.StorageNamespace]))
            {
                yield return storage;
            }
        }
    }
}
