using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// EF Core's raw methods: <c>{0}</c> in the text and an argument behind it. Where all of the text is one string at the call, <see cref="InterpolatedTwin"/>
/// comes first.
/// </summary>
internal sealed class EfCoreBinder : IParameterBinder
{
    /// <inheritdoc/>
    public BinderTraits? TraitsOf(FixScope scope, DbCall call)
    {
        if (call.Api.Row is not { Library: DbLibrary.EfCore, Form: SqlTextForm.CompositeFormat, ValuesParameter: not null } ||
            call.Operation is not IInvocationOperation { Syntax: InvocationExpressionSyntax } || SuppliedBy(call) is not { } supplied)
        {
            return null;
        }

        var lists = call.Provider == Provider.PostgreSql ? ListIdiom.Any : ListIdiom.None;
        return new BinderTraits(CanSendUntyped: false, TakesDates: true, lists) { FirstNumber = supplied.Values.Length };
    }

    /// <summary>The values that a call passes already.</summary>
    /// <param name="Values">The expressions.</param>
    /// <param name="List">The array or collection that holds them, or null where they are arguments, or there are none.</param>
    internal sealed record Supplied(ImmutableArray<SyntaxNode> Values, SyntaxNode? List);

    /// <summary>The values that a call passes already, or null where they come in a variable.</summary>
    internal static Supplied? SuppliedBy(DbCall call)
    {
        switch (call.Api.Parameters)
        {
            case null:
                return new Supplied(ImmutableArray<SyntaxNode>.Empty, null);
            case IArrayCreationOperation { IsImplicit: true, Initializer.ElementValues: var elements }:
                return new Supplied(elements.Select(element => element.Syntax).ToImmutableArray(), null);
        }

        var list = HoleValues.Strip(call.Api.Parameters).Syntax;
        return list switch
        {
            ArrayCreationExpressionSyntax { Initializer: { } initializer } => new Supplied(initializer.Expressions.ToImmutableArray<SyntaxNode>(), initializer),
            ImplicitArrayCreationExpressionSyntax { Initializer: { } initializer } => new Supplied(initializer.Expressions.ToImmutableArray<SyntaxNode>(), initializer),
            CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax) =>
                new Supplied(collection.Elements.ToImmutableArray<SyntaxNode>(), collection),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public bool Bind(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        var arguments = ((InvocationExpressionSyntax)call.Operation.Syntax).ArgumentList.Arguments;
        if (SuppliedBy(call) is not { } supplied)
        {
            return false;
        }

        var values = parameters.Select(parameter => Value(scope, call, parameter)).ToList();
        if (supplied.List is { } list)
        {
            var close = list.GetLastToken();
            var end = supplied.Values.IsEmpty ? close.SpanStart : supplied.Values.Last().Span.End;
            if (close.GetPreviousToken().IsKind(SyntaxKind.CommaToken))
            {
                return false;
            }

            changes.Add(new TextChange(new TextSpan(end, 0), (supplied.Values.IsEmpty ? "" : ", ") + string.Join(", ", values)));
            return true;
        }

        // A list passed alone would be taken for the list of all values.
        if (values.Count == 1 && supplied.Values.IsEmpty && parameters[0].Type is var type && (type is null || HoleValues.ElementType(type) is { IsReferenceType: true }))
        {
            values[0] = "(object)" + values[0];
        }

        // A cancellation token is no value: only the overload that takes the values in one list has both.
        var sql = arguments.FirstOrDefault(argument => argument.Span.Contains(call.Api.SqlArgument!.Syntax.Span));
        if (sql is null)
        {
            return false;
        }

        var rest = arguments.Where(argument => argument.SpanStart > sql.SpanStart && !supplied.Values.Any(value => argument.Span.Contains(value.Span))).ToList();
        if (rest.Count > 0)
        {
            if (!supplied.Values.IsEmpty)
            {
                return false;
            }

            changes.Add(new TextChange(new TextSpan(sql.Span.End, 0), $", new object[] {{ {string.Join(", ", values)} }}"));
            return true;
        }

        changes.Add(new TextChange(new TextSpan(arguments.Last().Span.End, 0), ", " + string.Join(", ", values)));
        return true;
    }

    // The parameters are declared as objects that are not null, and null is fine.
    private static string Value(FixScope scope, DbCall call, BoundParameter parameter) =>
        parameter.MayBeNull && scope.HasNullableAnnotations(call.Operation.Syntax.SpanStart)
            ? CSharpText.Operand(SyntaxFactory.ParseExpression(parameter.Value)) + "!"
            : parameter.Value;
}
