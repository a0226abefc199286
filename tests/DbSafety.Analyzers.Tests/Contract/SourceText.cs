using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>A source file: its path from the root with forward slashes, and its characters.</summary>
internal sealed record SourceText(string Path, string Text)
{
    /// <summary>How all sources here are parsed.</summary>
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.Preview);

    /// <summary>The C# files of a project in <c>src</c>.</summary>
    public static IEnumerable<SourceText> OfProject(string project) =>
        Repository.Files(System.IO.Path.Combine(Repository.Root, "src", project), ".cs")
            .Select(file => new SourceText(System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), File.ReadAllText(file)));

    public Microsoft.CodeAnalysis.SyntaxNode Parse() => CSharpSyntaxTree.ParseText(Text, Options, Path).GetRoot();
}
