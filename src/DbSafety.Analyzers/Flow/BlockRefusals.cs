using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>Why a statement runs inside a transaction.</summary>
public enum BlockReason
{
    /// <summary>The program has one open.</summary>
    Open,

    /// <summary>EF Core runs a migration in one.</summary>
    Migration,

    /// <summary>Other statements stand before it in one command.</summary>
    Batch,
}

/// <summary>A statement that PostgreSQL refuses inside a transaction, and that runs in one.</summary>
/// <param name="Call">The call with its text.</param>
/// <param name="Variant">The way through the text.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Name">The words that name it.</param>
/// <param name="Reason">Why it is in a transaction.</param>
/// <param name="Begin">The transaction that is open, of that reason.</param>
public sealed record BlockRefusal(DbCall Call, SqlVariant Variant, SqlStatement Statement, string Name, BlockReason Reason, TransactionBegin? Begin);

/// <summary>Finds statements that the server refuses where they run.</summary>
public static class BlockRefusals
{
    /// <summary>The first such statement of a call, or null.</summary>
    /// <param name="operation">What runs the text: an invocation.</param>
    /// <param name="callOf">The call with SQL text that an operation is.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static BlockRefusal? Of(IInvocationOperation operation, Func<IOperation, DbCall?> callOf, ITransactionFacts facts, CancellationToken cancellation)
    {
        var execution = facts.ExecutionOf(operation);
        var call = execution?.Call ?? (facts.Apis.IsCandidate(operation.TargetMethod.Name) ? callOf(operation) : null);
        if (call is not { Provider: Provider.PostgreSql } || (execution is null && call.Api.Row.Form != SqlTextForm.Migration))
        {
            return null;
        }

        for (var v = 0; v < call.Trees.Length; v++)
        {
            var tree = call.Trees[v];
            for (var i = 0; i < tree.Statements.Length; i++)
            {
                if (TransactionRules.RefusedInBlock(tree, tree.Statements[i]) is { IsPresent: true, Value: { } name } && ReasonOf(operation, execution, tree, i, facts, cancellation) is var (reason, begin))
                {
                    return new BlockRefusal(call, call.Text.Variants[v], tree.Statements[i], name, reason, begin);
                }
            }
        }

        return null;
    }

    private static (BlockReason Reason, TransactionBegin? Begin)? ReasonOf(
        IInvocationOperation operation, DbExecution? execution, SqlTree tree, int index, ITransactionFacts facts, CancellationToken cancellation)
    {
        var before = tree.Statements.Take(index).ToList();
        if (before.Any(statement => statement is TransactionStatement { Kind: not Sql.Syntax.TransactionKind.Begin } || statement.HasErrors || statement.Verb.Length == 0))
        {
            return null;
        }

        if (execution is null)
        {
            return operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == SavepointMembers.SuppressTransaction)?.Value.ConstantValue switch
            {
                { HasValue: true, Value: false } => (BlockReason.Migration, null),
                { HasValue: true, Value: true } when before.Count > 0 => (BlockReason.Batch, null),
                _ => null,
            };
        }

        var connection = facts.ConnectionsOf(HoleValues.RootOf(operation)).Of(execution);
        var around = new TransactionScopes(facts, cancellation).OpenAt(operation).ToList();
        if (around.Find(begin => begin.Includes(connection, around) && !begin.MayHaveEndedBefore(operation, facts)) is { } open)
        {
            return (BlockReason.Open, open);
        }

        return before.Count > 0 ? (BlockReason.Batch, null) : null;
    }
}
