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

    /// <summary>System.FormattableString.</summary>
    public INamedTypeSymbol? FormattableString => Get("System.FormattableString");

    /// <summary>System.Runtime.CompilerServices.FormattableStringFactory.</summary>
    public INamedTypeSymbol? FormattableStringFactory => Get("System.Runtime.CompilerServices.FormattableStringFactory");

    /// <summary>System.Text.StringBuilder.</summary>
    public INamedTypeSymbol? StringBuilder => Get("System.Text.StringBuilder");

    /// <summary>System.Guid.</summary>
    public INamedTypeSymbol? Guid => Get("System.Guid");

    /// <summary>System.DateTimeOffset.</summary>
    public INamedTypeSymbol? DateTimeOffset => Get("System.DateTimeOffset");

    /// <summary>System.TimeSpan.</summary>
    public INamedTypeSymbol? TimeSpan => Get("System.TimeSpan");

    /// <summary>System.DateOnly (.NET 6).</summary>
    public INamedTypeSymbol? DateOnly => Get("System.DateOnly");

    /// <summary>System.TimeOnly (.NET 6).</summary>
    public INamedTypeSymbol? TimeOnly => Get("System.TimeOnly");

    /// <summary>System.Linq.IQueryable&lt;T&gt;.</summary>
    public INamedTypeSymbol? IQueryable => Get("System.Linq.IQueryable`1");

    /// <summary>System.Linq.Enumerable.</summary>
    public INamedTypeSymbol? Enumerable => Get("System.Linq.Enumerable");

    /// <summary>System.Data.IDbConnection.</summary>
    public INamedTypeSymbol? IDbConnection => Get("System.Data.IDbConnection");

    /// <summary>System.Data.IDbCommand.</summary>
    public INamedTypeSymbol? IDbCommand => Get("System.Data.IDbCommand");

    /// <summary>System.Data.IDbTransaction.</summary>
    public INamedTypeSymbol? IDbTransaction => Get("System.Data.IDbTransaction");

    /// <summary>System.Data.IDataParameter.</summary>
    public INamedTypeSymbol? IDataParameter => Get("System.Data.IDataParameter");

    /// <summary>System.Data.Common.DbConnection.</summary>
    public INamedTypeSymbol? DbConnection => Get("System.Data.Common.DbConnection");

    /// <summary>System.Data.Common.DbParameterCollection.</summary>
    public INamedTypeSymbol? DbParameterCollection => Get("System.Data.Common.DbParameterCollection");

    /// <summary>System.Data.Common.DbCommandBuilder, which declares <c>QuoteIdentifier</c>.</summary>
    public INamedTypeSymbol? DbCommandBuilder => Get("System.Data.Common.DbCommandBuilder");

    /// <summary>Npgsql.NpgsqlCommandBuilder.</summary>
    public INamedTypeSymbol? NpgsqlCommandBuilder => Get("Npgsql.NpgsqlCommandBuilder");

    /// <summary>Npgsql.NpgsqlParameter.</summary>
    public INamedTypeSymbol? NpgsqlParameter => Get("Npgsql.NpgsqlParameter");

    /// <summary>Npgsql.NpgsqlParameterCollection.</summary>
    public INamedTypeSymbol? NpgsqlParameterCollection => Get("Npgsql.NpgsqlParameterCollection");

    /// <summary>Dapper.DynamicParameters.</summary>
    public INamedTypeSymbol? DynamicParameters => Get("Dapper.DynamicParameters");

    /// <summary>Dapper.SqlMapper.IDynamicParameters.</summary>
    public INamedTypeSymbol? IDynamicParameters => Get("Dapper.SqlMapper+IDynamicParameters");

    /// <summary>Microsoft.EntityFrameworkCore.DbContext.</summary>
    public INamedTypeSymbol? DbContext => Get("Microsoft.EntityFrameworkCore.DbContext");

    /// <summary>EF Core's RelationalEntityTypeExtensions, whose <c>GetTableName</c> and <c>GetSchema</c> come from the model.</summary>
    public INamedTypeSymbol? RelationalEntityTypeExtensions => Get("Microsoft.EntityFrameworkCore.RelationalEntityTypeExtensions");

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

    private INamedTypeSymbol? Get(string metadataName) => types.GetOrAdd(metadataName, Find);

    private INamedTypeSymbol? Find(string metadataName)
    {
        var found = compilation.GetTypesByMetadataName(metadataName);
        return found.FirstOrDefault(type => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly))
            ?? found.FirstOrDefault(type => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly));
    }
}
