using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Flow;

/// <summary>What the sources say about contexts of EF Core that retry, and about the methods that execution strategies run.</summary>
public sealed class RetryConfigurations
{
    private readonly List<(ITypeSymbol? Context, bool? Retries)> _databases = [];
    private readonly HashSet<ISymbol> _runs = new(SymbolEqualityComparer.Default);

    private RetryConfigurations()
    {
    }

    /// <summary>Reads a compilation.</summary>
    /// <param name="callsNamed">The calls of methods of one name.</param>
    /// <param name="apis">The table.</param>
    public static RetryConfigurations Of(Func<string, IReadOnlyList<IInvocationOperation>> callsNamed, DbApis apis)
    {
        var found = new RetryConfigurations();
        foreach (var call in RetryMembers.Databases.SelectMany(callsNamed).Where(call => !RetryMembers.IsForTools(OwnerOf(call))))
        {
            found._databases.Add((ContextOf(call, apis), Retries(call)));
        }

        if (callsNamed(RetryMembers.CreateStrategy).Count > 0)
        {
            foreach (var argument in RetryMembers.Runs.SelectMany(callsNamed).Where(call => RetryMembers.RunsInStrategy(call.TargetMethod)).SelectMany(call => call.Arguments))
            {
                if (HoleValues.Strip(argument.Value) is IDelegateCreationOperation { Target: IMethodReferenceOperation group })
                {
                    found._runs.Add(group.Method.OriginalDefinition);
                }
            }
        }

        return found;
    }

    /// <summary>Whether contexts of a type retry; null where nobody knows, or some do and some don't.</summary>
    public bool? Retries(ITypeSymbol? context)
    {
        bool? all = null;
        var isTyped = false;
        foreach (var (type, retries) in _databases)
        {
            if (type is not null && !Is(context, type))
            {
                continue;
            }

            // One that names no context may be for this one.
            if (retries is null || (all is not null && all != retries))
            {
                return null;
            }

            all = retries;
            isTyped |= type is not null;
        }

        return isTyped ? all : null;
    }

    /// <summary>Whether an execution strategy runs a method that is passed to it by its name.</summary>
    public bool Runs(IMethodSymbol method) => _runs.Contains(method.OriginalDefinition);

    private static bool Is(ITypeSymbol? type, ITypeSymbol wanted)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, wanted))
            {
                return true;
            }
        }

        return false;
    }

    private static ITypeSymbol? ContextOf(IInvocationOperation call, DbApis apis)
    {
        if (RetryMembers.Registers(call.TargetMethod) is { } own)
        {
            return own;
        }

        for (IOperation? at = call; at is not null; at = at.Parent)
        {
            if (at is IInvocationOperation outer && RetryMembers.Registers(outer.TargetMethod) is { } registered)
            {
                return registered;
            }

            // new DbContextOptionsBuilder<Shop>().UseNpgsql(..)
            if (at is IInvocationOperation { Instance: null, Arguments: { Length: > 0 } arguments } && HoleValues.Strip(arguments[0].Value).Type is INamedTypeSymbol { TypeArguments: { Length: 1 } made } builder && RetryMembers.IsOptions(builder))
            {
                return made[0];
            }
        }

        // Its own OnConfiguring, or what it passes to its base.
        return OwnerOf(call) is { } owner && EfQueries.IsContext(owner, apis) ? owner : null;
    }

    private static INamedTypeSymbol? OwnerOf(IInvocationOperation call) => call.SemanticModel?.GetEnclosingSymbol(call.Syntax.SpanStart)?.ContainingType;

    private static bool? Retries(IInvocationOperation database)
    {
        foreach (var part in database.Arguments.SelectMany(argument => argument.Value.DescendantsAndSelf()))
        {
            if (part is IInvocationOperation call && RetryMembers.Retries(call))
            {
                return true;
            }

            if (part is IInvocationOperation strategy && RetryMembers.MayRetry(strategy))
            {
                return strategy.Descendants().Any(made => made is IObjectCreationOperation { Type.IsReferenceType: true }) ? false : null;
            }
        }

        return database.Arguments.Any(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Parameter?.Type.TypeKind == TypeKind.Delegate &&
            HoleValues.Strip(argument.Value) is not IDelegateCreationOperation { Target: IAnonymousFunctionOperation } and not IAnonymousFunctionOperation &&
            HoleValues.Strip(argument.Value).ConstantValue is not { HasValue: true, Value: null }) ? null : false;
    }
}
