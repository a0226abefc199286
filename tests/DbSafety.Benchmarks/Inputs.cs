using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Benchmarks;

/// <summary>Where the build left references and peers (see the project file).</summary>
internal static class Inputs
{
    private static readonly string[][] s_lines =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "inputs.txt")).Select(line => line.Split('|')).ToArray();

    /// <summary>The framework and the database libraries, without this program and the compiler.</summary>
    public static ImmutableArray<MetadataReference> References { get; } = s_lines.Where(line => line[0] == "reference")
        .Select(line => line[1])
        .Where(path => !IsOwn(Path.GetFileName(path)))
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToImmutableArray();

    /// <summary>The assemblies of each peer.</summary>
    public static ILookup<string, string> Peers { get; } = s_lines.Where(line => line[0] == "peer").ToLookup(line => line[1], line => line[2]);

    private static bool IsOwn(string file) =>
        file.StartsWith("DbSafety.", StringComparison.Ordinal) || file.StartsWith("BenchmarkDotNet", StringComparison.Ordinal) || file.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);
}
