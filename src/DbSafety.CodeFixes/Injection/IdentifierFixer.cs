using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// Quotes names with Npgsql's own <c>QuoteIdentifier</c>: in place of quotes that stand around the name alone, which changes nothing; and around a
/// bare name, which a person must judge.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(IdentifierFixer))]
public sealed class IdentifierFixer() : SqlFix(Descriptors.DBS1002_SqlIdentifierFromText.Id)
{
    /// <summary>The name of the transformation of names in quotes.</summary>
    public const string Key = "DbSafety.QuoteName";

    /// <summary>The name of the transformation of bare names.</summary>
    public const string BareKey = "DbSafety.QuoteBareName";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        if (call.Provider != Provider.PostgreSql || !Emit.QuoteIdentifier.IsAvailable(scope.Facts.Apis) ||
            scope.Facts.Apis.Types.NpgsqlCommandBuilder is not { } builder)
        {
            yield break;
        }

        var member = FixScope.MemberOf(call.Operation.Syntax);
        var changes = new List<TextChange>();
        var sites = new List<TextSpan>();
        var bare = new List<CallFix>();
        foreach (var hole in call.Holes)
        {
            if (hole.Piece.Kind is HoleValue.Closed or HoleValue.Scalar or HoleValue.Quoted or HoleValue.QuotesDoubled || !hole.Site.IsCertain ||
                hole.Site.Role is not (HoleRole.QuotedName or HoleRole.BareName) || Change(scope, member, call, hole, builder) is not { } change)
            {
                continue;
            }

            if (hole.Site.Role == HoleRole.QuotedName)
            {
                changes.AddRange(change);
                sites.Add(hole.Piece.Site.Span);
            }
            else
            {
                bare.Add(new CallFix(
                    $"Quote '{NameOf(hole)}' as one identifier (its case counts then, and a dot is part of the name)",
                    BareKey, change.ToImmutableArray(), ImmutableArray.Create(hole.Piece.Site.Span)) { IsForAll = false });
            }
        }

        if (changes.Count > 0)
        {
            yield return new CallFix(
                sites.Count == 1 ? "Quote the identifier with QuoteIdentifier" : "Quote the identifiers with QuoteIdentifier",
                Key, changes.ToImmutableArray(), sites.ToImmutableArray());
        }

        foreach (var fix in bare)
        {
            yield return fix;
        }
    }

    private static string NameOf(DbHole hole)
    {
        const int Longest = 40;
        var name = hole.Piece.Value.Syntax.ToString();
        return name.Length > Longest || name.IndexOf('\n') >= 0 ? "the name" : name;
    }

    private static List<TextChange>? Change(FixScope scope, SyntaxNode member, DbCall call, DbHole hole, INamedTypeSymbol builder)
    {
        var isQuoted = hole.Site.Role == HoleRole.QuotedName;
        if (isQuoted && hole.Site.Literal is not { Parts.Length: 1 })
        {
            return null;
        }

        var edit = new SqlEdit(scope, member);
        if (edit.Find(hole.Variant, hole.Site.Span) is not { Ranges.Length: 1, Parts: { Length: 1 } parts } range || parts[0].Element is not { HasFormat: false } element ||
            range.Ranges[0].Root is not { } root || !member.Span.Contains(element.Span) ||
            (element.Argument >= 0 && root.Elements.Count(other => other.Argument == element.Argument && other.Operand == element.Operand) > 1) ||
            scope.Model.GetTypeInfo(element.Value!).Type?.SpecialType != SpecialType.System_String)
        {
            return null;
        }

        var changes = new List<TextChange>();
        if (isQuoted)
        {
            var span = hole.Site.Literal!.Span;
            if (hole.Tree.Source.Text[span.Start] != '"' || Quote(scope, member, hole.Variant, span.Start) is not { } open ||
                Quote(scope, member, hole.Variant, span.End - 1) is not { } close)
            {
                return null;
            }

            changes.Add(new TextChange(open, ""));
            changes.Add(new TextChange(close, ""));
        }

        // All calls that take this text take it as that.
        if (TextFlow.CallsOf(scope, member, [root.Expression]) is not { } calls || !calls.Any(other => other.Operation.Syntax == call.Operation.Syntax) ||
            !calls.All(other => IsSame(other, hole)))
        {
            return null;
        }

        var type = builder.ToMinimalDisplayString(scope.Model, element.Span.Start);
        changes.Add(new TextChange(new TextSpan(element.Value!.SpanStart, 0), $"new {type}().{Emit.QuoteIdentifier.Member}("));
        changes.Add(new TextChange(new TextSpan(element.Value!.Span.End, 0), ")"));
        return changes;
    }

    private static bool IsSame(DbCall call, DbHole hole)
    {
        if (call.Provider != Provider.PostgreSql)
        {
            return false;
        }

        for (var v = 0; v < call.Trees.Length; v++)
        {
            var variant = call.Text.Variants[v];

            // One expression at two places, as an argument of Format: what is right for one place may be wrong for the other.
            if (variant.Holes.Count(piece => piece.Site == hole.Piece.Site) > 1)
            {
                return false;
            }

            for (var i = 0; i < variant.Holes.Length && i < call.Trees[v].HoleSites.Length; i++)
            {
                var site = call.Trees[v].HoleSites[i];
                if (variant.Holes[i].Site == hole.Piece.Site &&
                    (site.Role != hole.Site.Role || (site.Role == HoleRole.QuotedName && site.Literal is not { Parts.Length: 1 })))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static TextSpan? Quote(FixScope scope, SyntaxNode member, SqlVariant variant, int position) =>
        variant.Origins(new SqlSpan(position, 1)) is { Length: 1 } origins && origins[0] is { Hole: < 0, Source: { } span, Token.Parent: { } parent } &&
        parent.SyntaxTree == scope.Root.SyntaxTree && member.Span.Contains(span) && scope.TextOf(span) is "\"" or "\\\"" or "\"\""
            ? origins[0].Source
            : null;
}
