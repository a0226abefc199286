using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>Finds the calls of methods of one name, binding only in the trees that have the name.</summary>
internal static class CallsByName
{
    /// <summary>The calls, in the order of the sources.</summary>
    public static IReadOnlyList<IInvocationOperation> Of(string name, TreeIndexes indexes, Func<SyntaxTree, SemanticModel?> models)
    {
        var calls = new List<IInvocationOperation>();
        foreach (var (tree, index) in indexes.All)
        {
            if (!index.MayUse(name) || models(tree) is not { } model)
            {
                continue;
            }

            foreach (var node in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (NameOf(node) == name && model.GetOperation(node) is IInvocationOperation call)
                {
                    calls.Add(call);
                }
            }
        }

        return calls;
    }

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => null,
    };
}
