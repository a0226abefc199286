using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.RoundTrips;

/// <summary>A write that is executed with a list of rows: one round trip for each of them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ListExecute() : SqlRule(Descriptors.DBS2005_ListExecute)
{
    /// <summary>A list that is written out and no longer than this is a matter of style.</summary>
    private const int FewRows = 8;

    /// <inheritdoc/>
    protected override void Check(DbCall call, SqlReport report)
    {
        // SQLite runs in the same process: there are no round trips.
        if (call.Provider is Provider.PostgreSql or Provider.SqlServer or Provider.MySql or Provider.Oracle && SuppliedRows.Of(call) is { } rows &&
            !(rows.Count <= FewRows) && call.Sql is { Errors.IsEmpty: true, Statements: { IsEmpty: false } statements } &&
            statements.All(statement => statement is WriteStatement { HasErrors: false }))
        {
            report.At(call.Operation, statements[0].Verb);
        }
    }
}
