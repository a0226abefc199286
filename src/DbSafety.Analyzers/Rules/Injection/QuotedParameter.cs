using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Injection;

/// <summary>A string constant whose whole text is the placeholder of a parameter that this very call supplies.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class QuotedParameter() : SqlRule(Descriptors.DBS1005_QuotedParameter)
{
    /// <inheritdoc/>
    protected override void Check(DbCall call, SqlReport report)
    {
        var quoted = call.Sql.QuotedParameters;
        if (quoted.IsEmpty)
        {
            return;
        }

        var supplied = SuppliedParameters.Of(call);
        foreach (var parameter in quoted)
        {
            if (supplied.Contains(parameter.Name))
            {
                report.At(call.Text.Variants[0], parameter.Span, call.Sql.Source.ToString(parameter.Span));
            }
        }
    }
}
