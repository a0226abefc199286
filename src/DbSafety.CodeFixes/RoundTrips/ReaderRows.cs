using System.Collections.Immutable;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Puts the rows of a reader into a list, closes the reader, and lets its loop go over the list.</summary>
internal sealed class ReaderRows
{
    private static readonly SymbolDisplayFormat s_plain = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly SymbolDisplayFormat s_nullable = s_plain.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly FixScope _scope;
    private readonly ReaderLoop _loop;
    private readonly List<ReaderColumn> _columns;
    private readonly SymbolDisplayFormat _format;

    private ReaderRows(FixScope scope, ReaderLoop loop, List<ReaderColumn> columns)
    {
        _scope = scope;
        _loop = loop;
        _columns = columns;
        _format = scope.HasNullableAnnotations(loop.Loop.SpanStart) ? s_nullable : s_plain;
    }

    /// <summary>The edit, or null where the rows can't be kept.</summary>
    public static ImmutableArray<TextChange>? Edit(FixScope scope, ReaderLoop loop) =>
        ReaderColumn.AllOf(scope, loop) is { } columns ? new ReaderRows(scope, loop, columns).Edit() : null;

    private ImmutableArray<TextChange> Edit()
    {
        var names = new NewNames(_scope, _loop.Resource);
        var variable = _columns.Count == 1 ? VariableOf(_columns[0]) : null;
        var wanted = _columns.Count == 1 ? NewNames.Camel(_columns[0].Name) : "row";
        var row = variable?.Declaration.Variables[0].Identifier.Text ?? names.Take(wanted);
        var rows = names.Take(NewNames.Plural(wanted));

        var changes = ImmutableArray.CreateBuilder<TextChange>();
        if (Usings.ForList(_scope, _loop.Resource.SpanStart) is { } directive)
        {
            changes.Add(directive);
        }

        var body = Body(row, variable);
        var start = _loop.Loop.CloseParenToken.Span.End;
        var isStacked = _loop.Resource.Parent is UsingStatementSyntax;
        var head = Head(row, rows, isStacked);
        if (_loop.Resource is UsingStatementSyntax && !isStacked)
        {
            // One level up.
            var text = _scope.Text.GetSubText(TextSpan.FromBounds(start, _loop.Loop.Span.End)).WithChanges(body
                .Select(change => new TextChange(new TextSpan(change.Span.Start - start, change.Span.Length), change.NewText!)).OrderBy(change => change.Span.Start)).ToString();
            changes.Add(new TextChange(_loop.Resource.Span, head + DapperCall.Reindented(_scope, _loop.Loop, text, _loop.Resource)));
            return changes.ToImmutable();
        }

        changes.Add(new TextChange(TextSpan.FromBounds(_loop.Resource.SpanStart, start), head));
        changes.AddRange(body);
        if (isStacked)
        {
            changes.Add(new TextChange(TextSpan.FromBounds(_loop.Loop.Span.End, _loop.Resource.Span.End), $"{_scope.NewLine}{CSharpText.Indentation(_scope, _loop.Resource)}}}"));
        }

        return changes.ToImmutable();
    }

    // Up to the body of the loop over the list.
    private string Head(string row, string rows, bool isStacked)
    {
        var outer = _scope.NewLine + CSharpText.Indentation(_scope, _loop.Resource);
        var line = isStacked ? outer + "    " : outer;
        var (type, value) = _columns.Count == 1
            ? (_columns[0].TypeText(_scope, _format), _columns[0].ReadText(_scope, _format))
            : ($"({string.Join(", ", _columns.Select(column => $"{column.TypeText(_scope, _format)} {column.Name}"))})", $"({string.Join(", ", _columns.Select(column => column.ReadText(_scope, _format)))})");

        var open = _scope.TextOf(_loop.Declaration.Span);
        var wait = Keyword(_loop.Resource is UsingStatementSyntax statement ? statement.AwaitKeyword : ((LocalDeclarationStatementSyntax)_loop.Resource).AwaitKeyword);
        var text = $"var {rows} = new {nameof(List<int>)}<{type}>();{line}{wait}using ({open}){line}{{{line}    while ({_scope.TextOf(_loop.Loop.Condition.Span)}){line}    {{" +
            $"{line}        {rows}.{nameof(List<int>.Add)}({value});{line}    }}{line}}}";
        text += Between(line) + $"foreach (var {row} in {rows})";
        return isStacked ? $"{{{line}{text}" : text;
    }

    private static string Keyword(SyntaxToken token) => token.IsKind(SyntaxKind.None) ? "" : token.Text + " ";

    // What stood between the two statements, with an empty line.
    private string Between(string line)
    {
        if (_loop.Resource is UsingStatementSyntax)
        {
            return _scope.NewLine + line;
        }

        var between = _scope.TextOf(TextSpan.FromBounds(_loop.Resource.Span.End, _loop.Loop.SpanStart));
        return between.Trim().Length > 0 ? between : _scope.NewLine + line;
    }

    private List<TextChange> Body(string row, LocalDeclarationStatementSyntax? variable)
    {
        var changes = new List<TextChange>();
        if (variable is not null)
        {
            changes.Add(new TextChange(TextSpan.FromBounds(variable.SpanStart, variable.GetLastToken().GetNextToken().SpanStart), ""));
        }

        foreach (var column in _columns)
        {
            var value = _columns.Count == 1 ? row : $"{row}.{column.Name}";
            changes.AddRange(column.Reads.Select(read => ShortOf(column, read) is { } whole ? new TextChange(whole.Span, value)
                : new TextChange(read.Node.Span, column.IsWrapped ? $"{value}.{nameof(Nullable<int>.Value)}" : value)));
            changes.AddRange(column.Tests.Select(test => column.IsNullable ? Test(test, value) : new TextChange(test.Node.Span, value)));
        }

        // The outermost of those that stand in one another.
        return changes.FindAll(change => !changes.Exists(other => other.Span != change.Span && other.Span.Contains(change.Span)));
    }

    // reader.IsDBNull(1): row.Name is null   !reader.IsDBNull(1): row.Name is not null
    private TextChange Test(ReaderUse test, string value)
    {
        ExpressionSyntax node = test.Node;
        var isNegated = node.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } && _scope.LanguageVersion >= LanguageVersion.CSharp9;
        if (isNegated)
        {
            node = (ExpressionSyntax)node.Parent!;
        }

        var text = isNegated ? $"{value} is not null" : $"{value} is null";
        var isFree = node.Parent is IfStatementSyntax or ConditionalExpressionSyntax or ParenthesizedExpressionSyntax or ArgumentSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax ||
            node.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression };
        return new TextChange(node.Span, isFree ? text : $"({text})");
    }

    // reader.IsDBNull(1) ? null : reader.GetString(1): what the row keeps.
    private ConditionalExpressionSyntax? ShortOf(ReaderColumn column, ReaderUse read)
    {
        SyntaxNode node = read.Node;
        while (node.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax)
        {
            node = node.Parent;
        }

        if (!column.IsNullable || node.Parent is not ConditionalExpressionSyntax choice || choice.Condition == node)
        {
            return null;
        }

        var isTrue = choice.WhenTrue == node;
        var type = _scope.Model.GetTypeInfo(choice) is { Type: not null and var own } ? own : _scope.Model.GetTypeInfo(choice).ConvertedType;
        var same = column.IsWrapped ? type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped && Same(wrapped.TypeArguments[0], column.Type) : Same(type, column.Type);
        return same && IsNull(isTrue ? choice.WhenFalse : choice.WhenTrue) && ReaderPath.IsNotNullWhen(choice.Condition, isTrue, read.Key, column.Tests) == true &&
            node.DescendantNodesAndSelf().OfType<CastExpressionSyntax>().Where(cast => cast.Span.Contains(read.Node.Span)).All(cast => Same(_scope.Model.GetTypeInfo(cast).Type, type))
            ? choice
            : null;
    }

    private static bool Same(ITypeSymbol? one, ITypeSymbol? other) => SymbolEqualityComparer.Default.Equals(one, other);

    // null   (int?)null   default
    private bool IsNull(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax parens => IsNull(parens.Expression),
        CastExpressionSyntax cast => IsNull(cast.Expression),
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.NullLiteralExpression) || literal.IsKind(SyntaxKind.DefaultLiteralExpression),
        DefaultExpressionSyntax => true,
        _ => false,
    };

    // var id = reader.GetInt32(0); as the first statement: the loop's variable, unless it is written.
    private LocalDeclarationStatementSyntax? VariableOf(ReaderColumn column)
    {
        if (column is not { IsNullable: false, Reads: { Count: 1 } reads } || _loop.Loop.Statement is not BlockSyntax { Statements: { Count: > 1 } statements } block ||
            statements[0] is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, IsConst: false, Declaration.Variables: { Count: 1 } variables } statement ||
            variables[0].Initializer?.Value != reads[0].Node || _scope.Model.GetDeclaredSymbol(variables[0]) is not ILocalSymbol { IsRef: false } local || !Same(local.Type, column.Type) ||
            statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia()).Concat(statements[1].GetLeadingTrivia())
                .Any(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
        {
            return null;
        }

        return block.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == local.Name && Same(_scope.Model.GetSymbolInfo(name).Symbol as ILocalSymbol, local) && MayWrite(name)) ? null : statement;
    }

    private static bool Same(ILocalSymbol? one, ILocalSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

    private static bool MayWrite(IdentifierNameSyntax name)
    {
        SyntaxNode node = name;
        while (node.Parent is ParenthesizedExpressionSyntax or TupleExpressionSyntax || (node is ExpressionSyntax && node.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax }))
        {
            node = node.Parent;
        }

        return node.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == node,
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
            PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
            PostfixUnaryExpressionSyntax postfix => !postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression),
            RefExpressionSyntax => true,
            _ => false,
        };
    }
}
