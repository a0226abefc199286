using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// The base of the fixes for trips to the database that a loop repeats. Edits are small: what goes in front of the loop, and the call inside it; the rest
/// of the loop keeps its text, so that fixes of several calls in one loop don't collide.
/// </summary>
public abstract class RoundTripFix : DbFix
{
    /// <summary>Makes a fix for some ids.</summary>
    protected RoundTripFix(params string[] ids)
        : base(ids)
    {
    }

    /// <inheritdoc/>
    protected sealed override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation) =>
        scope.RepetitionAt(span, cancellation) is { } repetition ? Find(scope, repetition, cancellation) : [];

    /// <summary>The edits for a repeated trip, the safest first.</summary>
    protected abstract IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation);
}
