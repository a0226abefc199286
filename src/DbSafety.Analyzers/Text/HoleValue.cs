using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>What is known about the value that fills a hole.</summary>
public enum HoleValue
{
    /// <summary>Text, or an object, that is not provably constant.</summary>
    Text,

    /// <summary>A value of a type that can't carry SQL: a number, bool, enum, Guid, date type.</summary>
    Scalar,

    /// <summary>A value from a closed set, or text made safe: constants, guarded values, quoted identifiers, names from metadata.</summary>
    Closed,

    /// <summary>A value whose quote characters are doubled: closed inside a quoted identifier, text elsewhere.</summary>
    QuotesDoubled,

    /// <summary>What a call gave back that no unknown text went into, or a variable that could not be followed: no evidence for or against.</summary>
    Unknown,

    /// <summary>What a method returned whose name promises that it quotes or escapes an identifier.</summary>
    Quoted,

    /// <summary>A value held in a readonly field or a property of the class itself: configuration, not input.</summary>
    Configuration,

    /// <summary>The containing method's own parameter (or that of the lambda around it).</summary>
    Parameter,
}

/// <summary>Questions about the values that fill holes.</summary>
public static class HoleValues
{
    /// <summary>Of two kinds the one that says less good.</summary>
    public static HoleValue Worse(HoleValue a, HoleValue b) => Rank(a) >= Rank(b) ? a : b;

    private static int Rank(HoleValue kind) => kind switch
    {
        HoleValue.Closed => 0,
        HoleValue.Scalar => 1,
        HoleValue.Quoted => 2,
        HoleValue.Configuration => 3,
        HoleValue.Unknown => 4,
        HoleValue.QuotesDoubled => 5,
        HoleValue.Parameter => 6,
        _ => 7,
    };

    /// <summary>Whether the text of a value of this type can't carry SQL.</summary>
    public static bool IsScalar(ITypeSymbol? type)
    {
        if (type is null)
        {
            return false;
        }

        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        if (type.TypeKind == TypeKind.Enum)
        {
            return true;
        }

        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
            {
                if (constraint.SpecialType == SpecialType.System_Enum || constraint is { Name: "INumber" or "INumberBase" or "IBinaryInteger" })
                {
                    return true;
                }
            }

            return false;
        }

        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean:
            case SpecialType.System_SByte:
            case SpecialType.System_Byte:
            case SpecialType.System_Int16:
            case SpecialType.System_UInt16:
            case SpecialType.System_Int32:
            case SpecialType.System_UInt32:
            case SpecialType.System_Int64:
            case SpecialType.System_UInt64:
            case SpecialType.System_IntPtr:
            case SpecialType.System_UIntPtr:
            case SpecialType.System_Decimal:
            case SpecialType.System_Single:
            case SpecialType.System_Double:
            case SpecialType.System_DateTime:
            case SpecialType.System_Enum:
                return true;
        }

        return type is
        {
            Name: "Guid" or "DateTimeOffset" or "DateOnly" or "TimeOnly" or "TimeSpan" or "Half" or "Int128" or "UInt128",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        } || type is
        {
            Name: "BigInteger",
            ContainingNamespace: { Name: "Numerics", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
        };
    }

    /// <summary>The value without the conversions, parentheses and null-suppression around it.</summary>
    public static IOperation Strip(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null } conversion when !IsHandler(conversion):
                    value = conversion.Operand;
                    break;
                case IConversionOperation { Operand.Type: IArrayTypeSymbol } span:
                    // array.Contains(x) binds to a span's method from C# 14 on.
                    value = span.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                default:
                    return value;
            }
        }
    }

    private static bool IsHandler(IConversionOperation conversion) => conversion.Operand is IInterpolatedStringHandlerCreationOperation;

    /// <summary>The outermost operation around one: that of its body or initialiser.</summary>
    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>The element type of an array or a sequence, or null.</summary>
    public static ITypeSymbol? ElementType(ITypeSymbol? type)
    {
        switch (type)
        {
            case null or { SpecialType: SpecialType.System_String }:
                return null;
            case IArrayTypeSymbol array:
                return array.ElementType;
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T } sequence:
                return sequence.TypeArguments[0];
        }

        foreach (var candidate in type.AllInterfaces)
        {
            if (candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
            {
                return candidate.TypeArguments[0];
            }
        }

        return null;
    }
}
