using System.Collections.Immutable;
using DbSafety.Analyzers.Model;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Calls;

/// <summary>What an expression inside a query stands for.</summary>
internal abstract record Shape
{
    /// <summary>Nobody knows.</summary>
    public static Shape Unknown { get; } = new UnknownShape();
}

internal sealed record UnknownShape : Shape;

/// <summary>One value.</summary>
internal sealed record Scalar(SqlPart Sql, ITypeSymbol? Type) : Shape
{
    /// <summary>The property whose column it is, or null.</summary>
    public PropertyMap? Column { get; init; }

    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether it comes from the program: a constant or a parameter.</summary>
    public bool IsClient { get; init; }

    /// <summary>A constant.</summary>
    public bool IsConstant { get; init; }

    /// <summary>The constant.</summary>
    public object? Constant { get; init; }

    /// <summary>How its opposite is written, where that is not NOT.</summary>
    public SqlPart? Opposite { get; init; }

    /// <summary>Whether it counts the rows of this query.</summary>
    public Func<Select?>? Counted { get; init; }

    /// <summary>Two values that are only compared, with a number at or around zero.</summary>
    public (Scalar Left, Scalar Right)? Compared { get; init; }
}

/// <summary>A row of a table.</summary>
internal sealed record Entity(string Alias, string Prefix, EntityMap Map, Select Owner) : Shape
{
    /// <summary>Whether there may be none: it stands behind an outer join.</summary>
    public bool IsOuter { get; init; }
}

/// <summary>Values and rows by the names of members.</summary>
internal sealed record Members(ImmutableDictionary<string, Shape> ByName, bool IsComplete) : Shape;

/// <summary>Rows of a query.</summary>
internal sealed record Rows(Func<Select?> Make) : Shape;

/// <summary>One row of a query.</summary>
internal sealed record OneRow(Func<Select?> Make) : Shape;

/// <summary>The rows with one key.</summary>
internal sealed record Group(Shape Key, Shape Element) : Shape;

/// <summary>A part of a JSON document.</summary>
internal sealed record Json(SqlPart Document, ImmutableArray<string> Path, ITypeSymbol? Type) : Shape
{
    /// <summary>Whether it may be missing; it always may.</summary>
    public bool IsNullable => true;
}
