using System.Collections.Immutable;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes;

/// <summary>
/// Where the text of an expression goes to within its member: through variables and builders into calls. An edit of the text changes all of
/// these calls, so all must be known.
/// </summary>
internal sealed class TextFlow
{
    private readonly FixScope _scope;
    private readonly SyntaxNode _member;
    private readonly HashSet<SyntaxNode> _seen = [];
    private readonly HashSet<ISymbol> _variables = new(SymbolEqualityComparer.Default);
    private readonly List<DbCall> _calls = [];

    private TextFlow(FixScope scope, SyntaxNode member)
    {
        _scope = scope;
        _member = member;
    }

    /// <summary>The calls that take some texts, in the order of the source; null where a text goes somewhere else too.</summary>
    public static ImmutableArray<DbCall>? CallsOf(FixScope scope, SyntaxNode member, IEnumerable<ExpressionSyntax> texts)
    {
        var flow = new TextFlow(scope, member);
        return texts.All(flow.Follow)
            ? flow._calls.OrderBy(call => call.Operation.Syntax.SpanStart).ToImmutableArray()
            : null;
    }

    private bool Follow(ExpressionSyntax text)
    {
        ExpressionSyntax top = text;
        while (true)
        {
            if (!_seen.Add(top))
            {
                return true;
            }

            switch (top.Parent)
            {
                case ParenthesizedExpressionSyntax or CastExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.CoalesceExpression }:
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                    top = (ExpressionSyntax)top.Parent;
                    continue;
                case ConditionalExpressionSyntax conditional when conditional.Condition != top:
                    top = conditional;
                    continue;
                case SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax choice } arm when arm.Expression == top:
                    top = choice;
                    continue;
                case InterpolationSyntax { Parent: InterpolatedStringExpressionSyntax interpolated }:
                    top = interpolated;
                    continue;
                case ArgumentSyntax { Parent: ArgumentListSyntax { Parent: ExpressionSyntax call } }:
                    if (Take(call, top))
                    {
                        return true;
                    }

                    if (!PassesOn(call))
                    {
                        return false;
                    }

                    top = call;
                    continue;
                case MemberAccessExpressionSyntax access when access.Expression == top:
                    if (access.Parent is InvocationExpressionSyntax method && method.Expression == access)
                    {
                        if (!PassesOn(method))
                        {
                            return false;
                        }

                        // A chain of calls on a builder changes the builder itself.
                        top = method;
                        continue;
                    }

                    return access.Name.Identifier.ValueText == "Length";
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator }:
                    return _scope.Model.GetDeclaredSymbol(declarator) is ILocalSymbol local && Carry(local);
                case AssignmentExpressionSyntax assignment when assignment.Right == top:
                    return Take(assignment, top) || (Variable(assignment.Left) is { } target && Carry(target));
                case AssignmentExpressionSyntax assignment when assignment.Left == top:
                    return assignment.Parent is ExpressionStatementSyntax;
                case ExpressionStatementSyntax:
                    return Builder(top) is not { } builder || Carry(builder);
                default:
                    return false;
            }
        }
    }

    private bool Take(ExpressionSyntax node, ExpressionSyntax text)
    {
        if (_scope.Facts.CallAt(node) is not { } call || call.Api.SqlArgument is not { } argument || !argument.Syntax.Span.Contains(text.Span))
        {
            return false;
        }

        if (!_calls.Any(known => known.Operation.Syntax == node))
        {
            _calls.Add(call);
        }

        return true;
    }

    // The variable at the start of a chain of calls.
    private ISymbol? Builder(ExpressionSyntax chain)
    {
        while (chain is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access })
        {
            chain = access.Expression;
        }

        return Variable(chain);
    }

    private ISymbol? Variable(ExpressionSyntax expression) =>
        _scope.Model.GetSymbolInfo(expression).Symbol is ILocalSymbol or IParameterSymbol { RefKind: RefKind.None }
            ? _scope.Model.GetSymbolInfo(expression).Symbol
            : null;

    // The call's result, or its builder, holds the text.
    private bool PassesOn(ExpressionSyntax call) => _scope.Model.GetSymbolInfo(call).Symbol is IMethodSymbol method &&
        (method.ContainingType is { SpecialType: SpecialType.System_String } or { Name: "StringBuilder", ContainingNamespace: { Name: "Text", ContainingNamespace.Name: "System" } }) &&
        method.Name is ".ctor" or "Append" or "AppendLine" or "AppendFormat" or "Insert" or "ToString" or "Trim" or "TrimEnd" or "TrimStart" or "Concat" or "Format";

    private bool Carry(ISymbol variable)
    {
        if (!_variables.Add(variable))
        {
            return true;
        }

        foreach (var name in _member.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText == variable.Name && SymbolEqualityComparer.Default.Equals(_scope.Model.GetSymbolInfo(name).Symbol, variable) &&
                !(name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name && assignment.Parent is ExpressionStatementSyntax) &&
                !Follow(name))
            {
                return false;
            }
        }

        return true;
    }
}
