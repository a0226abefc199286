using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>The base of the fixes for writes that stand in no transaction.</summary>
public abstract class TransactionFix : DbFix
{
    /// <summary>Makes a fix for some ids.</summary>
    protected TransactionFix(params string[] ids)
        : base(ids)
    {
    }

    /// <inheritdoc/>
    protected sealed override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation) =>
        scope.GapAt(span, cancellation) is { } gap ? Find(scope, gap, cancellation) : [];

    /// <summary>The edits for the writes, the safest first.</summary>
    protected abstract IEnumerable<CallFix> Find(FixScope scope, TransactionGap gap, CancellationToken cancellation);
}
