using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Injection;

/// <summary>
/// Text that is not from a closed set stands where SQL expects an identifier or a keyword. The names in a migration are the developer's own.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SqlIdentifierFromText() : InjectionRule(Descriptors.DBS1002_SqlIdentifierFromText)
{
    /// <inheritdoc/>
    protected override bool Concerns(DbCall call, DbHole hole, SqlReport report) => hole.Site.Kind == HoleKind.Identifier && call.Api.Row.Form != SqlTextForm.Migration && hole.Piece.Kind switch
    {
        HoleValue.Scalar or HoleValue.Quoted or HoleValue.Unknown => false,
        HoleValue.QuotesDoubled => hole.Site.Role != HoleRole.QuotedName,
        HoleValue.Configuration => report.Facts.Options.ReportConfigurationFields(hole.Piece.Site.SyntaxTree),
        _ => true,
    };
}
