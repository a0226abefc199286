using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Injection;

/// <summary>A value of a type that can't carry SQL is formatted into the text where a parameter could stand.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScalarInSqlText() : InjectionRule(Descriptors.DBS1004_ScalarInSqlText)
{
    /// <inheritdoc/>
    protected override bool Concerns(DbCall call, DbHole hole, SqlReport report) =>
        hole.Piece.Kind == HoleValue.Scalar && hole.Site is { Kind: HoleKind.Value, TakesParameters: true } && call.Api.Row.Form != SqlTextForm.Migration;
}
