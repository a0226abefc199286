using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Makes a savepoint of the transaction that begins inside another.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NestedSavepointFixer))]
public sealed class NestedSavepointFixer() : DbFix(Descriptors.DBS3004_NestedTransaction.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.NestedSavepoint";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        if (scope.OperationAt(span, cancellation) is not IInvocationOperation begin || NestedAt(scope, begin, cancellation) is not { Inner.Holder: ILocalSymbol inner, Outer.Holder: ILocalSymbol outer } nested ||
            begin.Arguments.Any(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter.Type.Name: not nameof(CancellationToken) } && !IsReceiver(argument)) ||
            TransactionEdits.LifeOf(inner, cancellation) is not var (declaration, block, from) || declaration.Parent is not BlockSyntax || !SavesOnEveryWay(scope, nested, inner, block, from, cancellation))
        {
            yield break;
        }

        if (Changes(scope, begin, inner, outer, declaration, block, cancellation) is { } changes)
        {
            yield return new CallFix($"Use a savepoint of '{outer.Name}'", Key, changes, ImmutableArray.Create(span));
        }
    }

    // context.Database.BeginTransaction(..) is an extension in some overloads.
    private static bool IsReceiver(IArgumentOperation argument) => argument.Parameter is { Ordinal: 0 } && argument.Parent is IInvocationOperation { TargetMethod.IsExtensionMethod: true };

    private static NestedBegin? NestedAt(FixScope scope, IInvocationOperation begin, CancellationToken cancellation) => scope.Facts.TransactionsAround(begin, cancellation).Begins
        .SelectMany(outer => NestedBegins.Within(outer.Operation, scope.Facts.Transactions, cancellation)).FirstOrDefault(nested => nested.Call.Syntax == begin.Syntax && nested.Outer.Kind is TransactionKind.Connection or TransactionKind.Context);

    // On the normal way it is committed, once and at the end; after an error it is rolled back, or the outer transaction ends too.
    private static bool SavesOnEveryWay(FixScope scope, NestedBegin nested, ILocalSymbol inner, BlockSyntax block, int from, CancellationToken cancellation)
    {
        var declaration = block.Statements.Skip(from).FirstOrDefault();
        if (declaration is null || nested.Call.Syntax.Ancestors().TakeWhile(node => !node.Span.Contains(nested.Outer.Region)).Any(node => node is TryStatementSyntax { Catches.Count: > 0 } || node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        {
            return false;
        }

        var commits = CallsOn(scope, inner, block, cancellation).Where(call => TransactionMembers.Commits(NameOf(call))).ToList();
        if (commits.Count != 1 || TransactionEdits.Whole(commits[0]).Parent is not ExpressionStatementSyntax commit || TransactionEdits.ExitsOf(block).Any(exit => exit.SpanStart < commit.SpanStart && exit.SpanStart >= declaration.SpanStart))
        {
            return false;
        }

        if (commit.Parent == block)
        {
            return block.Statements.Skip(from).TakeWhile(statement => statement != commit).All(statement => HandlersEnd(scope, statement, inner, cancellation));
        }

        return commit.Parent is BlockSyntax { Parent: TryStatementSyntax attempt } && attempt.Parent == block && attempt.Block == commit.Parent &&
            block.Statements.Skip(from).TakeWhile(statement => statement.SpanStart <= attempt.SpanStart).All(statement => HandlersEnd(scope, statement, inner, cancellation));
    }

    private static bool HandlersEnd(FixScope scope, StatementSyntax statement, ILocalSymbol inner, CancellationToken cancellation) => statement.DescendantNodesAndSelf().OfType<CatchClauseSyntax>().All(handler =>
        TransactionEdits.Throws(handler.Block) || CallsOn(scope, inner, handler.Block, cancellation).Any(call => NameOf(call) is var name && !TransactionMembers.Commits(name) && !SavepointMembers.Disposes(name)));

    private static IEnumerable<InvocationExpressionSyntax> CallsOn(FixScope scope, ILocalSymbol variable, SyntaxNode code, CancellationToken cancellation) => TransactionEdits.UsesOf(scope, variable, code, cancellation)
        .Select(use => use.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access && access.Expression == use ? call : null).OfType<InvocationExpressionSyntax>();

    private static string NameOf(InvocationExpressionSyntax call) => ((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.ValueText;

    private static ImmutableArray<TextChange>? Changes(
        FixScope scope, IInvocationOperation begin, ILocalSymbol inner, ILocalSymbol outer, StatementSyntax declaration, BlockSyntax block, CancellationToken cancellation)
    {
        var isAsync = SavepointMembers.IsAsync(begin.TargetMethod.Name);
        var name = TransactionEdits.SavepointName(declaration, "nested");
        if (SavepointMembers.Set(outer.Type, isAsync) is not { } set)
        {
            return null;
        }

        var changes = ImmutableArray.CreateBuilder<TextChange>();
        var save = TransactionEdits.Call(outer.Name, set, begin, isAsync, name);
        changes.Add(declaration is UsingStatementSyntax { CloseParenToken: var close, Statement: var body }
            ? new TextChange(TextSpan.FromBounds(declaration.SpanStart, close.Span.End), save)
            : new TextChange(declaration.Span, save));
        foreach (var use in TransactionEdits.UsesOf(scope, inner, block, cancellation))
        {
            if (use.Parent is ArgumentSyntax argument && scope.Model.GetOperation(argument, cancellation) is IArgumentOperation { Parameter.Type: { } type } passed && scope.Facts.Apis.Types.IsAnyTransaction(type) &&
                (scope.Facts.Apis.Types.IsCommand(passed.Parent?.Type) || (passed.Parent is IInvocationOperation call && scope.Facts.ExecutionOf(call) is not null)))
            {
                changes.Add(new TextChange(use.Span, outer.Name));
            }
            else if (use.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } } access && access.Expression == use &&
                MethodFor(outer.Type, access.Name.Identifier.ValueText, arguments, scope, cancellation) is { } method)
            {
                changes.Add(new TextChange(access.Span, $"{outer.Name}.{method}"));
                changes.Add(new TextChange(new TextSpan(access.Span.End + 1, 0), arguments.Count == 0 ? name : name + ", "));
            }
            else
            {
                return null;
            }
        }

        return changes.ToImmutable();
    }

    // The token may follow, and nothing else.
    private static string? MethodFor(ITypeSymbol outer, string member, SeparatedSyntaxList<ArgumentSyntax> arguments, FixScope scope, CancellationToken cancellation)
    {
        var isAsync = SavepointMembers.IsAsync(member);
        if (arguments.Count > 1 || (arguments.Count == 1 && (!isAsync || arguments[0].NameColon is not null || scope.Model.GetTypeInfo(arguments[0].Expression, cancellation).Type?.Name != nameof(CancellationToken))))
        {
            return null;
        }

        return TransactionMembers.Commits(member) ? SavepointMembers.Release(outer, isAsync) : SavepointMembers.RollsBack(member) ? SavepointMembers.RollBack(outer, isAsync) : null;
    }
}
