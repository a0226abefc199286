using System.Collections.Immutable;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>
/// A fix, run one diagnostic at a time and by FixAll, against the real packages. The diagnostics themselves are the rules' tests' business: here they
/// are whatever the rules report. The fixed code must compile.
/// </summary>
internal sealed class FixTest : CodeFixTest<DefaultVerifier>
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Data;
        global using System.Data.Common;
        global using System.Globalization;
        global using System.Linq;
        global using System.Text;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>What every case may use.</summary>
    public const string Shared = """
        using System;
        using System.Collections.Generic;

        public class User { public int Id { get; set; } public string Name { get; set; } = ""; public Status Status { get; set; } public Guid Key { get; set; } }
        public class Request { public string Name { get; set; } = ""; public string Text { get; set; } = ""; public int Id { get; set; } }
        public enum Status { Active, Closed }
        public static class Other { public static string Next() => Console.ReadLine() ?? ""; public static void Use(string text) { } }
        """;

    private readonly LanguageVersion _version;
    private readonly NullableContextOptions _nullable;

    private readonly CodeFixProvider _fixer;

    private FixTest(LanguageVersion version, NullableContextOptions nullable, CodeFixProvider fixer)
    {
        _fixer = fixer;
        _version = version;
        _nullable = nullable;
        ReferenceAssemblies = new ReferenceAssemblies("none");
        MarkupOptions = MarkupOptions.TreatPositionIndicatorsAsCode;
        TestBehaviors = TestBehaviors.SkipSuppressionCheck | TestBehaviors.SkipGeneratedCodeCheck;
        CodeActionValidationMode = CodeActionValidationMode.None;

        // A call is reported where its text is built.
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipLocalDiagnosticCheck;
    }

    /// <inheritdoc/>
    public override string Language => LanguageNames.CSharp;

    /// <inheritdoc/>
    public override Type SyntaxKindType => typeof(SyntaxKind);

    /// <inheritdoc/>
    protected override string DefaultFileExt => "cs";

    /// <summary>Statements in a method with these parameters; the usings stand in the same file for old language versions.</summary>
    public static string Wrap(string statements, string parameters, bool isOld = false, string type = "async Task<object?>") => $$"""
        {{(isOld ? Usings.Replace("global ", "") : "")}}
        using Dapper;
        using Npgsql;

        public class Case
        {
            public {{type}} Run({{parameters}})
            {
        {{string.Join("\n", statements.Split('\n').Select(line => line.Length == 0 ? "" : "        " + line))}}
            }
        }
        """;

    /// <summary>The fix turns one code into another, one by one and all at once.</summary>
    public static async Task Run(
        string before, string after, LanguageVersion version = LanguageVersion.CSharp12, NullableContextOptions nullable = NullableContextOptions.Enable,
        IEnumerable<MetadataReference>? references = null, Action<FixTest>? configure = null, string? sql = null, string? title = null,
        CodeFixProvider? fixer = null)
    {
        var all = (references ?? References.Newest).ToImmutableArray();
        var test = new FixTest(version, nullable, fixer ?? new ParameterFixer());
        var others = version >= LanguageVersion.CSharp10 ? new[] { ("Usings.cs", Usings), ("Shared.cs", Shared) } : [("Shared.cs", Shared)];
        foreach (var (state, code) in new (SolutionState, string)[] { (test.TestState, before), (test.FixedState, after) })
        {
            state.Sources.Add(("Case.cs", code));
            foreach (var other in others)
            {
                state.Sources.Add(other);
            }

            state.AdditionalReferences.AddRange(all);
            if (sql is not null)
            {
                state.AdditionalFiles.Add(("schema.sql", sql));
            }

            state.ExpectedDiagnostics.AddRange(await test.Report(code, others, all, sql));
        }

        Assert.NotEmpty(test.TestState.ExpectedDiagnostics);
        test.FixedState.InheritanceMode = StateInheritanceMode.Explicit;
        test.BatchFixedState.InheritanceMode = StateInheritanceMode.AutoInheritAll;
        if (title is not null)
        {
            test.CodeActionVerifier = (action, verifier) => verifier.Equal(title, action.Title);
        }

        configure?.Invoke(test);
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>No fix is offered.</summary>
    public static Task Refuses(
        string code, LanguageVersion version = LanguageVersion.CSharp12, NullableContextOptions nullable = NullableContextOptions.Enable,
        IEnumerable<MetadataReference>? references = null, CodeFixProvider? fixer = null) => Run(code, code, version, nullable, references, fixer: fixer);

    private async Task<IEnumerable<DiagnosticResult>> Report(
        string code, (string Name, string Text)[] others, ImmutableArray<MetadataReference> references, string? sql)
    {
        var compilation = CSharpCompilation.Create(
            "Case",
            [.. others.Prepend(("Case.cs", code)).Select(file => CSharpSyntaxTree.ParseText(file.Item2, (CSharpParseOptions)CreateParseOptions(), "/0/" + file.Item1))],
            references,
            (CSharpCompilationOptions)CreateCompilationOptions());
        var options = new AnalyzerOptions(sql is null ? [] : [new SqlFile(sql)]);
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join("\n", errors) + "\n" + code);
        var diagnostics = await compilation.WithAnalyzers([.. GetDiagnosticAnalyzers()], options).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).Select(diagnostic =>
        {
            var span = diagnostic.Location.GetLineSpan();
            return new DiagnosticResult(diagnostic.Descriptor).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations).WithMessage(null)
                .WithSpan("Case.cs", span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1, span.EndLinePosition.Line + 1, span.EndLinePosition.Character + 1);
        });
    }

    /// <inheritdoc/>
    protected override CompilationOptions CreateCompilationOptions() =>
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: _version < LanguageVersion.CSharp8 ? NullableContextOptions.Disable : _nullable);

    /// <inheritdoc/>
    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(_version, DocumentationMode.Diagnose);

    /// <inheritdoc/>
    protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() =>
        Tests.Verify.Rules.Where(analyzer => analyzer.SupportedDiagnostics.Any(descriptor => _fixer.FixableDiagnosticIds.Contains(descriptor.Id)));

    /// <inheritdoc/>
    protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => [_fixer];

    private sealed class SqlFile(string text) : AdditionalText
    {
        public override string Path => "/0/schema.sql";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
