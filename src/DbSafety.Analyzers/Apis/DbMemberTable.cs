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

    // Younger than the oldest framework that this assembly loads in, so that nameof does not know it.
    internal static readonly string ToHashSet = "System.Linq.Enumerable.ToHashSet".Substring("System.Linq.Enumerable.".Length);

    private const DbEffects Query = DbEffects.Executes | DbEffects.Reads;
    private const DbEffects Write = DbEffects.Executes | DbEffects.Writes;

    /// <summary>All rows.</summary>
    public static ImmutableArray<DbMember> Rows { get; } = ImmutableArray.CreateRange(AdoNet().Concat(EfCore()).Concat(Linq()));

    /// <summary>The rows by <see cref="DbMember.Member"/>.</summary>
    public static ImmutableDictionary<string, ImmutableArray<DbMember>> RowsByMember { get; } =
        Rows.GroupBy(row => row.Member).ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());

    /// <summary>The members that write, or run a command that may.</summary>
    internal static ImmutableHashSet<string> Writers { get; } =
        Rows.Where(row => row.Library == DbLibrary.AdoNet || (row.Effects & DbEffects.Writes) != 0).Select(row => row.Member).ToImmutableHashSet();

    /// <summary>The methods of LINQ to Objects, and the like, that call a delegate once for each element.</summary>
    internal static bool CallsPerElement(string type, string member) => type switch
    {
        "System.Linq.Enumerable" or "System.Linq.ParallelEnumerable" or "System.Linq.AsyncEnumerable" => true,
        "System.Collections.Generic.List" => member is nameof(List<int>.ForEach) or nameof(List<int>.ConvertAll) or nameof(List<int>.FindAll) or nameof(List<int>.RemoveAll) or
            nameof(List<int>.TrueForAll) or nameof(List<int>.Exists) or nameof(List<int>.Find),
        "System.Array" => member is nameof(Array.ForEach) or nameof(Array.ConvertAll) or nameof(Array.FindAll),
        "System.Threading.Tasks.Parallel" => true,
        _ => false,
    };

    /// <summary>The methods of collections that call a delegate once for each element, by name alone.</summary>
    internal static bool IsElementwise(string member) => member is nameof(List<int>.ForEach) or nameof(List<int>.ConvertAll) or nameof(List<int>.FindAll) or nameof(List<int>.Find);

    /// <summary>The operators that stop at an element that their delegate chooses: the answer decides how often it is asked.</summary>
    internal static bool StopsEarly(string member) => Plain(member) is nameof(Enumerable.Any) or nameof(Enumerable.All) or nameof(Enumerable.First) or nameof(Enumerable.FirstOrDefault) or
        nameof(Enumerable.TakeWhile) or nameof(Enumerable.SkipWhile) or nameof(List<int>.TrueForAll) or nameof(List<int>.Exists) or nameof(List<int>.Find);

    /// <summary>The operators that ask for one element for each that they are asked for.</summary>
    internal static bool Streams(string member) => Plain(member) is nameof(Enumerable.Select) or nameof(Enumerable.Where) or nameof(Enumerable.SelectMany) or nameof(Enumerable.OfType) or
        nameof(Enumerable.Cast) or nameof(Enumerable.AsEnumerable) or nameof(Enumerable.Distinct) or nameof(Enumerable.Concat) or nameof(Enumerable.Skip) or nameof(Enumerable.Take);

    /// <summary>The operators that give no more elements than they take.</summary>
    internal static bool KeepsCount(string member) => Plain(member) is nameof(Enumerable.Select) or nameof(Enumerable.Where) or nameof(Enumerable.OrderBy) or nameof(Enumerable.OrderByDescending) or
        nameof(Enumerable.ThenBy) or nameof(Enumerable.ThenByDescending) or nameof(Enumerable.Distinct) or nameof(Enumerable.Reverse) or nameof(Enumerable.Skip) or nameof(Enumerable.Take) or
        nameof(Enumerable.ToList) or nameof(Enumerable.ToArray) or nameof(Enumerable.AsEnumerable);

    /// <summary>The methods that call a delegate once, at once: what stands in the delegate runs where the call stands.</summary>
    internal static bool CallsOnce(string type, string member) => type switch
    {
        "System.Threading.Tasks.Task" => member == nameof(Task.Run),
        "System.Threading.Tasks.TaskFactory" => member == nameof(TaskFactory.StartNew),
        "Microsoft.EntityFrameworkCore.Storage.IExecutionStrategy" or "Microsoft.EntityFrameworkCore.ExecutionStrategyExtensions" => true,
        _ => false,
    };

    /// <summary>The sources that never end, or end when their producer says so: whoever reads them takes one message at a time.</summary>
    internal static bool IsConsumed(string space, string member) =>
        space is "System.Threading.Channels" or "System.Collections.Concurrent" || member is "ReadAllAsync" or nameof(System.Collections.Concurrent.BlockingCollection<int>.GetConsumingEnumerable);

    /// <summary>The operators that answer whatever rows there are, none among them: they never throw for it.</summary>
    public static bool AnswersAlways(string member) => (member.EndsWith("Async", StringComparison.Ordinal) ? member.Substring(0, member.Length - 5) : member) is
        nameof(Enumerable.ToList) or nameof(Enumerable.ToArray) or nameof(Enumerable.FirstOrDefault) or nameof(Enumerable.Any) or nameof(Enumerable.All) or nameof(Enumerable.Count) or
        nameof(Enumerable.LongCount) or nameof(Enumerable.Contains) or nameof(List<int>.Find);

    /// <summary>The method of a command that gives one value, or nothing.</summary>
    public static bool GivesOneValue(string member) => member is "ExecuteScalar" or "ExecuteScalarAsync";

    /// <summary>The methods that make a list of a sequence and nothing else.</summary>
    public static bool Lists(string member) => member is nameof(Enumerable.ToList) or nameof(Enumerable.ToArray) or "AsList" || member == ToHashSet;

    /// <summary>The methods that wait: a loop with one of them polls, or is throttled.</summary>
    internal static bool Waits(string member) => member is nameof(Task.Delay) or nameof(Thread.Sleep) or nameof(Task.Wait) or nameof(SemaphoreSlim.WaitAsync) or "WaitForNextTickAsync";

    /// <summary>The operators that turn a query into a sequence of this process, and run it when that is enumerated.</summary>
    internal static bool EnumeratesQuery(string member) => member is "AsAsyncEnumerable" or nameof(Enumerable.AsEnumerable);

    /// <summary>The methods that cut a sequence into pieces.</summary>
    internal static bool Pages(string member) => member is nameof(Enumerable.Skip) or nameof(Enumerable.Take) or nameof(List<int>.GetRange) || member.StartsWith("Chunk", StringComparison.Ordinal);

    /// <summary>The methods of a context or entry that make an EF Core query, beside the ones that take text.</summary>
    internal static bool MakesQuery(string member) => member is "Set" or "Query";

    /// <summary>The methods that begin a transaction.</summary>
    internal static bool BeginsTransaction(string member) => member is "BeginTransaction" or "BeginTransactionAsync" or "BeginDbTransactionAsync" or "UseTransaction" or "UseTransactionAsync";

    /// <summary>The look-ups that tell whether something is known already.</summary>
    internal static bool LooksUp(string member) => member.StartsWith("TryGet", StringComparison.Ordinal) || member.StartsWith("GetOr", StringComparison.Ordinal) ||
        member is nameof(Dictionary<int, int>.ContainsKey) or nameof(HashSet<int>.Contains) or nameof(HashSet<int>.Add) or nameof(System.Collections.Concurrent.ConcurrentDictionary<int, int>.TryAdd);

    private static string Plain(string member) => member.EndsWith("Async", StringComparison.Ordinal) ? member.Substring(0, member.Length - 5) : member;

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
        foreach (var suffix in new[] { "", "Async" })
        {
            yield return new(DbLibrary.AdoNet, BatchMembers.Batch, "ExecuteReader" + suffix, Query | DbEffects.OpensReader);
            yield return new(DbLibrary.AdoNet, BatchMembers.Batch, "ExecuteScalar" + suffix, Query);
            yield return new(DbLibrary.AdoNet, BatchMembers.Batch, "ExecuteNonQuery" + suffix, DbEffects.Executes);
        }

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
            nameof(Queryable.Aggregate), nameof(Queryable.All), nameof(Queryable.Any), nameof(Queryable.Average), nameof(Queryable.Contains), nameof(Queryable.Count),
            nameof(Queryable.ElementAt), nameof(Queryable.ElementAtOrDefault), nameof(Queryable.First), nameof(Queryable.FirstOrDefault), nameof(Queryable.Last),
            nameof(Queryable.LastOrDefault), nameof(Queryable.LongCount), nameof(Queryable.Max), "MaxBy", nameof(Queryable.Min), "MinBy", nameof(Queryable.SequenceEqual),
            nameof(Queryable.Single), nameof(Queryable.SingleOrDefault), nameof(Queryable.Sum),
        })
        {
            yield return new(DbLibrary.EfCore, "System.Linq.Queryable", member, Query | DbEffects.OfQuery);
        }

        const string Sequences = "System.Linq.Enumerable";
        foreach (var member in new[]
        {
            nameof(Enumerable.ToArray), nameof(Enumerable.ToDictionary), ToHashSet, nameof(Enumerable.ToList), nameof(Enumerable.ToLookup),
        })
        {
            yield return new(DbLibrary.EfCore, Sequences, member, Query | DbEffects.OfQuery);
        }
    }
}
