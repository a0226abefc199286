using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>Writes a condition in a form that means the same for every value and that an index serves: all of the call in one edit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConditionFixer))]
public sealed class ConditionFixer() : SqlFix(Descriptors.DBS4002_JsonFilterWithoutIndex.Id, Descriptors.DBS4005_IndexCannotServe.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.RewriteCondition";

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
                range.Pasted.FirstOrDefault() is null && IsOurs(scope, member, call, range) && edit.Replace(range, rewrite))
            {
                sites.Add(finding.Location.SourceSpan);
                written.Add(rewrite);
            }
        }

        if (sites.Count > 0 && edit.ToChanges() is { } changes)
        {
            yield return new CallFix(written.Count == 1 ? $"Rewrite the condition as {written[0]}" : "Rewrite the conditions so that an index serves them", Key, changes.ToImmutableArray(), sites.ToImmutable());
        }
    }

    // Whoever shares the text talks to PostgreSQL too.
    private static bool IsOurs(FixScope scope, SyntaxNode member, DbCall call, SqlRange range) =>
        TextFlow.CallsOf(scope, member, range.Ranges.Select(part => part.Root.Expression).Distinct()) is { } calls &&
        calls.Any(other => other.Operation.Syntax == call.Operation.Syntax) && calls.All(other => other.Provider is Provider.PostgreSql or Provider.Undecided);
}
