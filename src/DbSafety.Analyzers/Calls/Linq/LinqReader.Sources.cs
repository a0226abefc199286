using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Model;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Where a query begins: sets, variables, methods of the user's own.</summary>
internal sealed partial class LinqReader
{
    /// <summary>A new SELECT for a query, or null where nobody can tell which.</summary>
    private Select? Query(IOperation value)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            return null;
        }

        try
        {
            return QueryOf(HoleValues.Strip(value));
        }
        finally
        {
            _depth--;
        }
    }

    private Select? QueryOf(IOperation value)
    {
        switch (value)
        {
            case IInvocationOperation call when LinqOperators.Of(call.TargetMethod) is var kind and not LinqOperator.Unknown:
                if (SourceOf(call) is not { } source)
                {
                    return null;
                }

                return kind is LinqOperator.Union or LinqOperator.Concat or LinqOperator.Intersect or LinqOperator.Except ? Combine(call, source, kind)
                    : LinqOperators.GivesRows(kind) && Query(source) is { } select && Apply(select, call, kind) ? select : null;
            case IInvocationOperation call when EfQueries.IsContext(call.Instance?.Type, _apis) && DbMemberTable.MakesQuery(call.TargetMethod.Name):
                return call is { TargetMethod.TypeArguments: { Length: 1 } types, Arguments.Length: 0 } ? RootOf(types[0], call.Syntax) : null;
            case IInvocationOperation call when SetElement(call.Type) is null && !_apis.IsCandidate(call.TargetMethod.Name) && EfQueries.IsQueryType(call.Type, _apis):
                return Follow(call.TargetMethod, call);
            case ITranslatedQueryOperation query:
                return Query(query.Operation);
            case ILocalReferenceOperation local when SetElement(local.Type) is null:
                return OfLocal(local);
            case IParameterReferenceOperation parameter when _bound.TryGetValue(parameter.Parameter, out var shape):
                return (shape as Rows)?.Make();
            case IConditionalOperation conditional:
                return Query(conditional.WhenTrue);
            case IPropertyReferenceOperation property when SetElement(property.Type) is null && EfQueries.IsQueryType(property.Type, _apis) && property.Property.GetMethod is { } getter:
                return Follow(getter, null);
            case IInvocationOperation:
                return null;
        }

        if (SetElement(value.Type) is { } element)
        {
            return RootOf(element, value.Syntax, EfQueries.ContextOf(value, _apis)?.Type);
        }

        return value is IPropertyReferenceOperation && Eval(value) is Rows rows ? rows.Make() : null;
    }

    private ITypeSymbol? SetElement(ITypeSymbol? type)
    {
        for (; type is not null && _apis.Types.DbSet is { } set; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, set))
            {
                return ((INamedTypeSymbol)type).TypeArguments[0];
            }
        }

        return null;
    }

    /// <summary>All rows of an entity.</summary>
    private Select? RootOf(ITypeSymbol type, SyntaxNode site, ITypeSymbol? context = null)
    {
        if (_context.Maps.MapOf(type, context ?? _database) is not { IsUncertain: false, Source: { } source } map || (map.Query is not null))
        {
            return null;
        }

        var select = new Select();
        var row = new Entity(Alias(map), "", map, select);
        var table = SqlPart.Single(TableText(source), " AS ", SqlPart.Name(row.Alias)).At(site);
        select.Tables.Add((JoinKind.From, table, null));
        select.Row = row;
        select.Target = (table, row);
        select.Where.AddRange(Filters(map));
        return select;
    }

    /// <summary>What EF Core asks of every row of an entity, and nobody reads here.</summary>
    private IEnumerable<SqlPart> Filters(EntityMap map)
    {
        if ((map.HasQueryFilter && !_ignoresFilters) || map.Base is not null)
        {
            yield return SqlPart.Hole;
        }
    }

    private string Alias(EntityMap map)
    {
        var letter = map.Name.Substring(map.Name.LastIndexOfAny(['.', '+']) + 1).Substring(0, 1).ToLowerInvariant();
        return Alias(char.IsLetter(letter[0]) ? letter : "t");
    }

    private string Alias(string letter)
    {
        _aliases.TryGetValue(letter, out var count);
        _aliases[letter] = count + 1;
        return count == 0 ? letter : letter + (count - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static SqlPart TableText(Sql.Schema.ObjectName name) => name.Schema is "" or "public" ? SqlPart.Name(name.Name) : SqlPart.Name(name.Schema) + "." + SqlPart.Name(name.Name);

    private static SqlPart ColumnOf(Entity row, string column) => SqlPart.Name(row.Alias) + "." + SqlPart.Name(row.Prefix + column);

    /// <summary>A query that a method of this compilation composes, where it has one body that only returns it.</summary>
    private Select? Follow(IMethodSymbol method, IInvocationOperation? call)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        if (definition.IsVirtual || definition.IsAbstract || definition.IsOverride || definition.IsGenericMethod || definition.DeclaringSyntaxReferences.Length != 1 || !_followed.Add(definition))
        {
            return null;
        }

        try
        {
            if (ReturnOf(definition.DeclaringSyntaxReferences[0].GetSyntax()) is not { } returned || _context.ModelOf(returned.SyntaxTree)?.GetOperation(returned) is not { } operation)
            {
                return null;
            }

            foreach (var argument in call?.Arguments ?? ImmutableArray<IArgumentOperation>.Empty)
            {
                if (argument.Parameter is { } parameter && EfQueries.IsQueryType(parameter.Type, _apis))
                {
                    var value = argument.Value;
                    _bound[definition.Parameters[parameter.Ordinal]] = new Rows(() => Query(value));
                }
            }

            return Query(operation);
        }
        finally
        {
            _followed.Remove(definition);
        }
    }

    private static ExpressionSyntax? ReturnOf(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax { ExpressionBody.Expression: { } expression } => expression,
        MethodDeclarationSyntax { Body.Statements: { Count: 1 } statements } => (statements[0] as ReturnStatementSyntax)?.Expression,
        LocalFunctionStatementSyntax { ExpressionBody.Expression: { } expression } => expression,
        LocalFunctionStatementSyntax { Body.Statements: { Count: 1 } statements } => (statements[0] as ReturnStatementSyntax)?.Expression,
        AccessorDeclarationSyntax { ExpressionBody.Expression: { } expression } => expression,
        AccessorDeclarationSyntax { Body.Statements: { Count: 1 } statements } => (statements[0] as ReturnStatementSyntax)?.Expression,
        ArrowExpressionClauseSyntax { Expression: { } expression } => expression,
        PropertyDeclarationSyntax { ExpressionBody.Expression: { } expression } => expression,
        _ => null,
    };

    /// <summary>A query in a variable, as it is composed up to where it is used. What is added only sometimes is a hole.</summary>
    private Select? OfLocal(ILocalReferenceOperation reference)
    {
        var root = HoleValues.RootOf(reference);
        IOperation? initial = null;
        var steps = new List<ISimpleAssignmentOperation>();
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, reference.Local):
                    initial = declarator.Initializer?.Value ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer?.Value;
                    break;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when SymbolEqualityComparer.Default.Equals(target.Local, reference.Local):
                    steps.Add(assignment);
                    break;
                case IArgumentOperation { Parameter.RefKind: not RefKind.None, Value: ILocalReferenceOperation passed } when SymbolEqualityComparer.Default.Equals(passed.Local, reference.Local):
                case ICompoundAssignmentOperation { Target: ILocalReferenceOperation other } when SymbolEqualityComparer.Default.Equals(other.Local, reference.Local):
                case ICoalesceAssignmentOperation { Target: ILocalReferenceOperation coalesced } when SymbolEqualityComparer.Default.Equals(coalesced.Local, reference.Local):
                    return null;
            }
        }

        // The step that the use stands in is not done yet.
        var before = steps.Where(step => step.Syntax.Span.End <= reference.Syntax.SpanStart).ToList();
        var later = steps.Where(step => step.Syntax.Span.End > reference.Syntax.SpanStart).ToList();
        if (later.Any(step => LoopAround(step, reference.Local)))
        {
            return null;
        }

        var last = before.LastOrDefault();
        if (last is null)
        {
            return initial is null ? null : Query(initial);
        }

        // The value of the last step names the variable again, where it goes on with it: that use is read in the same way.
        if (IsCertain(last, reference))
        {
            return Query(last.Value);
        }

        return GoesOn(last.Value, reference.Local) is { } own && Query(own) is { } select ? Loosen(select) : null;
    }

    /// <summary>The use of the variable that a step goes on with: <c>query = query.Where(..)</c>.</summary>
    private static ILocalReferenceOperation? GoesOn(IOperation value, ILocalSymbol local)
    {
        for (var step = 0; step < MaxDepth; step++)
        {
            value = HoleValues.Strip(value);
            switch (value)
            {
                case ILocalReferenceOperation reference:
                    return SymbolEqualityComparer.Default.Equals(reference.Local, local) ? reference : null;
                case IInvocationOperation call when SourceOf(call) is { } source:
                    value = source;
                    break;
                case ITranslatedQueryOperation query:
                    value = query.Operation;
                    break;
                case IConditionalOperation conditional:
                    value = conditional.WhenTrue;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static Select Loosen(Select select)
    {
        if (!select.Where.Contains(SqlPart.Hole))
        {
            select.Where.Add(SqlPart.Hole);
        }

        // Also another order, and another number of rows.
        select.Order.Clear();
        return select;
    }

    // A step is certain where it stands in a block that the use stands in too, and nothing else decides whether it runs.
    private static bool IsCertain(IOperation step, IOperation use)
    {
        for (var at = step.Parent; at is not null; at = at.Parent)
        {
            if (at.Syntax.Span.Contains(use.Syntax.Span))
            {
                return at is IBlockOperation or IMethodBodyBaseOperation;
            }

            if (at is not (IBlockOperation or IExpressionStatementOperation or IUsingOperation or ILockOperation))
            {
                return false;
            }
        }

        return false;
    }

    // query = query.Where(..) in a loop goes on with what the round before left, unless each round has a variable of its own.
    private static bool LoopAround(IOperation step, ILocalSymbol local)
    {
        for (var at = step.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation)
            {
                return !at.Syntax.Span.Contains(local.DeclaringSyntaxReferences[0].Span);
            }
        }

        return false;
    }
}
