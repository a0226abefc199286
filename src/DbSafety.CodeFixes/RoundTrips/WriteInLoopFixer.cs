using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Puts one statement for all elements in place of a loop that does nothing but write one element each time.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteInLoopFixer))]
public sealed class WriteInLoopFixer() : RoundTripFix(Descriptors.DBS2002_WriteInLoop.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.WriteAtOnce";

    /// <summary>What the user reads.</summary>
    public const string Title = "Write all rows with one statement (all or none)";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { Writes: true, IsDependent: true } || DapperCall.Of(repetition) is not { Method.Result: DapperResult.Affected } call ||
            LoopSite.Of(scope, repetition) is not { } site || !IsAlone(site, call) || Write(scope, site, call) is not { } changes)
        {
            yield break;
        }

        // Whether some rows may stay when others fail is for a person to say.
        yield return new CallFix(Title, Key, changes, ImmutableArray.Create(repetition.Operation.Syntax.Span)) { IsForAll = false };
    }

    // The loop does nothing else, but for locals that name what is written.
    private static bool IsAlone(LoopSite site, DapperCall call)
    {
        var statements = site.Loop.Statement is BlockSyntax block ? block.Statements : new SyntaxList<StatementSyntax>(site.Loop.Statement);
        return statements.Count > 0 && statements.Last() is ExpressionStatementSyntax last && last.Expression == call.Whole &&
            statements.Take(statements.Count - 1).All(statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } && !statement.DescendantNodes().Any(node =>
                node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or AwaitExpressionSyntax or AssignmentExpressionSyntax)) &&
            !site.Loop.Statement.DescendantTrivia().Any(trivia => trivia.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.MultiLineCommentTrivia));
    }

    private static ImmutableArray<TextChange>? Write(FixScope scope, LoopSite site, DapperCall call)
    {
        if (!call.HasInvariantRest(site) || Columns(site, call) is not { Count: > 0 } columns || RowWrite.Of(call.Call, call.Statement, columns) is not { } write)
        {
            return null;
        }

        var statements = new List<string>();
        var sources = new List<TextChange>();
        if ((columns.Count == 1 ? Injection.CSharpText.Operand(site.Loop.Expression) : site.Again(statements, sources)) is not { } source)
        {
            return null;
        }

        var edit = new SqlEdit(scope, FixScope.MemberOf(call.Syntax));
        if (!write.Edit(edit) || call.Split(scope, edit) is not ({ } inside, { Count: 0 }))
        {
            return null;
        }

        foreach (var column in columns)
        {
            var projection = column.Value.Expression == site.VariableText ? "" : $".Select({site.VariableText} => {column.Value.Expression})";
            var array = projection.Length == 0 && site.Region.Source?.Type is IArrayTypeSymbol ? source : $"{source}{projection}.ToArray()";
            column.Array = write.NameOf(column) == array ? array : $"{write.NameOf(column)} = {array}";
        }

        AddArrays(call, columns, inside);
        statements.Add(call.Moved(scope, inside, site.Loop) + ";");
        var next = scope.NewLine + Injection.CSharpText.Indentation(scope, site.Loop);
        var changes = ImmutableArray.CreateBuilder<TextChange>();
        changes.Add(new TextChange(site.Loop.Span, string.Join(next, statements)));
        var added = new List<TextChange>();
        LinqUsing.AddTo(added, scope, site.Loop.SpanStart);
        changes.AddRange(added);
        return changes.ToImmutable();
    }

    // In place of the values of one element the arrays of all.
    private static void AddArrays(DapperCall call, List<RowColumn> columns, List<TextChange> inside)
    {
        if (call.Values() is null)
        {
            inside.Add(new TextChange(call.Parameters!.Syntax.Span, "new { " + string.Join(", ", columns.Select(column => column.Array)) + " }"));
            return;
        }

        foreach (var column in columns)
        {
            inside.Add(new TextChange(column.Syntax!.Span, column.Array));
        }
    }

    // The parameters that depend on the iteration: of the anonymous object, or the properties of the element itself that the text names.
    private static List<RowColumn>? Columns(LoopSite site, DapperCall call)
    {
        var columns = new List<RowColumn>();
        if (call.Values() is { } values)
        {
            foreach (var value in values.Where(value => !site.IsInvariant(value.Value)))
            {
                if (site.Of(value.Value, isAlways: true) is not { } element || !RowColumn.IsArrayElement(element.Type))
                {
                    return null;
                }

                columns.Add(new RowColumn(value.Name, element, value.Syntax));
            }

            return columns;
        }

        if (call.Parameters is not ILocalReferenceOperation { Local: var local } || !SymbolEqualityComparer.Default.Equals(local, site.Variable))
        {
            return null;
        }

        foreach (var name in call.Tree.Parameters.Select(parameter => parameter.Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var found = new List<IPropertySymbol>();
            for (ITypeSymbol? type = local.Type; type is { SpecialType: SpecialType.None }; type = type.BaseType)
            {
                found.AddRange(type.GetMembers().OfType<IPropertySymbol>().Where(property =>
                    !property.IsStatic && !property.IsOverride && property.Parameters.IsEmpty && property.GetMethod?.DeclaredAccessibility == Accessibility.Public && property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
            }

            if (found.Count != 1 || !RowColumn.IsArrayElement(found[0].Type) || call.Parameters.Syntax is not ExpressionSyntax syntax)
            {
                return null;
            }

            columns.Add(new RowColumn(name, new ElementValue($"{site.VariableText}.{found[0].Name}", found[0].Type, syntax), null));
        }

        return columns;
    }
}
