using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// Runs a query of EF Core once, before the loop, for the keys of all its elements, and reads in the loop what it gave: from a dictionary where the key is
/// certainly unique, else from a lookup, which gives the same for any key.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EfQueryInLoopFixer))]
public sealed class EfQueryInLoopFixer() : RoundTripFix(Descriptors.DBS2001_QueryInLoop.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.QueryBeforeLoop";

    /// <summary>The name of the transformation of a look-up by the primary key, which sees entities that are not saved yet.</summary>
    public const string FindKey = Key + ".Find";

    /// <summary>The name of the transformation where the key is a text.</summary>
    public const string TextKey = Key + ".Text";

    private const string Title = "Fetch the rows for all elements with one query before the loop";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { OnlyReads: true, IsDependent: true } || EfLoop.Of(scope, repetition) is not { } loop || EfKeyedQuery.Of(loop) is not { } query ||
            query.Answer is EfAnswer.Update or EfAnswer.Delete || loop.HandsOn() || loop.MayChangeWhatIsRead(cancellation) || (query.IsUntracked && loop.ChangesResult()))
        {
            return [];
        }

        var isText = query.Property.Type.SpecialType == SpecialType.System_String;
        if (isText && (scope.Facts.Providers.OfType(scope.Facts.Apis.Types.DbContext) != Provider.PostgreSql || query.Answer is EfAnswer.Count or EfAnswer.LongCount))
        {
            return [];
        }

        // Where GetValueOrDefault is missing a lookup does the same.
        var fix = Build(query, mayBeDictionary: !isText) is { } first && scope.Compiles(first.Changes, cancellation) ? first : Build(query, mayBeDictionary: false);
        if (fix is null)
        {
            return [];
        }

        return
        [
            query.Answer == EfAnswer.Find ? fix with { Title = Title + "; unlike Find, it does not see entities that are not saved yet", Key = FindKey, IsForAll = false }
            : isText ? fix with { Title = Title + ", if the column compares text exactly", Key = TextKey, IsForAll = false }
            : fix,
        ];
    }

    private static CallFix? Build(EfKeyedQuery query, bool mayBeDictionary)
    {
        var loop = new EfLoopEdit(query);
        if (loop.Elements is not { } elements)
        {
            return null;
        }

        var member = query.Property.Name;
        var entity = NewNames.Camel(query.Entity.Name);
        var keyName = member.Equals("Id", StringComparison.OrdinalIgnoreCase) ? entity + "Id" : NewNames.Camel(member);
        var keys = query.Loop.Names.Take(NewNames.Plural(keyName));
        var rows = NewNames.Plural(entity);
        var read = Read(query, mayBeDictionary && query.IsUnique);
        if (read is null)
        {
            return null;
        }

        var name = query.Loop.Names.Take(read.Answer switch
        {
            EfAnswer.Any => "existing" + char.ToUpperInvariant(keys[0]) + keys.Substring(1),
            EfAnswer.Count => entity + "CountBy" + member,
            _ => rows + "By" + member,
        });
        var select = query.KeyInFront == query.Loop.Variable.Name ? "" : $".Select({query.Loop.Variable.Name} => {query.KeyInFront})";
        var statements = ImmutableArray.CreateBuilder<string>();
        if (elements.Statement is { } made)
        {
            statements.Add(made);
        }

        statements.Add($"var {keys} = {elements.Name}{select}.Distinct().ToList();");
        statements.Add($"var {name} = {read.Prefetch(query.ForAll(keys))};");
        return loop.Fix(Title, Key, statements, new TextChange(query.Whole.Span, read.InLoop(name, query.Key.ToString())));
    }

    private static Reading? Read(EfKeyedQuery query, bool isDictionary)
    {
        var row = query.Row;
        var member = $"{row}.{query.Property.Name}";
        var list = new Func<string, string>(all => query.IsAsync ? $"(await {all}.{EfEmit.ToListAsync.Member}({query.Token}){query.Tail})" : all);
        switch (query.Answer)
        {
            case EfAnswer.Any when !query.IsSorted:
                return new(EfAnswer.Any, all => list($"{all}.Select({row} => {member})" + (query.IsUnique ? "" : ".Distinct()")) + ".ToHashSet()", (name, key) => $"{name}.Contains({key})");
            case EfAnswer.Count or EfAnswer.LongCount when !query.IsSorted:
                var group = query.Loop.Names.Take("g");
                return new(
                    EfAnswer.Count, all => Dictionary(query, $"{all}.GroupBy({row} => {member}).Select({group} => new {{ {group}.Key, Count = {group}.{query.Answer}() }})", group, $"{group}.Key", $"{group} => {group}.Count"),
                    (name, key) => $"{name}.GetValueOrDefault({key})");
            case EfAnswer.Any or EfAnswer.Count or EfAnswer.LongCount:
                return null;
            case EfAnswer.Find or EfAnswer.FirstOrDefault or EfAnswer.SingleOrDefault when isDictionary:
                return new(EfAnswer.First, all => Dictionary(query, all, row, member, null), (name, key) => $"{name}.GetValueOrDefault({key})");
            case EfAnswer.First or EfAnswer.Single when isDictionary:
                return new(EfAnswer.First, all => Dictionary(query, all, row, member, null), (name, key) => $"{name}[{key}]");
            default:
                var rows = query.Answer switch
                {
                    EfAnswer.List when query.Loop.Repetition.Operation.Syntax is ForEachStatementSyntax => "",
                    EfAnswer.List => ".ToList()",
                    EfAnswer.Array => ".ToArray()",
                    EfAnswer.First => ".First()",
                    EfAnswer.Single => ".Single()",
                    EfAnswer.SingleOrDefault => ".SingleOrDefault()",
                    _ => ".FirstOrDefault()",
                };
                return new(EfAnswer.List, all => $"{list(all)}.ToLookup({row} => {member})", (name, key) => $"{name}[{key}]{rows}");
        }
    }

    private static string Dictionary(EfKeyedQuery query, string all, string row, string key, string? value)
    {
        var arguments = $"{row} => {key}" + (value is null ? "" : ", " + value);
        return query.IsAsync
            ? $"await {all}.{EfEmit.ToDictionaryAsync.Member}({arguments}{(query.Token.Length == 0 ? "" : ", " + query.Token)}){query.Tail}"
            : $"{all}.ToDictionary({arguments})";
    }

    /// <summary>How the rows of all keys are fetched, and how those of one are read.</summary>
    private sealed record Reading(EfAnswer Answer, Func<string, string> Prefetch, Func<string, string, string> InLoop);
}
