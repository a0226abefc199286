using System.Runtime.CompilerServices;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Facts;

/// <summary>What the trees of a compilation tell without binding, each read once.</summary>
internal sealed class TreeIndexes
{
    // A tree's index depends on nothing else, so it outlives the compilation.
    private static readonly ConditionalWeakTable<SyntaxTree, WrapperIndex> s_indexes = new();

    private readonly Lazy<IReadOnlyList<(SyntaxTree Tree, WrapperIndex Index)>> _all;

    public TreeIndexes(Compilation compilation) => _all = new(() =>
        compilation.SyntaxTrees.Select(tree => (tree, s_indexes.GetValue(tree, key => WrapperIndex.Of(key.GetRoot(), CancellationToken.None)))).ToList());

    /// <summary>The trees and what they tell.</summary>
    public IReadOnlyList<(SyntaxTree Tree, WrapperIndex Index)> All => _all.Value;
}
