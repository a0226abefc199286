using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Rules;

public static partial class Descriptors
{
    /// <summary>The indexes that the whole project lacks.</summary>
    public static readonly DiagnosticDescriptor DBS4000_ProjectIndexes = Rule(
        "DBS4000", "ProjectIndexes", "Indexes that the project lacks", "{0}", Categories.Indexes, DiagnosticSeverity.Info,
        "The fewest indexes that serve all queries and foreign keys of a project, as one migration. Reported on demand only: dotnet build -t:DbSafetyIndexes.",
        WellKnownDiagnosticTags.CompilationEnd);

    /// <summary>Filter or join without an index.</summary>
    public static readonly DiagnosticDescriptor DBS4001_FilterWithoutIndex = Rule(
        "DBS4001", "FilterWithoutIndex", "Filter or join without an index",
        "No index of '{0}' serves this condition ({1}): {2}", Categories.Indexes, DiagnosticSeverity.Warning,
        "Without an index that serves one of the conditions, PostgreSQL reads the whole table for each run of the query.");

    /// <summary>JSONB or array filter without an index.</summary>
    public static readonly DiagnosticDescriptor DBS4002_JsonFilterWithoutIndex = Rule(
        "DBS4002", "JsonFilterWithoutIndex", "JSONB or array filter without an index",
        "No index of '{0}' serves this condition ({1}): {2}", Categories.Indexes, DiagnosticSeverity.Warning,
        "Operators on jsonb and arrays are served by GIN indexes of the operator class that knows them, or by an index on the expression, and by no other.");

    /// <summary>Foreign key without an index.</summary>
    public static readonly DiagnosticDescriptor DBS4003_ForeignKeyWithoutIndex = Rule(
        "DBS4003", "ForeignKeyWithoutIndex", "Foreign key without an index",
        "The foreign key '{0}' of '{1}' ({2}) has no index: {3}", Categories.Indexes, DiagnosticSeverity.Warning,
        "Each DELETE, and each UPDATE of the key, in the referenced table looks up the referencing rows; without an index it reads the whole table, once for each row.");

    /// <summary>Composite index missing.</summary>
    public static readonly DiagnosticDescriptor DBS4004_CompositeIndexMissing = Rule(
        "DBS4004", "CompositeIndexMissing", "Composite index missing",
        "{0}: {1}", Categories.Indexes, DiagnosticSeverity.Info,
        "An index that holds the equality columns and then the range or the order reads just the rows that are asked for.");

    /// <summary>Index cannot serve this form of the condition.</summary>
    public static readonly DiagnosticDescriptor DBS4005_IndexCannotServe = Rule(
        "DBS4005", "IndexCannotServe", "Index cannot serve this form of the condition",
        "The index '{0}' cannot serve this condition: {1}; {2}", Categories.Indexes, DiagnosticSeverity.Warning,
        "An index serves the column or the expression that it was made for, in the form and the type that its operator class knows.");

    /// <summary>Redundant index.</summary>
    public static readonly DiagnosticDescriptor DBS4006_RedundantIndex = Rule(
        "DBS4006", "RedundantIndex", "Redundant index",
        "The index '{0}' of '{1}' is redundant, '{2}' serves all that it serves: {3}", Categories.Indexes, DiagnosticSeverity.Info,
        "Each index costs every write of its table, and this one answers nothing that the other does not.");
}
