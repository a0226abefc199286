using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Methods that are called inside a transaction: whether all that they do there happens on its connection.</summary>
internal sealed class Callee(FixScope scope, Owner owner, BodyConnections connections, CancellationToken cancellation)
{
    /// <summary>
    /// Whether a called method, whose body is in sight, runs everything on the connection and begins no transaction. The provider must take commands
    /// without the transaction object: PostgreSQL's does, and EF Core hands it on by itself.
    /// </summary>
    public bool StaysInside(IInvocationOperation call)
    {
        var method = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        if (method is { IsAbstract: true } or { IsVirtual: true } or { IsOverride: true } || scope.Facts.SummaryOf(method, cancellation).IsUnit || BodyOf(method) is not { } body)
        {
            return false;
        }

        var own = BodyConnections.Of(body, scope.Facts.Apis);
        foreach (var operation in body.Descendants())
        {
            if (operation is IObjectCreationOperation { Type.Name: var created } && TransactionEmit.Begins(created))
            {
                return false;
            }

            if (operation is IForEachLoopOperation { IsAsynchronous: true } or IAwaitOperation && !WaitsForDatabase(operation))
            {
                return false;
            }

            if (operation is not (IInvocationOperation or IForEachLoopOperation))
            {
                continue;
            }

            if (scope.Facts.ExecutionOf(operation) is { } execution)
            {
                if (!IsOwners(own.Of(execution), method, call) || !(execution.Library == DbLibrary.EfCore || scope.Facts.Providers.Of(execution) == Provider.PostgreSql))
                {
                    return false;
                }
            }
            else if (operation is IInvocationOperation { TargetMethod: var inner } && (TransactionEmit.Begins(inner.Name) || TransactionEmit.Opens(inner.Name) || Outside.IsNamedBy(inner.Name) ||
                Outside.IsReachedBy(inner) || (!inner.DeclaringSyntaxReferences.IsEmpty && scope.Facts.MayRun(inner.Name))))
            {
                return false;
            }
        }

        return true;
    }

    private bool WaitsForDatabase(IOperation operation) => operation is IAwaitOperation awaited && EfQueries.Unconfigured(awaited.Operation) is IInvocationOperation call &&
        (scope.Facts.ExecutionOf(call) is not null || TransactionEmit.IsOfDatabase(call.TargetMethod.ContainingType) || EfQueries.IsContext(call.TargetMethod.ContainingType, scope.Facts.Apis));

    // The connection of the callee, in the words of the caller.
    private bool IsOwners(ConnectionIdentity? theirs, IMethodSymbol method, IInvocationOperation call)
    {
        if (theirs is null)
        {
            return false;
        }

        if (theirs.Root is IParameterSymbol parameter && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method))
        {
            return theirs.IsPlain && call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal) is { } given && owner.IsSame(connections.Of(given.Value));
        }

        return (method.MethodKind == MethodKind.LocalFunction || (theirs.IsOfThis && call.Instance is IInstanceReferenceOperation)) && owner.IsSame(theirs);
    }

    private IOperation? BodyOf(IMethodSymbol method)
    {
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            var declaration = reference.GetSyntax(cancellation);
            if (scope.Facts.ModelOf(declaration.SyntaxTree)?.GetOperation(declaration, cancellation) is { } body)
            {
                return body;
            }
        }

        return null;
    }
}
