using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>A second connection, whose writes move to the one that holds the transaction; it goes where nothing else uses it.</summary>
internal static class OtherConnection
{
    /// <summary>The edit, and the writes that it moves; none where it is not simple.</summary>
    public static (ImmutableArray<TextChange> Changes, ImmutableArray<TextSpan> Sites) Of(FixScope scope, OutsideWrite outside, ILocalSymbol other, string held, CancellationToken cancellation)
    {
        var none = (ImmutableArray<TextChange>.Empty, ImmutableArray<TextSpan>.Empty);
        var root = HoleValues.RootOf(outside.Operation);
        var writes = root.Descendants().OfType<IInvocationOperation>()
            .Where(call => scope.Facts.MayRun(call.TargetMethod.Name) && scope.Facts.OutsideWriteOf(call, cancellation) is { Reason: OutsideReason.OtherConnection } found && found.Begin == outside.Begin &&
                SymbolEqualityComparer.Default.Equals(found.Other, other)).ToList();
        var moved = new HashSet<SyntaxNode>();
        foreach (var write in writes)
        {
            if (scope.Facts.ExecutionOf(write)?.Connection is not { } connection || HoleValues.Strip(connection) is not ILocalReferenceOperation reference ||
                !SymbolEqualityComparer.Default.Equals(reference.Local, other) || (write.Instance is ILocalReferenceOperation command && !RunsOnlyIn(root, command.Local, writes, scope)))
            {
                return none;
            }

            moved.Add(reference.Syntax);
        }

        var changes = moved.Select(node => new TextChange(node.Span, held)).ToList();
        var rest = root.Descendants().OfType<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, other) && !moved.Contains(reference.Syntax)).ToList();
        var openings = rest.Select(OpeningOf).ToList();
        if (openings.All(statement => statement is not null))
        {
            if (other.DeclaringSyntaxReferences[0].GetSyntax(cancellation).FirstAncestorOrSelf<StatementSyntax>() is not LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1, Parent: BlockSyntax } declaration)
            {
                return none;
            }

            changes.AddRange(openings.Prepend(declaration).Select(statement => StatementEdits.Remove(scope, statement!)));
        }

        return (ImmutableArray.CreateRange(changes), ImmutableArray.CreateRange(writes.Select(write => write.Syntax.Span)));
    }

    // o.Open();   await o.OpenAsync();   o.Close();
    private static StatementSyntax? OpeningOf(ILocalReferenceOperation reference) =>
        reference.Parent is IInvocationOperation { TargetMethod.Name: var name } && (OpeningMembers.Opens(name) || ConnectionMembers.Closes(name)) &&
        reference.Syntax.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax { Parent: BlockSyntax } statement
            ? statement
            : null;

    private static bool RunsOnlyIn(IOperation root, ILocalSymbol command, List<IInvocationOperation> writes, FixScope scope) => root.Descendants().All(part =>
        part is not IInvocationOperation { Instance: ILocalReferenceOperation instance } call || !SymbolEqualityComparer.Default.Equals(instance.Local, command) ||
        scope.Facts.ExecutionOf(call) is null || writes.Contains(call));
}
