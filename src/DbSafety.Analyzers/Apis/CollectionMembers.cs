namespace DbSafety.Analyzers.Apis;

/// <summary>The members of collections and of values that may be missing.</summary>
internal static class CollectionMembers
{
    /// <summary>Whether a member tells how much there is, or whether there is anything.</summary>
    public static bool TellsPresence(string member) => member is nameof(List<int>.Count) or nameof(Array.Length) or nameof(Nullable<int>.HasValue) or nameof(Enumerable.Any) or nameof(Enumerable.LongCount) or
        nameof(Enumerable.ToList) or nameof(Enumerable.ToArray) or "AsList";
}
