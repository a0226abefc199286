using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>How strongly the outermost operator of a part binds.</summary>
internal enum SqlRank
{
    Or,
    And,
    Not,
    Comparison,
    Operator,
    Single,
}

/// <summary>A part of a text that is being composed: characters, a hole, or several parts; with the C# that it stands for.</summary>
internal sealed class SqlPart
{
    private readonly string? _text;
    private readonly ImmutableArray<SqlPart> _parts;

    private SqlPart(string? text, ImmutableArray<SqlPart> parts, SqlRank rank, SyntaxNode? site)
    {
        _text = text;
        _parts = parts;
        Rank = rank;
        Site = site;
    }

    /// <summary>What nobody knows.</summary>
    public static SqlPart Hole { get; } = new(null, default, SqlRank.Single, null);

    public SqlRank Rank { get; }

    public SyntaxNode? Site { get; }

    public bool IsHole => _text is null && _parts.IsDefault;

    /// <summary>Whether a query stands in it.</summary>
    public bool HasQuery { get; private set; }

    public static implicit operator SqlPart(string text) => new(text, default, SqlRank.Single, null);

    public static SqlPart Of(SqlRank rank, params SqlPart[] parts) => new(null, parts.ToImmutableArray(), rank, null) { HasQuery = parts.Any(part => part.HasQuery) };

    public static SqlPart Single(params SqlPart[] parts) => Of(SqlRank.Single, parts);

    /// <summary>A query in parentheses.</summary>
    public static SqlPart Query(params SqlPart[] parts) => new(null, parts.ToImmutableArray(), SqlRank.Single, null) { HasQuery = true };

    /// <summary>A name in quotes.</summary>
    public static string Name(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";

    public static SqlPart Join(string separator, SqlRank rank, IEnumerable<SqlPart> parts)
    {
        var all = new List<SqlPart>();
        foreach (var part in parts)
        {
            if (all.Count > 0)
            {
                all.Add(separator);
            }

            all.Add(part);
        }

        return all.Count == 1 ? all[0] : Of(rank, all.ToArray());
    }

    /// <summary>All of several conditions.</summary>
    public static SqlPart All(IReadOnlyList<SqlPart> conditions) => conditions.Count == 1 ? conditions[0] : Join(" AND ", SqlRank.And, conditions.Select(condition => condition.Within(SqlRank.And)));

    /// <summary>One of several conditions.</summary>
    public static SqlPart Any(params SqlPart[] conditions) => conditions.Length == 1 ? conditions[0] : Join(" OR ", SqlRank.Or, conditions.Select(condition => condition.Within(SqlRank.Or)));

    /// <summary>In parentheses, where it binds less strongly than what stands around it.</summary>
    public SqlPart Within(SqlRank rank) => Rank < rank || (Rank == rank && rank is (SqlRank.Not or SqlRank.Comparison or SqlRank.Operator)) ? Single("(", this, ")") : this;

    /// <summary>As an operand of an operator or a cast.</summary>
    public SqlPart Operand => Rank == SqlRank.Single ? this : Single("(", this, ")");

    public SqlPart At(SyntaxNode site) => Site is not null ? Of(Rank, this).At(site) : new SqlPart(_text, _parts, Rank, site) { HasQuery = HasQuery };

    /// <summary>The finished text.</summary>
    public LinqSql ToSql(SyntaxNode query)
    {
        var writer = new Writer();
        writer.Write(this);
        return writer.ToSql(query);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var writer = new Writer();
        writer.Write(this);
        return writer.Text;
    }

    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private readonly ImmutableArray<int>.Builder _holes = ImmutableArray.CreateBuilder<int>();
        private readonly ImmutableArray<(SqlSpan, SyntaxNode)>.Builder _sites = ImmutableArray.CreateBuilder<(SqlSpan, SyntaxNode)>();

        public string Text => _text.ToString();

        public LinqSql ToSql(SyntaxNode query) => new(new SqlSource(Text, _holes.ToImmutable()), _sites.ToImmutable(), query);

        public void Write(SqlPart part)
        {
            var start = _text.Length;
            if (part._text is { } text)
            {
                _text.Append(text);
            }
            else if (part._parts.IsDefault)
            {
                _holes.Add(_text.Length);
                _text.Append(SqlSource.HoleMark);
            }
            else
            {
                foreach (var inner in part._parts)
                {
                    Write(inner);
                }
            }

            if (part.Site is { } site)
            {
                _sites.Add((SqlSpan.FromBounds(start, _text.Length), site));
            }
        }
    }
}
