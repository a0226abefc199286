using DbSafety.Analyzers.Flow;

namespace DbSafety.CodeFixes.Transactions;

internal static class RetriedWork
{
    public static WriteRange? Widened(FixScope scope, WriteRange range, Owner owner) => null;

    public static CallFix? Edit(FixScope scope, TransactionGap gap, WriteRange range, Owner owner, Inside inside) => null;
}
