using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Facts;

/// <summary>The methods that the user named as ones that go to the database (<see cref="Options.QueryMethodsKey"/>).</summary>
internal static class UserMethods
{
    private const string WriteMark = "->write";

    /// <summary>The methods with what each does; ids that name nothing are left out.</summary>
    public static IReadOnlyDictionary<ISymbol, DbEffects> Of(IReadOnlyCollection<string> ids, Compilation compilation)
    {
        var methods = new Dictionary<ISymbol, DbEffects>(SymbolEqualityComparer.Default);
        foreach (var id in ids)
        {
            var isWrite = id.EndsWith(WriteMark, StringComparison.Ordinal);
            var name = isWrite ? id.Substring(0, id.Length - WriteMark.Length).Trim() : id;
            foreach (var symbol in DocumentationCommentId.GetSymbolsForDeclarationId(name, compilation))
            {
                methods[symbol] = isWrite ? DbEffects.Writes : DbEffects.Reads;
            }
        }

        return methods;
    }
}
