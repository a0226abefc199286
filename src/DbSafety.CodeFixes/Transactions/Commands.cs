using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>The command of the first write, and the statements that make it ready.</summary>
internal static class Commands
{
    /// <summary>A range that begins where the command of its first write is made, if nothing else stands in between.</summary>
    public static WriteRange Included(FixScope scope, TransactionGap gap, WriteRange range)
    {
        if (gap.First.Execution?.Operation is not IInvocationOperation { Instance: { } instance } || !scope.Facts.Apis.Types.IsCommand(instance.Type) || HoleValues.Strip(instance) is not ILocalReferenceOperation { Local: var local })
        {
            return range;
        }

        for (var i = range.First - 1; i >= 0; i--)
        {
            if (range.List[i] is LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } && variables[0].Identifier.ValueText == local.Name)
            {
                return range.From(i);
            }

            if (range.List[i] is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax) || !range.List[i].DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == local.Name))
            {
                return range;
            }
        }

        return range;
    }
}
