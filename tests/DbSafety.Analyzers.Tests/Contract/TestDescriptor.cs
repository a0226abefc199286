using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>Descriptors for the tests of the checks themselves.</summary>
internal static class TestDescriptor
{
    public static DiagnosticDescriptor Create(string id, string category, DiagnosticSeverity severity, bool isEnabled = true) =>
        new(id, "A title", "A message", category, severity, isEnabled);
}
