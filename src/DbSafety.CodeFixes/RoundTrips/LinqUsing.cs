using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>The using of LINQ, where a file lacks it.</summary>
internal static class LinqUsing
{
    /// <summary>Adds it where the methods of LINQ can't be called at a place.</summary>
    public static void AddTo(ICollection<TextChange> changes, FixScope scope, int position)
    {
        var sequence = scope.Model.Compilation.GetSpecialType(SpecialType.System_Collections_Generic_IEnumerable_T);
        if (scope.Model.LookupSymbols(position, sequence, Emit.ToLookup, includeReducedExtensionMethods: true).Length > 0)
        {
            return;
        }

        var text = $"using {Emit.LinqNamespace};";
        var usings = scope.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>()
            .Where(directive => directive.Alias is null && directive.StaticKeyword.RawKind == 0 && directive.GlobalKeyword.RawKind == 0).ToList();
        if (usings.Count == 0)
        {
            var first = ((CompilationUnitSyntax)scope.Root).Members.FirstOrDefault();
            changes.Add(new TextChange(new TextSpan(first?.FullSpan.Start ?? 0, 0), text + scope.NewLine));
            return;
        }

        // In the order of the alphabet, System first, as they mostly stand.
        var group = usings.Where(directive => directive.Parent == usings[0].Parent).ToList();
        var before = group.LastOrDefault(directive => string.CompareOrdinal(directive.Name?.ToString(), Emit.LinqNamespace) < 0 && directive.Name?.ToString().StartsWith("System", StringComparison.Ordinal) == true);
        var indentation = Injection.CSharpText.Indentation(scope, group[0]);
        changes.Add(before is null
            ? new TextChange(new TextSpan(group[0].SpanStart, 0), text + scope.NewLine + indentation)
            : new TextChange(new TextSpan(before.Span.End, 0), scope.NewLine + indentation + text));
    }
}
