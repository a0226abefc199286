using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes;

/// <summary>The base of the fixes for calls that take SQL text.</summary>
public abstract class SqlFix : DbFix
{
    /// <summary>Makes a fix for some ids.</summary>
    protected SqlFix(params string[] ids)
        : base(ids)
    {
    }

    /// <inheritdoc/>
    protected sealed override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation) =>
        scope.CallAt(span) is { } call ? Find(scope, call, cancellation) : [];

    /// <summary>The edits for a call, the safest first.</summary>
    protected abstract IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation);
}
