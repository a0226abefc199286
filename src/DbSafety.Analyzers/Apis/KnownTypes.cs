using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>
/// The few types, beside those of the table, that rules ask for. Each is looked up when first asked for, once per compilation, and is null where the
/// compilation does not know it. Of several types of one name the compilation's own wins, then one that it can see. Thread-safe.
/// </summary>
public sealed class KnownTypes
{
    private readonly Compilation compilation;
    private readonly ConcurrentDictionary<string, INamedTypeSymbol?> types = new();

    internal KnownTypes(Compilation compilation) => this.compilation = compilation;

    /// <summary>System.Runtime.CompilerServices.FormattableStringFactory.</summary>
    public INamedTypeSymbol? FormattableStringFactory => Get("System.Runtime.CompilerServices.FormattableStringFactory");

    /// <summary>Npgsql.NpgsqlCommandBuilder.</summary>
    public INamedTypeSymbol? NpgsqlCommandBuilder => Get("Npgsql.NpgsqlCommandBuilder");

    /// <summary>Dapper.DynamicParameters.</summary>
    public INamedTypeSymbol? DynamicParameters => Get("Dapper.DynamicParameters");

    /// <summary>System.Linq.IQueryable.</summary>
    public INamedTypeSymbol? Queryable => Get("System.Linq.IQueryable");

    /// <summary>System.Linq.IGrouping.</summary>
    public INamedTypeSymbol? Grouping => Get("System.Linq.IGrouping`2");

    /// <summary>System.Data.IDataParameter.</summary>
    public INamedTypeSymbol? DataParameter => Get("System.Data.IDataParameter");

    /// <summary>System.Data.IDbCommand.</summary>
    public INamedTypeSymbol? DbCommand => Get("System.Data.IDbCommand");

    /// <summary>System.Data.IDbConnection.</summary>
    public INamedTypeSymbol? DbConnection => Get("System.Data.IDbConnection");

    /// <summary>System.Data.IDataReader.</summary>
    public INamedTypeSymbol? DataReader => Get("System.Data.IDataReader");

    /// <summary>System.Data.IDbTransaction.</summary>
    public INamedTypeSymbol? DbTransaction => Get("System.Data.IDbTransaction");

    /// <summary>System.Transactions.TransactionScope.</summary>
    public INamedTypeSymbol? TransactionScope => Get("System.Transactions.TransactionScope");

    /// <summary>Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction.</summary>
    public INamedTypeSymbol? ContextTransaction => Get("Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction");

    /// <summary>System.Data.Common.DbDataSource.</summary>
    public INamedTypeSymbol? DbDataSource => Get("System.Data.Common.DbDataSource");

    /// <summary>Microsoft.EntityFrameworkCore.DbContext.</summary>
    public INamedTypeSymbol? DbContext => Get("Microsoft.EntityFrameworkCore.DbContext");

    /// <summary>Microsoft.EntityFrameworkCore.DbSet.</summary>
    public INamedTypeSymbol? DbSet => Get("Microsoft.EntityFrameworkCore.DbSet`1");

    /// <summary>Dapper.CommandDefinition.</summary>
    public INamedTypeSymbol? CommandDefinition => Get("Dapper.CommandDefinition");

    /// <summary>Whether a type is a command.</summary>
    public bool IsCommand(ITypeSymbol? type) => Implements(type, DbCommand);

    /// <summary>Whether a type is a connection.</summary>
    public bool IsConnection(ITypeSymbol? type) => Implements(type, DbConnection);

    /// <summary>Whether a type is a reader of rows.</summary>
    public bool IsReader(ITypeSymbol? type) => Implements(type, DataReader);

    /// <summary>Whether a type is a transaction.</summary>
    public bool IsTransaction(ITypeSymbol? type) => Implements(type, DbTransaction);

    /// <summary>Whether a type is a transaction of a connection or of a context, or a scope.</summary>
    public bool IsAnyTransaction(ITypeSymbol? type) => IsTransaction(type) || Implements(type, ContextTransaction) || IsScope(type);

    /// <summary>Whether a type is an ambient transaction's scope.</summary>
    public bool IsScope(ITypeSymbol? type) => type is not null && TransactionScope is { } scope && SymbolEqualityComparer.Default.Equals(type, scope);

    /// <summary>Whether a type is a source of connections.</summary>
    public bool IsDataSource(ITypeSymbol? type)
    {
        for (; type is not null && DbDataSource is { } source; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, source))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a type is a command's parameter.</summary>
    public bool IsParameter(ITypeSymbol? type) => Implements(type, DataParameter);

    /// <summary>Whether a type is an entry of EF Core's change tracker.</summary>
    public bool IsEntry(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "CollectionEntry" or "ReferenceEntry" or "NavigationEntry", ContainingNamespace.Name: "ChangeTracking" };

    /// <summary>
    /// A parameter, property or field is marked as SQL: <c>[StringSyntax("Sql")]</c> or Rider's <c>[LanguageInjection("sql")]</c>, from whatever
    /// assembly the attribute comes (many hold a copy of their own).
    /// </summary>
    public static bool IsMarkedAsSql(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass?.Name is "StringSyntaxAttribute" or "LanguageInjectionAttribute"
                && attribute.ConstructorArguments.Length > 0
                && attribute.ConstructorArguments[0] is { Kind: TypedConstantKind.Primitive, Value: string language }
                && IsSqlDialect(language))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSqlDialect(string language) =>
        language.Equals("sql", StringComparison.OrdinalIgnoreCase)
        || language.Equals("postgresql", StringComparison.OrdinalIgnoreCase)
        || language.Equals("pgsql", StringComparison.OrdinalIgnoreCase);

    private static bool Implements(ITypeSymbol? type, INamedTypeSymbol? contract) => contract is not null && type is { SpecialType: SpecialType.None } &&
        (SymbolEqualityComparer.Default.Equals(type, contract) || type.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default));

    private INamedTypeSymbol? Get(string metadataName) => types.GetOrAdd(metadataName, Find);

    private INamedTypeSymbol? Find(string metadataName)
    {
        var found = compilation.GetTypesByMetadataName(metadataName);
        return found.FirstOrDefault(type => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly))
            ?? found.FirstOrDefault(type => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly));
    }
}
