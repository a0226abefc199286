using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// Reads all rows before the loop over them begins: of a reader into a list, where one loop moves it from the first row to the last.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReadFirstFixer))]
public sealed class ReadFirstFixer() : DbFix("DBS2007")
{
    private const string Key = "ReadFirst";

    private const string Title = "Read all rows before the loop";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not { } operation)
        {
            yield break;
        }

        var conflicts = scope.Facts.ReaderConflictsAround(operation, cancellation).Values.Where(conflict => conflict.Reader.Operation.Syntax.Span == span).ToList();
        if (conflicts.Count > 0 && (conflicts[0].Reader.Loop is { } loop ? Edit(scope, conflicts[0].Reader.Operation, loop) : OfReader(scope, conflicts, cancellation)) is { } changes)
        {
            yield return new CallFix(Title, Key, changes, ImmutableArray.CreateRange(conflicts.Select(conflict => conflict.Use.Location.SourceSpan)));
        }
    }

    // Where nothing but the statements behind the loop meets the reader, closing it earlier is enough: no list.
    private static ImmutableArray<TextChange>? OfReader(FixScope scope, List<ReaderConflict> conflicts, CancellationToken cancellation) =>
        ReaderLoop.Of(scope, conflicts[0].Reader, cancellation) is { } loop && conflicts.Exists(conflict => loop.Loop.Statement.Span.Contains(conflict.Use.Location.SourceSpan))
            ? ReaderRows.Edit(scope, loop)
            : null;

    private static ImmutableArray<TextChange>? Edit(FixScope scope, IOperation rows, IForEachLoopOperation loop)
    {
        if (loop.Syntax is not CommonForEachStatementSyntax statement)
        {
            return null;
        }

        if (HoleValues.Strip(rows) is IInvocationOperation call && call.Arguments.FirstOrDefault(ConnectionMembers.IsBufferedArgument) is { Syntax: ArgumentSyntax argument })
        {
            return IsReadOnce(call, loop) ? Buffered(argument) : null;
        }

        return statement.AwaitKeyword.IsKind(SyntaxKind.None) ? Listed(scope, statement.Expression) : Awaited(scope, rows, statement);
    }

    // query.Query<T>(sql, buffered: false): without the argument all rows are read.
    private static ImmutableArray<TextChange>? Buffered(ArgumentSyntax argument)
    {
        var arguments = ((BaseArgumentListSyntax)argument.Parent!).Arguments;
        var index = arguments.IndexOf(argument);
        if (index == 0 || (argument.NameColon is null && index < arguments.Count - 1))
        {
            return index == 0 && arguments.Count > 1 ? null : ImmutableArray.Create(new TextChange(argument.Expression.Span, "true"));
        }

        return ImmutableArray.Create(new TextChange(TextSpan.FromBounds(arguments[index - 1].Span.End, argument.Span.End), ""));
    }

    // The loop is the only one to go through the rows.
    private static bool IsReadOnce(IOperation call, IForEachLoopOperation loop)
    {
        if (HoleValues.Strip(loop.Collection) is not ILocalReferenceOperation local)
        {
            return true;
        }

        return HoleValues.RootOf(call).Descendants().OfType<ILocalReferenceOperation>().Count(other => SymbolEqualityComparer.Default.Equals(other.Local, local.Local)) == 1;
    }

    private static ImmutableArray<TextChange> Listed(FixScope scope, ExpressionSyntax rows)
    {
        var changes = Appended(rows);
        return scope.Model.GetTypeInfo(rows).Type is { } type && Usings.ForLinq(scope, rows.SpanStart, type) is { } directive ? changes.Insert(0, directive) : changes;
    }

    // foreach (var row in query.AsEnumerable())
    private static ImmutableArray<TextChange> Appended(ExpressionSyntax rows)
    {
        if (rows is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments.Count: 0 } && ConnectionMembers.OnlyEnumerates(access.Name.Identifier.ValueText))
        {
            return ImmutableArray.Create(new TextChange(access.Name.Span, ConnectionMembers.ReadAll));
        }

        return IsPostfix(rows)
            ? ImmutableArray.Create(new TextChange(new TextSpan(rows.Span.End, 0), $".{ConnectionMembers.ReadAll}()"))
            : ImmutableArray.Create(new TextChange(new TextSpan(rows.SpanStart, 0), "("), new TextChange(new TextSpan(rows.Span.End, 0), $").{ConnectionMembers.ReadAll}()"));
    }

    // await foreach (var row in query.AsAsyncEnumerable().WithCancellation(token).ConfigureAwait(false))
    private static ImmutableArray<TextChange>? Awaited(FixScope scope, IOperation rows, CommonForEachStatementSyntax statement)
    {
        var query = statement.Expression;
        var token = "";
        var suffix = "";
        while (query is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } outer && TaskMembers.Configures(access.Name.Identifier.ValueText) &&
            outer.ArgumentList.Arguments.Count == 1)
        {
            if (TaskMembers.TakesToken(access.Name.Identifier.ValueText))
            {
                token = outer.ArgumentList.Arguments[0].Expression.ToString();
            }
            else
            {
                suffix = scope.TextOf(TextSpan.FromBounds(access.OperatorToken.SpanStart, outer.Span.End));
            }

            query = access.Expression;
        }

        string? read = null;
        if (EfQueries.Unconfigured(rows) is IInvocationOperation call && ConnectionMembers.Streams(call.TargetMethod.Name))
        {
            // Dapper's twin takes the same arguments, and no token.
            if (token.Length == 0 && query is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } })
            {
                var type = name is GenericNameSyntax generic ? generic.TypeArgumentList.ToString() : "";
                read = scope.TextOf(TextSpan.FromBounds(query.SpanStart, name.SpanStart)) + ConnectionMembers.BufferedTwin + type + scope.TextOf(TextSpan.FromBounds(name.Span.End, query.Span.End));
            }
        }
        else
        {
            query = query is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments.Count: 0 } &&
                ConnectionMembers.OnlyEnumerates(access.Name.Identifier.ValueText) ? access.Expression : query;
            var text = scope.TextOf(query.Span);
            read = $"{(IsPostfix(query) ? text : $"({text})")}.{ConnectionMembers.ReadAllAsync}({token})";
        }

        return read is null ? null : ImmutableArray.Create(
            new TextChange(TextSpan.FromBounds(statement.AwaitKeyword.SpanStart, statement.ForEachKeyword.SpanStart), ""),
            new TextChange(statement.Expression.Span, $"await {read}{suffix}"));
    }

    private static bool IsPostfix(ExpressionSyntax expression) =>
        expression is NameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax;
}
