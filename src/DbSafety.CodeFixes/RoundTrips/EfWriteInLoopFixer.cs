using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Replaces a loop that does nothing but delete or update the rows of each key by one statement for all keys.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EfWriteInLoopFixer))]
public sealed class EfWriteInLoopFixer() : RoundTripFix(Descriptors.DBS2002_WriteInLoop.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.OneWriteForAll";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { Writes: true, IsDependent: true } || EfLoop.Of(scope, repetition) is not { } loop || EfKeyedQuery.Of(loop) is not { Answer: EfAnswer.Delete or EfAnswer.Update, IsSorted: false, IsPlain: true } query ||
            OnlyStatement(loop.Syntax.Statement) is not ExpressionStatementSyntax { Expression: var done } || done != query.Whole || HasComment(loop.Syntax) || (query.Answer == EfAnswer.Update && !SetsTheSame(query)))
        {
            return [];
        }

        var member = query.Property.Name;
        var keys = loop.Names.Take(NewNames.Plural(member.Equals("Id", StringComparison.OrdinalIgnoreCase) ? NewNames.Camel(query.Entity.Name) + "Id" : NewNames.Camel(member)));
        var call = (InvocationExpressionSyntax)repetition.Operation.Syntax;
        var name = ((MemberAccessExpressionSyntax)call.Expression).Name;
        var arguments = string.Join(", ", new[] { query.Setters is null ? "" : loop.Dedent(query.Setters.ToString()), query.Token }.Where(argument => argument.Length > 0));
        var write = $"{(query.IsAsync ? "await " : "")}{query.ForAll(keys)}.{name}({arguments}){query.Tail};";
        var changes = Directives.For(scope, loop.Syntax.SpanStart, query.IsAsync ? ["System.Linq", EfEmit.Namespace] : ["System.Linq"]).ToList();
        changes.Add(new TextChange(loop.Syntax.Span, $"var {keys} = {Keys(query)};{scope.NewLine}{loop.Indent}{write}"));
        return [new CallFix("Write the rows of all elements with one statement, all or none", Key, ImmutableArray.CreateRange(changes), ImmutableArray.Create(call.Span))];
    }

    private static string Keys(EfKeyedQuery query)
    {
        var loop = query.Loop;
        var source = loop.Syntax.Expression;
        var text = source is InvocationExpressionSyntax or MemberAccessExpressionSyntax or SimpleNameSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax ? source.ToString() : $"({source})";
        var select = query.KeyInFront == loop.Variable.Name ? "" : $".Select({loop.Variable.Name} => {query.KeyInFront})";
        return query.IsAsync && EfQueries.IsQuery(loop.Operation.Collection, loop.Scope.Facts.Apis) && EfQueries.IsQueryType(loop.Scope.Model.GetTypeInfo(source).Type, loop.Scope.Facts.Apis)
            ? $"await {text}{select}.Distinct().{EfEmit.ToListAsync.Member}({query.Token})"
            : $"{text}{select}.Distinct().ToList()";
    }

    private static StatementSyntax? OnlyStatement(StatementSyntax body) => body is BlockSyntax block ? (block.Statements.Count == 1 ? block.Statements[0] : null) : body;

    // A comment inside the loop would go with it.
    private static bool HasComment(ForEachStatementSyntax loop) => loop.DescendantTrivia().Any(trivia => loop.Span.Contains(trivia.Span) && !trivia.ToString().All(char.IsWhiteSpace));

    // A value made of the row's own would be made twice where a key comes twice; and the key itself must stay what it is.
    private static bool SetsTheSame(EfKeyedQuery query)
    {
        if (query.Setters?.Expression is not SimpleLambdaExpressionSyntax { ExpressionBody: { } body } lambda)
        {
            return false;
        }

        while (body is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: { Count: 2 } arguments } && EfOperators.Sets(access.Name.Identifier.ValueText))
        {
            if (arguments[0].Expression is not SimpleLambdaExpressionSyntax { ExpressionBody: MemberAccessExpressionSyntax member } || member.Name.Identifier.ValueText == query.Property.Name ||
                arguments[1].Expression is LambdaExpressionSyntax || !query.Loop.IsStable(arguments[1].Expression))
            {
                return false;
            }

            body = access.Expression;
        }

        return body is IdentifierNameSyntax start && start.Identifier.ValueText == lambda.Parameter.Identifier.ValueText;
    }
}
