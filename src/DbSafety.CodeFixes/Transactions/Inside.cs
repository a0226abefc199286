using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>What would run inside the transaction, where all of it may: on its connection, awaited in turn, and nothing that waits for the world outside.</summary>
internal sealed class Inside
{
    private readonly FixScope _scope;
    private readonly TransactionGap _gap;
    private readonly WriteRange _range;
    private readonly Owner _owner;
    private readonly BodyConnections _connections;
    private readonly CancellationToken _cancellation;
    private readonly List<DbExecution> _executions = [];
    private readonly List<TextSpan> _open = [];

    private Inside(FixScope scope, TransactionGap gap, WriteRange range, Owner owner, BodyConnections connections, CancellationToken cancellation)
    {
        _scope = scope;
        _gap = gap;
        _range = range;
        _owner = owner;
        _connections = connections;
        _cancellation = cancellation;
    }

    /// <summary>What runs on the connection.</summary>
    public IReadOnlyList<DbExecution> Executions => _executions;

    /// <summary>Where a reader is open: the transaction can't be committed there.</summary>
    public IReadOnlyList<TextSpan> OpenReaders => _open;

    /// <summary>Whether something runs while a reader is open: on connections of their own both may, on one they may not.</summary>
    public bool Overlaps => _open.Any(open => _executions.Count(execution => open.Contains(execution.Operation.Syntax.Span)) > 1);

    /// <summary>Whether something in a span goes to the database.</summary>
    public bool Runs(TextSpan span) => _executions.Any(execution => span.Contains(execution.Operation.Syntax.Span)) || _gap.Writes.Any(write => span.Contains(write.Operation.Syntax.Span));

    /// <summary>Reads the statements; null where something must not stand in a transaction.</summary>
    public static Inside? Of(FixScope scope, TransactionGap gap, WriteRange range, Owner owner, BodyConnections connections, CancellationToken cancellation)
    {
        var inside = new Inside(scope, gap, range, owner, connections, cancellation);
        return inside.HasPlainFlow() && range.Statements.All(inside.MayStand) ? inside : null;
    }

    private bool HasPlainFlow()
    {
        if (WriteRange.Own(_range.Function).Any(node => node is YieldStatementSyntax or GotoStatementSyntax or LabeledStatementSyntax))
        {
            return false;
        }

        // What a directive cuts off is not seen.
        var whole = TextSpan.FromBounds(_range.Start.FullSpan.Start, _range.End.FullSpan.End);
        return !_scope.Root.DescendantTrivia(whole).Any(trivia => trivia.IsDirective && whole.Contains(trivia.Span)) &&
            !_range.Statements.SelectMany(WriteRange.Own).OfType<TryStatementSyntax>().Any(GoesOnAfterAnError);
    }

    // After an error PostgreSQL refuses all that follows in the transaction.
    private bool GoesOnAfterAnError(TryStatementSyntax statement) => statement.Catches.Any(clause => clause.Block.Statements.LastOrDefault() is not ThrowStatementSyntax) &&
        WriteRange.Own(statement.Block).Any(node => _scope.Model.GetOperation(node, _cancellation) is IInvocationOperation call && (_scope.Facts.ExecutionOf(call) is not null || IsWrite(call)));

    private bool MayStand(StatementSyntax statement)
    {
        if (_scope.Model.GetOperation(statement, _cancellation) is not { } root)
        {
            return false;
        }

        foreach (var operation in root.DescendantsAndSelf())
        {
            if (!IsInExpressionTree(operation, root) && !MayRun(operation))
            {
                return false;
            }
        }

        return WriteRange.Own(statement).OfType<AwaitExpressionSyntax>().All(wait => _scope.Model.GetOperation(wait, _cancellation) is not IAwaitOperation awaited || WaitsForDatabase(awaited));
    }

    private bool MayRun(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation or IForEachLoopOperation when _scope.Facts.ExecutionOf(operation) is { } execution:
                return IsOnTheWay(operation) && _owner.Runs(execution, _connections) && (operation is IForEachLoopOperation || IsAwaited(operation)) && Take(execution);
            case IInvocationOperation call when IsWrite(call) || IsGivenTheConnection(call):
                return IsOnTheWay(call) && IsAwaited(call) && new Callee(_scope, _owner, _connections, _cancellation).StaysInside(call);
            case IInvocationOperation call:
                return MayCall(call);
            case IForEachLoopOperation { IsAsynchronous: true }:
                return false;
            case ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation when _scope.Facts.Apis.Types.IsConnection(operation.Type) && _owner.IsSame(_connections.Of(operation)):
                return IsPlainUse(operation);
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation when _owner.IsTheSource(operation):
                return operation.Parent is IInvocationOperation { TargetMethod.Name: var making } && CommandMembers.MakesCommand(making);
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation or IParameterReferenceOperation } assignment when _owner.IsTheSource(assignment.Target):
                return false;
            case IUsingOperation or IUsingDeclarationOperation when operation.Syntax.DescendantNodes().OfType<VariableDeclaratorSyntax>().Any(declared => SymbolEqualityComparer.Default.Equals(_scope.Model.GetDeclaredSymbol(declared, _cancellation), _owner.Root)):
                return false;
            default:
                return true;
        }
    }

    // A call that does not go to the database by itself, as far as this compilation tells.
    private bool MayCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (TransactionEmit.Begins(method.Name) || (method.MethodKind == MethodKind.DelegateInvoke && (method.ReturnsVoid || TaskMembers.IsTask(method.ReturnType))))
        {
            return false;
        }

        if (TransactionEmit.IsOfDatabase(method.ContainingType) || EfQueries.IsContext(method.ContainingType, _scope.Facts.Apis) || Outside.IsOfLogging(method.ContainingType) || EfQueries.IsQueryType(call.Instance?.Type, _scope.Facts.Apis))
        {
            return true;
        }

        var space = method.ContainingNamespace?.ToDisplayString() ?? "";
        if (method.DeclaringSyntaxReferences.IsEmpty && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal)))
        {
            return !Outside.IsReachedBy(method) || TaskMembers.Configures(method.Name);
        }

        // What gives a value computes it; what gives none does something, and only a body tells what.
        return !TaskMembers.IsTask(method.ReturnType) && !method.IsAsync && !Outside.IsNamedBy(method.Name) && (method.DeclaringSyntaxReferences.IsEmpty || !_scope.Facts.MayRun(method.Name)) &&
            (!method.ReturnsVoid || (!method.DeclaringSyntaxReferences.IsEmpty && method is { IsAbstract: false, IsVirtual: false, IsOverride: false }));
    }

    private bool Take(DbExecution execution)
    {
        _executions.Add(execution);
        if (execution.Operation is IForEachLoopOperation)
        {
            _open.Add(execution.Operation.Syntax.Span);
            return true;
        }

        if (execution.Operation is IInvocationOperation call && call.Arguments.Any(ConnectionMembers.IsBufferedArgument))
        {
            return false;
        }

        if ((execution.Effects & (DbEffects.OpensReader | DbEffects.OpensCopy)) == 0)
        {
            return true;
        }

        if (ScopeOf(execution.Operation.Syntax) is not { } scope)
        {
            return false;
        }

        _open.Add(scope.Span);
        return true;
    }

    // The statement, inside the range, at whose end what an expression opens is disposed.
    private SyntaxNode? ScopeOf(SyntaxNode opening)
    {
        foreach (var at in opening.Ancestors().TakeWhile(node => _range.Span.Contains(node.Span)))
        {
            switch (at)
            {
                case UsingStatementSyntax block when !block.Statement.Span.Contains(opening.Span):
                    return block;
                case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, Parent: BlockSyntax block } when _range.Span.Contains(block.Span):
                    return block;
                case StatementSyntax:
                    return null;
            }
        }

        return null;
    }

    private bool IsOnTheWay(IOperation operation) => WriteRange.FunctionOf(operation.Syntax) == _range.Function && !WriteRange.IsCleanup(operation.Syntax, _range.Function);

    private bool IsWrite(IOperation operation) => _gap.Writes.Any(write => write.Operation.Syntax == operation.Syntax);

    private bool IsGivenTheConnection(IInvocationOperation call) => !call.TargetMethod.DeclaringSyntaxReferences.IsEmpty && call.Arguments.Any(argument => _owner.IsSame(_connections.Of(argument.Value)));

    // A task is awaited where it is made.
    private static bool IsAwaited(IOperation operation)
    {
        if (!TaskMembers.IsTask(operation.Type))
        {
            return true;
        }

        var at = operation;
        while (at.Parent is IInvocationOperation { Instance: var instance } configured && instance == at && TaskMembers.Configures(configured.TargetMethod.Name))
        {
            at = configured;
        }

        return at.Parent is IAwaitOperation;
    }

    private bool WaitsForDatabase(IAwaitOperation awaited)
    {
        if (EfQueries.Unconfigured(awaited.Operation) is not IInvocationOperation call)
        {
            return false;
        }

        return _scope.Facts.ExecutionOf(call) is not null || IsWrite(call) || IsGivenTheConnection(call) || TransactionEmit.IsOfDatabase(call.TargetMethod.ContainingType) ||
            EfQueries.IsContext(call.TargetMethod.ContainingType, _scope.Facts.Apis) || IsOfDatabaseByBase(call.TargetMethod);
    }

    private static bool IsOfDatabaseByBase(IMethodSymbol method) => method.OverriddenMethod is { } overridden && TransactionEmit.IsOfDatabase(overridden.ContainingType);

    // connection.ExecuteAsync(..), connection.CreateCommand(), new NpgsqlCommand(text, connection), command.Connection = connection, connection.State
    private bool IsPlainUse(IOperation connection)
    {
        var at = connection;
        while (at.Parent is IConversionOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        return at.Parent switch
        {
            IInvocationOperation call => _scope.Facts.ExecutionOf(call) is not null || TransactionEmit.MakesOnConnection(call.TargetMethod.Name),
            IArgumentOperation { Parent: IInvocationOperation call } => _scope.Facts.ExecutionOf(call) is not null || IsWrite(call) || IsGivenTheConnection(call),
            IArgumentOperation { Parent: IObjectCreationOperation } => true,
            IAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property } } => ConnectionMembers.IsConnection(property),
            IPropertyReferenceOperation property => property.Instance == at,
            IMemberReferenceOperation => true,
            INameOfOperation => true,
            IVariableInitializerOperation => true,
            _ => false,
        };
    }

    private static bool IsInExpressionTree(IOperation operation, IOperation root)
    {
        for (var at = operation.Parent; at is not null && at != root; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation { Parent.Type: { } type } && type.ContainingNamespace?.ToDisplayString() == "System.Linq.Expressions")
            {
                return true;
            }
        }

        return false;
    }
}
