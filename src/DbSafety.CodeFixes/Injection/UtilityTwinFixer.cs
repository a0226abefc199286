using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DbSafety.CodeFixes.Injection;

/// <summary>Writes SET and NOTIFY, which take no parameters, as the functions that do.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UtilityTwinFixer))]
public sealed class UtilityTwinFixer() : SqlFix(Descriptors.DBS1003_SqlFragmentFromText.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.UtilityTwin";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, DbCall call, CancellationToken cancellation)
    {
        if (call.Holes.Select(hole => UtilityTwin.Of(call, hole)).FirstOrDefault(twin => twin is not null) is { } twin &&
            ParameterPlan.Create(scope, call, ofTwin: true, cancellation) is { } plan)
        {
            yield return new CallFix($"Call {twin.Function} with a parameter", Key, plan.Changes, plan.Sites);
        }
    }
}
