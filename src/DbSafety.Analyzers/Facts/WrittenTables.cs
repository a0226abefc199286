using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Facts;

/// <summary>The tables that the program adds rows to, as far as its texts and the objects that it makes tell. Read when somebody asks, each tree once.</summary>
internal sealed class WrittenTables(TreeIndexes indexes)
{
    private static readonly ConditionalWeakTable<SyntaxTree, HashSet<string>> s_words = new();

    private readonly Lazy<HashSet<string>> _words = new(() =>
    {
        var all = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (tree, _) in indexes.All)
        {
            all.UnionWith(s_words.GetValue(tree, key => WordsOf(key.GetRoot())));
        }

        return all;
    });

    /// <summary>Whether rows may be added to a table of this name.</summary>
    public bool Contains(string table)
    {
        var bare = table.Replace("_", "");
        return _words.Value.Contains(table) || _words.Value.Contains(bare) ||
            (bare.EndsWith("ies", StringComparison.OrdinalIgnoreCase) && _words.Value.Contains(bare.Substring(0, bare.Length - 3) + "y")) ||
            (bare.EndsWith("es", StringComparison.OrdinalIgnoreCase) && _words.Value.Contains(bare.Substring(0, bare.Length - 2))) ||
            (bare.EndsWith("s", StringComparison.OrdinalIgnoreCase) && _words.Value.Contains(bare.Substring(0, bare.Length - 1)));
    }

    // The words of texts that insert, and the types of objects that are made.
    private static HashSet<string> WordsOf(SyntaxNode root)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var token in root.DescendantTokens())
        {
            if (token.Parent is LiteralExpressionSyntax or InterpolatedStringTextSyntax && (Has("INSERT") || Has("COPY ") || Has("MERGE")))
            {
                words.UnionWith(token.ValueText.Split([' ', '\r', '\n', '\t', '(', ')', '.', '"', ',', ';'], StringSplitOptions.RemoveEmptyEntries));
            }
            else if (token.IsKind(SyntaxKind.NewKeyword) && token.Parent is ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type })
            {
                words.Add(type.Identifier.ValueText);
            }

            bool Has(string word) => token.ValueText.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
        }

        return words;
    }
}
