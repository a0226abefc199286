using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Sets a savepoint before what may fail, and goes back to it in the handler; or makes the statement not fail.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SavepointFixer))]
public sealed class SavepointFixer() : DbFix(Descriptors.DBS3005_ContinueAfterError.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.Savepoint";

    /// <summary>The name of the other one.</summary>
    public const string ConflictKey = "DbSafety.OnConflict";

    private const string Conflict = " ON CONFLICT DO NOTHING";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation call || ErrorAt(scope, call, cancellation) is not { } error)
        {
            yield break;
        }

        if (Savepoint(scope, error, call, cancellation) is { } changes)
        {
            yield return new CallFix("Set a savepoint, and go back to it after the error", Key, changes, ImmutableArray.Create(span));
        }

        if (OnConflict(scope, error, call) is { } edit)
        {
            yield return new CallFix("Ignore duplicates in the statement: ON CONFLICT DO NOTHING", ConflictKey, edit, ImmutableArray.Create(span));
        }
    }

    private static SwallowedError? ErrorAt(FixScope scope, IInvocationOperation call, CancellationToken cancellation) => scope.Facts.TransactionsAround(call, cancellation).Begins
        .SelectMany(begin => SwallowedErrors.Within(begin.Operation, scope.Facts.Transactions, cancellation)).FirstOrDefault(error => error.Use.Operation.Syntax == call.Syntax);

    private static ImmutableArray<TextChange>? Savepoint(FixScope scope, SwallowedError error, IInvocationOperation call, CancellationToken cancellation)
    {
        var isAsync = TransactionEdits.IsAwaited(call.Syntax);
        if (error.Begin.Holder is not ILocalSymbol holder || error.Attempt.Syntax is not TryStatementSyntax { Parent: BlockSyntax } attempt ||
            SavepointMembers.Set(holder.Type, isAsync) is not { } set || SavepointMembers.RollBack(holder.Type, isAsync) is not { } back || SavepointMembers.Release(holder.Type, isAsync) is not { } release ||
            !MayGoBack(attempt, error, call))
        {
            return null;
        }

        var name = TransactionEdits.SavepointName(attempt, "attempt");
        var like = TransactionEdits.TokenOf(call) is null && error.Begin.Operation is IInvocationOperation begin && TransactionEdits.ConfigurationOf(call) == TransactionEdits.ConfigurationOf(begin) ? begin : call;
        var changes = ImmutableArray.CreateBuilder<TextChange>();
        changes.Add(TransactionEdits.Before(scope, attempt, TransactionEdits.Call(holder.Name, set, like, isAsync, name)));
        if (IsRepeated(attempt) && attempt.Block.Statements.LastOrDefault() is { } last && scope.Model.AnalyzeControlFlow(attempt.Block) is { Succeeded: true, EndPointIsReachable: true })
        {
            // Else one more is open after each iteration.
            changes.Add(TransactionEdits.Behind(scope, last, TransactionEdits.Call(holder.Name, release, like, isAsync, name)));
        }

        for (var i = 0; i < attempt.Catches.Count; i++)
        {
            var handler = error.Attempt.Catches[i];
            if (handler == error.Handler || ((SavepointMembers.CatchesErrors(handler.ExceptionType) || SavepointMembers.CatchesFailedSaves(handler.ExceptionType)) && !TransactionEdits.Throws(attempt.Catches[i].Block)))
            {
                changes.Add(TransactionEdits.AtStart(scope, attempt.Catches[i].Block, TransactionEdits.Call(holder.Name, back, like, isAsync, name)));
            }
        }

        return changes.ToImmutable();
    }

    // A handler that gets other errors too must not take back what has succeeded before them.
    private static bool MayGoBack(TryStatementSyntax attempt, SwallowedError error, IInvocationOperation call)
    {
        if (error.Attempt.Catches.All(handler => SavepointMembers.CatchesOnlyErrors(handler.ExceptionType) || (handler != error.Handler && !SavepointMembers.CatchesErrors(handler.ExceptionType))))
        {
            return true;
        }

        var own = attempt.Block.Statements.FirstOrDefault(statement => statement.Span.Contains(call.Syntax.Span));
        return own is ExpressionStatementSyntax or LocalDeclarationStatementSyntax && attempt.Block.Statements.SkipWhile(statement => statement != own).Skip(1).All(IsHarmless);
    }

    private static bool IsHarmless(StatementSyntax statement) => statement is BreakStatementSyntax or ContinueStatementSyntax or ReturnStatementSyntax or ExpressionStatementSyntax &&
        !statement.DescendantNodes().Any(node => node is InvocationExpressionSyntax or ObjectCreationExpressionSyntax or ElementAccessExpressionSyntax or ThrowExpressionSyntax or CastExpressionSyntax);

    private static bool IsRepeated(SyntaxNode statement) => statement.Ancestors().TakeWhile(node => node is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);

    private static ImmutableArray<TextChange>? OnConflict(FixScope scope, SwallowedError error, IInvocationOperation call)
    {
        if (error.Use.Operation != error.Use.Execution.Operation || error.Use.Execution.Call is not { Trees: { Length: 1 } trees } text || trees[0].Errors.Length > 0 ||
            trees[0].Statements is not { Length: 1 } statements || statements[0] is not InsertStatement { OnConflict.IsAbsent: true, Returning.IsAbsent: true } insert || !IsIgnored(error.Handler) ||
            TransactionEdits.Whole(call.Syntax).Parent is not ExpressionStatementSyntax)
        {
            return null;
        }

        var member = FixScope.MemberOf(call.Syntax);
        var variant = text.Text.Variants[0];
        var end = trees[0].Source.Text[insert.Span.End - 1];
        var edit = new SqlEdit(scope, member);
        return (char.IsLetterOrDigit(end) || end is ')' or '_') && edit.Find(variant, new SqlSpan(insert.Span.End - 1, 1)) is { } range && range.Ranges.All(part => text.Operation.Syntax.Span.Contains(part.Start)) &&
            edit.Replace(range, end + Conflict) && edit.ToChanges() is { Count: > 0 } changes
                ? changes.ToImmutableArray()
                : null;
    }

    // when (e.SqlState == "23505") { }
    private static bool IsIgnored(ICatchClauseOperation handler) => handler.Filter is { } filter && HoleValues.Strip(filter) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } or IIsPatternOperation &&
        SavepointMembers.CodesIn(filter).ToList() is { Count: 1 } codes && codes[0] == SavepointMembers.UniqueViolation &&
        handler.Handler.Operations.All(statement => statement is IExpressionStatementOperation { Operation: IInvocationOperation logged } && SavepointMembers.Logs(logged.TargetMethod));
}
