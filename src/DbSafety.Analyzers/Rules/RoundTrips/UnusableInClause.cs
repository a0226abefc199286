using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A list that is passed where PostgreSQL takes none, or a sequence that Npgsql can't write as an array.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusableInClause() : SqlRule(Descriptors.DBS2009_UnusableInClause)
{
    /// <inheritdoc/>
    protected override void Check(DbCall call, SqlReport report)
    {
        if (call.Provider != Provider.PostgreSql)
        {
            return;
        }

        foreach (var use in ListUses.Of(call))
        {
            if (use.Parameter.Form == ListForm.Array)
            {
                // EF Core makes an array of any sequence.
                if (use.IsNeverList && call.Api.Row.Library != DbLibrary.EfCore && !report.Facts.MayHandleCollections(call))
                {
                    report.At(use.Supplied.Value ?? call.Operation, Brief(use.Supplied.Value), "Npgsql writes lists and arrays only, so pass an array");
                }
            }
            else if (report.Facts.PassesArrays(call) && (use.Parameter.Form == ListForm.Bare || !MayBeOneValue(call, use, report)))
            {
                report.At(use.Variant, use.Parameter.Span, Written(use), $"PostgreSQL takes a list as one array, to compare with '{(use.Parameter.IsNegated ? "<> ALL" : "= ANY")}(..)'");
            }
        }
    }

    // tags IN (@tags) compares an array with one array.
    private static bool MayBeOneValue(DbCall call, ListUse use, SqlReport report) => use.Parameter.Operand is ArrayExpression or RowExpression ||
        use.ComparedType(report.Facts.Schema)?.EndsWith("[]", StringComparison.Ordinal) == true || report.Facts.MayHandleCollections(call);

    private static string Written(ListUse use) =>
        use.Variant.Locate(use.Parameter.Span) is { SourceTree: { } tree } location && tree.GetText().ToString(location.SourceSpan) is { Length: <= 60 } text && text.IndexOf('\n') < 0
            ? text
            : use.Tree.Source.ToString(use.Parameter.Span);

    private static string Brief(IOperation? value) => value?.Syntax.ToString() is { Length: <= 60 } text && text.IndexOf('\n') < 0 ? text : "= ANY(..)";
}
