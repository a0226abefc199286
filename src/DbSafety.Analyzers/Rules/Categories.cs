namespace DbSafety.Analyzers.Rules;

/// <summary>The categories of the rules; each is also the first digit of its rules' ids and the folder that they live in.</summary>
public static class Categories
{
    /// <summary>DBS1xxx: text pasted into SQL.</summary>
    public const string Injection = "Injection";

    /// <summary>DBS2xxx: more round trips to the database than the work needs, and connections used twice at once.</summary>
    public const string RoundTrips = "RoundTrips";

    /// <summary>DBS3xxx: several writes that are no unit, and transactions that do not do what they seem to.</summary>
    public const string Transactions = "Transactions";

    /// <summary>DBS4xxx: indexes that queries and foreign keys lack, and those that serve nothing.</summary>
    public const string Indexes = "Indexes";
}
