using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Rules;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>Writes a condition in a form that means the same for every value and that an index serves: all of the call in one edit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConditionFixer))]
public sealed class ConditionFixer() : SqlFix(Descriptors.DBS4001_FilterWithoutIndex.Id, Descriptors.DBS4002_JsonFilterWithoutIndex.Id, Descriptors.DBS4005_IndexCannotServe.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.RewriteCondition";

    private const string ArrayCast = "]::";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        var member = FixScope.MemberOf(call.Operation.Syntax);
        var edit = new SqlEdit(scope, member);
        var sites = ImmutableArray.CreateBuilder<TextSpan>();
        var written = new List<string>();
        foreach (var finding in scope.Facts.IndexFindingsOf(call.Operation, cancellation))
        {
            if (finding is { Advice.Rewrite: { } rewrite, Variant: { } variant } && rewrite.IndexOf(SqlSource.HoleMark) < 0 && edit.Find(variant, finding.Advice.Span) is { } range &&
                range.Pasted.FirstOrDefault() is null && IsOurs(scope, member, call, range, other => KeepsValues(other, finding, rewrite)) && Written(call, range, rewrite) is { } text && edit.Replace(range, text))
            {
                sites.Add(finding.Location.SourceSpan);
                written.Add(rewrite);
            }
        }

        if (sites.Count > 0 && edit.ToChanges() is { } changes)
        {
            yield return new CallFix(written.Count == 1 ? $"Rewrite as {written[0]}" : "Rewrite the conditions so that an index serves them", Key, changes.ToImmutableArray(), sites.ToImmutable());
        }
    }

    // Whoever shares the text talks to PostgreSQL too, and passes values that mean the same in it.
    private static bool IsOurs(FixScope scope, SyntaxNode member, DbCall call, SqlRange range, Func<DbCall, bool> keeps) =>
        TextFlow.CallsOf(scope, member, range.Ranges.Select(part => part.Root.Expression).Distinct()) is { } calls &&
        calls.Any(other => other.Operation.Syntax == call.Operation.Syntax) && calls.All(other => other.Provider is Provider.PostgreSql or Provider.Undecided && keeps(other));

    // SQL as the literal around it writes it; null where that is not plain.
    private static string? Written(DbCall call, SqlRange range, string sql)
    {
        if (sql.IndexOfAny(['"', '\\', '{', '}']) < 0 && sql.All(character => character >= ' '))
        {
            return sql;
        }

        if (sql.Any(character => character < ' ') || range.Ranges.Length != 1)
        {
            return null;
        }

        var part = range.Ranges[0];
        var elements = part.Root.Elements.Where(element => element.IsText && element.Span.Start < part.End && part.Start < element.Span.End).ToList();
        if (elements.Count == 0 || elements.Select(element => element.Operand).Distinct().Count() != 1 || elements[0].Token.Parent is not { } literal)
        {
            return null;
        }

        // A format that is read at run time takes braces for holes.
        var hasBraces = sql.IndexOfAny(['{', '}']) >= 0;
        if (hasBraces && (part.Root.Operands[elements[0].Operand].Kind == OperandKind.Format || call.Text.Form == SqlTextForm.CompositeFormat))
        {
            return null;
        }

        var interpolated = literal.FirstAncestorOrSelf<InterpolatedStringExpressionSyntax>();
        var open = interpolated?.StringStartToken.Text ?? elements[0].Token.Text;
        if (open.Contains("\"\"\"") || elements[0].Token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken) || elements[0].Token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken))
        {
            return (hasBraces && interpolated is not null) || sql.Contains("\"\"") || sql.StartsWith("\"", StringComparison.Ordinal) || sql.EndsWith("\"", StringComparison.Ordinal) ? null : sql;
        }

        var text = open.StartsWith("@", StringComparison.Ordinal) || open.StartsWith("$@", StringComparison.Ordinal) ? sql.Replace("\"", "\"\"") : sql.Replace("\\", "\\\\").Replace("\"", "\\\"");
        return interpolated is null ? text : text.Replace("{", "{{").Replace("}", "}}");
    }

    // A value becomes an element of an array: one of a wider type would be rounded or refused, where it was found in no row before.
    private static bool KeepsValues(DbCall call, IndexFinding finding, string rewrite)
    {
        var cast = rewrite.LastIndexOf(ArrayCast, StringComparison.Ordinal);
        if (cast < 0)
        {
            return true;
        }

        var at = call.Text.Variants.IndexOf(finding.Variant!);
        var parameters = (at < 0 ? call.Trees.SelectMany(tree => tree.Parameters) : call.Trees[at].Parameters.Where(parameter => finding.Advice.Span.Contains(parameter.Span))).ToList();
        return parameters.All(parameter => SuppliedValues.Of(call, parameter) is { IsEmpty: false } values && values.All(value => IsElement(value.Type, rewrite.Substring(cast + ArrayCast.Length))));
    }

    private static bool IsElement(ITypeSymbol type, string array)
    {
        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        return value.SpecialType switch
        {
            SpecialType.System_Int16 => array is "smallint[]" or "integer[]" or "bigint[]" or "numeric[]",
            SpecialType.System_Int32 => array is "integer[]" or "bigint[]" or "numeric[]",
            SpecialType.System_Int64 => array is "bigint[]" or "numeric[]",
            SpecialType.System_Decimal => array is "numeric[]",
            SpecialType.System_String => array is "text[]" or "character varying[]",
            SpecialType.System_Boolean => array is "boolean[]",
            _ => array == "uuid[]" && value is { Name: nameof(Guid), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } },
        };
    }
}
