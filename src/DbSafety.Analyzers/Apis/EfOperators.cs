namespace DbSafety.Analyzers.Apis;

/// <summary>What the operator that runs a query of EF Core gives.</summary>
public enum EfAnswer
{
    /// <summary>Something else.</summary>
    Other,

    /// <summary>The one row; throws on a miss.</summary>
    First,

    /// <summary>The one row, or nothing.</summary>
    FirstOrDefault,

    /// <summary>The only row; throws on a miss, and on a second row.</summary>
    Single,

    /// <summary>The only row, or nothing; throws on a second row.</summary>
    SingleOrDefault,

    /// <summary>All rows, as a list.</summary>
    List,

    /// <summary>All rows, as an array.</summary>
    Array,

    /// <summary>Whether there is a row.</summary>
    Any,

    /// <summary>How many rows there are.</summary>
    Count,

    /// <summary>How many rows there are, as a <c>long</c>.</summary>
    LongCount,

    /// <summary>The row of a key, also one that is tracked and not saved yet.</summary>
    Find,

    /// <summary>Rows are deleted by one statement.</summary>
    Delete,

    /// <summary>Rows are updated by one statement.</summary>
    Update,

    /// <summary>The pending changes of the context are saved.</summary>
    Save,
}

/// <summary>The operators of EF Core's queries by what they do, for those who read or rewrite a chain of them.</summary>
public static class EfOperators
{
    private const string Async = nameof(Async);
    private const string EfSpace = "Microsoft.EntityFrameworkCore";

    /// <summary>What the operator that ends a chain gives.</summary>
    public static EfAnswer AnswerOf(string member) => (IsAsync(member) ? member.Substring(0, member.Length - Async.Length) : member) switch
    {
        nameof(Queryable.First) => EfAnswer.First,
        nameof(Queryable.FirstOrDefault) => EfAnswer.FirstOrDefault,
        nameof(Queryable.Single) => EfAnswer.Single,
        nameof(Queryable.SingleOrDefault) => EfAnswer.SingleOrDefault,
        nameof(Enumerable.ToList) => EfAnswer.List,
        nameof(Enumerable.ToArray) => EfAnswer.Array,
        nameof(Queryable.Any) => EfAnswer.Any,
        nameof(Queryable.Count) => EfAnswer.Count,
        nameof(Queryable.LongCount) => EfAnswer.LongCount,
        "Find" => EfAnswer.Find,
        "ExecuteDelete" => EfAnswer.Delete,
        "ExecuteUpdate" => EfAnswer.Update,
        "SaveChanges" => EfAnswer.Save,
        _ => EfAnswer.Other,
    };

    /// <summary>Whether an operator gives a task.</summary>
    public static bool IsAsync(string member) => member.EndsWith(Async, StringComparison.Ordinal);

    /// <summary>Whether a namespace holds operators of queries.</summary>
    public static bool IsOperatorNamespace(string name) => name is "System.Linq" or EfSpace;

    /// <summary>The operator that keeps the rows of which a predicate holds.</summary>
    public static bool IsFilter(string member) => member == nameof(Queryable.Where);

    /// <summary>Operators after which the same rows come, in the same order.</summary>
    public static bool KeepsRows(string member) => LoadsMore(member) || IsUntracked(member) ||
        member is "AsTracking" or "IgnoreQueryFilters" or "TagWith" or "AsSplitQuery" or "AsSingleQuery" or nameof(Queryable.AsQueryable);

    /// <summary>Operators that sort rows.</summary>
    public static bool Sorts(string member) => member is nameof(Queryable.OrderBy) or nameof(Queryable.OrderByDescending) or nameof(Queryable.ThenBy) or nameof(Queryable.ThenByDescending) or "Order" or "OrderDescending";

    /// <summary>Operators that keep some rows by their place.</summary>
    public static bool Cuts(string member) => member is nameof(Queryable.Skip) or nameof(Queryable.Take) or nameof(Queryable.SkipWhile) or nameof(Queryable.TakeWhile) or "SkipLast" or "TakeLast" or nameof(Queryable.Distinct) or "DistinctBy";

    /// <summary>Operators that load navigations with the rows.</summary>
    public static bool LoadsMore(string member) => member is "Include" or "ThenInclude" or "IgnoreAutoIncludes";

    /// <summary>Operators whose rows nobody tracks.</summary>
    public static bool IsUntracked(string member) => member is "AsNoTracking" or "AsNoTrackingWithIdentityResolution";

    /// <summary>Operators that bring the rows into memory, or hand them out one by one.</summary>
    public static bool Materialises(string member) => member is nameof(Enumerable.ToList) or "ToListAsync" or nameof(Enumerable.ToArray) or "ToArrayAsync" or "ToHashSetAsync" or nameof(Enumerable.AsEnumerable) or "AsAsyncEnumerable" || member == DbMemberTable.ToHashSet;

    /// <summary>The assignment of an update: a property of the row, and its new value.</summary>
    public static bool Sets(string member) => member == "SetProperty";

    /// <summary>The methods of contexts and sets that only note what is to be saved.</summary>
    public static bool Tracks(string member) => Removes(member) || member is nameof(List<int>.Add) or "AddAsync" or nameof(List<int>.AddRange) or "AddRangeAsync" or "Update" or "UpdateRange" or "Attach" or "AttachRange";

    /// <summary>Those that note one new object.</summary>
    public static bool Adds(string member) => member is nameof(List<int>.Add) or "AddAsync";

    /// <summary>Those that note what is to be deleted.</summary>
    public static bool Removes(string member) => member is nameof(List<int>.Remove) or "RemoveRange";

    /// <summary>Whether a property of a class of this name may be its key, by convention.</summary>
    public static bool IsKeyName(string property, string type) => EfModelNames.KeyRank(property, type) > 0;

    /// <summary>The methods of a context that make the set of a type.</summary>
    public static bool MakesSet(string member) => member == "Set";

    /// <summary>The wrapper of a task that says where it goes on.</summary>
    public static bool Configures(string member) => member == nameof(Task.ConfigureAwait);

    /// <summary>The methods that load into the context what queries and reads find there later.</summary>
    public static bool Loads(string member) => member is "Load" or "LoadAsync";
}
