using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>The changes of text that take a query out of its loop.</summary>
internal sealed class EfLoopEdit
{
    private readonly EfKeyedQuery _query;

    public EfLoopEdit(EfKeyedQuery query)
    {
        _query = query;
        Elements = query.Loop.Elements(query.IsAsync ? query.Token : null);
    }

    /// <summary>What the loop goes through, under a name.</summary>
    public (string Name, string? Statement, TextChange? Source)? Elements { get; }

    /// <summary>The fix: statements before the loop, and a change inside it.</summary>
    public CallFix Fix(string title, string key, IEnumerable<string> statements, TextChange inLoop)
    {
        var changes = ImmutableArray.CreateBuilder<TextChange>();
        var needed = new List<string> { "System.Linq" };
        if (inLoop.NewText?.Contains(".GetValueOrDefault(") == true)
        {
            needed.Add("System.Collections.Generic");
        }

        if (_query.IsAsync)
        {
            needed.Add(EfEmit.Namespace);
        }

        changes.AddRange(Directives.For(_query.Loop.Scope, _query.Loop.Syntax.SpanStart, needed));
        changes.Add(_query.Loop.InFront(statements));
        if (Elements?.Source is { } source)
        {
            changes.Add(source);
        }

        changes.Add(inLoop);
        return new CallFix(title, key, changes.ToImmutable(), ImmutableArray.Create(SiteOf(_query.Loop.Repetition.Operation)));
    }

    /// <summary>Where a repeated trip is reported: at the call, or at what an inner loop goes through.</summary>
    public static TextSpan SiteOf(IOperation operation) => (operation.Syntax is ForEachStatementSyntax inner ? inner.Expression : operation.Syntax).Span;
}
