using System.Globalization;

namespace DbSafety.Benchmarks;

/// <summary>Options of the form <c>--name value</c>.</summary>
internal sealed class Arguments(string[] args)
{
    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public double Share(string name, double otherwise) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The parts of a list with commas, or null where the option is missing.</summary>
    public HashSet<string>? List(string name) => Text(name)?.Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase);

    private string? Text(string name)
    {
        var index = Array.IndexOf(args, "--" + name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }
}
