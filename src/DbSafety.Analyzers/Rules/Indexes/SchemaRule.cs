using System.Collections.Immutable;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>
/// The base of the rules about the schema alone. They report where something is declared, in a file of SQL or in C# code, each file by itself so that it
/// shows while it is being written; they need no database library.
/// </summary>
/// <typeparam name="TFinding">What the rule reports.</typeparam>
public abstract class SchemaRule<TFinding> : DiagnosticAnalyzer
    where TFinding : SchemaFinding
{
    /// <summary>Makes a rule of one descriptor.</summary>
    protected SchemaRule(DiagnosticDescriptor descriptor)
    {
        Descriptor = descriptor;
        SupportedDiagnostics = ImmutableArray.Create(descriptor);
    }

    /// <summary>What this rule reports.</summary>
    public DiagnosticDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (SchemaFacts.For(start.Compilation, start.Options) is not { } schema)
            {
                return;
            }

            start.RegisterAdditionalFileAction(action => Report(schema, action.AdditionalFile.Path, action.ReportDiagnostic));
            start.RegisterSyntaxTreeAction(action => Report(schema, action.Tree.FilePath, action.ReportDiagnostic));
        });
    }

    /// <summary>The arguments of the message.</summary>
    protected abstract object[] Arguments(TFinding finding);

    /// <summary>What the fixes are told.</summary>
    protected abstract ImmutableDictionary<string, string?> Properties(TFinding finding, SchemaFacts schema);

    private void Report(SchemaFacts schema, string path, Action<Diagnostic> report)
    {
        foreach (var finding in schema.FindingsIn(path).OfType<TFinding>())
        {
            if (!schema.IsSilenced(finding, Descriptor.Id))
            {
                report(Diagnostic.Create(Descriptor, finding.Location, ImmutableArray.Create(finding.Location), Properties(finding, schema), Arguments(finding)));
            }
        }
    }
}
