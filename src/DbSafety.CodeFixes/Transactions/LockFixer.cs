using System.Collections.Immutable;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Holds a lock in a transaction until the last write that follows it on the connection. Where nothing is written behind it, nobody can tell how long it is to last.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LockFixer))]
public sealed class LockFixer() : DbFix(Descriptors.DBS3011_LockWithoutTransaction.Id)
{
    private const string Title = "Hold the lock in a transaction until the last write";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation call ||
            ShortLocks.Of(call, scope.Facts.CallOf, scope.Facts.Transactions, cancellation) is not { } found || scope.Facts.ExecutionOf(call) is not { } execution ||
            scope.Facts.ConnectionsAround(call).Of(execution) is not { } connection)
        {
            yield break;
        }

        var function = FixScope.BodyOf(call.Syntax);
        var locking = new UnprotectedWrite(call, execution, found.Lock.Name, connection);
        var writes = scope.Facts.TransactionsAround(call, cancellation).Writes.Where(write => write.Operation.Syntax.SpanStart > call.Syntax.Span.End &&
            write.Connection?.CompareTo(connection) == ConnectionRelation.Same && FixScope.BodyOf(write.Operation.Syntax) == function).ToImmutableArray();
        if (!writes.IsEmpty && TransactionBlock.Of(scope, new TransactionGap(writes.Insert(0, locking), locking, writes[0], HoleValues.RootOf(call)), cancellation) is { } block)
        {
            var place = found.Variant.Locate(found.Lock.Span) is { } location && location.SourceTree == call.Syntax.SyntaxTree ? location.SourceSpan : call.Syntax.Span;
            yield return block with { Title = Title, Key = "DbSafety.HoldLock", Sites = ImmutableArray.Create(place) };
        }
    }
}
