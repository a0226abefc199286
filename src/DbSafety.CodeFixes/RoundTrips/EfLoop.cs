using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using LoopKind = DbSafety.Analyzers.Flow.LoopKind;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A <c>foreach</c> in a block, in front of which statements may be put, and which goes through elements that can be read before it.</summary>
internal sealed class EfLoop
{
    // Of a variable declared with var the annotation says nothing; that of the elements does.
    private readonly bool _mayBeNull;

    private EfLoop(FixScope scope, Repetition repetition, ForEachStatementSyntax syntax, IForEachLoopOperation operation, ITypeSymbol element)
    {
        _mayBeNull = !element.IsValueType && element.NullableAnnotation != NullableAnnotation.NotAnnotated;
        Scope = scope;
        Repetition = repetition;
        Syntax = syntax;
        Operation = operation;
        Variable = operation.Locals[0];
        Data = scope.Facts.DataOf(repetition.Region);
        Names = new NewNames(scope, syntax);
    }

    public FixScope Scope { get; }

    public Repetition Repetition { get; }

    public ForEachStatementSyntax Syntax { get; }

    public IForEachLoopOperation Operation { get; }

    /// <summary>The variable of the iteration.</summary>
    public ILocalSymbol Variable { get; }

    public LoopData Data { get; }

    public NewNames Names { get; }

    /// <summary>The white space in front of the loop.</summary>
    public string Indent => IndentOf(Scope, Syntax);

    /// <summary>The loop around a repeated trip, or null where nothing can be put in front of it, or the trip does not stand in the loop's own code.</summary>
    public static EfLoop? Of(FixScope scope, Repetition repetition)
    {
        if (repetition.Execution is null || repetition.Region is not { Kind: LoopKind.ForEach, Operation: IForEachLoopOperation { IsAsynchronous: false, Syntax: ForEachStatementSyntax syntax } loop } ||
            syntax.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax) || syntax.SyntaxTree != scope.Root.SyntaxTree || loop.Locals.Length != 1 ||
            repetition.Operation.Syntax.Ancestors().TakeWhile(node => node != syntax).Any(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        {
            return null;
        }

        var info = scope.Model.GetForEachStatementInfo(syntax);
        return info is { ElementConversion.IsIdentity: true, ElementType: { } element } && SymbolEqualityComparer.Default.Equals(element, loop.Locals[0].Type) && IsSequence(scope, syntax)
            ? new EfLoop(scope, repetition, syntax, loop, element)
            : null;
    }

    /// <summary>The white space in front of a statement.</summary>
    public static string IndentOf(FixScope scope, SyntaxNode node)
    {
        var line = scope.Text.Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>Statements put in front of the loop, behind the comments that stand there.</summary>
    public TextChange InFront(IEnumerable<string> statements) =>
        new(new TextSpan(Syntax.SpanStart, 0), string.Concat(statements.Select(statement => statement + Scope.NewLine + Indent)));

    /// <summary>
    /// The elements under a name that can be read more than once: the name, the statement that makes it and what the loop goes through instead; null where the
    /// elements can't be read before the loop.
    /// </summary>
    /// <param name="awaits">The token that an asynchronous reading takes, or empty; null where the method must not await.</param>
    public (string Name, string? Statement, TextChange? Source)? Elements(string? awaits)
    {
        var expression = Syntax.Expression;
        var value = HoleValues.Strip(Operation.Collection);
        var isCollection = IsCollection(value.Type);
        var symbol = Scope.Model.GetSymbolInfo(expression).Symbol;
        if (isCollection && expression is IdentifierNameSyntax && symbol is ILocalSymbol or IParameterSymbol)
        {
            return Data.Changing.Contains(symbol) ? null : (expression.ToString(), null, null);
        }

        // What is made as it is read must not be read to its end where the loop may stop before.
        if (!isCollection && MayLeave())
        {
            return null;
        }

        var name = Names.Take(NewNames.Plural(NewNames.Camel(Variable.Type.SpecialType == SpecialType.None ? Variable.Type.Name : Variable.Name)));
        var text = expression is InvocationExpressionSyntax or MemberAccessExpressionSyntax or SimpleNameSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax || isCollection
            ? expression.ToString()
            : $"({expression})";
        var made = isCollection ? text
            : awaits is not null && EfQueries.IsQueryType(value.Type, Scope.Facts.Apis) && EfQueries.IsQuery(value, Scope.Facts.Apis) ? $"await {text}.{EfEmit.ToListAsync.Member}({awaits})"
            : $"{text}.ToList()";
        return (name, $"var {name} = {Dedent(made)};", new TextChange(expression.Span, name));
    }

    /// <summary>Whether a value names nothing that belongs to the iteration, or that the loop changes, and computes the same each time.</summary>
    public bool IsStable(ExpressionSyntax expression)
    {
        if (Scope.Model.GetOperation(expression) is not { } operation)
        {
            return false;
        }

        // The parameters of lambdas inside the expression are its own.
        var changing = new HashSet<ISymbol>(
            Data.Changing.Where(symbol => symbol is not IParameterSymbol || !symbol.DeclaringSyntaxReferences.Any(reference => Repetition.Operation.Syntax.Span.Contains(reference.Span))),
            SymbolEqualityComparer.Default);
        return !operation.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation { Local: var local } && IsOfBody(local) && !IsOwn(local, expression)) && Scope.Facts.IsStable(operation, changing);
    }

    /// <summary>
    /// What an expression is before the loop, in terms of the iteration variable: itself, or the value of the local in the body that it names. Null where it is
    /// more than a chain of members that only hand out what they hold.
    /// </summary>
    public string? KeyInFront(ExpressionSyntax key)
    {
        for (var depth = 0; depth < 3; depth++)
        {
            if (key is not IdentifierNameSyntax || Scope.Model.GetSymbolInfo(key).Symbol is not ILocalSymbol local || SymbolEqualityComparer.Default.Equals(local, Variable))
            {
                break;
            }

            if (!IsOfBody(local) || local.DeclaringSyntaxReferences.Length != 1 || local.DeclaringSyntaxReferences[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } value } || IsWritten(local))
            {
                return null;
            }

            key = value;
        }

        var members = 0;
        ExpressionSyntax at = key;
        while (at is MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access)
        {
            if (Scope.Model.GetSymbolInfo(access).Symbol is not { } member || !HandsOut(member) || IsAssigned(member))
            {
                return null;
            }

            at = access.Expression;
            members++;
        }

        if (at is not IdentifierNameSyntax || !SymbolEqualityComparer.Default.Equals(Scope.Model.GetSymbolInfo(at).Symbol, Variable) || (members > 0 && IsHandedOn()))
        {
            return null;
        }

        // A member of nothing throws: before the loop, only where it would have thrown in the loop too.
        return (members > 1 || (members == 1 && _mayBeNull)) && IsConditional() ? null : key.ToString();
    }

    /// <summary>Whether the loop may change what its queries read, in the database or in the context.</summary>
    public bool MayChangeWhatIsRead(CancellationToken cancellation)
    {
        var apis = Scope.Facts.Apis;
        return Scope.Facts.MayWrite(Repetition.Region, Repetition.Operation, cancellation) || Operation.Body.Descendants().Any(part => part is IInvocationOperation { Instance.Type: { } type } call &&
            (EfQueries.IsContext(type, apis) || EfQueries.IsQueryType(type, apis)) && !EfOperators.MakesSet(call.TargetMethod.Name) && Scope.Facts.ExecutionOf(call) is null);
    }

    /// <summary>Whether something in the body assigns to a member of what an operation gives.</summary>
    public bool ChangesResult()
    {
        var results = Data.ResultsOf(Repetition.Operation);
        return Operation.Body.Descendants().Any(part => part is IAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } instance } } &&
            instance.DescendantsAndSelf().Any(value => LoopRegions.SymbolOf(value) is { } symbol && results.Contains(symbol)));
    }

    /// <summary>Text of several lines, moved from the place of the repeated trip to that of the loop.</summary>
    public string Dedent(string text)
    {
        var from = IndentOf(Scope, Repetition.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() ?? Repetition.Operation.Syntax);
        return text.IndexOf('\n') < 0 || !from.StartsWith(Indent, StringComparison.Ordinal) ? text : text.Replace("\n" + from, "\n" + Indent);
    }

    /// <summary>Whether the trip runs in some iterations only.</summary>
    public bool IsConditional()
    {
        for (SyntaxNode node = Repetition.Operation.Syntax; node.Parent is { } parent && node != Syntax.Statement; node = parent)
        {
            switch (parent)
            {
                case StatementSyntax and not (BlockSyntax or ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax):
                case SwitchExpressionArmSyntax or CatchClauseSyntax:
                case ConditionalAccessExpressionSyntax access when node != access.Expression:
                case ConditionalExpressionSyntax conditional when node != conditional.Condition:
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression or (int)SyntaxKind.CoalesceExpression } binary when node == binary.Right:
                case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression }:
                    return true;
                case BlockSyntax block when block.Statements.TakeWhile(statement => statement != node).Any(Jumps):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the loop may end before its last element.</summary>
    public bool MayLeave() => Syntax.Statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(node => node is ReturnStatementSyntax or BreakStatementSyntax or GotoStatementSyntax or YieldStatementSyntax);

    /// <summary>Whether others run between the iterations: whoever takes what is yielded may write.</summary>
    public bool HandsOn() => Syntax.Statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(node => node is YieldStatementSyntax);

    private static bool Jumps(StatementSyntax statement) =>
        statement.DescendantNodesAndSelf().Any(node => node is ContinueStatementSyntax or BreakStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax or ThrowExpressionSyntax or YieldStatementSyntax);

    // Fields and properties that the compiler wrote, and the parts of tuples, pairs and groups.
    private static bool HandsOut(ISymbol member) => member switch
    {
        IFieldSymbol { IsStatic: false } => true,
        IPropertySymbol { IsStatic: false, IsIndexer: false } property => property.ContainingType.IsAnonymousType || property.DeclaringSyntaxReferences.IsEmpty || property.DeclaringSyntaxReferences.All(reference => reference.GetSyntax() switch
        {
            PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } => accessors.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }),
            ParameterSyntax => true,
            _ => false,
        }),
        _ => false,
    };

    private bool IsOfBody(ILocalSymbol local) => local.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == Syntax.SyntaxTree && Syntax.Span.Contains(reference.Span));

    private static bool IsOwn(ILocalSymbol local, ExpressionSyntax expression) => local.DeclaringSyntaxReferences.Any(reference => expression.Span.Contains(reference.Span));

    private bool IsWritten(ILocalSymbol local) => IsGivenAnother(target => target is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local));

    private bool IsAssigned(ISymbol member) => IsGivenAnother(target => target is IMemberReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Member, member));

    private bool IsGivenAnother(Func<IOperation, bool> isIt) => Operation.Body.Descendants().Any(part => part switch
    {
        IAssignmentOperation assignment => isIt(assignment.Target) || (assignment.Target is ITupleOperation tuple && tuple.Descendants().Any(isIt)),
        IIncrementOrDecrementOperation step => isIt(step.Target),
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument => isIt(argument.Value),
        _ => false,
    });

    // The element as a whole goes to code that may change it before its key is read.
    private bool IsHandedOn() => Operation.Body.Descendants().Any(part =>
        part is ILocalReferenceOperation { Local: var local } reference && SymbolEqualityComparer.Default.Equals(local, Variable) && reference.Syntax.SpanStart < Repetition.Operation.Syntax.SpanStart &&
        (reference.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } } && !IsBaseLibrary(method)
        || (reference.Parent is IInvocationOperation { TargetMethod: var own } call && call.Instance == reference && !IsBaseLibrary(own))));

    private static bool IsBaseLibrary(IMethodSymbol method) => method.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) == true;

    /// <summary>Whether a type holds its elements, rather than making them when they are read.</summary>
    public static bool IsCollection(ITypeSymbol? type) => type is IArrayTypeSymbol { Rank: 1 } || (type is INamedTypeSymbol named && named.AllInterfaces.Add(named).Any(contract =>
        contract.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_ICollection_T or SpecialType.System_Collections_Generic_IReadOnlyCollection_T));

    private static bool IsSequence(FixScope scope, ForEachStatementSyntax syntax) => scope.Model.GetTypeInfo(syntax.Expression).Type is { } type &&
        (type is IArrayTypeSymbol { Rank: 1 } || (type is INamedTypeSymbol named && named.AllInterfaces.Add(named).Any(contract => contract.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)));
}
