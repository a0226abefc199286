using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using DbSafety.CodeFixes.Injection;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Compares with an array by ANY or ALL, and makes an array of what is none: all of the call in one edit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnusableInClauseFixer))]
public sealed class UnusableInClauseFixer() : SqlFix(Descriptors.DBS2009_UnusableInClause.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.CompareWithArray";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        var member = FixScope.MemberOf(call.Operation.Syntax);
        var edit = new SqlEdit(scope, member);
        var changes = new List<TextChange>();
        var sites = ImmutableArray.CreateBuilder<TextSpan>();
        var isRewritten = false;
        foreach (var use in ListUses.Of(call).Where(use => use.IsOnly && Arrays.IsElement(use.Element)))
        {
            if (use.Parameter.Form == ListForm.Array)
            {
                if (ArrayOf(scope, call, use, changes))
                {
                    sites.Add((use.Supplied.Value?.Syntax ?? call.Operation.Syntax).Span);
                }
            }
            else if (use.Variant.Locate(use.Parameter.Span) is { } location && Rewrite(scope, member, call, use, location, edit, changes))
            {
                sites.Add(location.SourceSpan);
                isRewritten = true;
            }
        }

        if (sites.Count > 0 && edit.ToChanges() is { } texts)
        {
            yield return new CallFix(
                isRewritten ? "Compare with an array, by ANY or ALL" : "Pass an array", Key,
                texts.Concat(changes).GroupBy(change => (change.Span, change.NewText)).Select(group => group.First()).ToImmutableArray(), sites.ToImmutable());
        }
    }

    // IN @ids, IN (@ids) -> = ANY(@ids)
    private static bool Rewrite(FixScope scope, SyntaxNode member, DbCall call, ListUse use, Location location, SqlEdit edit, List<TextChange> changes)
    {
        var parameter = use.Parameter.Parameter.Span;
        var open = use.Parameter.IsNegated ? "<> ALL(" : "= ANY(";
        var close = CastOf(scope, use) + ")";
        var head = SqlSpan.FromBounds(use.Parameter.Span.Start, parameter.Start);
        var tail = SqlSpan.FromBounds(parameter.End, use.Parameter.Span.End);
        if (!IsUnderstood(use, open, close) || edit.Find(use.Variant, head) is not { } start)
        {
            return false;
        }

        var added = new List<TextChange>();
        SqlRange? end = null;
        if (use.Parameter.Form == ListForm.Bare)
        {
            var last = use.Variant.Origins(new SqlSpan(parameter.End - 1, 1));
            if (last.Length != 1 || (last[0].Source ?? last[0].Site?.Span) is not { } behind)
            {
                return false;
            }

            added.Add(new TextChange(new TextSpan(behind.End, 0), close));
        }
        else if (close.Length > 1 && (end = edit.Find(use.Variant, tail)) is null)
        {
            return false;
        }

        // Whoever shares the text gets an array too.
        if (TextFlow.CallsOf(scope, member, start.Ranges.Select(range => range.Root.Expression).Distinct()) is not { } calls ||
            !calls.Any(other => other.Operation.Syntax == call.Operation.Syntax))
        {
            return false;
        }

        foreach (var other in calls)
        {
            if (ListUses.Of(other).FirstOrDefault(found => found.IsOnly && Equals(found.Variant.Locate(found.Parameter.Span), location)) is not { } same ||
                !Arrays.IsElement(same.Element) || !scope.Facts.PassesArrays(other) || (!TakesSequence(other, same) && !ArrayOf(scope, other, same, added)))
            {
                return false;
            }
        }

        if (!edit.Replace(start, open) || (end is not null && !edit.Replace(end, close)))
        {
            return false;
        }

        changes.AddRange(added);
        return true;
    }

    private static bool TakesSequence(DbCall call, ListUse use) => use.IsList || call.Api.Row.Library == DbLibrary.EfCore;

    // Text is compared with text; where the column is of another type, the array is cast as the constants were.
    private static string CastOf(FixScope scope, ListUse use) =>
        use.Element.SpecialType == SpecialType.System_String && use.ComparedType(scope.Facts.Schema) is { } type && !ValueIdioms.IsTextType(type) &&
        ValueIdioms.CastName(type) is { } cast ? $"::{cast}[]" : "";

    // a = b IN (@ids) is SQL, a = b = ANY(@ids) is none.
    private static bool IsUnderstood(ListUse use, string open, string close)
    {
        var (source, span) = (use.Tree.Source, use.Parameter.Span);
        var list = open + source.ToString(use.Parameter.Parameter.Span) + close;
        var text = source.Text.Substring(0, span.Start) + list + source.Text.Substring(span.End);
        var holes = source.Holes.Select(hole => hole < span.Start ? hole : hole + list.Length - span.Length).ToImmutableArray();
        return SqlParser.Parse(new SqlSource(text, holes)).Errors.IsEmpty;
    }

    // ids -> ids.ToArray(); null stays null, which finds nothing, as before.
    private static bool ArrayOf(FixScope scope, DbCall call, ListUse use, List<TextChange> changes)
    {
        if (use.Supplied.Value is not { Syntax: ExpressionSyntax value } || value.SyntaxTree != scope.Root.SyntaxTree || TakesSequence(call, use))
        {
            return false;
        }

        var isNull = scope.Model.GetTypeInfo(value).Nullability.FlowState != NullableFlowState.NotNull && value is not (InvocationExpressionSyntax or QueryExpressionSyntax);
        var array = $"{CSharpText.Operand(value)}{(isNull ? "?" : "")}.{nameof(Enumerable.ToArray)}()";
        var name = value.Parent is AnonymousObjectMemberDeclaratorSyntax { NameEquals: null }
            ? (value is MemberAccessExpressionSyntax access ? access.Name.Identifier.ValueText : value.ToString()) + " = "
            : "";
        changes.Add(new TextChange(value.Span, name + array));
        if (Usings.ForLinq(scope, value.SpanStart, use.Supplied.Type) is { } directive)
        {
            changes.Add(directive);
        }

        return true;
    }
}
