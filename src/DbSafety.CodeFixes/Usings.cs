using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes;

/// <summary>Using directives that an edit needs.</summary>
internal static class Usings
{
    /// <summary>The directive for the methods of LINQ, or null where they are in scope at a place.</summary>
    /// <param name="scope">The document.</param>
    /// <param name="position">Where they are called.</param>
    /// <param name="type">What they are called on.</param>
    public static TextChange? ForLinq(FixScope scope, int position, ITypeSymbol type) =>
        scope.Model.LookupSymbols(position, type, nameof(Enumerable.ToArray), includeReducedExtensionMethods: true).IsEmpty ? For(scope, position, Emit.LinqNamespace) : null;

    /// <summary>The directive for lists, or null where they are in scope at a place.</summary>
    /// <param name="scope">The document.</param>
    /// <param name="position">Where one is made.</param>
    public static TextChange? ForList(FixScope scope, int position) =>
        scope.Model.LookupNamespacesAndTypes(position, name: nameof(List<int>)).IsEmpty ? For(scope, position, ReaderMembers.ListNamespace) : null;

    /// <summary>The directive for the state of connections, or null where it is in scope at a place.</summary>
    /// <param name="scope">The document.</param>
    /// <param name="position">Where it is named.</param>
    public static TextChange? ForConnectionState(FixScope scope, int position) =>
        scope.Model.LookupNamespacesAndTypes(position, name: TransactionEmit.StateType).IsEmpty ? For(scope, position, TransactionEmit.StateNamespace) : null;

    private static TextChange For(FixScope scope, int position, string wanted)
    {
        var text = $"using {wanted};{scope.NewLine}";
        var usings = scope.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>()
            .Where(directive => directive.Parent!.FullSpan.Contains(position) && directive is { Alias: null, StaticKeyword.RawKind: 0, Name: not null }).ToList();
        if (usings.Count == 0)
        {
            return new TextChange(new TextSpan(scope.Root.GetFirstToken() is { HasStructuredTrivia: false } first ? first.SpanStart : 0, 0), text + scope.NewLine);
        }

        var before = usings.LastOrDefault(directive => IsSystem(directive) && string.CompareOrdinal(directive.Name!.ToString(), wanted) < 0);
        if (before is null)
        {
            return new TextChange(new TextSpan(usings[0].SpanStart, 0), text);
        }

        var end = scope.Text.Lines.GetLineFromPosition(before.Span.End).EndIncludingLineBreak;
        var indentation = scope.Text.ToString(TextSpan.FromBounds(scope.Text.Lines.GetLineFromPosition(before.SpanStart).Start, before.SpanStart));
        return new TextChange(new TextSpan(end, 0), indentation + text);
    }

    private static bool IsSystem(UsingDirectiveSyntax directive) => directive.Name!.ToString() is var name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));
}
