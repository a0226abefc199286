using System.Collections.Immutable;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>
/// A query of EF Core as SQL: with the conditions, joins and order that Npgsql's provider writes for it. The list of what is selected stands for nothing. What nobody can tell is a hole.
/// </summary>
public sealed class LinqSql
{
    private readonly ImmutableArray<(SqlSpan Span, SyntaxNode Site)> _sites;
    private readonly Lazy<SqlTree> _tree;

    internal LinqSql(SqlSource source, ImmutableArray<(SqlSpan Span, SyntaxNode Site)> sites, SyntaxNode query)
    {
        Source = source;
        Query = query;
        _sites = sites;
        _tree = new(() => SqlParser.Parse(source));
    }

    /// <summary>The text.</summary>
    public SqlSource Source { get; }

    /// <summary>What the parser makes of it.</summary>
    public SqlTree Tree => _tree.Value;

    /// <summary>The call or loop that runs the query.</summary>
    public SyntaxNode Query { get; }

    /// <summary>The C# that stands for a part of the text: the smallest that holds all of it, else the first that stands in it (of ORDER BY its first key), else the query.</summary>
    /// <param name="span">Characters of <see cref="Source"/>.</param>
    public SyntaxNode NodeAt(SqlSpan span)
    {
        (SqlSpan Span, SyntaxNode Site)? best = null;
        foreach (var site in _sites)
        {
            if (site.Span.Contains(span) && (best is null || site.Span.Length < best.Value.Span.Length))
            {
                best = site;
            }
        }

        return best is { Site: var node } && node != Query
            ? node
            : _sites.Where(site => span.Contains(site.Span)).OrderBy(site => site.Span.Start).ThenByDescending(site => site.Span.Length).Select(site => site.Site).FirstOrDefault() ?? Query;
    }

    /// <summary>Where a part of the text stands in C#.</summary>
    /// <param name="span">Characters of <see cref="Source"/>.</param>
    public Location Locate(SqlSpan span) => NodeAt(span).GetLocation();
}
