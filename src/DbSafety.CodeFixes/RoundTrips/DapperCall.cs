using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A value that a call of Dapper is given for a parameter of the text.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
/// <param name="Syntax">The member of the anonymous object.</param>
internal sealed record DapperValue(string Name, IOperation Value, AnonymousObjectMemberDeclaratorSyntax Syntax);

/// <summary>A call of Dapper with one statement of PostgreSQL, all of which is in sight.</summary>
internal sealed class DapperCall
{
    // Connection, text, parameters, transaction: the same for all methods.
    private const int LastCommon = 3;

    private DapperCall(IInvocationOperation invocation, InvocationExpressionSyntax syntax, ExpressionSyntax whole, DapperMethod method, DbCall call, SqlStatement statement)
    {
        Invocation = invocation;
        Syntax = syntax;
        Whole = whole;
        Method = method;
        Call = call;
        Statement = statement;
    }

    /// <summary>The call.</summary>
    public IInvocationOperation Invocation { get; }

    /// <summary>The call.</summary>
    public InvocationExpressionSyntax Syntax { get; }

    /// <summary>The call with its <c>await</c>.</summary>
    public ExpressionSyntax Whole { get; }

    /// <summary>What the method gives.</summary>
    public DapperMethod Method { get; }

    /// <summary>The text.</summary>
    public DbCall Call { get; }

    /// <summary>The statement.</summary>
    public SqlStatement Statement { get; }

    /// <summary>The tree of the text.</summary>
    public SqlTree Tree => Call.Sql;

    /// <summary>The name of the method as it stands there, with its type arguments.</summary>
    public SimpleNameSyntax Name => Syntax.Expression is MemberAccessExpressionSyntax access ? access.Name : (SimpleNameSyntax)Syntax.Expression;

    /// <summary>The object or the anonymous object with the values, or null.</summary>
    public IOperation? Parameters => Call.Api.Parameters is { } given ? HoleValues.Strip(given) : null;

    /// <summary>The call that a repetition is, or null where it is none that can be moved.</summary>
    public static DapperCall? Of(Repetition repetition)
    {
        if (repetition is not { Operation: IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } invocation, Execution: { Library: DbLibrary.Dapper, IsUnknown: false, Call: { } call } } ||
            DapperMethod.Of(invocation.TargetMethod.Name) is not { } method || syntax.Expression is not (MemberAccessExpressionSyntax or SimpleNameSyntax) ||
            call.Provider != Provider.PostgreSql || !syntax.Span.Contains(call.Operation.Syntax.Span) || !IsText(call.Operation) ||
            call.Trees.Length != 1 || call.Sql is not { Statements: { Length: 1 } statements, Errors.IsEmpty: true, Source.Holes.IsEmpty: true })
        {
            return null;
        }

        var whole = method.IsAsync ? Awaited(syntax) : syntax;
        return whole is null ? null : new DapperCall(invocation, syntax, whole, method, call, statements[0]);
    }

    /// <summary><c>await call</c>, <c>await call.ConfigureAwait(false)</c>.</summary>
    internal static ExpressionSyntax? Awaited(InvocationExpressionSyntax call) => call.Parent switch
    {
        AwaitExpressionSyntax awaited => awaited,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax { Parent: AwaitExpressionSyntax awaited } } => awaited,
        _ => null,
    };

    // A stored procedure's name is no statement.
    private static bool IsText(IOperation operation)
    {
        var arguments = operation switch
        {
            IInvocationOperation invocation => invocation.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => ImmutableArray<IArgumentOperation>.Empty,
        };
        return arguments.All(argument => argument.ArgumentKind == ArgumentKind.DefaultValue || argument.Parameter?.Name != "commandType" ||
            HoleValues.Strip(argument.Value).ConstantValue is { HasValue: true, Value: null or (int)System.Data.CommandType.Text });
    }

    /// <summary>The values by name; null where they are not an anonymous object.</summary>
    public IReadOnlyList<DapperValue>? Values()
    {
        if (Parameters is not IAnonymousObjectCreationOperation { Syntax: AnonymousObjectCreationExpressionSyntax syntax } creation || syntax.Initializers.Count != creation.Initializers.Length)
        {
            return null;
        }

        var values = new List<DapperValue>();
        for (var i = 0; i < creation.Initializers.Length; i++)
        {
            if (creation.Initializers[i] is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target, Value: var value })
            {
                return null;
            }

            values.Add(new DapperValue(target.Property.Name, value, syntax.Initializers[i]));
        }

        return values;
    }

    /// <summary>Whether all that the call is given, but its parameters, can be named in front of a loop, and is the same in each iteration.</summary>
    public bool HasInvariantRest(LoopSite site) => IsInvariant(Invocation.Arguments, site);

    private bool IsInvariant(ImmutableArray<IArgumentOperation> arguments, LoopSite site) => arguments.All(argument =>
        argument.ArgumentKind == ArgumentKind.DefaultValue || argument.Value == Call.Api.Parameters ||
        (HoleValues.Strip(argument.Value) is IObjectCreationOperation creation && creation == Call.Operation ? IsInvariant(creation.Arguments, site) : site.IsInvariant(argument.Value)));

    /// <summary>
    /// Names for the arguments behind the transaction: the methods that give all rows have another one (<c>buffered</c>) at that place.
    /// </summary>
    public IEnumerable<TextChange> Named() => Method.Result == DapperResult.Rows ? [] : Invocation.Arguments
        .Where(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Syntax: ArgumentSyntax { NameColon: null }, Parameter.Ordinal: > LastCommon })
        .Select(argument => new TextChange(new TextSpan(argument.Syntax.SpanStart, 0), argument.Parameter!.Name + ": "));

    /// <summary>
    /// The text of the call with some changes inside it, as it is to stand in front of the loop: no further to the right than there.
    /// </summary>
    public string Moved(FixScope scope, IEnumerable<TextChange> changes, SyntaxNode to)
    {
        var text = scope.Text.GetSubText(Whole.Span).WithChanges(changes
            .OrderBy(change => change.Span.Start)
            .Select(change => new TextChange(new TextSpan(change.Span.Start - Whole.SpanStart, change.Span.Length), change.NewText ?? ""))).ToString();
        return Reindented(scope, Whole, text, to);
    }

    /// <summary>A text of several lines that stood at one place, indented for another.</summary>
    public static string Reindented(FixScope scope, SyntaxNode from, string text, SyntaxNode to)
    {
        var excess = Injection.CSharpText.Indentation(scope, from).Length - Injection.CSharpText.Indentation(scope, to).Length;
        var isVerbatim = from.DescendantTokens().Any(token => (token.Text.StartsWith("@\"", StringComparison.Ordinal) || token.Text.StartsWith("$@\"", StringComparison.Ordinal)) && token.Text.Contains('\n'));
        if (excess <= 0 || isVerbatim || !text.Contains('\n'))
        {
            return text;
        }

        var lines = text.Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            var spaces = lines[i].Length - lines[i].TrimStart(' ', '\t').Length;
            lines[i] = lines[i].Substring(Math.Min(spaces, excess));
        }

        return string.Join("\n", lines);
    }

    /// <summary>
    /// The changes of an edit of the SQL text, those inside the call and those elsewhere; null where the text can't be changed for this call alone.
    /// </summary>
    public (List<TextChange> Inside, List<TextChange> Outside)? Split(FixScope scope, SqlEdit edit)
    {
        if (TextFlow.CallsOf(scope, FixScope.MemberOf(Syntax), edit.EditedRoots.Select(root => root.Expression)) is not { Length: 1 } calls ||
            calls[0].Operation.Syntax != Call.Operation.Syntax || edit.ToChanges() is not { } changes)
        {
            return null;
        }

        return (changes.FindAll(change => Whole.Span.Contains(change.Span)), changes.FindAll(change => !Whole.Span.Contains(change.Span)));
    }
}
