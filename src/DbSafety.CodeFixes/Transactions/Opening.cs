using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>How a connection stands where the transaction begins. Dapper opens a closed one for each call, a transaction does not.</summary>
internal enum ConnectionState
{
    /// <summary>It is open.</summary>
    Open,

    /// <summary>It is closed.</summary>
    Closed,

    /// <summary>Nobody knows.</summary>
    Either,
}

/// <summary>Finds out how a connection stands.</summary>
internal static class Opening
{
    /// <summary>The state of the connection before a range; null where the code opens it later, so that it must not be open by then.</summary>
    public static ConnectionState? Of(FixScope scope, TransactionGap gap, WriteRange range, Owner owner, BodyConnections connections)
    {
        if (owner.IsContext || owner.IsSource || IsGivenOpen(scope, owner) || gap.Writes.All(write => write.Execution?.Operation is IInvocationOperation { Instance: { } command } && scope.Facts.Apis.Types.IsCommand(command.Type)))
        {
            return ConnectionState.Open;
        }

        var calls = HoleValues.RootOf(gap.First.Operation).Descendants().OfType<IInvocationOperation>()
            .Where(call => call.Instance is { } instance && (TransactionEmit.Opens(call.TargetMethod.Name) || ConnectionMembers.Closes(call.TargetMethod.Name)) && owner.IsSame(connections.Of(instance))).ToList();
        var before = calls.Where(call => call.Syntax.Span.End <= range.Span.Start).ToList();
        var isClosedBefore = before.Any(call => ConnectionMembers.Closes(call.TargetMethod.Name));
        if (!isClosedBefore && before.Any(call => Dominates(call.Syntax, range)))
        {
            return ConnectionState.Open;
        }

        if (calls.Any(call => call.Syntax.SpanStart >= range.Span.End && TransactionEmit.Opens(call.TargetMethod.Name)))
        {
            return null;
        }

        return before.Count == 0 && IsUntouched(range, owner) ? ConnectionState.Closed : ConnectionState.Either;
    }

    // await dataSource.OpenConnectionAsync(ct)
    private static bool IsGivenOpen(FixScope scope, Owner owner) => owner.Root is ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } references } && references[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var value } &&
        scope.Model.GetOperation(value) is { } made && (EfQueries.Unconfigured(made) is IAwaitOperation awaited ? EfQueries.Unconfigured(awaited.Operation) : EfQueries.Unconfigured(made)) is IInvocationOperation call &&
        TransactionEmit.GivesOpen(call.TargetMethod.Name) && call.TargetMethod.DeclaringSyntaxReferences.IsEmpty;

    // connection.Open(); or if (connection.State != ConnectionState.Open) connection.Open(); in a list around the range.
    private static bool Dominates(SyntaxNode call, WriteRange range)
    {
        if (call.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax statement)
        {
            return false;
        }

        StatementSyntax alone = statement.Parent is BlockSyntax { Statements.Count: 1 } block ? block : statement;
        StatementSyntax at = alone.Parent is IfStatementSyntax guard && IsState(guard) ? guard : statement;
        return (at.Parent is GlobalStatementSyntax global ? global.Parent! : at.Parent!).Span.Contains(range.Span);
    }

    private static bool IsState(IfStatementSyntax guard) => guard is { Else: null, Condition: BinaryExpressionSyntax { Left: MemberAccessExpressionSyntax state } } && TransactionEmit.IsState(state.Name.Identifier.ValueText);

    // A connection that was made here, and that nobody has had in hands since.
    private static bool IsUntouched(WriteRange range, Owner owner) => owner is { Identity: { IsFresh: true }, Root: ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } references } local } &&
        references[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax } declarator && WriteRange.FunctionOf(declarator) == range.Function &&
        !range.Function.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == local.Name && token.SpanStart > declarator.Identifier.SpanStart && token.SpanStart < range.Span.Start);
}
