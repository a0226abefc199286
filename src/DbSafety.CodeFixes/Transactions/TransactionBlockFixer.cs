using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Puts writes that belong together into one transaction; where one save of EF Core can do it all, offers that first.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TransactionBlockFixer))]
public sealed class TransactionBlockFixer() : TransactionFix(Descriptors.DBS3001_WritesWithoutTransaction.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, TransactionGap gap, CancellationToken cancellation)
    {
        if (OneSave.Of(scope, gap, cancellation) is { } save)
        {
            yield return save;
        }

        if (TransactionBlock.Of(scope, gap, cancellation) is { } block)
        {
            yield return block;
        }
    }
}
