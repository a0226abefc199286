using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Flow;

/// <summary>What one body certainly does, in terms of what the methods that it calls do; read once, and small.</summary>
/// <param name="Does">What it does.</param>
/// <param name="PureIf">The methods that must be pure reads for this to be one; null where it is none anyway.</param>
/// <param name="Awaited">The methods that it waits for, but for what it does at the database.</param>
internal sealed record BodyEffects(Does Does, ImmutableArray<IMethodSymbol>? PureIf, ImmutableArray<IMethodSymbol> Awaited)
{
    /// <summary>The summary, as far as those of the callees are known.</summary>
    public CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf)
    {
        var found = Does.Evaluate(summaryOf);
        return found.Runs ? found with { IsPureRead = PureIf is { } callees && callees.All(callee => summaryOf(callee).IsPureRead) } : CallSummary.None;
    }
}

/// <summary>What code certainly does at the database: nothing, one thing, a call, one after another, or one of several.</summary>
internal abstract record Does
{
    /// <summary>Nothing is certain.</summary>
    public static readonly Does Nothing = new Sequence(ImmutableArray<Does>.Empty);

    /// <summary>This, and then that.</summary>
    public Does Then(Does next) => next == Nothing ? this : this == Nothing ? next
        : new Sequence(this is Sequence sequence ? sequence.Parts.Add(next) : ImmutableArray.Create(this, next));

    /// <summary>This or that.</summary>
    public Does Or(Does other) => this == Nothing || other == Nothing ? Nothing : new Choice(this, other);

    /// <summary>This, where each call is a unit of its own.</summary>
    public Does AsUnit() => this == Nothing ? this : new Unit(this);

    /// <summary>The methods that are called on the way.</summary>
    public abstract IEnumerable<IMethodSymbol> Callees { get; }

    /// <summary>The summary, as far as those of the callees are known.</summary>
    public abstract CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf);

    private const int Reading = 1;

    // Least is told of what is a unit of its own: one write beside it is none.
    private static int Rank(CallSummary summary) => !summary.Runs ? 0 : (summary.Effects & (DbEffects.SavesChanges | DbEffects.Writes)) == 0 ? Reading : summary.IsUnit ? 2 :
        (summary.Effects & DbEffects.SavesChanges) == 0 ? 3 : 4;

    /// <summary>It goes to the database.</summary>
    public sealed record Run(DbEffects Effects, DbExecution Execution) : Does
    {
        public override IEnumerable<IMethodSymbol> Callees => [];

        public override CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf) => new(Effects, null, false);
    }

    /// <summary>It calls a method.</summary>
    public sealed record Call(IMethodSymbol Method) : Does
    {
        public override IEnumerable<IMethodSymbol> Callees => [Method];

        public override CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf) =>
            summaryOf(Method) is { Runs: true } summary ? summary with { Next = Method } : CallSummary.None;
    }

    private sealed record Unit(Does Inner) : Does
    {
        public override IEnumerable<IMethodSymbol> Callees => Inner.Callees;

        // Reading is the same in a unit and outside.
        public override CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf) =>
            Inner.Evaluate(summaryOf) is var found && Rank(found) > Reading ? found with { IsUnit = true } : found;
    }

    private sealed record Sequence(ImmutableArray<Does> Parts) : Does
    {
        public override IEnumerable<IMethodSymbol> Callees => Parts.SelectMany(part => part.Callees);

        // Saving is the most telling, then writing; the path leads to what is told.
        public override CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf)
        {
            var found = CallSummary.None;
            foreach (var part in Parts)
            {
                var next = part.Evaluate(summaryOf);
                found = Rank(next) > Rank(found) ? next with { Effects = next.Effects | Beside(found, next) } : found with { Effects = found.Effects | Beside(next, found) };
            }

            return found;
        }

        // What a unit writes is not told of where another write is.
        private static DbEffects Beside(CallSummary lesser, CallSummary told) => lesser.IsUnit && !told.IsUnit ? lesser.Effects & DbEffects.Reads : lesser.Effects;
    }

    private sealed record Choice(Does Left, Does Right) : Does
    {
        public override IEnumerable<IMethodSymbol> Callees => Left.Callees.Concat(Right.Callees);

        public override CallSummary Evaluate(Func<IMethodSymbol, CallSummary> summaryOf)
        {
            var left = Left.Evaluate(summaryOf);
            var right = Right.Evaluate(summaryOf);
            if (!left.Runs || !right.Runs)
            {
                return CallSummary.None;
            }

            // One reads, the other writes: a trip all the same, told as the lesser.
            var lesser = Rank(left) <= Rank(right) ? left : right;
            return (left.Effects & right.Effects) is not DbEffects.None and var both ? lesser with { Effects = both } : lesser with { Effects = DbEffects.Reads };
        }
    }
}
