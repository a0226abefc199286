namespace DbSafety.Sql.Indexing;

/// <summary>Whether an index can be searched with a condition. The order is that of certainty: of alternatives the greatest counts, of demands the least.</summary>
public enum IndexFit
{
    /// <summary>It can't.</summary>
    No,

    /// <summary>It depends on what nobody knows here: a parameter's value, a hole, an operator class of an extension.</summary>
    Maybe,

    /// <summary>It can.</summary>
    Serves,
}

internal static class IndexFits
{
    public static IndexFit And(this IndexFit first, IndexFit second) => first < second ? first : second;

    public static IndexFit Or(this IndexFit first, IndexFit second) => first > second ? first : second;

    /// <summary>The least; of nothing it is <see cref="IndexFit.Serves"/>.</summary>
    public static IndexFit All<T>(this IEnumerable<T> items, Func<T, IndexFit> fit)
    {
        var least = IndexFit.Serves;
        foreach (var item in items)
        {
            least = least.And(fit(item));
            if (least == IndexFit.No)
            {
                break;
            }
        }

        return least;
    }

    /// <summary>The greatest; of nothing it is <see cref="IndexFit.No"/>.</summary>
    public static IndexFit Any<T>(this IEnumerable<T> items, Func<T, IndexFit> fit)
    {
        var greatest = IndexFit.No;
        foreach (var item in items)
        {
            greatest = greatest.Or(fit(item));
            if (greatest == IndexFit.Serves)
            {
                break;
            }
        }

        return greatest;
    }
}
