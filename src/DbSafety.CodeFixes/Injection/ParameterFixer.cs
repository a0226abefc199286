using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.CodeFixes.Injection;

/// <summary>Passes the values of a statement as parameters: all values of the call in one edit (DBS1001 and DBS1004 together).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ParameterFixer))]
public sealed class ParameterFixer() : SqlFix(Descriptors.DBS1001_SqlValueFromText.Id, Descriptors.DBS1004_ScalarInSqlText.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.Parameter";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        if (ParameterPlan.Create(scope, call, ofTwin: false, cancellation) is not { } plan)
        {
            yield break;
        }

        var what = plan.Names.Length == 1 ? "Pass the value as a parameter" : "Pass the values as parameters";
        var assumes = plan.Assumes.IsEmpty ? "" : $" (the column must take {string.Join(", ", plan.Assumes)})";
        yield return new CallFix(what + assumes, Key, plan.Changes, plan.Sites);
    }
}
