using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>What else a loop does: whether a query of it may be asked before the loop begins.</summary>
internal static class LoopEffects
{
    private static readonly ImmutableArray<string> s_changes =
        ImmutableArray.Create("Add", "Remove", "Insert", "Clear", "Sort", "Reverse", "Push", "Pop", "Enqueue", "Dequeue", "Union", "Except", "Intersect", "Set");

    /// <summary>
    /// Whether nothing in a loop changes what a query finds: no write, nothing that could be one, no answer that is handed out before the next
    /// query is asked, no failure that is caught for one iteration.
    /// </summary>
    /// <param name="facts">The facts.</param>
    /// <param name="site">The loop.</param>
    /// <param name="query">The query.</param>
    /// <param name="leaves">Whether an operation goes away with the query.</param>
    public static bool LeavesQueryAlone(DbFacts facts, LoopSite site, IOperation query, Func<IOperation, bool>? leaves = null)
    {
        for (var at = query; at is not null && !site.Region.Body.Contains(at); at = at.Parent)
        {
            if (at is ITryOperation or ILockOperation)
            {
                return false;
            }
        }

        return !site.Loop.DescendantNodes().OfType<YieldStatementSyntax>().Any() && site.Operations().All(operation => leaves?.Invoke(operation) == true || IsHarmless(facts, operation));
    }

    /// <summary>Whether a value is computed without waiting, and without the database.</summary>
    public static bool IsComputed(DbFacts facts, IOperation value) => value.DescendantsAndSelf().All(operation =>
        operation is not IAwaitOperation && facts.ExecutionOf(operation) is null && IsHarmless(facts, operation));

    private static bool IsHarmless(DbFacts facts, IOperation operation) => operation switch
    {
        IInvocationOperation call => facts.ExecutionOf(call) is { } execution ? execution is { Reads: true, Writes: false, SavesChanges: false, IsUnknown: false } : IsHarmless(facts, call),
        IForEachLoopOperation loop => !loop.IsAsynchronous,
        IAwaitOperation { Operation: not IInvocationOperation } => false,
        IDynamicInvocationOperation or IDynamicObjectCreationOperation or IFunctionPointerInvocationOperation => false,
        IObjectCreationOperation { Type: { } type } => !SpaceOf(type).StartsWith("System.Transactions", StringComparison.Ordinal),
        _ => true,
    };

    private static bool IsHarmless(DbFacts facts, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.MethodKind is MethodKind.DelegateInvoke or MethodKind.FunctionPointerSignature)
        {
            return false;
        }

        if (facts.MayRun(method.Name) && method.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ReducedExtension && IsHere(facts, method))
        {
            return false;
        }

        if (IsHere(facts, method))
        {
            // Nobody knows who implements it, and where.
            return !method.IsAbstract;
        }

        // Nor is a command that is made or filled one that runs.
        if (CommandMembers.IsParameters(method.ContainingType) || CommandMembers.MakesCommand(method.Name))
        {
            return true;
        }

        // What this process has in memory; the web, other processes and transactions are not that.
        var space = SpaceOf(method.ContainingType);
        return DbApiTable.OnlyComputes(space);
    }

    private static bool IsHere(DbFacts facts, IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, facts.Compilation.Assembly);

    private static string SpaceOf(ITypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() ?? "";

    /// <summary>
    /// Whether what an operation gives is only read in the loop, so that iterations may share it: no member of it is written, and no method that is
    /// known to write its parameter gets it.
    /// </summary>
    public static bool OnlyReadsResult(DbFacts facts, LoopRegion region, IOperation query, CancellationToken cancellation)
    {
        var results = facts.DataOf(region).ResultsOf(query);
        results.ExceptWith(region.Variables);

        // A list from outside the loop that the result is added to is not the result.
        var loop = region.Operation.Syntax;
        results.RemoveWhere(symbol => !symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == loop.SyntaxTree && loop.Span.Contains(reference.Span)) &&
            !region.Body.SelectMany(body => body.DescendantsAndSelf()).Any(operation => operation is IAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } && SymbolEqualityComparer.Default.Equals(local, symbol)));
        foreach (var operation in region.Body.SelectMany(body => body.DescendantsAndSelf()))
        {
            switch (operation)
            {
                case IAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } owner } } when IsResult(owner):
                case IIncrementOrDecrementOperation { Target: IMemberReferenceOperation { Instance: { } owner2 } } when IsResult(owner2):
                    return false;
                case IInvocationOperation { Instance: { } receiver, TargetMethod: var method } when IsResult(receiver) && (IsHere(facts, method) || ChangesCollection(method.Name)):
                case IAssignmentOperation { Target: IArrayElementReferenceOperation { ArrayReference: var array } } when IsResult(array):
                    return false;
                case IArgumentOperation { Parameter: { ContainingSymbol: IMethodSymbol called } parameter } argument
                    when IsResult(argument.Value) && (parameter.RefKind is RefKind.Ref or RefKind.Out || (IsHere(facts, called) && Writes(called, parameter, cancellation))):
                    return false;
            }
        }

        return true;

        bool IsResult(IOperation value)
        {
            for (IOperation? at = value; at is not null; at = Owner(at))
            {
                if (at == query || (at is ILocalReferenceOperation { Local: var local } && results.Contains(local)))
                {
                    return true;
                }
            }

            return false;
        }
    }

    // As the names of collections' methods tell.
    private static bool ChangesCollection(string method)
    {
        var name = method.StartsWith("Try", StringComparison.Ordinal) ? method.Substring(3) : method;
        return s_changes.Any(verb => name.StartsWith(verb, StringComparison.Ordinal));
    }

    private static IOperation? Owner(IOperation value) => value switch
    {
        IMemberReferenceOperation member => member.Instance,
        IConversionOperation conversion => conversion.Operand,
        IAwaitOperation awaited => awaited.Operation,
        IParenthesizedOperation parens => parens.Operand,
        _ => null,
    };

    // The body assigns a member of the parameter.
    private static bool Writes(IMethodSymbol method, IParameterSymbol parameter, CancellationToken cancellation) =>
        method.DeclaringSyntaxReferences.Length == 0 ? method.MethodKind == MethodKind.Ordinary : method.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(cancellation).DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => RootOf(assignment.Left) == parameter.Name));

    private static string? RootOf(ExpressionSyntax target)
    {
        while (target is MemberAccessExpressionSyntax member)
        {
            target = member.Expression;
            if (target is IdentifierNameSyntax name)
            {
                return name.Identifier.ValueText;
            }
        }

        return null;
    }
}
