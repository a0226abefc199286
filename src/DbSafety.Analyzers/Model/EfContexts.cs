using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Model;

/// <summary>Tells of which contexts a call on options speaks.</summary>
internal static class EfContexts
{
    /// <summary>Whether a call on options may be one for a context: in its <c>OnConfiguring</c>, where it is registered, or where nobody says for which.</summary>
    public static bool IsOf(IInvocationOperation call, INamedTypeSymbol context) => ContextOf(call) is not { } told || Derives(context, told);

    /// <summary>The context of whose options a call speaks; null where nobody says.</summary>
    public static ITypeSymbol? ContextOf(IInvocationOperation call)
    {
        // new DbContextOptionsBuilder<ShopContext>().UseNpgsql(..)
        for (IOperation? receiver = call.Instance ?? call.Arguments.FirstOrDefault()?.Value; receiver is not null;)
        {
            if (receiver.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } && EfModelNames.IsEf(receiver.Type) && arguments[0] is INamedTypeSymbol told)
            {
                return told;
            }

            receiver = receiver switch
            {
                IConversionOperation conversion => conversion.Operand,
                IInvocationOperation inner => inner.Instance ?? inner.Arguments.FirstOrDefault()?.Value,
                _ => null,
            };
        }

        for (IOperation? at = call.Parent; at is not null; at = at.Parent)
        {
            // services.AddDbContext<ShopContext>(options => options.UseNpgsql(..))
            if (at is IInvocationOperation { TargetMethod.TypeArguments: { IsEmpty: false } types } && types[types.Length - 1] is INamedTypeSymbol type && IsContext(type))
            {
                return type;
            }
        }

        return call.SemanticModel?.GetEnclosingSymbol(call.Syntax.SpanStart)?.ContainingType is { } around && IsContext(around) ? around : null;
    }

    private static bool IsContext(INamedTypeSymbol type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (EfModelNames.IsContext(at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Derives(INamedTypeSymbol type, ITypeSymbol other)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, other.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
