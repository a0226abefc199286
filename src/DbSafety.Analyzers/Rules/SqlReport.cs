using System.Collections.Immutable;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules;

/// <summary>Reports what is wrong with one call: at the exact characters, with the call as an additional location for the fix.</summary>
public readonly struct SqlReport
{
    private readonly OperationAnalysisContext _context;
    private readonly DiagnosticDescriptor _descriptor;
    private readonly DbCall _call;

    internal SqlReport(OperationAnalysisContext context, DiagnosticDescriptor descriptor, DbFacts facts, DbCall call)
    {
        _context = context;
        _descriptor = descriptor;
        _call = call;
        Facts = facts;
    }

    /// <summary>The facts of the compilation.</summary>
    public DbFacts Facts { get; }

    /// <summary>Reports a hole, named by its expression, unless another call that shares the text speaks for it.</summary>
    public void At(DbHole hole)
    {
        if (Facts.Owns(_call, hole))
        {
            Report(hole.Piece.Site.GetLocation(), NameOf(hole.Piece));
        }
    }

    /// <summary>Reports characters of the SQL text.</summary>
    public void At(SqlVariant variant, SqlSpan span, params string[] arguments)
    {
        var location = variant.Locate(span);
        if (location is null || location.SourceTree != _call.Operation.Syntax.SyntaxTree)
        {
            location = (_call.Api.SqlArgument ?? _call.Operation).Syntax.GetLocation();
        }

        Report(location, arguments);
    }

    /// <summary>Reports an expression of the call.</summary>
    public void At(IOperation operation, params string[] arguments) => Report(operation.Syntax.GetLocation(), arguments);

    private void Report(Location location, params string[] arguments) => _context.ReportDiagnostic(Diagnostic.Create(
        _descriptor, location, ImmutableArray.Create(_call.Operation.Syntax.GetLocation()), ImmutableDictionary<string, string?>.Empty, arguments));

    private static string NameOf(HolePiece hole)
    {
        const int Longest = 60;
        var text = (hole.Joined ?? hole.Value).Syntax.ToString();
        var line = text.IndexOfAny(['\r', '\n']);
        text = line < 0 ? text : text.Substring(0, line) + "..";
        return text.Length <= Longest ? text : text.Substring(0, Longest) + "..";
    }
}
