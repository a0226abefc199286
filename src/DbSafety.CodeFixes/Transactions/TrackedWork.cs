using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>What a context tracks, where all of that comes from statements that are in sight.</summary>
internal static class TrackedWork
{
    /// <summary>
    /// The range from the first use of the context on, with the objects that are saved; null where the context was not made in this function, so that it may
    /// track more than anybody here knows.
    /// </summary>
    public static WriteRange? Widened(FixScope scope, WriteRange range, Owner owner)
    {
        if (owner is not { Identity: { IsFresh: true }, Root: ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } references } context } || references[0].GetSyntax() is not VariableDeclaratorSyntax declarator ||
            WriteRange.FunctionOf(declarator) != range.Function)
        {
            return null;
        }

        var first = range.First;
        for (var i = first - 1; i >= 0; i--)
        {
            if (range.List[i].SpanStart > declarator.Span.End && Mentions(range.List[i], context.Name))
            {
                first = i;
            }
        }

        // An object that is made before it is tracked has its key from the first attempt in the second.
        for (var i = first - 1; i >= 0; i--)
        {
            if (range.List[i] is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } variables } && variables[0].SpanStart > declarator.Span.End &&
                scope.Model.GetDeclaredSymbol(variables[0]) is ILocalSymbol { Type: { IsReferenceType: true, SpecialType: SpecialType.None, DeclaringSyntaxReferences.IsEmpty: false } } local &&
                range.List.Skip(first).Take(range.Last - first + 1).Any(statement => Mentions(statement, local.Name)))
            {
                first = i;
            }
        }

        var start = range.List[first].SpanStart;
        return range.Function.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == context.Name && token.SpanStart > declarator.Span.End && token.SpanStart < start)
            ? null
            : range.From(first);
    }

    /// <summary>Whether a value is an object that was made, or read, in a range.</summary>
    public static bool IsOf(IOperation value, WriteRange range)
    {
        value = HoleValues.Strip(value);
        return value switch
        {
            IObjectCreationOperation => true,
            IArrayCreationOperation { Initializer.ElementValues: var elements } => elements.All(element => IsOf(element, range)),
            ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } references } => range.Span.Contains(references[0].Span) && references[0].GetSyntax() is VariableDeclaratorSyntax,
            { ConstantValue.HasValue: true } => true,
            _ => value.Type?.IsValueType == true,
        };
    }

    private static bool Mentions(SyntaxNode node, string name) => node.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);
}
