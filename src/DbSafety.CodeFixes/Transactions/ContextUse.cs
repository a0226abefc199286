using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>How a member uses a context, beside the code that a strategy repeats.</summary>
internal static class ContextUse
{
    /// <summary>The text that names a context everywhere in a member; null where it is no variable of the member or the object.</summary>
    public static string? TextOf(IOperation context) => HoleValues.Strip(context) switch
    {
        IInstanceReferenceOperation => "this",
        ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } or IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } =>
            context.Syntax.ToString(),
        _ => null,
    };

    /// <summary>Whether a member may make a context track something before a place, or is not known not to: it uses more than its facade.</summary>
    public static bool MayTrackBefore(IOperation context, int position)
    {
        context = HoleValues.Strip(context);
        foreach (var part in HoleValues.RootOf(context).Descendants())
        {
            if (part.Syntax.SpanStart >= position || !IsSame(part, context))
            {
                continue;
            }

            if (part.Parent is not IPropertyReferenceOperation { Property.Name: RetryMembers.Facade })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSame(IOperation part, IOperation context) => (part, context) switch
    {
        (IInstanceReferenceOperation, IInstanceReferenceOperation) => true,
        (ILocalReferenceOperation left, ILocalReferenceOperation right) => SymbolEqualityComparer.Default.Equals(left.Local, right.Local),
        (IParameterReferenceOperation left, IParameterReferenceOperation right) => SymbolEqualityComparer.Default.Equals(left.Parameter, right.Parameter),
        (IMemberReferenceOperation left, IMemberReferenceOperation right) => SymbolEqualityComparer.Default.Equals(left.Member, right.Member),
        _ => false,
    };
}
