using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Tests;

/// <summary>Test code, compiled without errors against real packages.</summary>
internal static class Code
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Data;
        global using System.Data.Common;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;

        """;

    /// <summary>Compiles a file of types and members, and perhaps other files before it.</summary>
    public static CSharpCompilation Compile(string source, ImmutableArray<MetadataReference> references, params string[] others)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp12);
        var compilation = CSharpCompilation.Create(
            "TestCode",
            [.. others.Prepend(Usings).Append(source).Select(text => CSharpSyntaxTree.ParseText(text, options))],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    /// <summary>Compiles statements inside an async method that has the parameters <c>name</c> and those given.</summary>
    public static CSharpCompilation Statements(string usings, string parameters, string statements, ImmutableArray<MetadataReference> references, params string[] others) =>
        Compile($$"""
            {{usings}}
            class Test
            {
                async Task Run(string name{{(parameters.Length == 0 ? "" : ", " + parameters)}})
                {
                    {{statements}}
                    await Task.CompletedTask;
                }
            }
            """, references, others);

    /// <summary>All operations of the test code, in the order of the text.</summary>
    public static IEnumerable<IOperation> Operations(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        return tree.GetRoot().DescendantNodes()
            .Where(node => node is ExpressionSyntax or ConstructorInitializerSyntax)
            .Select(node => model.GetOperation(node))
            .OfType<IOperation>()
            .Distinct();
    }

    /// <summary>The matches in the test code.</summary>
    public static ImmutableArray<DbApiMatch> Matches(Compilation compilation, params string[] userSinks)
    {
        var apis = DbApis.Create(compilation, userSinks);
        Assert.NotNull(apis);
        return [.. Operations(compilation).Select(apis.Match).OfType<DbApiMatch>()];
    }
}
