namespace DbSafety.Analyzers.Apis;

/// <summary>What a method of Dapper gives back.</summary>
public enum DapperResult
{
    /// <summary>All rows.</summary>
    Rows,

    /// <summary>The first row; none is an error.</summary>
    First,

    /// <summary>The first row, or nothing.</summary>
    FirstOrDefault,

    /// <summary>The only row; none and several are errors.</summary>
    Single,

    /// <summary>The only row, or nothing; several are an error.</summary>
    SingleOrDefault,

    /// <summary>The first value of the first row, or nothing.</summary>
    Scalar,

    /// <summary>The number of rows that changed.</summary>
    Affected,
}

/// <summary>A method of Dapper that runs one statement.</summary>
/// <param name="Result">What it gives back.</param>
/// <param name="IsAsync">Whether it is awaited.</param>
public sealed record DapperMethod(DapperResult Result, bool IsAsync)
{
    private const string Async = "Async";

    /// <summary>The method of a name, or null where it is none of these.</summary>
    public static DapperMethod? Of(string name)
    {
        var isAsync = name.EndsWith(Async, StringComparison.Ordinal);
        return (isAsync ? name.Substring(0, name.Length - Async.Length) : name) switch
        {
            "Query" => new(DapperResult.Rows, isAsync),
            "QueryFirst" => new(DapperResult.First, isAsync),
            "QueryFirstOrDefault" => new(DapperResult.FirstOrDefault, isAsync),
            "QuerySingle" => new(DapperResult.Single, isAsync),
            "QuerySingleOrDefault" => new(DapperResult.SingleOrDefault, isAsync),
            "ExecuteScalar" => new(DapperResult.Scalar, isAsync),
            "Execute" => new(DapperResult.Affected, isAsync),
            _ => null,
        };
    }

    /// <summary>The method, of the same kind, that gives all rows.</summary>
    public string RowsMember => IsAsync ? "QueryAsync" : "Query";

    /// <summary>Whether no rows are an answer, not an error.</summary>
    public bool TakesNoRows => Result is DapperResult.Rows or DapperResult.FirstOrDefault or DapperResult.Scalar;

    /// <summary>What chooses the same from a sequence of the rows: <c>.First()</c>; nothing where all are taken.</summary>
    public string Choice => Result switch
    {
        DapperResult.First => ".First()",
        DapperResult.FirstOrDefault or DapperResult.Scalar => ".FirstOrDefault()",
        DapperResult.Single => ".Single()",
        DapperResult.SingleOrDefault => ".SingleOrDefault()",
        _ => "",
    };
}
