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
    private const string Async = "Async";
    private const string EfSpace = "Microsoft.EntityFrameworkCore";

    /// <summary>What the operator that ends a chain gives.</summary>
    public static EfAnswer AnswerOf(string member) => (IsAsync(member) ? member.Substring(0, member.Length - Async.Length) : member) switch
    {
        "First" => EfAnswer.First,
        "FirstOrDefault" => EfAnswer.FirstOrDefault,
        "Single" => EfAnswer.Single,
        "SingleOrDefault" => EfAnswer.SingleOrDefault,
        "ToList" => EfAnswer.List,
        "ToArray" => EfAnswer.Array,
        "Any" => EfAnswer.Any,
        "Count" => EfAnswer.Count,
        "LongCount" => EfAnswer.LongCount,
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
    public static bool IsFilter(string member) => member == "Where";

    /// <summary>Operators after which the same rows come, in the same order.</summary>
    public static bool KeepsRows(string member) => LoadsMore(member) || IsUntracked(member) ||
        member is "AsTracking" or "IgnoreQueryFilters" or "TagWith" or "AsSplitQuery" or "AsSingleQuery" or "AsQueryable";

    /// <summary>Operators that sort rows.</summary>
    public static bool Sorts(string member) => member is "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "Order" or "OrderDescending";

    /// <summary>Operators that keep some rows by their place.</summary>
    public static bool Cuts(string member) => member is "Skip" or "Take" or "SkipWhile" or "TakeWhile" or "SkipLast" or "TakeLast" or "Distinct" or "DistinctBy";

    /// <summary>Operators that load navigations with the rows.</summary>
    public static bool LoadsMore(string member) => member is "Include" or "ThenInclude" or "IgnoreAutoIncludes";

    /// <summary>The operator that loads a navigation of the rows themselves.</summary>
    public static bool Includes(string member) => member == "Include";

    /// <summary>Operators whose rows nobody tracks.</summary>
    public static bool IsUntracked(string member) => member is "AsNoTracking" or "AsNoTrackingWithIdentityResolution";

    /// <summary>Operators that bring the rows into memory, or hand them out one by one.</summary>
    public static bool Materialises(string member) => member is "ToList" or "ToListAsync" or "ToArray" or "ToArrayAsync" or "ToHashSet" or "ToHashSetAsync" or "AsEnumerable" or "AsAsyncEnumerable";

    /// <summary>The assignment of an update: a property of the row, and its new value.</summary>
    public static bool Sets(string member) => member == "SetProperty";

    /// <summary>The methods of contexts and sets that only note what is to be saved.</summary>
    public static bool Tracks(string member) => Removes(member) || member is "Add" or "AddAsync" or "AddRange" or "AddRangeAsync" or "Update" or "UpdateRange" or "Attach" or "AttachRange";

    /// <summary>Those that note what is to be deleted.</summary>
    public static bool Removes(string member) => member is "Remove" or "RemoveRange";

    /// <summary>Whether a property of a class of this name may be its key, by convention.</summary>
    public static bool IsKeyName(string property, string type) => EfModelNames.KeyRank(property, type) > 0;

    /// <summary>The methods of a context that make the set of a type.</summary>
    public static bool MakesSet(string member) => member == "Set";

    /// <summary>The wrapper of a task that says where it goes on.</summary>
    public static bool Configures(string member) => member == "ConfigureAwait";

    /// <summary>The methods that load into the context what queries and reads find there later.</summary>
    public static bool Loads(string member) => member is "Load" or "LoadAsync";
}
