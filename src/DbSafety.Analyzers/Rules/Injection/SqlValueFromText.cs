using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Injection;

/// <summary>Text that is not provably constant stands where SQL expects a value.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SqlValueFromText() : InjectionRule(Descriptors.DBS1001_SqlValueFromText)
{
    /// <inheritdoc/>
    protected override bool Concerns(DbCall call, DbHole hole, SqlReport report) =>
        hole.Site.Kind == HoleKind.Value && hole.Piece.Kind switch
        {
            HoleValue.Scalar => false,

            // A text that the class itself puts there without quotes is an expression, or it would not parse; a migration takes no parameters and has no user.
            HoleValue.Configuration or HoleValue.Unknown => hole.Site.Literal is not null && call.Api.Row.Form != SqlTextForm.Migration,
            _ => true,
        };
}
