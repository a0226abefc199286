using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DbSafety.Postgres.Tests.Indexing;

/// <summary>A node of a plan.</summary>
/// <param name="Type">What it does.</param>
/// <param name="Relation">The table that it reads, or null.</param>
/// <param name="Alias">The alias of the table, or null.</param>
/// <param name="Index">The index that it reads, or null.</param>
/// <param name="Condition">What the index is searched with; empty: it is read as a whole.</param>
/// <param name="Inputs">The nodes beneath.</param>
internal sealed record Plan(string Type, string? Relation, string? Alias, string? Index, string Condition, ImmutableArray<Plan> Inputs)
{
    public static Plan Of(JsonElement node) => new(
        node.GetProperty("Node Type").GetString()!,
        Text(node, "Relation Name"),
        Text(node, "Alias"),
        Text(node, "Index Name"),
        Text(node, "Index Cond") ?? "",
        node.TryGetProperty("Plans", out var plans) ? [.. plans.EnumerateArray().Select(Of)] : []);

    /// <summary>All nodes.</summary>
    public IEnumerable<Plan> All() => Inputs.SelectMany(input => input.All()).Prepend(this);

    /// <summary>Whether a sort is left, also one in steps.</summary>
    public bool Sorts => All().Any(node => node.Type is "Sort" or "Incremental Sort");

    /// <summary>
    /// Whether the rows of a table reference are searched by an index: its condition holds an atom on the leading key; of GIN, GiST and BRIN any key. Of several indexes that are OR-ed all do.
    /// </summary>
    /// <param name="leading">The leading keys of the indexes that are ordered by them, as the server prints them.</param>
    public bool Searches(IReadOnlyDictionary<string, string> leading) => Type switch
    {
        "BitmapOr" => Inputs.All(input => input.Searches(leading)),
        "Bitmap Heap Scan" or "BitmapAnd" => Inputs.Any(input => input.Searches(leading)),
        "Index Scan" or "Index Only Scan" or "Bitmap Index Scan" => Condition.Length > 0 && (!leading.TryGetValue(Index!, out var key) || Names(Condition, key)),
        _ => false,
    };

    /// <summary>The scans of a table reference.</summary>
    public IEnumerable<Plan> Scans(string alias) => All().Where(node => node.Alias == alias && node.Type.EndsWith("Scan", StringComparison.Ordinal));

    /// <summary>The names of the indexes that are read.</summary>
    public IEnumerable<string> Indexes => All().Select(node => node.Index).OfType<string>();

    // The server prints more parentheses, casts and qualifiers in a condition than in a definition.
    private static bool Names(string condition, string key) => Regex.IsMatch(key, "^[a-z_0-9]+$")
        ? Regex.IsMatch(condition, $@"(?<![a-z_0-9'.]){key}(?![a-z_0-9'])") || Regex.IsMatch(condition, $@"\.{key}(?![a-z_0-9'])")
        : Plain(condition).Contains(Plain(key), StringComparison.Ordinal);

    private static string Plain(string text) => Regex.Replace(Regex.Replace(text, "::[a-z]+( (varying|precision|with(out)? time zone))?", ""), @"[() ]|[a-z_0-9]+\.(?=[a-z_])", "");

    private static string? Text(JsonElement node, string property) => node.TryGetProperty(property, out var value) ? value.GetString() : null;

    public override string ToString() =>
        Type + (Index is null ? "" : " " + Index) + (Condition.Length == 0 ? "" : " " + Condition) + (Inputs.IsEmpty ? "" : "(" + string.Join(", ", Inputs) + ")");
}
