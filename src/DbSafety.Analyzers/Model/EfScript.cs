using System.Collections.Immutable;
using System.Text;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Model;

/// <summary>The statements that EF Core's model or migrations stand for, and the C# that each part of them was declared by.</summary>
public sealed class EfScript
{
    private readonly ImmutableArray<(SqlSpan Span, EfSite Site)> _sites;

    internal EfScript(string name, SqlSource source, ImmutableArray<(SqlSpan Span, EfSite Site)> sites)
    {
        Name = name;
        Source = source;
        _sites = sites;
    }

    /// <summary>What it was made of: the id of a migration, the name of a context or a snapshot.</summary>
    public string Name { get; }

    /// <summary>The statements; what is not known is a hole.</summary>
    public SqlSource Source { get; }

    /// <summary>The C# that declared some of the characters: the smallest part around them that has a place of its own; null where it stands in no source.</summary>
    public Location? LocationOf(SqlSpan span)
    {
        (SqlSpan Span, EfSite Site)? best = null;
        foreach (var part in _sites)
        {
            if (part.Span.Contains(span) && (best is null || part.Span.Length < best.Value.Span.Length))
            {
                best = part;
            }
        }

        return best is { Site: { Tree: { } tree } site } ? Location.Create(tree, site.Span) : null;
    }
}

/// <summary>Writes the statements.</summary>
internal sealed class EfScriptWriter
{
    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<int>.Builder _holes = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<(SqlSpan, EfSite)>.Builder _sites = ImmutableArray.CreateBuilder<(SqlSpan, EfSite)>();

    public int Position => _text.Length;

    public bool IsEmpty => _text.Length == 0;

    public EfScript ToScript(string name) => new(name, new SqlSource(_text.ToString(), _holes.ToImmutable()), _sites.ToImmutable());

    /// <summary>Writes text as it is; a hole mark in it becomes a hole.</summary>
    public EfScriptWriter Write(string text)
    {
        foreach (var character in text)
        {
            if (character == SqlSource.HoleMark)
            {
                _holes.Add(_text.Length);
            }

            _text.Append(character);
        }

        return this;
    }

    /// <summary>Writes a name in quotes; one that is not known as a whole becomes a hole.</summary>
    public EfScriptWriter Name(string name) =>
        name.IndexOf(SqlSource.HoleMark) >= 0 ? Hole() : Write("\"").Write(name.Replace("\"", "\"\"")).Write("\"");

    /// <summary>Writes a name with its schema.</summary>
    public EfScriptWriter Name(string? schema, string name) => schema is null ? Name(name) : Name(schema).Write(".").Name(name);

    /// <summary>Writes names with commas between them.</summary>
    public EfScriptWriter Names(IEnumerable<string> names) => List(names, name => Name(name));

    /// <summary>Writes a string constant.</summary>
    public EfScriptWriter Text(string text) => Write("'").Write(text.Replace("'", "''")).Write("'");

    /// <summary>Writes a hole.</summary>
    public EfScriptWriter Hole() => Write(EfDeclared.Unknown);

    /// <summary>Writes a list with commas.</summary>
    public EfScriptWriter List<T>(IEnumerable<T> items, Action<T> write)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
            {
                Write(", ");
            }

            write(item);
            isFirst = false;
        }

        return this;
    }

    /// <summary>Notes that the characters since a position were declared at a place.</summary>
    public void Mark(int start, EfSite site)
    {
        if (site.Tree is not null)
        {
            _sites.Add((SqlSpan.FromBounds(start, Position), site));
        }
    }

    /// <summary>Ends a statement that began at a position.</summary>
    public void End(int start, EfSite site)
    {
        Mark(start, site);
        Write(";\n");
    }
}
