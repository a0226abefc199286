using System.Collections.Immutable;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Rules;

/// <summary>
/// The base of every rule. It holds the ceremony, so that no rule can forget it: concurrent execution, generated code left alone, nothing
/// registered in a compilation without a database library.
/// </summary>
public abstract class DbRule : DiagnosticAnalyzer
{
    /// <summary>Makes a rule of one descriptor.</summary>
    protected DbRule(DiagnosticDescriptor descriptor)
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
            if (DbFacts.For(start.Compilation, start.Options) is { } facts)
            {
                Register(start, facts);
            }
        });
    }

    /// <summary>Registers the actions of the rule in a compilation that uses a database.</summary>
    protected abstract void Register(CompilationStartAnalysisContext context, DbFacts facts);
}

/// <summary>The base of the rules about one use of an API that takes SQL text.</summary>
public abstract class SqlRule : DbRule
{
    /// <summary>Makes a rule of one descriptor.</summary>
    protected SqlRule(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <inheritdoc/>
    protected sealed override void Register(CompilationStartAnalysisContext context, DbFacts facts) => context.RegisterOperationAction(
        action =>
        {
            if (facts.CallOf(action.Operation) is { } call)
            {
                Check(call, new SqlReport(action, Descriptor, facts, call));
            }
        },
        OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment, OperationKind.CompoundAssignment);

    /// <summary>Says what is wrong with a call.</summary>
    protected abstract void Check(DbCall call, SqlReport report);
}
