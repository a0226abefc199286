using System.Collections.Immutable;
using DbSafety.Analyzers.Rules.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Tests.Flow;

/// <summary>Calls into another project: metadata in a build, a compilation with sources in an IDE.</summary>
public sealed class AssemblyTests
{
    private const string Library = """
        using Npgsql; using Dapper; using System.Threading.Tasks;
        namespace Data;
        public class User { public int Id { get; set; } }
        public interface IUsers { Task<User> GetAsync(int id); }
        public class Users(NpgsqlConnection pg) : IUsers
        {
            public Task<User> GetAsync(int id) => pg.QuerySingleAsync<User>("SELECT id FROM users WHERE id = @id", new { id });
            public Task RemoveAsync(int id) => pg.ExecuteAsync("DELETE FROM users WHERE id = @id", new { id });
        }
        """;

    private const string Program = """
        using Data; using Npgsql; using Dapper; using System.Collections.Generic; using System.Threading.Tasks;
        public class Case(Users users, IUsers contract, NpgsqlConnection pg)
        {
            public async Task Run(List<int> ids)
            {
                foreach (var id in ids)
                {
                    await users.GetAsync(id);
                    await users.RemoveAsync(id);
                }

                foreach (var id in ids)
                {
                    await contract.GetAsync(id);
                    await pg.QueryAsync<User>("SELECT id FROM users WHERE id = @id", new { id });
                }
            }
        }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_another_project_does_is_not_known(bool isCompilation) =>
        Assert.Equal(["DBS2001 pg.QueryAsync"], await FindingsAsync(isCompilation, ""));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unless_the_user_tells(bool isCompilation) => Assert.Equal(
        ["DBS2001 users.GetAsync", "DBS2002 users.RemoveAsync", "DBS2001 pg.QueryAsync"],
        await FindingsAsync(isCompilation, "M:Data.Users.GetAsync(System.Int32) | M:Data.Users.RemoveAsync(System.Int32)->write | M:Data.Nothing.Here"));

    [Fact]
    public async Task A_contract_counts_as_what_it_is_said_to_be() =>
        Assert.Contains("DBS2001 contract.GetAsync", await FindingsAsync(true, "M:Data.IUsers.GetAsync(System.Int32)"));

    private static async Task<List<string>> FindingsAsync(bool isCompilation, string methods)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp12);
        var library = CSharpCompilation.Create(
            "Data", [CSharpSyntaxTree.ParseText(Library, options)], RuleTest.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(library.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        MetadataReference reference = isCompilation ? library.ToMetadataReference() : Image(library);
        var program = CSharpCompilation.Create(
            "Program", [CSharpSyntaxTree.ParseText(Program, options)], RuleTest.References.Add(reference), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(program.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        Exception? crash = null;
        var run = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], new Settings(methods)), (exception, _, _) => crash ??= exception, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var found = await program.WithAnalyzers([new QueryInLoop(), new WriteInLoop()], run).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Null(crash);
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).Select(diagnostic =>
            $"{diagnostic.Id} {diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan).Split('(', '<')[0]}")];
    }

    private static PortableExecutableReference Image(CSharpCompilation library)
    {
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private sealed class Settings(string methods) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(methods);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(string methods) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, out string value)
            {
                value = methods;
                return key == DbSafety.Analyzers.Apis.Options.QueryMethodsKey && methods.Length > 0;
            }
        }
    }
}
