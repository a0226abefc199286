using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Injection;

/// <summary>Text that is not provably made of constants stands where SQL expects a clause, a statement, or a value that can't be a parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SqlFragmentFromText() : InjectionRule(Descriptors.DBS1003_SqlFragmentFromText)
{
    /// <inheritdoc/>
    protected override bool Concerns(DbCall call, DbHole hole, SqlReport report) =>
        hole.Site.Kind == HoleKind.Fragment && hole.Piece.Kind is HoleValue.Text or HoleValue.Parameter or HoleValue.QuotesDoubled;
}
