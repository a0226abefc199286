using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members of Npgsql's binary COPY into a table.</summary>
public static class CopyMembers
{
    private const string End = "Complete";

    private const string EndAsync = End + "Async";

    /// <summary>Whether a method begins a binary import; one look at its name.</summary>
    public static bool MayBegin(string member) => member is "BeginBinaryImport" or "BeginBinaryImportAsync";

    /// <summary>Whether a type is a binary importer whose rows are lost unless it is completed: older versions completed when they were disposed of.</summary>
    public static bool IsImporter(ITypeSymbol? type) =>
        type is { Name: "NpgsqlBinaryImporter", ContainingNamespace: { Name: DbApiTable.NpgsqlAssembly, ContainingNamespace.IsGlobalNamespace: true } } && !type.GetMembers(End).IsEmpty;

    /// <summary>Whether a method writes a row, or a value of one.</summary>
    public static bool Writes(string member) => member is "StartRow" or "StartRowAsync" or "Write" or "WriteAsync" or "WriteNull" or "WriteNullAsync" or "WriteRow" or "WriteRowAsync";

    /// <summary>Whether a method completes the import.</summary>
    public static bool Completes(string member) => member is End or EndAsync;

    /// <summary>The method that completes an import: the asynchronous one where it is wanted, and the version has it.</summary>
    public static string Complete(ITypeSymbol importer, bool isAsync) => isAsync && !importer.GetMembers(EndAsync).IsEmpty ? EndAsync : End;
}
