using System.Collections.Immutable;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Indexing;

/// <summary>What would serve a table reference that no index serves.</summary>
/// <param name="use">The table reference.</param>
/// <param name="conditions">Its conjuncts that count: its own, and joins with what is reached.</param>
/// <param name="indexes">The indexes of its table.</param>
/// <param name="catalog">The schema.</param>
/// <param name="source">The text of the query, for rewrites; null: none are made.</param>
internal sealed class MissingIndex(TableUse use, ImmutableArray<Condition> conditions, ImmutableArray<TableIndex> indexes, SchemaCatalog catalog, SqlSource? source)
{
    /// <summary>Whether some index could be searched with a condition, in some form, and would be worth having.</summary>
    public static bool Could(TableUse use, Condition condition, SchemaCatalog catalog) =>
        HasIndex(use, condition, catalog) || (condition is Comparison comparison && !IndexNeed.IsSoft(condition) && (comparison.Operator == "ANY =" || KeyForm.IsChanged(use, comparison)));

    /// <summary>Whether an index could be searched with a condition as it is. Of OR every arm needs one.</summary>
    private static bool HasIndex(TableUse use, Condition condition, SchemaCatalog catalog) => condition switch
    {
        _ when IndexNeed.IsSoft(condition) => false,
        Comparison comparison => !IndexNeed.Of(use, [comparison], catalog).IsEmpty || (comparison.Operator != "ANY =" && ContainerIndexes.For(use, comparison) is not null),
        AnyOf any => any.Conditions.All(arm => (arm is AllOf all ? all.Conditions : ImmutableArray.Create(arm)).Any(part => HasIndex(use, part, catalog))),
        _ => false,
    };

    /// <summary>The advice; null where nothing is certain.</summary>
    public IndexAdvice? Advise()
    {
        var plain = conditions.OfType<Comparison>().Where(comparison => !IndexNeed.IsSoft(comparison)).ToList();
        return OfForm(plain) ?? OfKeys(plain) ?? OfContainer(plain) ?? OfArms();
    }

    /// <summary>An index stands on the column, and the condition changes the column or asks for what the index does not hold.</summary>
    private IndexAdvice? OfForm(List<Comparison> plain)
    {
        foreach (var comparison in plain)
        {
            foreach (var index in indexes)
            {
                if (KeyForm.Differs(use, index, comparison) is { } reason)
                {
                    var need = IndexNeed.Of(use, [comparison], catalog);
                    return new IndexAdvice(IndexAdviceKind.Form, use, comparison.Span)
                    {
                        Suggestion = need.IsEmpty ? null : need.ToSuggestion(),
                        Existing = index,
                        Rewrite = Rewrite(comparison),
                        Reason = reason,
                    };
                }
            }
        }

        return null;
    }

    private IndexAdvice? OfKeys(List<Comparison> plain)
    {
        var need = IndexNeed.Of(use, conditions, catalog);
        if (need.IsEmpty || need.First is not { } first)
        {
            return null;
        }

        // A part of a JSONB value beside a container operator: the operator's index says more.
        var table = use.Table;
        var isJson = plain.Where(comparison => !IndexNeed.Of(use, [comparison], catalog).IsEmpty).All(comparison => ContainerIndexes.IsJson(table, comparison));
        if (isJson && OfContainer(plain) is { } container)
        {
            return container;
        }

        var names = need.Keys.Select(key => key.Column ?? key.Text).ToList();
        return new IndexAdvice(isJson ? IndexAdviceKind.Json : IndexAdviceKind.Filter, use, first.Span)
        {
            Suggestion = need.ToSuggestion(),
            Existing = isJson ? indexes.FirstOrDefault(index => index.Method == "gin" && index.Keys.Any(key => first.Key.Columns.Contains(key.Column ?? ""))) : null,
            Rewrite = Rewrite(first),
            Reason = isJson
                ? "a GIN index on the column does not serve a comparison of one part of it"
                : $"no index on {use.Table.Name} begins with {names[0]}" + (first.IsJoin ? ", which joins it" : ""),
        };
    }

    private IndexAdvice? OfContainer(List<Comparison> plain)
    {
        foreach (var comparison in plain)
        {
            if (ContainerIndexes.For(use, comparison) is not { } suggestion)
            {
                continue;
            }

            var columns = comparison.Key.Column is { } column ? ImmutableArray.Create(column) : comparison.Key.Columns;
            var existing = indexes.FirstOrDefault(index => index.Method == suggestion.Method && index.Keys.Any(key => key.Column is { } name && columns.Contains(name)));
            var rewrite = Rewrite(comparison);

            // x = ANY (column) is served in another form only.
            var isForm = comparison.Operator == "ANY =";
            if (isForm && rewrite is null && existing is null)
            {
                continue;
            }

            return new IndexAdvice(ContainerIndexes.IsJson(use.Table, comparison) ? IndexAdviceKind.Json : IndexAdviceKind.Filter, use, comparison.Span)
            {
                Suggestion = isForm && existing is not null ? null : suggestion,
                Existing = existing,
                Rewrite = rewrite,
                IsRewriteNeeded = isForm && rewrite is not null,
                Reason = isForm ? "no index serves = ANY over an array column"
                    : existing is { IsValid: true, Predicate: null } ? $"{existing.Name} does not serve the operator {comparison.Operator} in this form"
                    : $"the operator {comparison.Operator} needs a {suggestion.Method.ToUpperInvariant()} index",
            };
        }

        return null;
    }

    /// <summary>Of OR every arm needs an index: the first that lacks one.</summary>
    private IndexAdvice? OfArms()
    {
        var match = new IndexMatch(use, indexes);
        foreach (var any in conditions.OfType<AnyOf>())
        {
            if (!HasIndex(use, any, catalog))
            {
                continue;
            }

            foreach (var arm in any.Conditions)
            {
                if (match.Fit(arm) == IndexFit.No
                    && new MissingIndex(use, arm is AllOf all ? all.Conditions : ImmutableArray.Create(arm), indexes, catalog, source).Advise() is { } advice)
                {
                    return advice with { Span = arm.Span };
                }
            }
        }

        return null;
    }

    private string? Rewrite(Comparison comparison) => source is null ? null : Rewrites.Of(use, comparison, indexes, source);
}
