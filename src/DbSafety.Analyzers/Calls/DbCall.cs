using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>A hole in the SQL text of a call: the C# value that fills it, and where in the SQL it stands.</summary>
/// <param name="Piece">The C# side.</param>
/// <param name="Site">The SQL side.</param>
/// <param name="Variant">The text in which it stands so.</param>
/// <param name="Tree">The tree of that text.</param>
public sealed record DbHole(HolePiece Piece, HoleSite Site, SqlVariant Variant, SqlTree Tree);

/// <summary>One use of an API that takes SQL text: the operation, its row, the text, and what the text parses to.</summary>
public sealed class DbCall
{
    private readonly Lazy<ImmutableArray<SqlTree>> _trees;
    private readonly Lazy<ImmutableArray<DbHole>> _holes;

    /// <summary>Makes a call.</summary>
    public DbCall(DbApiMatch api, SqlText text, Provider provider)
    {
        Api = api;
        Text = text;
        Provider = provider;
        _trees = new(ParseAll);
        _holes = new(FindHoles);
    }

    /// <summary>The API and its arguments.</summary>
    public DbApiMatch Api { get; }

    /// <summary>The invocation, object creation or assignment.</summary>
    public IOperation Operation => Api.Operation;

    /// <summary>The SQL text with its holes.</summary>
    public SqlText Text { get; }

    /// <summary>The database that the call talks to, or undecided.</summary>
    public Provider Provider { get; }

    /// <summary>The trees of the text's variants.</summary>
    public ImmutableArray<SqlTree> Trees => _trees.Value;

    /// <summary>The tree of the text with all its optional parts.</summary>
    public SqlTree Sql => Trees[0];

    /// <summary>The holes, each once, in the order of the text.</summary>
    public ImmutableArray<DbHole> Holes => _holes.Value;

    /// <summary>Whether the whole text is one value that comes from elsewhere: the text of this call is somebody else's.</summary>
    public bool IsPassedThrough => Text.Rope.SingleHole is not null;

    private ImmutableArray<SqlTree> ParseAll()
    {
        var trees = ImmutableArray.CreateBuilder<SqlTree>(Text.Variants.Length);
        foreach (var variant in Text.Variants)
        {
            trees.Add(Parse(variant));
        }

        return trees.MoveToImmutable();
    }

    private SqlTree Parse(SqlVariant variant)
    {
        if (Provider is not (Provider.PostgreSql or Provider.Undecided))
        {
            return SqlParser.Parse(variant.Source, SqlDialect.Other);
        }

        var tree = SqlParser.Parse(variant.Source);
        return Provider == Provider.Undecided && tree.Errors.Length > 0 ? SqlParser.Parse(variant.Source, SqlDialect.Other) : tree;
    }

    private ImmutableArray<DbHole> FindHoles()
    {
        if (Text.Variants.All(variant => variant.Holes.IsEmpty))
        {
            return ImmutableArray<DbHole>.Empty;
        }

        var order = new List<SyntaxNode>();
        var found = new Dictionary<SyntaxNode, DbHole>();
        for (var v = 0; v < Trees.Length; v++)
        {
            var variant = Text.Variants[v];
            var tree = Trees[v];
            for (var i = 0; i < variant.Holes.Length && i < tree.HoleSites.Length; i++)
            {
                var piece = variant.Holes[i];
                var hole = new DbHole(piece, tree.HoleSites[i], variant, tree);
                if (!found.TryGetValue(piece.Site, out var known))
                {
                    order.Add(piece.Site);
                    found.Add(piece.Site, hole);
                }
                else if (!known.Site.IsCertain && hole.Site.IsCertain)
                {
                    found[piece.Site] = hole;
                }
            }
        }

        return order.Select(site => found[site]).ToImmutableArray();
    }
}
