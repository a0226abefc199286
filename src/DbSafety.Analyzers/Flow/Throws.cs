using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What is told of the exceptions that a method throws by itself.</summary>
internal static class Throws
{
    /// <summary>Whether a method never comes back: it says so, or its body has no other way out than to throw.</summary>
    public static bool Always(IMethodSymbol method, ITransactionFacts facts, CancellationToken cancellation) =>
        ThrowMembers.NeverReturns(method) || (!IsReplaceable(method) && BodyOf(method, facts, cancellation) is { } body && Always(body));

    /// <summary>Whether a method may throw after a look at what it is given: it is named so, or its body holds a throw.</summary>
    public static bool Sometimes(IMethodSymbol method, ITransactionFacts facts, CancellationToken cancellation) => ThrowMembers.MayThrow(method.Name) ||
        BodyOf(method, facts, cancellation)?.Descendants().Any(part => part is IThrowOperation || (part is IInvocationOperation call && ThrowMembers.MayThrow(call.TargetMethod.Name))) == true;

    /// <summary>Whether a body has no other way out than to throw.</summary>
    public static bool Always(IOperation body)
    {
        var block = body as IBlockOperation ?? body.ChildOperations.OfType<IBlockOperation>().FirstOrDefault();
        return (block?.Operations.Length > 0 && IsThrow(block.Operations[0])) ||
            (block?.Syntax is BlockSyntax { Statements: { Count: > 0 } statements } && block.SemanticModel?.AnalyzeControlFlow(statements[0], statements[statements.Count - 1]) is { Succeeded: true, EndPointIsReachable: false } flow &&
            flow.ReturnStatements.IsEmpty);
    }

    /// <summary>Whether the function around an operation has no other way out than to throw.</summary>
    public static bool AlwaysAround(IOperation operation)
    {
        var function = BodyGraph.FunctionOf(operation);
        return Always(function is IAnonymousFunctionOperation lambda ? lambda.Body : function is ILocalFunctionOperation { Body: { } body } ? body : function);
    }

    /// <summary>Whether a statement is a throw; also the one that <c>=> throw ..</c> means.</summary>
    public static bool IsThrow(IOperation statement) => statement is IThrowOperation || (statement.ChildOperations.FirstOrDefault() is { } value && HoleValues.Strip(value) is IThrowOperation);

    private static bool IsReplaceable(IMethodSymbol method) => method.IsVirtual || method.IsAbstract || method.IsOverride;

    private static IOperation? BodyOf(IMethodSymbol method, ITransactionFacts facts, CancellationToken cancellation)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return method.DeclaringSyntaxReferences.IsEmpty ? null : facts.BodyOf(method, cancellation);
    }
}
