using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using DbSafety.CodeFixes.Injection;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Commits a transaction behind the last thing that is done in it, where there is one place for that.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CommitFixer))]
public sealed class CommitFixer() : DbFix(Descriptors.DBS3003_TransactionNotCommitted.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.CommitAtTheEnd";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not { } operation || LostTransactions.Of(operation, scope.Facts.Transactions, cancellation) is not { Begin.Holder: ILocalSymbol holder } lost ||
            TransactionEdits.LifeOf(holder, cancellation) is not var (_, block, from) || PlaceOf(scope, lost, holder, block, from, cancellation) is not { } last)
        {
            yield break;
        }

        var commit = lost.Begin.Operation is IInvocationOperation begin
            ? TransactionEdits.Call(holder.Name, SavepointMembers.Commit(SavepointMembers.IsAsync(begin.TargetMethod.Name)), begin, SavepointMembers.IsAsync(begin.TargetMethod.Name))
            : $"{holder.Name}.{TransactionMembers.Complete}();";
        if (Change(scope, last, commit) is { } change)
        {
            yield return new CallFix(lost.Begin.Kind == TransactionKind.Ambient ? "Complete the scope" : "Commit the transaction", Key, ImmutableArray.Create(change), ImmutableArray.Create(span));
        }
    }

    // The statement behind which the commit belongs: the last one that uses the transaction; of a try the last one inside it.
    private static StatementSyntax? PlaceOf(FixScope scope, LostTransaction lost, ILocalSymbol holder, BlockSyntax block, int from, CancellationToken cancellation)
    {
        var first = lost.Writes.Min(write => write.Operation.Syntax.SpanStart);
        var whole = block;
        StatementSyntax? last;
        while (true)
        {
            last = block.Statements.Skip(from).LastOrDefault(statement => Uses(scope, statement, lost, holder, cancellation));
            if (last is not TryStatementSyntax attempt)
            {
                break;
            }

            if (block.Statements.TakeWhile(statement => statement != attempt).Any(statement => lost.Writes.Any(write => statement.Span.Contains(write.Operation.Syntax.Span))) &&
                attempt.Catches.Any(handler => !TransactionEdits.Throws(handler.Block)))
            {
                return null;
            }

            (block, from) = (attempt.Block, 0);
        }

        if (last is null || !whole.Span.Contains(first))
        {
            return null;
        }

        var isReturn = last is ReturnStatementSyntax;
        var exits = TransactionEdits.ExitsOf(whole).Where(exit => exit.Span.End > first && exit.SpanStart < last.Span.End && exit != last && !exit.Ancestors().TakeWhile(node => node != whole).Any(node => node is CatchClauseSyntax));
        return exits.Any() || last is UsingStatementSyntax { Statement: not BlockSyntax } || last.Parent is not BlockSyntax || (!isReturn && scope.Model.AnalyzeControlFlow(last) is not { Succeeded: true, EndPointIsReachable: true })
            ? null
            : last;
    }

    private static bool Uses(FixScope scope, StatementSyntax statement, LostTransaction lost, ILocalSymbol holder, CancellationToken cancellation) =>
        statement is not LocalFunctionStatementSyntax && (lost.Writes.Any(write => statement.Span.Contains(write.Operation.Syntax.Span)) ||
            statement.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => scope.Model.GetOperation(call, cancellation) is { } operation && scope.Facts.ExecutionOf(operation) is not null) ||
            TransactionEdits.UsesOf(scope, holder, statement, cancellation).Any(use => use.Parent is not MemberAccessExpressionSyntax access || !SavepointMembers.Disposes(access.Name.Identifier.ValueText)));

    private static TextChange? Change(FixScope scope, StatementSyntax last, string commit)
    {
        if (last is not ReturnStatementSyntax returned)
        {
            return TransactionEdits.Behind(scope, last, commit);
        }

        // return await write; the value first, then the commit.
        if (returned.Expression is not { } value || TaskMembers.IsTask(scope.Model.GetTypeInfo(value).Type))
        {
            return null;
        }

        var name = new NewNames(scope, returned).Take("result");
        var between = scope.NewLine + CSharpText.Indentation(scope, returned);
        return new TextChange(returned.Span, $"var {name} = {scope.TextOf(value.Span)};{between}{commit}{between}return {name};");
    }
}
