using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>Drops the quotes around placeholders, so that their parameters are bound: all of the call in one edit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(QuotedParameterFixer))]
public sealed class QuotedParameterFixer() : SqlFix(Descriptors.DBS1005_QuotedParameter.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.DropQuotes";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        var changes = ImmutableArray.CreateBuilder<TextChange>();
        var sites = ImmutableArray.CreateBuilder<TextSpan>();
        var supplied = SuppliedParameters.Of(call);
        var member = FixScope.MemberOf(call.Operation.Syntax);
        foreach (var parameter in call.Sql.QuotedParameters)
        {
            var variant = call.Text.Variants[0];
            if (!supplied.Contains(parameter.Name) || !TakesParameter(call, call.Sql, parameter.Span) ||
                QuoteAt(scope, member, variant, parameter.Span.Start) is not { } open || QuoteAt(scope, member, variant, parameter.Span.End - 1) is not { } close ||
                TextFlow.CallsOf(scope, member, new[] { open.Root, close.Root }.Distinct()) is not { } calls ||
                !calls.Any(other => other.Operation.Syntax == call.Operation.Syntax) || !calls.All(other => IsQuotedIn(other, open.Span)))
            {
                continue;
            }

            var text = call.Sql.Source.Text;
            changes.Add(new TextChange(open.Span, parameter.Span.Start > 0 && IsWord(text[parameter.Span.Start - 1]) ? " " : ""));
            changes.Add(new TextChange(close.Span, parameter.Span.End < text.Length && IsWord(text[parameter.Span.End]) ? " " : ""));
            sites.Add((variant.Locate(parameter.Span) ?? call.Operation.Syntax.GetLocation()).SourceSpan);
        }

        if (changes.Count > 0)
        {
            yield return new CallFix(
                changes.Count == 2 ? "Drop the quotes around the parameter" : "Drop the quotes around the parameters", Key, changes.ToImmutable(), sites.ToImmutable());
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or SqlSource.HoleMark;

    // Where a quote character stands in the source.
    private static (TextSpan Span, ExpressionSyntax Root)? QuoteAt(FixScope scope, SyntaxNode member, SqlVariant variant, int position)
    {
        if (variant.Source.Text[position] != '\'' || variant.Origins(new SqlSpan(position, 1)) is not { Length: 1 } origins ||
            origins[0] is not { Hole: < 0, Source: { } span, Token: var token } || token.Parent is not { } parent ||
            parent.SyntaxTree != scope.Root.SyntaxTree || !member.Span.Contains(span) || scope.TextOf(span) is not ("'" or "\\'"))
        {
            return null;
        }

        var text = parent is InterpolatedStringTextSyntax { Parent: InterpolatedStringExpressionSyntax interpolated } ? interpolated : parent as ExpressionSyntax;
        return text is null ? null : (span, TextRoot.Around(text, scope.Model).Expression);
    }

    // Each way through a call's text that uses this quote uses it around a parameter that the call supplies.
    private static bool IsQuotedIn(DbCall call, TextSpan open)
    {
        var supplied = SuppliedParameters.Of(call);
        for (var v = 0; v < call.Trees.Length; v++)
        {
            var variant = call.Text.Variants[v];
            var tree = call.Trees[v];
            if (variant.Origins(new SqlSpan(0, variant.Source.Text.Length)).Any(origin => origin.Hole < 0 && origin.Source is { } source && source.Contains(open)) &&
                !tree.QuotedParameters.Any(parameter => supplied.Contains(parameter.Name) && TakesParameter(call, tree, parameter.Span) &&
                    variant.Origins(new SqlSpan(parameter.Span.Start, 1)) is { Length: 1 } first && first[0].Source == open))
            {
                return false;
            }
        }

        return true;
    }

    // The statement with a hole in place of the constant tells what may stand there.
    private static bool TakesParameter(DbCall call, SqlTree tree, SqlSpan span)
    {
        var dialect = call.Provider is Provider.PostgreSql or Provider.Undecided ? SqlDialect.PostgreSql : SqlDialect.Other;
        return SqlParser.SiteOf(tree.Source, span, dialect) is
            { Kind: HoleKind.Value, TakesParameters: true, IsCertain: true, NeedsRewrite: null, Literal: null };
    }
}
