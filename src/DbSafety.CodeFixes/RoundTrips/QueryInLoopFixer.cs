using System.Collections.Immutable;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Asks once, before the loop, for the rows of all iterations, and reads each iteration's from a lookup.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(QueryInLoopFixer))]
public sealed class QueryInLoopFixer() : RoundTripFix(Descriptors.DBS2001_QueryInLoop.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.QueryBeforeLoop";

    /// <summary>What the user reads.</summary>
    public const string Title = "Read the rows of all iterations with one query before the loop";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { OnlyReads: true, IsDependent: true } || DapperCall.Of(repetition) is not { } call || LoopSite.Of(scope, repetition) is not { } site ||
            Write(scope, site, call, cancellation) is not { } changes)
        {
            yield break;
        }

        yield return new CallFix(Title, Key, changes, ImmutableArray.Create(repetition.Operation.Syntax.Span));
    }

    private static ImmutableArray<TextChange>? Write(FixScope scope, LoopSite site, DapperCall call, CancellationToken cancellation)
    {
        if (KeyOf(site, call) is not var (value, key) || KeyedSelect.Of(call.Tree, call.Statement, value.Name) is not { } select ||
            LookupShape.Of(scope, call, select, key) is not { } shape || !call.HasInvariantRest(site) || !IsUsedAsValue(call.Whole) ||
            !LoopEffects.LeavesQueryAlone(scope.Facts, site, call.Invocation) || !LoopEffects.OnlyReadsResult(scope.Facts, site.Region, call.Invocation, cancellation))
        {
            return null;
        }

        var statements = new List<string>();
        var changes = new List<TextChange>();
        if (site.Again(statements, changes) is not { } source)
        {
            return null;
        }

        // var userIds = orders.Select(order => order.UserId).Distinct().ToArray();
        var parameters = new HashSet<string>(call.Tree.Parameters.Select(parameter => parameter.Name), StringComparer.OrdinalIgnoreCase);
        var projection = key.Expression == site.VariableText ? "" : $".Select({site.VariableText} => {key.Expression})";
        var distinct = $"{source}{projection}.Distinct().ToArray()";
        var keys = site.DeclaredInFront(distinct);
        if (keys is null || parameters.Contains(keys))
        {
            keys = NameOfKeys(site, key, parameters);
            statements.Add($"var {keys} = {distinct};");
        }

        var edit = new SqlEdit(scope, FixScope.MemberOf(call.Syntax));
        if (!shape.Edit(edit, call, "ANY(@" + keys + ")") || call.Split(scope, edit) is not var (inside, outside))
        {
            return null;
        }

        inside.Add(new TextChange(value.Syntax.Span, keys));
        inside.Add(new TextChange(call.Name.Span, $"{call.Method.RowsMember}<{shape.RowType}>"));
        inside.AddRange(call.Named());
        changes.AddRange(outside);

        // var usersById = (await connection.QueryAsync<User>(.., new { userIds })).ToLookup(user => user.Id);
        var lookup = site.NewName(shape.Name);
        var moved = call.Moved(scope, inside, site.Loop);
        statements.Add($"var {lookup} = {(call.Method.IsAsync ? "(" + moved + ")" : moved)}.ToLookup({shape.Selectors(site)});");
        changes.Add(site.InFront(statements));

        var whole = call.Whole.Parent is ParenthesizedExpressionSyntax parens ? parens : call.Whole;
        changes.Add(new TextChange(whole.Span, $"{lookup}[{value.Value.Syntax}]{shape.Choice}"));
        LinqUsing.AddTo(changes, scope, site.Loop.SpanStart);
        return changes.ToImmutableArray();
    }

    // The one parameter that depends on the iteration, by the element alone.
    private static (DapperValue Value, ElementValue Key)? KeyOf(LoopSite site, DapperCall call)
    {
        if (call.Values() is not { } values)
        {
            return null;
        }

        (DapperValue, ElementValue)? key = null;
        foreach (var value in values)
        {
            if (site.IsInvariant(value.Value))
            {
                continue;
            }

            if (key is not null || site.Of(value.Value, site.IsAlwaysReached(call.Whole)) is not { } element)
            {
                return null;
            }

            key = (value, element);
        }

        return key;
    }

    private static string NameOfKeys(LoopSite site, ElementValue key, ISet<string> parameters)
    {
        var wanted = LoopSite.Plural(Injection.ParameterNames.Of(key.Source, null));
        var name = site.NewName(wanted);
        if (name != wanted)
        {
            name = site.NewName("distinct" + char.ToUpperInvariant(wanted[0]) + wanted.Substring(1));
        }

        while (parameters.Contains(name))
        {
            name = site.NewName(wanted);
        }

        return name;
    }

    // What the call gives is used as it is: as rows or as a value, not thrown away, and not as the list that the library happens to make.
    private static bool IsUsedAsValue(ExpressionSyntax whole)
    {
        SyntaxNode used = whole;
        while (used.Parent is ParenthesizedExpressionSyntax)
        {
            used = used.Parent;
        }

        return used.Parent is not (ExpressionStatementSyntax or CastExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.AsExpression } or IsPatternExpressionSyntax);
    }
}
