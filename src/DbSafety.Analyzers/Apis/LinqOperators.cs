using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>What an operator does to a query, or asks of it.</summary>
public enum LinqOperator
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>The same rows, in the same order.</summary>
    Keep,

    /// <summary>The same rows, without the filters that the model declares.</summary>
    IgnoreFilters,

    /// <summary>Rows that a predicate holds of.</summary>
    Where,

    /// <summary>Another shape of each row.</summary>
    Select,

    /// <summary>The elements of a collection of each row.</summary>
    SelectMany,

    /// <summary>Pairs of rows with the same key.</summary>
    Join,

    /// <summary>The same, and rows of the first source without a partner.</summary>
    LeftJoin,

    /// <summary>Each row with all of its partners.</summary>
    GroupJoin,

    /// <summary>At least one row.</summary>
    DefaultIfEmpty,

    /// <summary>Rows by a key.</summary>
    GroupBy,

    /// <summary>Rows that differ.</summary>
    Distinct,

    /// <summary>All rows of two queries, each once.</summary>
    Union,

    /// <summary>All rows of two queries.</summary>
    Concat,

    /// <summary>Rows that both queries have.</summary>
    Intersect,

    /// <summary>Rows that the second query does not have.</summary>
    Except,

    /// <summary>Sorts.</summary>
    OrderBy,

    /// <summary>Sorts downwards.</summary>
    OrderByDescending,

    /// <summary>Sorts further.</summary>
    ThenBy,

    /// <summary>Sorts further, downwards.</summary>
    ThenByDescending,

    /// <summary>Turns the order.</summary>
    Reverse,

    /// <summary>The first rows.</summary>
    Take,

    /// <summary>All but the first rows.</summary>
    Skip,

    /// <summary>Rows of a derived class.</summary>
    OfType,

    /// <summary>Loads a navigation.</summary>
    Include,

    /// <summary>Loads a navigation of the one loaded before.</summary>
    ThenInclude,

    /// <summary>All rows.</summary>
    Rows,

    /// <summary>The first row.</summary>
    First,

    /// <summary>The only row.</summary>
    Single,

    /// <summary>The last row.</summary>
    Last,

    /// <summary>The row at a place.</summary>
    ElementAt,

    /// <summary>Whether there is a row.</summary>
    Any,

    /// <summary>Whether a predicate holds of all rows.</summary>
    All,

    /// <summary>How many rows there are.</summary>
    Count,

    /// <summary>Whether a value is among the rows.</summary>
    Contains,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The greatest value.</summary>
    Max,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The average.</summary>
    Average,

    /// <summary>The row of a key.</summary>
    Find,

    /// <summary>Deletes the rows.</summary>
    Delete,

    /// <summary>Updates the rows.</summary>
    Update,
}

/// <summary>The operators of LINQ and EF Core as those see them who read a query as SQL.</summary>
public static class LinqOperators
{
    private const string Async = nameof(Async);

    /// <summary>The parameters of operators, by name.</summary>
    public const string Predicate = "predicate", Selector = "selector", KeySelector = "keySelector", ElementSelector = "elementSelector", ResultSelector = "resultSelector",
        CollectionSelector = "collectionSelector", OuterKey = "outerKeySelector", InnerKey = "innerKeySelector", Path = "navigationPropertyPath", Comparer = "comparer";

    private static ImmutableDictionary<string, LinqOperator> Operators { get; } = Table();

    /// <summary>The operator that a method is; <see cref="LinqOperator.Unknown"/> for all others.</summary>
    public static LinqOperator Of(IMethodSymbol method)
    {
        if (!Operators.TryGetValue(Plain(method.Name), out var found))
        {
            return LinqOperator.Unknown;
        }

        var type = (method.ReducedFrom ?? method).ContainingType;
        return type switch
        {
            { Name: nameof(Queryable) or nameof(Enumerable), ContainingNamespace: { Name: nameof(System.Linq), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } } } => found,
            { Name: "MemoryExtensions", ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } } => found == LinqOperator.Contains ? found : LinqOperator.Unknown,
            { ContainingNamespace: { Name: "EntityFrameworkCore", ContainingNamespace: { Name: "Microsoft", ContainingNamespace.IsGlobalNamespace: true } } } => found,
            _ => found == LinqOperator.Contains && IsCollection(type) ? found : LinqOperator.Unknown,
        };
    }

    /// <summary>Whether an operator gives rows again, so that another may follow.</summary>
    public static bool GivesRows(LinqOperator kind) => kind is >= LinqOperator.Keep and <= LinqOperator.Rows;

    /// <summary>The property that tells how many elements a collection has.</summary>
    public static bool IsCount(IPropertySymbol property) => property.Name is nameof(List<int>.Count) or nameof(Array.Length);

    /// <summary>The key of a group.</summary>
    public static bool IsKey(IPropertySymbol property) => property.Name == nameof(IGrouping<int, int>.Key) && property.ContainingType.Name == nameof(IGrouping<int, int>);

    /// <summary>The number that <c>Take</c> and <c>Skip</c> are given, the place of <c>ElementAt</c>; also a range, which is no number.</summary>
    public static bool IsNumber(IParameterSymbol parameter) => parameter.Name is "count" or "index" && parameter.Type.SpecialType == SpecialType.System_Int32;

    /// <summary>The second source of an operator.</summary>
    public static bool IsSecondSource(IParameterSymbol parameter) => parameter.Name is "source2" or "second" or "inner";

    /// <summary>The key that <c>Find</c> is given.</summary>
    public static bool IsKeyValues(IParameterSymbol parameter) => parameter.Name == "keyValues";

    /// <summary>Whether a type holds elements, as lists and sets do; text is none.</summary>
    private static bool IsCollection(ITypeSymbol? type) => type is { SpecialType: not SpecialType.System_String } &&
        (type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_ICollection_T ||
        type.AllInterfaces.Any(contract => contract.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T));

    private static string Plain(string member) => member.EndsWith(Async, StringComparison.Ordinal) ? member.Substring(0, member.Length - Async.Length) : member;

    private static ImmutableDictionary<string, LinqOperator> Table()
    {
        var table = ImmutableDictionary.CreateBuilder<string, LinqOperator>(StringComparer.Ordinal);
        void Add(LinqOperator kind, params string[] names)
        {
            foreach (var name in names)
            {
                table[name] = kind;
            }
        }

        Add(LinqOperator.Keep, "AsTracking", "AsNoTracking", "AsNoTrackingWithIdentityResolution", "TagWith", "TagWithCallSite", "AsSplitQuery", "AsSingleQuery", nameof(Queryable.AsQueryable),
            "AsAsyncEnumerable", nameof(Enumerable.AsEnumerable), "IgnoreAutoIncludes");
        Add(LinqOperator.IgnoreFilters, "IgnoreQueryFilters");
        Add(LinqOperator.Where, nameof(Queryable.Where));
        Add(LinqOperator.Select, nameof(Queryable.Select));
        Add(LinqOperator.SelectMany, nameof(Queryable.SelectMany));
        Add(LinqOperator.Join, nameof(Queryable.Join));
        Add(LinqOperator.LeftJoin, "LeftJoin");
        Add(LinqOperator.GroupJoin, nameof(Queryable.GroupJoin));
        Add(LinqOperator.DefaultIfEmpty, nameof(Queryable.DefaultIfEmpty));
        Add(LinqOperator.GroupBy, nameof(Queryable.GroupBy));
        Add(LinqOperator.Distinct, nameof(Queryable.Distinct));
        Add(LinqOperator.Union, nameof(Queryable.Union));
        Add(LinqOperator.Concat, nameof(Queryable.Concat));
        Add(LinqOperator.Intersect, nameof(Queryable.Intersect));
        Add(LinqOperator.Except, nameof(Queryable.Except));
        Add(LinqOperator.OrderBy, nameof(Queryable.OrderBy), "Order");
        Add(LinqOperator.OrderByDescending, nameof(Queryable.OrderByDescending), "OrderDescending");
        Add(LinqOperator.ThenBy, nameof(Queryable.ThenBy));
        Add(LinqOperator.ThenByDescending, nameof(Queryable.ThenByDescending));
        Add(LinqOperator.Reverse, nameof(Queryable.Reverse));
        Add(LinqOperator.Take, nameof(Queryable.Take));
        Add(LinqOperator.Skip, nameof(Queryable.Skip));
        Add(LinqOperator.OfType, nameof(Queryable.OfType));
        Add(LinqOperator.Include, "Include");
        Add(LinqOperator.ThenInclude, "ThenInclude");
        Add(LinqOperator.Rows, nameof(Enumerable.ToList), nameof(Enumerable.ToArray), nameof(Enumerable.ToDictionary), nameof(Enumerable.ToLookup), DbMemberTable.ToHashSet, "ForEach", "Load");
        Add(LinqOperator.First, nameof(Queryable.First), nameof(Queryable.FirstOrDefault));
        Add(LinqOperator.Single, nameof(Queryable.Single), nameof(Queryable.SingleOrDefault));
        Add(LinqOperator.Last, nameof(Queryable.Last), nameof(Queryable.LastOrDefault));
        Add(LinqOperator.ElementAt, nameof(Queryable.ElementAt), nameof(Queryable.ElementAtOrDefault));
        Add(LinqOperator.Any, nameof(Queryable.Any));
        Add(LinqOperator.All, nameof(Queryable.All));
        Add(LinqOperator.Count, nameof(Queryable.Count), nameof(Queryable.LongCount));
        Add(LinqOperator.Contains, nameof(Queryable.Contains));
        Add(LinqOperator.Min, nameof(Queryable.Min));
        Add(LinqOperator.Max, nameof(Queryable.Max));
        Add(LinqOperator.Sum, nameof(Queryable.Sum));
        Add(LinqOperator.Average, nameof(Queryable.Average));
        Add(LinqOperator.Find, "Find");
        Add(LinqOperator.Delete, "ExecuteDelete");
        Add(LinqOperator.Update, "ExecuteUpdate");
        return table.ToImmutable();
    }
}
