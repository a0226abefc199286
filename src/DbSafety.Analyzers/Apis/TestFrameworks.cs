using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The libraries that tests are written with.</summary>
public static class TestFrameworks
{
    private static readonly HashSet<string> s_assemblies = new(StringComparer.OrdinalIgnoreCase)
    {
        "xunit.core", "xunit.v3.core", "nunit.framework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "MSTest.TestFramework", "TUnit.Core",
    };

    /// <summary>Whether a compilation references one of them, so that it is a project of tests.</summary>
    public static bool AreUsedBy(Compilation compilation)
    {
        foreach (var assembly in compilation.ReferencedAssemblyNames)
        {
            if (s_assemblies.Contains(assembly.Name))
            {
                return true;
            }
        }

        return false;
    }
}
