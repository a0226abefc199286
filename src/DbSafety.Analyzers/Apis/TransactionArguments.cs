using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>Which commands a provider refuses while a transaction is open, unless they are given it.</summary>
public enum TransactionNeed
{
    /// <summary>None, or nobody knows. Npgsql does not look at the argument.</summary>
    None,

    /// <summary>Those that were constructed, or made before the transaction began: a later <c>CreateCommand</c> hands the transaction over.</summary>
    Constructed,

    /// <summary>All.</summary>
    All,
}

/// <summary>What providers ask of commands while a transaction is open.</summary>
public static class TransactionArguments
{
    /// <summary>The name of the property, and of Dapper's parameter.</summary>
    public const string Property = "Transaction";

    /// <summary>Dapper's parameter.</summary>
    public const string Parameter = "transaction";

    /// <summary>What a connection asks for. The contracts of the base class library ask for what the database decided otherwise does.</summary>
    /// <param name="connection">Its static type.</param>
    /// <param name="provider">The database, where the type does not tell.</param>
    public static TransactionNeed Of(ITypeSymbol? connection, Provider provider)
    {
        var name = connection?.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() : null;
        return name switch
        {
            "Microsoft.Data.SqlClient" or "System.Data.SqlClient" or "MySqlConnector" => TransactionNeed.All,
            "Microsoft.Data.Sqlite" => TransactionNeed.Constructed,
            _ when DbApiTable.IsAdoNetNamespace(name) && provider == Provider.SqlServer => TransactionNeed.All,
            _ => TransactionNeed.None,
        };
    }
}
