using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests;

/// <summary>
/// The assemblies that test code compiles against: .NET, and the real packages that the project file lists, each in the oldest and the newest version
/// listed there. No mocks.
/// </summary>
internal static class References
{
    private static readonly string[] Frameworks =
        ["net10.0", "net9.0", "net8.0", "net7.0", "net6.0", "netcoreapp3.1", "netstandard2.1", "netstandard2.0"];

    private static readonly ILookup<string, string> Notes = typeof(References).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .ToLookup(note => note.Key, note => note.Value ?? "");

    private static readonly ConcurrentDictionary<string, MetadataReference> Files = new();

    /// <summary>The reference assemblies of .NET.</summary>
    public static ImmutableArray<MetadataReference> Framework { get; } =
        [.. Directory.GetFiles(Notes["FrameworkReferences"].Single(), "*.dll").Select(File)];

    /// <summary>.NET with Npgsql, Dapper and EF Core for PostgreSQL, newest versions: what most test code needs.</summary>
    public static ImmutableArray<MetadataReference> Newest { get; } = [.. Framework, .. Libraries(Newer)];

    /// <summary>The same with the oldest versions.</summary>
    public static ImmutableArray<MetadataReference> Oldest { get; } = [.. Framework, .. Libraries(Older)];

    /// <summary>The versions of a package that the project file lists, ascending.</summary>
    public static ImmutableArray<Version> VersionsOf(string package) =>
        [.. Notes["Package:" + package].SelectMany(versions => versions.Split(';')).Select(version => Version.Parse(version.Trim('[', ']'))).Order()];

    /// <summary>The newest version of a package.</summary>
    public static MetadataReference Newer(string package) => Package(package, VersionsOf(package)[^1]);

    /// <summary>The oldest version of a package.</summary>
    public static MetadataReference Older(string package) => Package(package, VersionsOf(package)[0]);

    /// <summary>The assembly of a package, built for the newest framework that it knows.</summary>
    public static MetadataReference Package(string package, Version version)
    {
        var folder = Path.Combine(Notes["PackageRoot"].Single(), package.ToLowerInvariant(), version.ToString(), "lib");
        return File(Directory.GetFiles(Frameworks.Select(framework => Path.Combine(folder, framework)).First(Directory.Exists), "*.dll").Single());
    }

    /// <summary>The clients of other databases, newest versions.</summary>
    public static ImmutableArray<MetadataReference> OtherClients { get; } =
    [
        Newer("Microsoft.Data.SqlClient"),
        Newer("Microsoft.Data.Sqlite.Core"),
        Newer("MySqlConnector"),
        Newer("Stub.System.Data.SQLite.Core.NetStandard"),
    ];

    /// <summary>.NET with EF Core alone, in one version.</summary>
    public static ImmutableArray<MetadataReference> EfCore(Version version) =>
    [
        .. Framework,
        Package("Microsoft.EntityFrameworkCore", version),
        Package("Microsoft.EntityFrameworkCore.Relational", version),
        Newer("Microsoft.EntityFrameworkCore.Abstractions"),
    ];

    /// <summary>What a project has that loads navigations by proxies.</summary>
    public static ImmutableArray<MetadataReference> WithProxies { get; } = [.. Newest, Newer("Microsoft.EntityFrameworkCore.Proxies")];

    private static IEnumerable<MetadataReference> Libraries(Func<string, MetadataReference> choose) => new[]
    {
        "Npgsql",
        "Dapper",
        "Microsoft.EntityFrameworkCore",
        "Microsoft.EntityFrameworkCore.Abstractions",
        "Microsoft.EntityFrameworkCore.Relational",
        "Npgsql.EntityFrameworkCore.PostgreSQL",
    }.Select(choose);

    private static MetadataReference File(string path) => Files.GetOrAdd(path, file => MetadataReference.CreateFromFile(file));
}
