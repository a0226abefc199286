using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Facts;

/// <summary>Which members of a type are written inside it, by name, from its syntax: one walk for all members.</summary>
internal sealed class TypeWrites
{
    /// <summary>Nothing is written.</summary>
    public static readonly TypeWrites None = new();

    // The expressions that are assigned to a name; null for a write of another kind (ref, ++, +=).
    private readonly Dictionary<string, List<ExpressionSyntax?>> _assigned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mutated = new(StringComparer.Ordinal);
    private readonly HashSet<string> _private = new(StringComparer.Ordinal);

    /// <summary>Reads the declarations of a type.</summary>
    public static TypeWrites Of(INamedTypeSymbol type)
    {
        var writes = new TypeWrites();
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            foreach (var node in reference.GetSyntax().DescendantNodes())
            {
                writes.Read(node);
            }
        }

        return writes;
    }

    /// <summary>Whether a member is assigned somewhere in the type, its initialiser aside.</summary>
    public bool IsAssigned(string name) => _assigned.ContainsKey(name);

    /// <summary>Whether a private field gets its value from its initialiser alone.</summary>
    public bool IsOnlyInitialized(string name) => _private.Contains(name) && !_assigned.ContainsKey(name);

    /// <summary>Whether a collection is changed after it was made.</summary>
    public bool IsMutated(string name) => _mutated.Contains(name);

    /// <summary>The one expression that is ever assigned to a member, or null.</summary>
    public ExpressionSyntax? Single(string name) => _assigned.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    private void Read(SyntaxNode node)
    {
        switch (node)
        {
            case AssignmentExpressionSyntax assignment:
                if (assignment.Left is TupleExpressionSyntax tuple)
                {
                    foreach (var argument in tuple.Arguments)
                    {
                        Write(argument.Expression, null);
                    }
                }
                else if (assignment.Left is ElementAccessExpressionSyntax element)
                {
                    Mutate(element.Expression);
                }
                else if (assignment.Parent is not InitializerExpressionSyntax)
                {
                    Write(assignment.Left, assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? assignment.Right : null);
                }

                break;
            case PrefixUnaryExpressionSyntax unary when unary.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression:
                Write(unary.Operand, null);
                break;
            case PostfixUnaryExpressionSyntax unary when unary.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression:
                Write(unary.Operand, null);
                break;
            case ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument:
                Write(argument.Expression, null);
                break;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add" or "TryAdd" or "AddRange" or "Insert" or "UnionWith" } access }:
                Mutate(access.Expression);
                break;
            case FieldDeclarationSyntax field when !field.Modifiers.Any(IsVisible):
                foreach (var variable in field.Declaration.Variables)
                {
                    _private.Add(variable.Identifier.ValueText);
                }

                break;
        }
    }

    private static bool IsVisible(SyntaxToken modifier) =>
        modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword;

    private void Write(ExpressionSyntax target, ExpressionSyntax? value)
    {
        if (NameOf(target) is { } name)
        {
            if (!_assigned.TryGetValue(name, out var values))
            {
                _assigned.Add(name, values = []);
            }

            values.Add(value);
        }
    }

    private void Mutate(ExpressionSyntax collection)
    {
        if (NameOf(collection) is { } name)
        {
            _mutated.Add(name);
        }
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax identifier => identifier.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
