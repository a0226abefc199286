using System.Collections.Immutable;

namespace DbSafety.Analyzers.Apis;

/// <summary>
/// The members that go to the database without taking SQL text. Each row is proved against the real assemblies
/// (<c>tests/DbSafety.Analyzers.Tests/Apis/DbMemberTableTests.cs</c>).
/// </summary>
public static class DbMemberTable
{
    private const string EfContext = "Microsoft.EntityFrameworkCore.DbContext";
    private const string EfSet = "Microsoft.EntityFrameworkCore.DbSet`1";
    private const string EfQuery = "Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions";
    private const string EfTracking = "Microsoft.EntityFrameworkCore.ChangeTracking.";

    private const DbEffects Query = DbEffects.Executes | DbEffects.Reads;
    private const DbEffects Write = DbEffects.Executes | DbEffects.Writes;

    /// <summary>All rows.</summary>
    public static ImmutableArray<DbMember> Rows { get; } = ImmutableArray.CreateRange(AdoNet().Concat(EfCore()).Concat(Linq()));

    /// <summary>The rows by <see cref="DbMember.Member"/>.</summary>
    public static ImmutableDictionary<string, ImmutableArray<DbMember>> RowsByMember { get; } =
        Rows.GroupBy(row => row.Member).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());

    /// <summary>The methods of LINQ to Objects, and the like, that call a delegate once for each element.</summary>
    internal static bool CallsPerElement(string type, string member) => type switch
    {
        "System.Linq.Enumerable" or "System.Linq.ParallelEnumerable" or "System.Linq.AsyncEnumerable" => true,
        "System.Collections.Generic.List" => member is "ForEach" or "ConvertAll" or "FindAll" or "RemoveAll" or "TrueForAll" or "Exists" or "Find",
        "System.Array" => member is "ForEach" or "ConvertAll" or "FindAll",
        "System.Threading.Tasks.Parallel" => member is "For" or "ForEach" or "ForAsync" or "ForEachAsync",
        _ => false,
    };

    /// <summary>The operators that stop at an element that their delegate chooses: the answer decides how often it is asked.</summary>
    internal static bool StopsEarly(string member) => member is "Any" or "All" or "AnyAsync" or "AllAsync" or "First" or "FirstOrDefault" or "TakeWhile" or "SkipWhile" or
        "TrueForAll" or "Exists" or "Find" or "Contains" or "FirstAsync" or "FirstOrDefaultAsync";

    /// <summary>The methods that call a delegate once, at once: what stands in the delegate runs where the call stands.</summary>
    internal static bool CallsOnce(string type, string member) => type switch
    {
        "System.Threading.Tasks.Task" => member == "Run",
        "System.Threading.Tasks.TaskFactory" => member == "StartNew",
        "Microsoft.EntityFrameworkCore.Storage.IExecutionStrategy" or "Microsoft.EntityFrameworkCore.ExecutionStrategyExtensions" => true,
        _ => false,
    };

    /// <summary>The sources that never end, or end when their producer says so: whoever reads them takes one message at a time.</summary>
    internal static bool IsConsumed(string space, string member) =>
        space is "System.Threading.Channels" or "System.Collections.Concurrent" || member is "GetConsumingEnumerable" or "ReadAllAsync";

    /// <summary>The operators that answer whatever rows there are, none among them: they never throw for it.</summary>
    public static bool AnswersAlways(string member) => member is "ToList" or "ToListAsync" or "ToArray" or "ToArrayAsync" or "FirstOrDefault" or "FirstOrDefaultAsync" or "Any" or "AnyAsync" or
        "All" or "AllAsync" or "Count" or "CountAsync" or "LongCount" or "LongCountAsync" or "Contains" or "ContainsAsync" or "Find" or "FindAsync";

    /// <summary>The method of a command that gives one value, or nothing.</summary>
    public static bool GivesOneValue(string member) => member is "ExecuteScalar" or "ExecuteScalarAsync";

    /// <summary>The methods that make a list of a sequence and nothing else.</summary>
    public static bool Lists(string member) => member is "ToList" or "ToArray" or "AsList" or "ToHashSet";

    /// <summary>The methods that wait: a loop with one of them polls.</summary>
    internal static bool Waits(string member) => member is "Delay" or "Sleep" or "WaitForNextTickAsync" or "SpinWait" or "Wait" or "WaitAsync";

    /// <summary>The operators that turn a query into a sequence of this process, and run it when that is enumerated.</summary>
    internal static bool EnumeratesQuery(string member) => member is "AsAsyncEnumerable" or "AsEnumerable";

    /// <summary>The methods that cut a sequence into pieces.</summary>
    internal static bool Pages(string member) => member is "Skip" or "Take" or "Chunk" or "Batch" or "GetRange" or "SkipWhile";

    /// <summary>The methods of a context or set that make an EF Core query, beside the ones that take text.</summary>
    internal static bool MakesQuery(string member) => member is "Set" or "Query";

    /// <summary>The methods that begin a transaction.</summary>
    internal static bool BeginsTransaction(string member) => member is "BeginTransaction" or "BeginTransactionAsync" or "BeginDbTransactionAsync" or "UseTransaction" or "UseTransactionAsync";

    /// <summary>The look-ups that tell whether something is known already.</summary>
    internal static bool LooksUp(string member) => member is "TryGetValue" or "ContainsKey" or "TryGet" or "Contains" or "TryAdd" or "Add" or "GetOrAdd" or "GetOrCreate" or "GetOrCreateAsync";

    private static IEnumerable<DbMember> AdoNet()
    {
        foreach (var type in new[] { "System.Data.IDbCommand", "System.Data.Common.DbCommand" })
        {
            yield return new(DbLibrary.AdoNet, type, "ExecuteReader", Query | DbEffects.OpensReader);
            yield return new(DbLibrary.AdoNet, type, "ExecuteScalar", Query);
            yield return new(DbLibrary.AdoNet, type, "ExecuteNonQuery", DbEffects.Executes);
        }

        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbCommand", "ExecuteReaderAsync", Query | DbEffects.OpensReader);
        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbCommand", "ExecuteScalarAsync", Query);
        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbCommand", "ExecuteNonQueryAsync", DbEffects.Executes);
        yield return new(DbLibrary.AdoNet, "System.Data.Common.DbDataAdapter", "Fill", Query);
    }

    private static IEnumerable<DbMember> EfCore()
    {
        foreach (var type in new[] { EfContext, EfSet })
        {
            yield return new(DbLibrary.EfCore, type, "Find", Query);
            yield return new(DbLibrary.EfCore, type, "FindAsync", Query);
        }

        foreach (var member in new[] { "SaveChanges", "SaveChangesAsync" })
        {
            yield return new(DbLibrary.EfCore, EfContext, member, Write | DbEffects.SavesChanges);
        }

        foreach (var type in new[] { "CollectionEntry", "ReferenceEntry", "NavigationEntry" })
        {
            yield return new(DbLibrary.EfCore, EfTracking + type, "Load", Query);
            yield return new(DbLibrary.EfCore, EfTracking + type, "LoadAsync", Query);
        }

        foreach (var member in new[] { "Reload", "GetDatabaseValues" })
        {
            yield return new(DbLibrary.EfCore, EfTracking + "EntityEntry", member, Query);
            yield return new(DbLibrary.EfCore, EfTracking + "EntityEntry", member + "Async", Query);
        }

        // An asynchronous operator of EF Core proves that its source is a query of EF Core, whatever its static type.
        foreach (var member in new[]
        {
            "AllAsync", "AnyAsync", "AverageAsync", "ContainsAsync", "CountAsync", "ElementAtAsync", "ElementAtOrDefaultAsync", "FirstAsync", "FirstOrDefaultAsync",
            "ForEachAsync", "LastAsync", "LastOrDefaultAsync", "Load", "LoadAsync", "LongCountAsync", "MaxAsync", "MinAsync", "SingleAsync", "SingleOrDefaultAsync", "SumAsync",
            "ToArrayAsync", "ToDictionaryAsync", "ToHashSetAsync", "ToListAsync",
        })
        {
            yield return new(DbLibrary.EfCore, EfQuery, member, Query);
        }

        // EF Core 7 and 8 have them in the relational assembly, later ones in the core.
        foreach (var type in new[] { EfQuery, DbApiTable.EfQueryable })
        {
            foreach (var member in new[] { "ExecuteDelete", "ExecuteUpdate" })
            {
                yield return new(DbLibrary.EfCore, type, member, Write);
                yield return new(DbLibrary.EfCore, type, member + "Async", Write);
            }
        }
    }

    private static IEnumerable<DbMember> Linq()
    {
        foreach (var member in new[]
        {
            "Aggregate", "All", "Any", "Average", "Contains", "Count", "ElementAt", "ElementAtOrDefault", "First", "FirstOrDefault", "Last", "LastOrDefault", "LongCount", "Max",
            "MaxBy", "Min", "MinBy", "SequenceEqual", "Single", "SingleOrDefault", "Sum",
        })
        {
            yield return new(DbLibrary.EfCore, "System.Linq.Queryable", member, Query | DbEffects.OfQuery);
        }

        foreach (var member in new[] { "ToArray", "ToDictionary", "ToHashSet", "ToList", "ToLookup" })
        {
            yield return new(DbLibrary.EfCore, "System.Linq.Enumerable", member, Query | DbEffects.OfQuery);
        }
    }
}
