using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>The directives that new code needs.</summary>
internal static class Directives
{
    /// <summary>The directives for those of some namespaces that a place does not import yet, as one change at the head of the file; none where all are there.</summary>
    public static IEnumerable<TextChange> For(FixScope scope, int position, IEnumerable<string> namespaces)
    {
        var imported = new HashSet<string>(scope.Model.GetImportScopes(position).SelectMany(import => import.Imports).Select(import => import.NamespaceOrType.ToDisplayString()), StringComparer.Ordinal);
        for (var at = scope.Model.GetEnclosingSymbol(position)?.ContainingNamespace; at is { IsGlobalNamespace: false }; at = at.ContainingNamespace)
        {
            imported.Add(at.ToDisplayString());
        }

        var missing = namespaces.Where(name => !imported.Contains(name)).ToList();
        if (missing.Count == 0 || scope.Root is not CompilationUnitSyntax unit)
        {
            yield break;
        }

        var directives = string.Concat(missing.Select(name => $"using {name};{scope.NewLine}"));
        if (unit.Usings.LastOrDefault() is { } last)
        {
            // The end of the line that the last directive stands on.
            yield return new TextChange(new TextSpan(scope.Text.Lines.GetLineFromPosition(last.Span.End).EndIncludingLineBreak, 0), directives);
        }
        else
        {
            yield return new TextChange(new TextSpan(unit.Externs.LastOrDefault()?.FullSpan.End ?? 0, 0), directives + scope.NewLine);
        }
    }
}
