using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A query of EF Core in a loop that asks for the rows of one key, which is the iteration's, and for nothing else that changes.</summary>
internal sealed class EfKeyedQuery
{
    private EfKeyedQuery(EfLoop loop, EfAnswer answer, INamedTypeSymbol entity, IPropertySymbol property, ExpressionSyntax key, string keyInFront)
    {
        Loop = loop;
        Answer = answer;
        Entity = entity;
        Property = property;
        Key = key;
        KeyInFront = keyInFront;
    }

    public EfLoop Loop { get; }

    public EfAnswer Answer { get; }

    /// <summary>What the query gives rows of.</summary>
    public INamedTypeSymbol Entity { get; }

    /// <summary>The property that is compared with the key.</summary>
    public IPropertySymbol Property { get; }

    /// <summary>The key in the loop.</summary>
    public ExpressionSyntax Key { get; }

    /// <summary>The key in terms of the iteration variable.</summary>
    public string KeyInFront { get; }

    /// <summary>The name that the query itself gives to a row.</summary>
    public string Row { get; private set; } = "";

    /// <summary>The query for all keys, up to the operator that runs it; <c>{0}</c> stands for the name of the keys.</summary>
    public Func<string, string> ForAll { get; private set; } = _ => "";

    /// <summary>The token that the operator takes, or empty.</summary>
    public string Token { get; private set; } = "";

    /// <summary>What stands behind the awaited call, such as <c>.ConfigureAwait(false)</c>.</summary>
    public string Tail { get; private set; } = "";

    /// <summary>What the answer takes the place of: the call, with its <c>await</c>.</summary>
    public ExpressionSyntax Whole { get; private set; } = null!;

    /// <summary>Whether the query is awaited.</summary>
    public bool IsAsync { get; private set; }

    /// <summary>Whether rows come in an order that the query says.</summary>
    public bool IsSorted { get; private set; }

    /// <summary>Whether nobody tracks the rows.</summary>
    public bool IsUntracked { get; private set; }

    /// <summary>Whether the conditions look at nothing but columns of the row itself: no other row decides about it.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>Whether no two rows have the same key, for certain.</summary>
    public bool IsUnique { get; private set; }

    /// <summary>The assignments of an update.</summary>
    public ArgumentSyntax? Setters { get; private set; }

    /// <summary>Reads the query that a loop repeats; null where it is not of that form.</summary>
    public static EfKeyedQuery? Of(EfLoop loop)
    {
        if (loop.Repetition is not { Execution: { Library: DbLibrary.EfCore } execution })
        {
            return null;
        }

        if (execution.Operation is IForEachLoopOperation { IsAsynchronous: false, Syntax: ForEachStatementSyntax inner })
        {
            return OfChain(loop, EfAnswer.List, inner.Expression, predicate: null, inner.Expression);
        }

        if (execution.Operation is not IInvocationOperation { Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } syntax } call)
        {
            return null;
        }

        var answer = EfOperators.AnswerOf(call.TargetMethod.Name);
        if (answer is EfAnswer.Other or EfAnswer.Save || (answer == EfAnswer.Find) == call.TargetMethod.IsExtensionMethod || Awaited(syntax, EfOperators.IsAsync(call.TargetMethod.Name)) is not { } awaited)
        {
            return null;
        }

        ExpressionSyntax? predicate = null;
        ArgumentSyntax? setters = null;
        var token = "";
        foreach (var argument in call.Arguments)
        {
            if (argument is { ArgumentKind: ArgumentKind.DefaultValue } || argument.Syntax is not ArgumentSyntax { Expression: var given } own || argument.Parameter is not { } parameter)
            {
                continue;
            }

            if (IsToken(parameter.Type))
            {
                token = loop.IsStable(given) ? given.ToString() : "\0";
            }
            else if (answer == EfAnswer.Update)
            {
                setters = own;
            }
            else if (answer != EfAnswer.Find)
            {
                predicate = given;
            }
        }

        if (token == "\0")
        {
            return null;
        }

        var found = answer == EfAnswer.Find ? OfFind(loop, call, access) : OfChain(loop, answer, access.Expression, predicate, awaited.Whole);
        if (found is not null)
        {
            found.Token = token;
            found.Tail = awaited.Tail;
            found.Whole = awaited.Whole;
            found.IsAsync = EfOperators.IsAsync(call.TargetMethod.Name);
            found.Setters = setters;
        }

        return found;
    }

    // Where(..).OrderBy(..) and so on in front of what runs the query.
    private static EfKeyedQuery? OfChain(EfLoop loop, EfAnswer answer, ExpressionSyntax chain, ExpressionSyntax? predicate, ExpressionSyntax whole)
    {
        EfComparison? comparison = null;
        if (predicate is not null && EfComparison.Of(loop, predicate) is not { } own)
        {
            // A condition of its own must be the same each time.
            if (predicate is not LambdaExpressionSyntax || !loop.IsStable(predicate))
            {
                return null;
            }
        }
        else if (predicate is not null)
        {
            comparison = EfComparison.Of(loop, predicate);
        }

        var sorted = false;
        var untracked = false;
        var plain = predicate is null || IsColumnsOnly(loop.Scope.Model, predicate);
        var at = chain;
        while (comparison is null || !loop.IsStable(at))
        {
            if (at is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call || loop.Scope.Model.GetSymbolInfo(call).Symbol is not IMethodSymbol { ReducedFrom: not null } method ||
                !EfOperators.IsOperatorNamespace(method.ContainingNamespace.ToDisplayString()))
            {
                return null;
            }

            var arguments = call.ArgumentList.Arguments;
            if (EfOperators.IsFilter(method.Name) && arguments.Count == 1)
            {
                if (!loop.IsStable(arguments[0].Expression))
                {
                    if (comparison is not null || EfComparison.Of(loop, arguments[0].Expression) is not { } found)
                    {
                        return null;
                    }

                    comparison = found;
                }
            }
            else if ((!EfOperators.KeepsRows(method.Name) && !EfOperators.Sorts(method.Name)) || !arguments.All(argument => loop.IsStable(argument.Expression)))
            {
                return null;
            }

            plain &= arguments.All(argument => IsColumnsOnly(loop.Scope.Model, argument.Expression));
            sorted |= EfOperators.Sorts(method.Name);
            untracked |= EfOperators.IsUntracked(method.Name);
            at = access.Expression;
        }

        // What is left is the same each time; it may sort, but not cut: which rows it would leave out nobody knows.
        foreach (var node in at.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>())
        {
            if (node.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name })
            {
                if (EfOperators.Cuts(name))
                {
                    return null;
                }

                sorted |= EfOperators.Sorts(name);
                untracked |= EfOperators.IsUntracked(name);
            }
        }

        if (RowType(loop.Scope.Model.GetTypeInfo(chain).Type) is not { } entity || !SymbolEqualityComparer.Default.Equals(RowType(loop.Scope.Model.GetTypeInfo(at).Type), entity) || comparison.InFront(loop) is not { } front)
        {
            return null;
        }

        var operation = loop.Scope.Model.GetOperation(at);
        var context = operation is null ? null : EfQueries.ContextOf(EfQueries.SourceOf(operation, loop.Scope.Facts.Apis), loop.Scope.Facts.Apis)?.Type;
        return new EfKeyedQuery(loop, answer, entity, comparison.Property, comparison.Key, front)
        {
            Row = comparison.Row,
            Whole = whole,
            IsSorted = sorted,
            IsUntracked = untracked,
            IsPlain = plain && SymbolEqualityComparer.Default.Equals(loop.Scope.Model.GetTypeInfo(at).Type?.OriginalDefinition, loop.Scope.Facts.Apis.Types.DbSet),
            IsUnique = loop.Scope.Facts.Entities.IsOnlyKey(entity, comparison.Property, context),
            ForAll = keys =>
            {
                var text = comparison.Replace(chain, keys);
                return loop.Dedent(predicate is null ? text : $"{text}.Where({comparison.Replace(predicate, keys)})");
            },
        };
    }

    // users.Find(o.UserId), users.FindAsync([o.UserId], token), context.Find<User>(o.UserId)
    private static EfKeyedQuery? OfFind(EfLoop loop, IInvocationOperation call, MemberAccessExpressionSyntax access)
    {
        var apis = loop.Scope.Facts.Apis;
        var isContext = EfQueries.IsContext(call.Instance?.Type, apis);
        if ((isContext ? call.TargetMethod.TypeArguments.FirstOrDefault() : RowType(call.Instance?.Type)) is not INamedTypeSymbol entity || !loop.IsStable(access.Expression) || KeyOfFind(call) is not { } key ||
            loop.KeyInFront(key) is not { } front || loop.Scope.Model.GetTypeInfo(key).Type is not { } type || !EfComparison.IsKeyType(type) || type.SpecialType == SpecialType.System_String)
        {
            return null;
        }

        var context = EfQueries.ContextOf(call.Instance, apis)?.Type;
        IPropertySymbol? property = null;
        for (var at = entity; at is not null && property is null; at = at.BaseType)
        {
            property = at.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(candidate => loop.Scope.Facts.Entities.IsOnlyKey(entity, candidate, context));
        }

        if (property is null || !SymbolEqualityComparer.Default.Equals(property.Type, type))
        {
            return null;
        }

        var row = NewNames.ForRow(loop.Scope, loop.Syntax.SpanStart, entity);
        var set = isContext ? $"{access.Expression}.{EfEmit.Set.Member}<{entity.ToMinimalDisplayString(loop.Scope.Model, access.SpanStart)}>()" : access.Expression.ToString();
        return new EfKeyedQuery(loop, EfAnswer.Find, entity, property, key, front) { Row = row, IsUnique = true, ForAll = keys => $"{set}.Where({row} => {keys}.Contains({row}.{property.Name}))" };
    }

    private static ExpressionSyntax? KeyOfFind(IInvocationOperation call)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0) is not { } given)
        {
            return null;
        }

        if (given.ArgumentKind == ArgumentKind.ParamArray)
        {
            return call.Syntax is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } values } ? values[0].Expression : null;
        }

        return given.Syntax is ArgumentSyntax { Expression: var expression } ? expression switch
        {
            CollectionExpressionSyntax { Elements: { Count: 1 } elements } when elements[0] is ExpressionElementSyntax element => element.Expression,
            ArrayCreationExpressionSyntax { Initializer.Expressions: { Count: 1 } values } => values[0],
            ImplicitArrayCreationExpressionSyntax { Initializer.Expressions: { Count: 1 } values } => values[0],
            _ => null,
        } : null;
    }

    // await call, await call.ConfigureAwait(false), or the call itself; parentheses around it go too.
    private static (ExpressionSyntax Whole, string Tail)? Awaited(ExpressionSyntax call, bool isAsync)
    {
        var tail = "";
        if (isAsync)
        {
            if (call.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax configured } access && EfOperators.Configures(access.Name.Identifier.ValueText))
            {
                tail = $".{access.Name}{configured.ArgumentList}";
                call = configured;
            }

            if (call.Parent is not AwaitExpressionSyntax awaited)
            {
                return null;
            }

            call = awaited;
        }

        return (call.Parent is ParenthesizedExpressionSyntax parenthesized ? parenthesized : call, tail);
    }

    // Neither a call nor another entity.
    private static bool IsColumnsOnly(SemanticModel model, ExpressionSyntax expression) => expression.DescendantNodesAndSelf().All(node => node switch
    {
        InvocationExpressionSyntax or QueryExpressionSyntax => false,
        MemberAccessExpressionSyntax => model.GetSymbolInfo(node).Symbol is not IPropertySymbol { IsStatic: false } property || property.Type.IsValueType || property.Type.SpecialType == SpecialType.System_String,
        _ => true,
    });

    private static INamedTypeSymbol? RowType(ITypeSymbol? type) =>
        type is INamedTypeSymbol named ? named.AllInterfaces.Add(named).FirstOrDefault(contract => contract.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0] as INamedTypeSymbol : null;

    private static bool IsToken(ITypeSymbol type) => type is { Name: nameof(CancellationToken), ContainingNamespace: { Name: nameof(System.Threading) } };
}
