using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Queries of EF Core that have not run yet, and the contexts that they belong to.</summary>
public static class EfQueries
{
    // Nobody composes a query of more steps.
    private const int MaxSteps = 64;

    /// <summary>Whether a value is, for certain, a query of EF Core: it begins at a set of a context.</summary>
    public static bool IsQuery(IOperation value, DbApis apis) => SourceOf(value, apis) is not null;

    /// <summary>Whether a static type is that of a query.</summary>
    public static bool IsQueryType(ITypeSymbol? type, DbApis apis) => type is INamedTypeSymbol named &&
        (Is(named, apis.Types.Queryable) || named.AllInterfaces.Any(contract => Is(contract, apis.Types.Queryable)));

    /// <summary>The set, or the call that makes the query, at which a composed query begins; null where the value is no query of EF Core, or may be none.</summary>
    public static IOperation? SourceOf(IOperation value, DbApis apis)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            value = HoleValues.Strip(value);
            if (IsSet(value.Type, apis))
            {
                return value;
            }

            switch (value)
            {
                case IInvocationOperation call when MakesQuery(call, apis):
                    return value;
                case IInvocationOperation call when IsQueryType(call.Type, apis) || DbMemberTable.EnumeratesQuery(call.TargetMethod.Name):
                    // An operator: Where(..), Include(..), an extension of the user's own.
                    // AsAsyncEnumerable and AsQueryable are a set's own.
                    if ((call.TargetMethod.IsExtensionMethod ? FirstArgument(call) : IsSet(call.Instance?.Type, apis) || DbMemberTable.EnumeratesQuery(call.TargetMethod.Name) ? call.Instance : null) is { } source)
                    {
                        value = source;
                        continue;
                    }

                    return null;
                case ITranslatedQueryOperation query:
                    value = query.Operation;
                    continue;
                case ILocalReferenceOperation local when InitialValue(local) is { } initial:
                    value = initial;
                    continue;
                case IConditionalOperation { WhenTrue: var whenTrue }:
                    value = whenTrue;
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The context that a set, facade or entry belongs to: the left end of the chain of members.</summary>
    public static IOperation? ContextOf(IOperation? value, DbApis apis)
    {
        while (value is not null)
        {
            value = HoleValues.Strip(value);
            if (IsContext(value.Type, apis))
            {
                return value;
            }

            value = value switch
            {
                IMemberReferenceOperation member => member.Instance,
                IInvocationOperation { Instance: { } instance } => instance,
                IInvocationOperation { TargetMethod.IsExtensionMethod: true } call => FirstArgument(call),
                ILocalReferenceOperation local => InitialValue(local),
                _ => null,
            };
        }

        return null;
    }

    /// <summary>Whether a type is a context.</summary>
    public static bool IsContext(ITypeSymbol? type, DbApis apis)
    {
        if (apis.Types.DbContext is not { } context)
        {
            return false;
        }

        for (; type is not null; type = type.BaseType)
        {
            if (Is(type, context))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A sequence or task without what only says how it is awaited: <c>WithCancellation(..)</c>, <c>ConfigureAwait(..)</c>.</summary>
    public static IOperation Unconfigured(IOperation value)
    {
        value = HoleValues.Strip(value);
        while (value is IInvocationOperation call && TaskMembers.Configures(call.TargetMethod.Name) && (call.Instance ?? FirstArgument(call)) is { } inner)
        {
            value = HoleValues.Strip(inner);
        }

        return value;
    }

    /// <summary>A value without the await around it, and without what only says how it is awaited.</summary>
    public static IOperation Unawaited(IOperation value)
    {
        value = Unconfigured(value);
        return value is IAwaitOperation awaited ? Unconfigured(awaited.Operation) : value;
    }

    /// <summary>Whether a composed query itself asks for all of its rows before the first is given.</summary>
    public static bool IsBuffered(IOperation value)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            var inner = HoleValues.Strip(value) switch
            {
                IInvocationOperation call when ConnectionMembers.BuffersQuery(call.TargetMethod.Name) => null,
                IInvocationOperation call => call.Instance ?? FirstArgument(call),
                ILocalReferenceOperation local => InitialValue(local),
                ITranslatedQueryOperation query => query.Operation,
                var other => other,
            };
            if (inner is null || inner == HoleValues.Strip(value))
            {
                return HoleValues.Strip(value) is IInvocationOperation { TargetMethod.Name: var name } && ConnectionMembers.BuffersQuery(name);
            }

            value = inner;
        }

        return false;
    }

    /// <summary>The argument of the first parameter, the <c>this</c> of an extension method.</summary>
    public static IOperation? FirstArgument(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == 0)
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>The value that a local is declared with, where it is never given another.</summary>
    public static IOperation? InitialValue(ILocalReferenceOperation reference)
    {
        if (reference.Local.DeclaringSyntaxReferences.Length != 1 || reference.SemanticModel is not { } model)
        {
            return null;
        }

        var declaration = reference.Local.DeclaringSyntaxReferences[0].GetSyntax();
        return declaration.SyntaxTree == model.SyntaxTree && model.GetOperation(declaration) is IVariableDeclaratorOperation { Initializer.Value: { } value } ? value : null;
    }

    private static bool IsSet(ITypeSymbol? type, DbApis apis)
    {
        if (apis.Types.DbSet is not { } set)
        {
            return false;
        }

        for (; type is not null; type = type.BaseType)
        {
            if (Is(type, set))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MakesQuery(IInvocationOperation call, DbApis apis) =>
        (call.TargetMethod.IsGenericMethod || call.Instance is not null) &&
        ((DbMemberTable.MakesQuery(call.TargetMethod.Name) && (IsContext(call.Instance?.Type, apis) || apis.Types.IsEntry(call.Instance?.Type))) ||
        (apis.IsCandidate(call.TargetMethod.Name) && apis.Match(call) is { Row: { Library: DbLibrary.EfCore, Effects: var effects } } && (effects & DbEffects.Deferred) != 0 &&
            IsQueryType(call.Type, apis)));

    private static bool Is(ITypeSymbol type, INamedTypeSymbol? known) => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, known);
}
