using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>
/// What one syntax tree tells without binding about methods that may pass a text of theirs on: names only, so that a tree is read once and
/// the result outlives the compilation.
/// </summary>
public sealed class WrapperIndex
{
    private readonly HashSet<string> _used;

    private WrapperIndex(
        IReadOnlyList<Candidate> candidates, IReadOnlyCollection<string> marked, HashSet<string> used, IReadOnlyList<(string Name, IReadOnlyCollection<string> Callees)> methods)
    {
        Candidates = candidates;
        Marked = marked;
        _used = used;
        Methods = methods;
    }

    /// <summary>The methods and local functions, with the names of what each calls.</summary>
    public IReadOnlyList<(string Name, IReadOnlyCollection<string> Callees)> Methods { get; }

    /// <summary>Whether a method of this name may be called here, or passed on as a delegate.</summary>
    public bool MayUse(string method) => _used.Contains(method) || !IsIndexed(method);

    /// <summary>Methods that pass a text parameter, unchanged, to something.</summary>
    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>Names of methods with a parameter that carries an attribute such as <c>[StringSyntax("Sql")]</c>.</summary>
    public IReadOnlyCollection<string> Marked { get; }

    /// <summary>A method that passes a text on.</summary>
    /// <param name="Declaration">Its declaration.</param>
    /// <param name="Name">Its name; the constructor name of the table for constructors.</param>
    /// <param name="Callees">The names of what it passes the text to.</param>
    public sealed record Candidate(SyntaxNode Declaration, string Name, IReadOnlyCollection<string> Callees);

    /// <summary>Reads a tree.</summary>
    public static WrapperIndex Of(SyntaxNode root, CancellationToken cancellation)
    {
        var candidates = new List<Candidate>();
        var marked = new HashSet<string>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var methods = new List<(string Name, IReadOnlyCollection<string> Callees)>();
        var open = new Stack<(int End, HashSet<string> Callees)>();
        foreach (var node in root.DescendantNodes(node => node is not (AttributeListSyntax or UsingDirectiveSyntax)))
        {
            while (open.Count > 0 && open.Peek().End <= node.SpanStart)
            {
                open.Pop();
            }

            if (node is SimpleNameSyntax use)
            {
                if (open.Count > 0 && IsCallee(use))
                {
                    open.Peek().Callees.Add(use.Identifier.ValueText);
                }

                if (IsIndexed(use.Identifier.ValueText) && IsUse(use))
                {
                    used.Add(use.Identifier.ValueText);
                }

                continue;
            }

            var (name, parameters) = node switch
            {
                MethodDeclarationSyntax method => (method.Identifier.ValueText, method.ParameterList),
                LocalFunctionStatementSyntax function => (function.Identifier.ValueText, function.ParameterList),
                ConstructorDeclarationSyntax constructor => (DbApiTable.Constructor, constructor.ParameterList),
                _ => ("", null),
            };
            if (parameters is null)
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            var calls = new HashSet<string>(StringComparer.Ordinal);
            methods.Add((name, calls));
            open.Push((node.Span.End, calls));
            HashSet<string>? texts = null;
            foreach (var parameter in parameters.Parameters)
            {
                if (parameter.AttributeLists.Count > 0 && parameter.AttributeLists.Any(IsLanguageMark))
                {
                    marked.Add(name);
                }

                if (parameter.Type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword } or
                    NullableTypeSyntax { ElementType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword } } or
                    IdentifierNameSyntax { Identifier.ValueText: "String" or "FormattableString" })
                {
                    (texts ??= []).Add(parameter.Identifier.ValueText);
                }
            }

            if (texts is not null && Callees(node, texts) is { Count: > 0 } callees)
            {
                candidates.Add(new Candidate(node, name, callees));
            }
        }

        return new WrapperIndex(candidates, marked, used, methods);
    }

    // Locals, parameters and fields begin with a small letter, and are most of the names.
    private static bool IsIndexed(string name) => name.Length > 0 && char.IsUpper(name[0]);

    // A name in the place of a method: called, or neither a type nor the left of a dot.
    private static bool IsUse(SimpleNameSyntax name)
    {
        SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return expression.Parent is InvocationExpressionSyntax or ArgumentSyntax or EqualsValueClauseSyntax or AssignmentExpressionSyntax or MemberBindingExpressionSyntax
            or ConditionalExpressionSyntax or SwitchExpressionArmSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or CastExpressionSyntax
            or BinaryExpressionSyntax or InitializerExpressionSyntax;
    }

    private static bool IsCallee(SimpleNameSyntax name) => name.Parent switch
    {
        InvocationExpressionSyntax => true,
        MemberAccessExpressionSyntax access when access.Name == name => access.Parent is InvocationExpressionSyntax,
        MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax } => true,
        _ => false,
    };

    private static bool IsLanguageMark(AttributeListSyntax list)
    {
        foreach (var attribute in list.Attributes)
        {
            var name = attribute.Name.ToString();
            if (name.Contains("StringSyntax") || name.Contains("LanguageInjection"))
            {
                return true;
            }
        }

        return false;
    }

    // What the texts are passed to, as arguments, or assigned to, as they are.
    private static HashSet<string> Callees(SyntaxNode declaration, HashSet<string> texts)
    {
        var callees = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in declaration.DescendantNodes())
        {
            if (node is not IdentifierNameSyntax identifier || !texts.Contains(identifier.Identifier.ValueText))
            {
                continue;
            }

            switch (identifier.Parent)
            {
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }:
                    callees.Add(NameOf(invocation.Expression));
                    break;
                case ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax }:
                    callees.Add(DbApiTable.Constructor);
                    break;
                case AssignmentExpressionSyntax assignment when assignment.Right == identifier:
                    callees.Add(NameOf(assignment.Left));
                    break;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax local }:
                    // var text = sql; what that is passed to comes behind.
                    texts.Add(local.Identifier.ValueText);
                    break;
            }
        }

        return callees;
    }

    private static string NameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        _ => "",
    };
}

/// <summary>The user's own methods that pass a text parameter, unchanged, to an API of the table: their callers are checked instead.</summary>
public static class WrapperSinks
{
    /// <summary>
    /// The names of methods that may be wrappers: a chain of names leads from each to a row of the table, or a parameter carries an attribute.
    /// </summary>
    /// <param name="indexes">What the compilation's trees tell.</param>
    /// <param name="apis">The table.</param>
    public static HashSet<string> Names(IReadOnlyCollection<WrapperIndex> indexes, DbApis apis)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var byCallee = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var reached = new Queue<string>();
        foreach (var index in indexes)
        {
            foreach (var marked in index.Marked)
            {
                if (names.Add(marked))
                {
                    reached.Enqueue(marked);
                }
            }

            foreach (var candidate in index.Candidates)
            {
                foreach (var callee in candidate.Callees)
                {
                    if (apis.IsCandidate(callee))
                    {
                        if (names.Add(candidate.Name))
                        {
                            reached.Enqueue(candidate.Name);
                        }
                    }
                    else
                    {
                        if (!byCallee.TryGetValue(callee, out var callers))
                        {
                            byCallee.Add(callee, callers = []);
                        }

                        callers.Add(candidate.Name);
                    }
                }
            }
        }

        while (reached.Count > 0)
        {
            if (byCallee.TryGetValue(reached.Dequeue(), out var callers))
            {
                foreach (var caller in callers)
                {
                    if (names.Add(caller))
                    {
                        reached.Enqueue(caller);
                    }
                }
            }
        }

        return names;
    }

    /// <summary>The parameter that carries an attribute that says it is SQL, or null.</summary>
    public static IParameterSymbol? Marked(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Type.SpecialType == SpecialType.System_String && KnownTypes.IsMarkedAsSql(parameter))
            {
                return parameter;
            }
        }

        return null;
    }

    /// <summary>The parameter of a method that reaches the database unchanged, and the form in which it does.</summary>
    /// <param name="method">The method.</param>
    /// <param name="body">The root operation of its body.</param>
    /// <param name="callOf">Gives the call that an operation is.</param>
    /// <returns>The parameter and the row of the API that it reaches, or null.</returns>
    public static (IParameterSymbol Parameter, DbApi Row)? Passed(IMethodSymbol method, IOperation body, Func<IOperation, DbCall?> callOf)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            if (operation is not (IInvocationOperation or IObjectCreationOperation or IAssignmentOperation) || callOf(operation) is not { } call)
            {
                continue;
            }

            if (call.Text.Rope.SingleHole is { Origin: IParameterReferenceOperation reference } &&
                SymbolEqualityComparer.Default.Equals(reference.Parameter.ContainingSymbol, method))
            {
                return (reference.Parameter, call.Api.Row);
            }
        }

        return null;
    }
}
