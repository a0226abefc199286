using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>Whether an expression, read at the call instead of where the text is built, gives the same value.</summary>
internal static class ValueMove
{
    /// <summary>Whether an expression has neither side effects nor another value each time.</summary>
    public static bool IsStable(ExpressionSyntax expression, SemanticModel model)
    {
        foreach (var node in expression.DescendantNodesAndSelf())
        {
            switch (node)
            {
                case AssignmentExpressionSyntax or AwaitExpressionSyntax or BaseObjectCreationExpressionSyntax or ThrowExpressionSyntax or QueryExpressionSyntax:
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression }:
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }:
                    return false;
                case InvocationExpressionSyntax call when !IsStableCall(call, model):
                    return false;
                case SimpleNameSyntax name when model.GetSymbolInfo(name).Symbol is IPropertySymbol { IsStatic: true, SetMethod: null } property &&
                    property.ContainingNamespace?.Name == "System":
                    // DateTime.Now, Environment.TickCount ..
                    return false;
            }
        }

        return true;
    }

    private static bool IsStableCall(InvocationExpressionSyntax call, SemanticModel model)
    {
        if (call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" })
        {
            return true;
        }

        return model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { } type } method &&
            (type.SpecialType == SpecialType.System_String ||
             (type.IsValueType && !method.IsStatic && type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }) ||
             (type.TypeKind == TypeKind.Enum) || type is { SpecialType: SpecialType.System_Enum } ||
             type is { Name: "Enumerable", ContainingNamespace: { Name: "Linq", ContainingNamespace.Name: "System" } });
    }

    /// <summary>Whether the value is the same at the call, and reading it there can't throw where it was not read before.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="site">Where the text is built with it.</param>
    /// <param name="call">The call.</param>
    /// <param name="model">The semantic model.</param>
    public static bool IsSame(ExpressionSyntax expression, SyntaxNode site, SyntaxNode call, SemanticModel model)
    {
        if (call.Span.Contains(site.Span))
        {
            var between = site.Ancestors().TakeWhile(node => node != call).ToList();
            return !between.Any(node => node is AnonymousFunctionExpressionSyntax) && (!between.Any(IsBranch) || NeverThrows(expression, model));
        }

        var body = FixScope.BodyOf(site);
        if (body != FixScope.BodyOf(call) || site.SpanStart > call.SpanStart || !IsStable(expression, model))
        {
            return false;
        }

        var isConditional = false;
        foreach (var ancestor in site.Ancestors().TakeWhile(node => node != body))
        {
            if (ancestor.Span.Contains(call.Span))
            {
                continue;
            }

            if (ancestor is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax)
            {
                return false;
            }

            isConditional |= IsBranch(ancestor);
        }

        if (isConditional && !NeverThrows(expression, model))
        {
            return false;
        }

        // A loop around the call alone repeats it with the first value.
        var end = call.Span.End;
        foreach (var ancestor in call.Ancestors().TakeWhile(node => node != body))
        {
            if (!ancestor.Span.Contains(site.Span) &&
                ancestor is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax)
            {
                end = Math.Max(end, ancestor.Span.End);
            }
        }

        return !IsWritten(expression, TextSpan.FromBounds(site.Span.End, end), call, FixScope.MemberOf(call), model);
    }

    // What stands in it may not be evaluated.
    private static bool IsBranch(SyntaxNode node) => node is
        IfStatementSyntax or SwitchStatementSyntax or SwitchExpressionSyntax or ConditionalExpressionSyntax or TryStatementSyntax or CatchClauseSyntax or
        ConditionalAccessExpressionSyntax or
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression };

    private static bool NeverThrows(ExpressionSyntax expression, SemanticModel model) => expression switch
    {
        IdentifierNameSyntax => model.GetSymbolInfo(expression).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } => model.GetSymbolInfo(expression).Symbol is IFieldSymbol,
        MemberAccessExpressionSyntax access => model.GetSymbolInfo(expression).Symbol is IFieldSymbol or IPropertySymbol && IsNeverNull(access.Expression, model) &&
            NeverThrows(access.Expression, model),
        ParenthesizedExpressionSyntax parens => NeverThrows(parens.Expression, model),
        LiteralExpressionSyntax => true,
        InterpolatedStringExpressionSyntax text => text.Contents.OfType<InterpolationSyntax>().All(hole => NeverThrows(hole.Expression, model)),
        _ => false,
    };

    // Declared so that it can't be null, wherever it is read.
    private static bool IsNeverNull(ExpressionSyntax receiver, SemanticModel model)
    {
        var (type, annotation) = model.GetSymbolInfo(receiver).Symbol switch
        {
            ILocalSymbol local => (local.Type, local.NullableAnnotation),
            IParameterSymbol parameter => (parameter.Type, parameter.NullableAnnotation),
            IFieldSymbol field => (field.Type, field.NullableAnnotation),
            IPropertySymbol property => (property.Type, property.NullableAnnotation),
            _ => (null, NullableAnnotation.None),
        };
        return type is { IsValueType: true }
            ? type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T
            : annotation == NullableAnnotation.NotAnnotated;
    }

    private static bool IsWritten(ExpressionSyntax expression, TextSpan region, SyntaxNode call, SyntaxNode member, SemanticModel model)
    {
        var variables = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var members = new HashSet<string>(StringComparer.Ordinal);
        var roots = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var readsOwn = false;
        foreach (var name in expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
        {
            switch (model.GetSymbolInfo(name).Symbol)
            {
                case ILocalSymbol or IParameterSymbol:
                    var symbol = model.GetSymbolInfo(name).Symbol!;
                    variables.Add(symbol);
                    if (name.Parent is MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ElementAccessExpressionSyntax or ArgumentSyntax &&
                        model.GetTypeInfo(name).Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String })
                    {
                        roots.Add(symbol);
                    }
                    else if (model.GetTypeInfo(name).Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String })
                    {
                        // A collection or object that is passed as it is: whoever touches it may change it.
                        roots.Add(symbol);
                    }

                    break;
                case IFieldSymbol { IsReadOnly: false, IsConst: false } or IPropertySymbol { SetMethod: { IsInitOnly: false } }:
                    members.Add(name.Identifier.ValueText);
                    readsOwn |= name.Parent is not MemberAccessExpressionSyntax access || access.Expression == name || access.Expression is ThisExpressionSyntax;
                    break;
            }
        }

        foreach (var node in member.DescendantNodes())
        {
            var isInside = region.Contains(node.Span);
            ExpressionSyntax? target = node switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left,
                ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument => argument.Expression,
                PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } prefix => prefix.Operand,
                PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } postfix => postfix.Operand,
                _ => null,
            };
            if (target is not null && (isInside || IsNested(node, member, region)))
            {
                foreach (var written in target is TupleExpressionSyntax tuple ? tuple.Arguments.Select(argument => argument.Expression) : [target])
                {
                    if (written switch
                    {
                        IdentifierNameSyntax name => variables.Contains(model.GetSymbolInfo(name).Symbol!) || members.Contains(name.Identifier.ValueText),
                        MemberAccessExpressionSyntax access => members.Contains(access.Name.Identifier.ValueText),
                        ElementAccessExpressionSyntax element => model.GetSymbolInfo(element.Expression).Symbol is { } array && roots.Contains(array),
                        _ => false,
                    })
                    {
                        return true;
                    }
                }
            }

            if (!isInside || node.Span.Contains(call.Span) || call.Span.Contains(node.Span))
            {
                continue;
            }

            // Another call on the same object, or with it, may change what its members hold.
            if (node is InvocationExpressionSyntax invocation &&
                (invocation.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } && model.GetSymbolInfo(receiver).Symbol is { } owner && roots.Contains(owner) ||
                 (readsOwn && invocation.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax })))
            {
                return true;
            }

            if (node is ArgumentSyntax { Expression: IdentifierNameSyntax passed } && model.GetSymbolInfo(passed).Symbol is { } handed && roots.Contains(handed))
            {
                return true;
            }
        }

        return false;
    }

    // Inside a lambda or local function, which may run at any time.
    private static bool IsNested(SyntaxNode node, SyntaxNode member, TextSpan region) => node.Ancestors().TakeWhile(ancestor => ancestor != member)
        .Any(ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax && !ancestor.Span.Contains(region));
}
