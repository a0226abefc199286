using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using DbSafety.CodeFixes.Injection;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Writes all rows with one statement: an INSERT selects them from arrays, a DELETE compares its key with an array.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ListExecuteFixer))]
public sealed class ListExecuteFixer() : SqlFix(Descriptors.DBS2005_ListExecute.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.WriteRowsAtOnce";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        if (SuppliedRows.Of(call) is not { Value.Syntax: ExpressionSyntax list } rows || list.SyntaxTree != scope.Root.SyntaxTree ||
            call.Text.Variants.Length != 1 || !scope.Facts.PassesArrays(call) || ParameterBags.HandlesTypes(scope.Facts.Compilation) ||
            RowsStatement.Of(call.Sql) is not { } statement || Columns(statement, rows.Element) is not { } columns)
        {
            yield break;
        }

        var member = FixScope.MemberOf(call.Operation.Syntax);
        var edit = new SqlEdit(scope, member);
        if (edit.Find(call.Text.Variants[0], statement.Span) is not { } range || range.Pasted.Any() || !edit.Replace(range, statement.Text) ||
            TextFlow.CallsOf(scope, member, edit.EditedRoots.Select(root => root.Expression)) is not { Length: 1 } || edit.ToChanges() is not { } changes)
        {
            yield break;
        }

        var source = CSharpText.Operand(list);
        if (columns.Length > 1 && !IsStored(scope, list))
        {
            // A sequence is read once, as before.
            if (StatementOf(call.Operation.Syntax) is not { } before)
            {
                yield break;
            }

            source = FreeName(member, "rows");
            changes.Add(new TextChange(
                new TextSpan(before.SpanStart, 0), $"var {source} = {CSharpText.Operand(list)}.{nameof(Enumerable.ToArray)}();{scope.NewLine}{CSharpText.Indentation(scope, before)}"));
        }

        var inScope = new HashSet<string>(scope.Model.LookupSymbols(list.SpanStart).Select(symbol => symbol.Name).Append(source), StringComparer.Ordinal);
        var row = ParameterNames.Unique("row", inScope);
        var arrays = columns.Select(column => $"{column.Name} = {source}.{nameof(Enumerable.Select)}({row} => {column.Cast}{row}.{column.Name}).{nameof(Enumerable.ToArray)}()");
        changes.Add(new TextChange(list.Span, "new { " + string.Join(", ", arrays) + " }"));
        if (Usings.ForLinq(scope, list.SpanStart, rows.Value.Type!) is { } directive)
        {
            changes.Add(directive);
        }

        var isDated = columns.Any(column => column.IsDateTime);
        yield return new CallFix(
            $"{(statement.IsInsert ? "Insert" : "Delete")} all rows with one statement, all or none" + (isDated ? "; takes DateTime values of one kind" : ""),
            Key, changes.ToImmutableArray(), ImmutableArray.Create(call.Operation.Syntax.Span)) { IsForAll = !isDated };
    }

    /// <summary>A property whose values become an array.</summary>
    private sealed record Column(string Name, string Cast, bool IsDateTime);

    // Dapper reads the properties of a row by the names of the parameters, without case; an enum goes as the number beneath.
    private static ImmutableArray<Column>? Columns(RowsStatement statement, ITypeSymbol element)
    {
        var columns = ImmutableArray.CreateBuilder<Column>();
        foreach (var name in statement.Parameters)
        {
            var found = Properties(element).Where(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (found.Count != 1)
            {
                return null;
            }

            var type = Arrays.Underlying(found[0].Type);
            var cast = "";
            if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType.SpecialType: var number })
            {
                if (number is not (SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Int16))
                {
                    return null;
                }

                var isNullable = !SymbolEqualityComparer.Default.Equals(type, found[0].Type);
                cast = $"({(number == SpecialType.System_Int32 ? "int" : number == SpecialType.System_Int64 ? "long" : "short")}{(isNullable ? "?" : "")})";
            }
            else if (!Arrays.IsElement(type))
            {
                return null;
            }

            columns.Add(new Column(CSharpText.Identifier(found[0].Name), cast, type.SpecialType == SpecialType.System_DateTime));
        }

        return columns.ToImmutable();
    }

    private static IEnumerable<IPropertySymbol> Properties(ITypeSymbol element)
    {
        for (ITypeSymbol? type = element; type is not null; type = type.BaseType)
        {
            foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
            {
                if (property is { IsIndexer: false, IsStatic: false, GetMethod.DeclaredAccessibility: Accessibility.Public, DeclaredAccessibility: Accessibility.Public, IsOverride: false })
                {
                    yield return property;
                }
            }
        }
    }

    // A variable that holds a collection, not a sequence that is made anew each time it is read.
    private static bool IsStored(FixScope scope, ExpressionSyntax list) =>
        scope.Model.GetSymbolInfo(list).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol && scope.Model.GetTypeInfo(list).Type is { } type &&
        (Sequences.IsList(type) || Sequences.IsUnlistedCollection(type) || type.OriginalDefinition.SpecialType is
            SpecialType.System_Collections_Generic_ICollection_T or SpecialType.System_Collections_Generic_IReadOnlyCollection_T or SpecialType.System_Collections_Generic_IReadOnlyList_T);

    // The statement that does nothing before the call but to read it.
    private static StatementSyntax? StatementOf(SyntaxNode call)
    {
        var node = call.Parent;
        while (node is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or EqualsValueClauseSyntax or VariableDeclaratorSyntax or VariableDeclarationSyntax or
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(Task.ConfigureAwait) } or
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(Task.ConfigureAwait) } } or
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax })
        {
            node = node.Parent;
        }

        return node is ExpressionStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } or ReturnStatementSyntax && node.Parent is BlockSyntax
            ? (StatementSyntax)node
            : null;
    }

    private static string FreeName(SyntaxNode member, string name)
    {
        var taken = new HashSet<string>(member.DescendantTokens().Select(token => token.ValueText), StringComparer.Ordinal);
        return ParameterNames.Unique(name, taken);
    }
}
