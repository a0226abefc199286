using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Awaits one operation before the next one starts.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InTurnFixer))]
public sealed class InTurnFixer() : DbFix("DBS2008")
{
    private const string Key = "InTurn";

    private const string NewList = $"new {nameof(List<int>)}<";

    private static readonly SymbolDisplayFormat s_format =
        SymbolDisplayFormat.MinimallyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private const string Title = "Await one operation after the other";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not { } operation)
        {
            yield break;
        }

        var overlaps = scope.Facts.OverlapsAround(operation, cancellation).Values.Where(overlap => overlap.First.Syntax.Span == span).ToList();
        if (overlaps.Count > 0 && overlaps[0].First is IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } first && Edit(scope, first, syntax) is { } change)
        {
            var isList = change.NewText!.Contains(NewList) && Usings.ForList(scope, syntax.SpanStart) is not null;
            var changes = isList ? ImmutableArray.Create(Usings.ForList(scope, syntax.SpanStart)!.Value, change) : ImmutableArray.Create(change);
            yield return new CallFix(Title, Key, changes, ImmutableArray.CreateRange(overlaps.Select(overlap => overlap.Use.Location.SourceSpan)));
        }
    }

    private static TextChange? Edit(FixScope scope, IInvocationOperation first, InvocationExpressionSyntax syntax)
    {
        if (TaskMembers.AwaitsAll(first.TargetMethod))
        {
            return OneByOne(scope, first, syntax);
        }

        if (TaskMembers.WaitsForMany(first.TargetMethod) || ConnectionMembers.RunsAtOnce(first.TargetMethod))
        {
            return null;
        }

        // await Task.WhenAll(first, second);
        if (syntax.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax all } && scope.Model.GetOperation(all) is IInvocationOperation many && TaskMembers.AwaitsAll(many.TargetMethod))
        {
            return Split(scope, all);
        }

        var value = (ExpressionSyntax)syntax;
        while (value.Parent is MemberAccessExpressionSyntax access && TaskMembers.Configures(access.Name.Identifier.ValueText) && access.Parent is InvocationExpressionSyntax configured)
        {
            value = configured;
        }

        switch (value.Parent)
        {
            // _ = first;   first;
            case AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax, Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } forgotten:
                return new TextChange(TextSpan.FromBounds(forgotten.SpanStart, value.SpanStart), "await ");
            case ExpressionStatementSyntax:
                return new TextChange(new TextSpan(value.SpanStart, 0), "await ");

            // var task = first;
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax } statement } } declarator }
                when TaskMembers.IsAwaitableOften(scope.Model.GetTypeInfo(value).Type):
                return new TextChange(new TextSpan(statement.Span.End, 0), scope.NewLine + CSharpText.Indentation(scope, statement) + $"await {declarator.Identifier.Text};");
            default:
                return null;
        }
    }

    private static TextChange? Split(FixScope scope, InvocationExpressionSyntax all)
    {
        var (statement, suffix) = StatementOf(scope, all);
        if (statement is null || all.ArgumentList.Arguments.Any(argument => argument.Expression is not InvocationExpressionSyntax))
        {
            return null;
        }

        var lines = all.ArgumentList.Arguments.Select(argument => $"await {scope.TextOf(argument.Expression.Span)}{suffix};");
        return new TextChange(statement.Span, string.Join(scope.NewLine + CSharpText.Indentation(scope, statement), lines));
    }

    // await Task.WhenAll(ids.Select(async id => await ..));   var found = await Task.WhenAll(ids.Select(id => ..)).ConfigureAwait(false);
    private static TextChange? OneByOne(FixScope scope, IInvocationOperation all, InvocationExpressionSyntax syntax)
    {
        if (TasksIn(all) is not { Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var source }, ArgumentList.Arguments: { Count: 1 } arguments } } ||
            arguments[0].Expression is not LambdaExpressionSyntax lambda || ParameterOf(lambda) is not { } parameter)
        {
            return null;
        }

        var (value, suffix) = Configured(scope, syntax);
        if (value.Parent is not AwaitExpressionSyntax wait)
        {
            return null;
        }

        switch (wait.Parent)
        {
            case ExpressionStatementSyntax { Parent: BlockSyntax } statement when InTurnBody.Of(scope, lambda, suffix, statement, null) is { } body:
                return new TextChange(statement.Span, Loop(statement, body));
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true, Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax } statement } } declarator }
                when scope.Model.GetTypeInfo(wait).Type is IArrayTypeSymbol { ElementType: { IsAnonymousType: false } type } &&
                    InTurnBody.Of(scope, lambda, suffix, statement, declarator.Identifier.Text) is { } body:
                var list = $"var {declarator.Identifier.Text} = {NewList}{type.ToMinimalDisplayString(scope.Model, wait.SpanStart, s_format)}>();";
                return new TextChange(statement.Span, list + scope.NewLine + CSharpText.Indentation(scope, statement) + Loop(statement, body));
            default:
                return null;
        }

        string Loop(StatementSyntax statement, string body) =>
            $"foreach (var {parameter} in {scope.TextOf(source.Span)}){scope.NewLine}{CSharpText.Indentation(scope, statement)}{body}";
    }

    // Directly among the arguments, or with ToList() or ToArray() behind it.
    private static IInvocationOperation? TasksIn(IInvocationOperation all) =>
        Overlap.SelectIn(all) is { } select && all.Syntax.Span.Contains(select.Syntax.Span) ? select : null;

    private static string? ParameterOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => simple.Parameter.Identifier.Text,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: 1 } parameters } => parameters[0].Identifier.Text,
        _ => null,
    };

    // await ..;   await ..ConfigureAwait(false);
    private static (ExpressionStatementSyntax? Statement, string Suffix) StatementOf(FixScope scope, InvocationExpressionSyntax all)
    {
        var (value, suffix) = Configured(scope, all);
        return (value.Parent is AwaitExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } statement } ? statement : null, suffix);
    }

    private static (ExpressionSyntax Value, string Suffix) Configured(FixScope scope, InvocationExpressionSyntax all) =>
        all.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax configured } access && TaskMembers.Configures(access.Name.Identifier.ValueText)
            ? (configured, scope.TextOf(TextSpan.FromBounds(all.Span.End, configured.Span.End)).Trim())
            : (all, "");
}
