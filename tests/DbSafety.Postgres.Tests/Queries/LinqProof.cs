using System.Collections.Immutable;
using System.Reflection;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DbSafety.Postgres.Tests.Queries;

/// <summary>A query twice: as EF Core writes it, and as it is read from its source.</summary>
/// <param name="Name">The method that holds it.</param>
/// <param name="Theirs">What EF Core runs; more than one for a split query.</param>
/// <param name="Ours">What is read, or null.</param>
/// <param name="Schema">The schema that EF Core creates for the model.</param>
internal sealed record LinqProof(string Name, ImmutableArray<string> Theirs, LinqSql? Ours, string Schema)
{
    private static readonly Lazy<ImmutableArray<LinqProof>> s_all = new(Make);

    /// <summary>All queries of <see cref="ShopQueries"/>.</summary>
    public static ImmutableArray<LinqProof> All => s_all.Value;

    private static ImmutableArray<LinqProof> Make()
    {
        var commands = new CapturedCommands();
        using var source = new NpgsqlDataSourceBuilder("Host=nowhere;Database=none").EnableDynamicJson().Build();
        using var database = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseNpgsql(source).AddInterceptors(commands, new CapturedCommands.NoConnection()).Options);
        var schema = database.Database.GenerateCreateScript();
        var compilation = Compile();
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var context = new LinqContext(facts.Apis, RuntimeMaps.Of(database.Model, compilation), facts.ModelOf, _ => false);
        var tree = compilation.SyntaxTrees.Single(candidate => candidate.FilePath == "ShopQueries.cs");
        var model = compilation.GetSemanticModel(tree);
        var methods = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().ToDictionary(method => method.Identifier.ValueText);
        return
        [
            .. typeof(ShopQueries).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method =>
            {
                commands.Texts.Clear();
                try
                {
                    method.Invoke(null, [database]);
                }
                catch (TargetInvocationException)
                {
                    // There are no rows, which First does not like.
                }

                database.ChangeTracker.Clear();
                var execution = methods[method.Name].DescendantNodes().Select(node => model.GetOperation(node)).OfType<IOperation>().Select(facts.ExecutionOf).FirstOrDefault(found => found is not null);
                return new LinqProof(method.Name, [.. commands.Texts], execution is null ? null : LinqReader.Read(execution, context), schema);
            }),
        ];
    }

    private static CSharpCompilation Compile()
    {
        var assembly = typeof(LinqProof).Assembly;
        var options = new CSharpParseOptions(LanguageVersion.CSharp12);
        const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq;";
        var trees = assembly.GetManifestResourceNames().Where(name => name.StartsWith("Shop", StringComparison.Ordinal) && name.EndsWith(".cs", StringComparison.Ordinal)).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return CSharpSyntaxTree.ParseText(reader.ReadToEnd(), options, name);
        });
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && !name.StartsWith("DbSafety", StringComparison.Ordinal) && !name.StartsWith("xunit", StringComparison.Ordinal) && !name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Shop", [CSharpSyntaxTree.ParseText(Usings, options), .. trees], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return compilation;
    }
}
