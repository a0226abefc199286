using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Indexing;

/// <summary>Where an index stands on a column, and a condition compares the column in a form that the index does not hold.</summary>
internal static class KeyForm
{
    /// <summary>Whether a comparison changes its column: a function, arithmetic or a cast that is written, or a cast for the sake of the value's type.</summary>
    public static bool IsChanged(TableUse use, Comparison comparison)
    {
        if (comparison.Keys.Length != 1 || !(KeyMatch.Base(comparison.Operator) is "=" or "<" or "<=" or ">" or ">="))
        {
            return false;
        }

        var key = comparison.Key;
        return key.Column is null ? key.Text is not null && key.Columns.Length > 0 : CastOf(use, comparison) is not null;
    }

    /// <summary>Why an index with this column first does not serve the comparison; null where it is not about its form.</summary>
    public static string? Differs(TableUse use, TableIndex index, Comparison comparison)
    {
        if (comparison.Keys.Length != 1 || !index.IsValid || index.IsIncomplete || index.Keys.IsEmpty || index.Method is not ("btree" or "hash" or "brin"))
        {
            return null;
        }

        var key = comparison.Key;
        var first = index.Keys[0];
        if (first.Column is not { } column)
        {
            // lower(email) is held, and email is asked for.
            return null;
        }

        if (key.Column is null)
        {
            return IsChanged(use, comparison) && key.Columns.Length == 1 && key.Columns[0] == column && !ContainerIndexes.IsJson(use.Table, comparison)
                ? $"{index.Name} holds {column} as it is, and the condition changes it"
                : null;
        }

        if (key.Column != column)
        {
            return null;
        }

        if (CastOf(use, comparison) is { } cast)
        {
            return $"the value is {cast}, so {column} is cast to {cast} in every row";
        }

        return comparison.Operator is "LIKE" or "~" && comparison.Value is { Kind: QueryValueKind.Constant } && first.OperatorClass is null or "text_ops" or "varchar_ops" or "bpchar_ops"
            && (comparison.Operator is "LIKE" or "~") && index.Method == "btree"
                ? $"{index.Name} sorts by the collation, which does not serve a prefix"
                : null;
    }

    private static string? CastOf(TableUse use, Comparison comparison)
    {
        var type = ContainerIndexes.TypeOf(use.Table, comparison.Key);
        return !(KeyMatch.Base(comparison.Operator) is "=" or "<" or "<=" or ">" or ">=")
            ? null
            : comparison.Values.Select(value => OperatorFamilies.Compare(type, value).CastTo).FirstOrDefault(cast => cast is not null);
    }
}
