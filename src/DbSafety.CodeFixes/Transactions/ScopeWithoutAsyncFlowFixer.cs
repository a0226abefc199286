using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Lets the scope of an ambient transaction follow its code behind an await.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ScopeWithoutAsyncFlowFixer))]
public sealed class ScopeWithoutAsyncFlowFixer() : DbFix("DBS3006")
{
    private const string Key = "FlowOverAwait";

    private const string Title = "Let the scope follow its awaits";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is IObjectCreationOperation { Constructor: { } constructor, Syntax: BaseObjectCreationExpressionSyntax syntax } creation &&
            Edit(scope, creation, constructor, syntax) is { } change)
        {
            yield return new CallFix(Title, Key, ImmutableArray.Create(change), ImmutableArray.Create(span));
        }
    }

    private static TextChange? Edit(FixScope scope, IObjectCreationOperation creation, IMethodSymbol constructor, BaseObjectCreationExpressionSyntax syntax)
    {
        // TransactionScopeAsyncFlowOption.Suppress
        if (creation.Arguments.FirstOrDefault(argument => ScopeMembers.IsFlowOption(argument.Parameter?.Type)) is { Parameter: { } given, Syntax: ArgumentSyntax { Expression: var expression } })
        {
            return Option(scope, given.Type, expression.SpanStart) is { } value ? new TextChange(expression.Span, value) : null;
        }

        if (ScopeMembers.WithFlow(constructor) is not { } twin || Option(scope, twin.Parameters.Last().Type, syntax.SpanStart) is not { } option)
        {
            return null;
        }

        if (syntax.ArgumentList is not { } list)
        {
            return syntax is ObjectCreationExpressionSyntax { Type: var type } ? new TextChange(new TextSpan(type.Span.End, 0), $"({option})") : null;
        }

        // Behind an argument with a name each has one.
        if (list.Arguments.Any(argument => argument.NameColon is not null))
        {
            option = $"{twin.Parameters.Last().Name}: {option}";
        }

        return list.Arguments.Count == 0
            ? new TextChange(new TextSpan(list.OpenParenToken.Span.End, 0), option)
            : new TextChange(new TextSpan(list.Arguments.Last().Span.End, 0), ", " + option);
    }

    private static string? Option(FixScope scope, ITypeSymbol type, int position) =>
        ScopeMembers.EnabledMember(type) is { } member ? $"{type.ToMinimalDisplayString(scope.Model, position)}.{member}" : null;
}
