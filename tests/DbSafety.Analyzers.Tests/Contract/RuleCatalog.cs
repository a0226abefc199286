using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>A rule: a descriptor and the class that reports it.</summary>
internal sealed record Rule(DiagnosticDescriptor Descriptor, Type Class)
{
    public string Id => Descriptor.Id;

    public string Name => Class.Name;

    /// <summary>Whether it speaks of the project as a whole, at its end: no place can be marked then.</summary>
    public bool IsOfProject => Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd);

    /// <summary>The page of the rule, from the root, with forward slashes.</summary>
    public string Page => $"src/DbSafety.Analyzers/Rules/{Descriptor.Category}/{Name}.md";
}

/// <summary>What the built assemblies hold: rules by reflection over all analyzers, and the ids that fixes take.</summary>
internal static class RuleCatalog
{
    public static Assembly Sql { get; } = Assembly.Load("DbSafety.Sql");

    public static Assembly Analyzers { get; } = Assembly.Load("DbSafety.Analyzers");

    public static Assembly CodeFixes { get; } = Assembly.Load("DbSafety.CodeFixes");

    /// <summary>Every descriptor of every analyzer, in the order of the ids.</summary>
    public static ImmutableArray<Rule> Rules { get; } = Analyzers.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
        .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics.Select(descriptor => new Rule(descriptor, type)))
        .OrderBy(rule => rule.Id, StringComparer.Ordinal)
        .ToImmutableArray();

    /// <summary>The ids that an exported fix takes.</summary>
    public static ImmutableHashSet<string> FixableIds { get; } = CodeFixes.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract && type.IsDefined(typeof(ExportCodeFixProviderAttribute)))
        .SelectMany(type => ((CodeFixProvider)Activator.CreateInstance(type)!).FixableDiagnosticIds)
        .ToImmutableHashSet();

    /// <summary>The descriptors held in static members, whether or not a rule reports them.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Declared { get; } = Analyzers.GetTypes()
        .SelectMany(type => type.GetMembers(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(member => member switch
        {
            FieldInfo field when field.FieldType == typeof(DiagnosticDescriptor) => (DiagnosticDescriptor?)field.GetValue(null),
            PropertyInfo property when property.PropertyType == typeof(DiagnosticDescriptor) => (DiagnosticDescriptor?)property.GetValue(null),
            _ => null,
        })
        .OfType<DiagnosticDescriptor>()
        .ToImmutableArray();
}
