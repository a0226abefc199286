using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using LoopKind = DbSafety.Analyzers.Flow.LoopKind;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A value of the loop's element, as a lambda can compute it before the loop.</summary>
/// <param name="Expression">Its text, over the loop's variable.</param>
/// <param name="Type">Its type.</param>
/// <param name="Source">The expression.</param>
internal sealed record ElementValue(string Expression, ITypeSymbol Type, ExpressionSyntax Source);

/// <summary>A <c>foreach</c> loop as a place to edit: what can be said in front of it, and what can be moved there.</summary>
internal sealed class LoopSite
{
    private readonly FixScope _scope;
    private readonly HashSet<string> _names;

    private LoopSite(FixScope scope, ForEachStatementSyntax loop, LoopRegion region, ILocalSymbol variable, ITypeSymbol element)
    {
        _scope = scope;
        Loop = loop;
        Region = region;
        Variable = variable;
        Element = element;
        Data = scope.Facts.DataOf(region);
        _names = new HashSet<string>(
            FixScope.MemberOf(loop).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
    }

    /// <summary>The statement.</summary>
    public ForEachStatementSyntax Loop { get; }

    /// <summary>The region that it is.</summary>
    public LoopRegion Region { get; }

    /// <summary>How values move in it.</summary>
    public LoopData Data { get; }

    /// <summary>The variable of the iteration.</summary>
    public ILocalSymbol Variable { get; }

    /// <summary>The type of the elements, with its nullability.</summary>
    public ITypeSymbol Element { get; }

    /// <summary>The text of the variable.</summary>
    public string VariableText => Loop.Identifier.Text;

    /// <summary>The loop that repeats a trip, or null where it is none that statements can be put in front of.</summary>
    public static LoopSite? Of(FixScope scope, Repetition repetition) =>
        repetition.Region is { Kind: LoopKind.ForEach, Operation: IForEachLoopOperation { Syntax: ForEachStatementSyntax loop } operation } region &&
        loop.AwaitKeyword.IsKind(SyntaxKind.None) && loop.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax && !loop.ContainsDirectives &&
        operation.Locals.Length == 1 && FixScope.BodyOf(loop) == FixScope.BodyOf(repetition.Operation.Syntax) &&
        HoleValues.ElementType(region.Source?.Type) is { } element && SymbolEqualityComparer.Default.Equals(element, operation.Locals[0].Type)
            ? new LoopSite(scope, loop, region, operation.Locals[0], element)
            : null;

    /// <summary>A name for a new variable.</summary>
    public string NewName(string wanted) => CSharpText.Identifier(ParameterNames.Unique(wanted, _names));

    /// <summary>A name for the parameter of a lambda in front of the loop; it may be a name that the loop uses inside.</summary>
    public string LambdaName(string wanted)
    {
        var visible = new HashSet<string>(
            _scope.Model.LookupSymbols(Loop.SpanStart).Where(symbol => symbol is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol).Select(symbol => symbol.Name), StringComparer.Ordinal);
        return CSharpText.Identifier(ParameterNames.Unique(wanted, visible));
    }

    /// <summary>The variable that one of the declarations right in front of the loop (and of the commands that read for it) gives a value to, or null: another call of the loop may need the same.</summary>
    public string? DeclaredInFront(string value)
    {
        if (Loop.Parent is not BlockSyntax block)
        {
            return null;
        }

        for (var i = block.Statements.IndexOf(Loop) - 1; i >= 0 && block.Statements[i] is LocalDeclarationStatementSyntax or UsingStatementSyntax; i--)
        {
            if (block.Statements[i] is LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } && variables[0].Initializer?.Value.ToString() == value)
            {
                return variables[0].Identifier.Text;
            }
        }

        return null;
    }

    /// <summary>The change that puts statements in front of the loop.</summary>
    public TextChange InFront(IEnumerable<string> statements)
    {
        var next = _scope.NewLine + CSharpText.Indentation(_scope, Loop);
        return new TextChange(new TextSpan(Loop.SpanStart, 0), string.Concat(statements.Select(statement => statement + next)));
    }

    /// <summary>
    /// What the loop goes through, as an expression that may be gone through again; null where that is not the same. What is not there as a collection
    /// is read into one first.
    /// </summary>
    public string? Again(ICollection<string> statements, ICollection<TextChange> changes)
    {
        var source = Region.Source!;
        if (MentionsChanging(source))
        {
            return null;
        }

        var isCollection = IsCollection(source.Type!);
        if (isCollection && source is ILocalReferenceOperation or IParameterReferenceOperation)
        {
            return source.Syntax.ToString();
        }

        if (!isCollection && (MayLeave() || (source is ILocalReferenceOperation { Local: var local } && InitialValue(local) is { } initial && MentionsChanging(initial))))
        {
            return null;
        }

        var name = NewName(Plural(Variable.Name));
        statements.Add($"var {name} = {(isCollection ? Loop.Expression.ToString() : CSharpText.Operand(Loop.Expression) + ".ToList()")};");
        changes.Add(new TextChange(Loop.Expression.Span, name));
        return name;
    }

    private IOperation? InitialValue(ILocalSymbol local) =>
        local.DeclaringSyntaxReferences.Length == 1 && local.DeclaringSyntaxReferences[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var value }
            ? _scope.Model.GetOperation(value)
            : null;

    private static bool IsCollection(ITypeSymbol type) =>
        type is IArrayTypeSymbol || type.AllInterfaces.Append(type as INamedTypeSymbol).Any(contract =>
            contract?.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_ICollection_T or SpecialType.System_Collections_Generic_IReadOnlyCollection_T);

    private bool MentionsChanging(IOperation value) => LoopData.Mentions(value, Data.Changing);

    /// <summary>Whether the loop may end before all elements are seen.</summary>
    public bool MayLeave() => Statements().Any(statement => statement is ReturnStatementSyntax or GotoStatementSyntax or BreakStatementSyntax);

    private IEnumerable<SyntaxNode> Statements() =>
        Loop.Statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    /// <summary>Whether a piece of the body is reached in each iteration, for each element.</summary>
    public bool IsAlwaysReached(SyntaxNode node)
    {
        for (var at = node; at != Loop.Statement; at = at.Parent!)
        {
            if (at is not (BlockSyntax or LocalDeclarationStatementSyntax or VariableDeclarationSyntax or VariableDeclaratorSyntax or EqualsValueClauseSyntax or
                ExpressionStatementSyntax or AwaitExpressionSyntax or ParenthesizedExpressionSyntax or ArgumentSyntax or ArgumentListSyntax or InvocationExpressionSyntax or
                MemberAccessExpressionSyntax or CastExpressionSyntax or AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } or
                BaseObjectCreationExpressionSyntax or InitializerExpressionSyntax or AnonymousObjectCreationExpressionSyntax or AnonymousObjectMemberDeclaratorSyntax))
            {
                return false;
            }
        }

        return !MayLeave() && !Statements().Any(statement => statement is ContinueStatementSyntax);
    }

    /// <summary>
    /// A value as one of the element alone, which can be computed before the loop; null where more goes into it, or computing it could throw where it
    /// did not before.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="isAlways">Whether it is computed for each element as things are.</param>
    public ElementValue? Of(IOperation value, bool isAlways)
    {
        value = Strip(value);
        if (value is ILocalReferenceOperation { Local: var local } && !SymbolEqualityComparer.Default.Equals(local, Variable))
        {
            // var id = order.UserId;
            if (!Contains(local) || IsAssigned(local) || InitialValue(local) is not { } initial)
            {
                return null;
            }

            value = Strip(initial);
        }

        return value is { Type: { } type, Syntax: ExpressionSyntax syntax } && IsOfElement(value, isAlways) && !IsAssignedIn(value) && !syntax.ToString().Contains('\n')
            ? new ElementValue(syntax.ToString(), type, syntax)
            : null;
    }

    // Implicit conversions only: the others may throw, or say what is meant.
    private static IOperation Strip(IOperation value) =>
        value is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion ? Strip(conversion.Operand) : value is IParenthesizedOperation parenthesized ? Strip(parenthesized.Operand) : value;

    private bool IsOfElement(IOperation value, bool isAlways) => Strip(value) switch
    {
        ILocalReferenceOperation { Local: var local } => SymbolEqualityComparer.Default.Equals(local, Variable),
        IFieldReferenceOperation { Instance: { } owner } => IsOfElement(owner, isAlways) && (isAlways || IsThere(owner)),
        IPropertyReferenceOperation { Instance: { } owner, Arguments.Length: 0, Property: { ContainingType.OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T } property } =>
            !DoesMore(property) && IsOfElement(owner, isAlways) && (isAlways || IsThere(owner)),
        _ => false,
    };

    // Its getter changes something, or calls what may: it can't be asked once more.
    private static bool DoesMore(IPropertySymbol property) => property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is PropertyDeclarationSyntax declaration &&
        ((SyntaxNode?)declaration.ExpressionBody ?? declaration.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration)))?.DescendantNodes().Any(node =>
            node is AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: not (int)SyntaxKind.SuppressNullableWarningExpression } or InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax ||
            node.IsKind(SyntaxKind.PreIncrementExpression) || node.IsKind(SyntaxKind.PreDecrementExpression)) == true);

    // Not null, as far as the types tell.
    private bool IsThere(IOperation owner) => Strip(owner) switch
    {
        { Type.IsValueType: true } => true,
        ILocalReferenceOperation => Element.NullableAnnotation == NullableAnnotation.NotAnnotated,
        IPropertyReferenceOperation { Property.NullableAnnotation: NullableAnnotation.NotAnnotated } => true,
        IFieldReferenceOperation { Field.NullableAnnotation: NullableAnnotation.NotAnnotated } => true,
        _ => false,
    };

    // The loop writes a member that the value is read from.
    private bool IsAssignedIn(IOperation value)
    {
        var members = new HashSet<ISymbol>(value.DescendantsAndSelf().OfType<IMemberReferenceOperation>().Select(member => member.Member), SymbolEqualityComparer.Default);
        return members.Count > 0 && Operations().Any(operation => operation switch
        {
            IAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } => members.Contains(member),
            IIncrementOrDecrementOperation { Target: IMemberReferenceOperation { Member: var member } } => members.Contains(member),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: IMemberReferenceOperation { Member: var member } } => members.Contains(member),
            _ => false,
        });
    }

    /// <summary>Whether the loop gives a variable another value than the one it is declared with.</summary>
    public bool IsAssigned(ILocalSymbol local)
    {
        return Operations().Any(operation => operation switch
        {
            IAssignmentOperation assignment => assignment.Target.DescendantsAndSelf().Any(IsLocal),
            IIncrementOrDecrementOperation increment => IsLocal(increment.Target),
            IArgumentOperation { Parameter.RefKind: not RefKind.None } argument => IsLocal(argument.Value),
            _ => false,
        });

        bool IsLocal(IOperation target) => target is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local);
    }

    /// <summary>What the loop does, operation by operation.</summary>
    public IEnumerable<IOperation> Operations() => Region.Body.SelectMany(body => body.DescendantsAndSelf());

    private bool Contains(ILocalSymbol local) => local.DeclaringSyntaxReferences.Any(reference => Loop.Span.Contains(reference.Span));

    /// <summary>Whether a value is the same in each iteration, and can be named in front of the loop.</summary>
    public bool IsInvariant(IOperation value) => value.DescendantsAndSelf().All(operation => operation switch
    {
        ILocalReferenceOperation { Local: var local } => !Contains(local) && !Data.Changing.Contains(local),
        IParameterReferenceOperation { Parameter: var parameter } => !Data.Changing.Contains(parameter),
        IPropertyReferenceOperation { Property: { IsStatic: true, ContainingType.SpecialType: not SpecialType.None } } => false,
        IPropertyReferenceOperation { Property: { IsStatic: true, Type.IsValueType: true, ContainingType.Name: not nameof(CancellationToken) } } => false,
        IMemberReferenceOperation { Member: var member } => member is IFieldSymbol or IPropertySymbol && !Data.Changing.Contains(member),
        ILiteralOperation or IConversionOperation or IParenthesizedOperation or IInstanceReferenceOperation or IDefaultValueOperation or ITypeOfOperation or INameOfOperation or
            IArgumentOperation or IBinaryOperation or IAnonymousObjectCreationOperation or ISimpleAssignmentOperation => true,
        _ => false,
    });

    /// <summary>The plural of a name: <c>order</c>, <c>orders</c>.</summary>
    public static string Plural(string name) =>
        name.Length < 2 ? name + "s"
        : name.EndsWith("s", StringComparison.Ordinal) || name.EndsWith("x", StringComparison.Ordinal) || name.EndsWith("ch", StringComparison.Ordinal) ? name + "es"
        : name.EndsWith("y", StringComparison.Ordinal) && "aeiou".IndexOf(name[name.Length - 2]) < 0 ? name.Substring(0, name.Length - 1) + "ies"
        : name + "s";
}
