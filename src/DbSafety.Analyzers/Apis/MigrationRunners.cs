using System.Collections.Immutable;
using DbSafety.Sql.Migrations;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The tools for migrations that a project references: their files alone do not tell them apart from those of others.</summary>
public static class MigrationRunners
{
    private static readonly (string Assembly, MigrationTool Tool)[] s_runners =
    [
        ("dbup-core", MigrationTool.DbUp),
        ("Evolve", MigrationTool.Evolve),
        ("grate", MigrationTool.Grate),
        ("grate.core", MigrationTool.Grate),
    ];

    /// <summary>The members of DbUp that put scripts into transactions.</summary>
    public static readonly ImmutableArray<string> TransactionSettings = ImmutableArray.Create("WithTransaction", "WithTransactionPerScript", "WithTransactionAlwaysRollback");

    /// <summary>The one tool that a compilation references, or null where there is none, or several.</summary>
    public static MigrationTool? Of(Compilation compilation)
    {
        MigrationTool? found = null;
        foreach (var name in compilation.ReferencedAssemblyNames)
        {
            foreach (var (assembly, tool) in s_runners)
            {
                if (string.Equals(name.Name, assembly, StringComparison.OrdinalIgnoreCase) && tool != found)
                {
                    if (found is not null)
                    {
                        return null;
                    }

                    found = tool;
                }
            }
        }

        return found;
    }
}
