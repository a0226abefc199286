using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Flow;

/// <summary>
/// What runs on a connection while a reader of it is open. Npgsql refuses it from the execution that makes the reader until the reader is closed: also where all
/// rows and all results were read (measured with Npgsql 10).
/// </summary>
internal sealed class ReaderConflicts
{
    private readonly IOperation _root;
    private readonly IConnectionFacts _facts;
    private readonly BodyConnections _connections;
    private readonly CancellationToken _cancellation;

    private ReaderConflicts(IOperation root, IConnectionFacts facts, CancellationToken cancellation)
    {
        _root = root;
        _facts = facts;
        _connections = facts.ConnectionsOf(root);
        _cancellation = cancellation;
    }

    /// <summary>Reads a body once.</summary>
    /// <param name="root">The root operation of the body.</param>
    /// <param name="facts">What the compilation knows.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static ImmutableArray<ReaderConflict> Of(IOperation root, IConnectionFacts facts, CancellationToken cancellation)
    {
        var conflicts = new ReaderConflicts(root, facts, cancellation);
        var readers = root.Descendants().Select(conflicts.ReaderAt).OfType<OpenReader>().ToList();
        return readers.Count == 0 ? ImmutableArray<ReaderConflict>.Empty : conflicts.Find(readers);
    }

    private ImmutableArray<ReaderConflict> Find(List<OpenReader> readers)
    {
        var found = ImmutableArray.CreateBuilder<ReaderConflict>();
        foreach (var operation in _root.Descendants())
        {
            _cancellation.ThrowIfCancellationRequested();
            if (operation is not (IInvocationOperation or IForEachLoopOperation) || !readers.Any(reader => reader.Region.Contains(operation.Syntax.Span)) ||
                ConnectionUses.Of(operation, _connections, _facts, _cancellation) is not { } use)
            {
                continue;
            }

            // The innermost of several readers speaks.
            var open = readers.LastOrDefault(reader => reader.Region.Contains(operation.Syntax.Span) && RunsIn(operation, reader.Body) &&
                reader.Connection.CompareTo(use.Connection) == ConnectionRelation.Same && IsOpenAt(reader, operation));
            if (open is not null)
            {
                found.Add(new ReaderConflict(open, use));
            }
        }

        return found.ToImmutable();
    }

    private OpenReader? ReaderAt(IOperation operation) => operation switch
    {
        IForEachLoopOperation loop => OfLoop(loop),
        IInvocationOperation call when _facts.ExecutionOf(call) is { } execution && (execution.Effects & DbEffects.OpensReader) != 0 => OfCall(call, execution),
        _ => null,
    };

    private OpenReader? OfLoop(IForEachLoopOperation loop)
    {
        if (_facts.ExecutionOf(loop) is { } query)
        {
            return !_facts.BuffersQueries && _facts.ProviderOf(query) == Provider.PostgreSql && !EfQueries.IsBuffered(loop.Collection) && _connections.Of(query) is { } context
                ? new OpenReader(loop.Collection, context, loop, loop.Body.Syntax.Span, null, endsItself: false)
                : null;
        }

        var rows = EfQueries.Unconfigured(loop.Collection);
        rows = rows is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : rows;
        return rows is IInvocationOperation call && _facts.Apis.Match(call) is { Row.Library: DbLibrary.Dapper } match && IsStreamed(call, match.Row) &&
            _facts.ProviderOf(match) == Provider.PostgreSql && _connections.Of(match.Connection) is { } connection
                ? new OpenReader(call, connection, loop, loop.Body.Syntax.Span, null, endsItself: false)
                : null;
    }

    private static bool IsStreamed(IInvocationOperation call, DbApi row) => (row.Effects & DbEffects.Deferred) != 0 ? (row.Effects & DbEffects.OpensReader) != 0
        : call.Arguments.Any(ConnectionMembers.IsBufferedArgument);

    // A variable takes the reader, and the statements behind it, or the block of the using, may use it.
    private OpenReader? OfCall(IInvocationOperation call, DbExecution execution)
    {
        IOperation at = call;
        var isAwaited = !TaskMembers.IsTask(call.Type);
        while (at.Parent is IConversionOperation or IParenthesizedOperation or IAwaitOperation ||
            (at.Parent is IInvocationOperation outer && outer.Instance == at && TaskMembers.Configures(outer.TargetMethod.Name)))
        {
            at = at.Parent!;
            isAwaited |= at is IAwaitOperation;
        }

        var (holder, statement) = at.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => (declarator.Symbol, declarator.Parent?.Parent),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target, Parent: IExpressionStatementOperation assignment } => (target.Local, (IOperation?)assignment),
            _ => (null, null),
        };
        if (!isAwaited || holder is null || statement is null || _facts.ProviderOf(execution) != Provider.PostgreSql || _connections.Of(execution) is not { } connection)
        {
            return null;
        }

        if (statement.Parent is IUsingDeclarationOperation)
        {
            statement = statement.Parent;
        }

        var region = statement.Parent switch
        {
            IUsingOperation scope when scope.Resources == statement => scope.Body.Syntax.Span,
            IBlockOperation block => TextSpan.FromBounds(statement.Syntax.Span.End, block.Syntax.Span.End),
            _ => (TextSpan?)null,
        };
        return region is { } span ? new OpenReader(call, connection, statement.Parent!, span, holder, endsItself: !_facts.Apis.Types.IsReader(holder.Type)) : null;
    }

    // It runs where it stands, not in a delegate, nor when something went wrong.
    private static bool RunsIn(IOperation operation, IOperation body)
    {
        for (var at = operation; at != body; at = at.Parent)
        {
            if (at is null or IAnonymousFunctionOperation or ILocalFunctionOperation or ICatchClauseOperation)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOpenAt(OpenReader reader, IOperation operation)
    {
        var start = operation.Syntax.SpanStart;
        var isHandedOn = false;
        var isUsedBefore = false;
        var isUsedLater = false;
        foreach (var other in reader.Body.Descendants())
        {
            if (!reader.Region.Contains(other.Syntax.Span))
            {
                continue;
            }

            if (other is IInvocationOperation call && ConnectionMembers.Closes(call.TargetMethod.Name) && call.Syntax.SpanStart < start &&
                _connections.Of(call.Instance)?.CompareTo(reader.Connection) == ConnectionRelation.Same && !_facts.Apis.Types.IsCommand(call.Instance?.Type))
            {
                return false;
            }

            if (other is not ILocalReferenceOperation reference || !SymbolEqualityComparer.Default.Equals(reference.Local, reader.Holder))
            {
                continue;
            }

            switch (UseOf(reference))
            {
                case HolderUse.Ends when EndOf(reference) <= start:
                    return false;
                case HolderUse.Reads:
                    isUsedBefore |= reference.Syntax.SpanStart < start;
                    isUsedLater |= IsReadAfter(reference, operation, reader.Body);
                    break;
                case HolderUse.HandsOn when reference.Syntax.SpanStart < start:
                    isHandedOn = true;
                    break;
            }
        }

        return isUsedLater || (!isHandedOn && !(reader.EndsItself && isUsedBefore));
    }

    // A loop around both reads again; so does a statement behind, in a block around.
    private static bool IsReadAfter(IOperation read, IOperation operation, IOperation body)
    {
        for (var at = operation; at is not null && at != body; at = at.Parent)
        {
            if (at is ILoopOperation && at.Syntax.Span.Contains(read.Syntax.Span))
            {
                return true;
            }
        }

        var block = read;
        while (block is not (null or IBlockOperation))
        {
            block = block.Parent;
        }

        return read.Syntax.SpanStart > operation.Syntax.Span.End && block is not null && block.Syntax.Span.Contains(operation.Syntax.Span);
    }

    private static HolderUse UseOf(IOperation reference)
    {
        var at = reference;
        while (at.Parent is IConversionOperation or IParenthesizedOperation)
        {
            at = at.Parent;
        }

        return at.Parent switch
        {
            IInvocationOperation call when call.Instance == at => ConnectionMembers.Closes(call.TargetMethod.Name) || Resource(call) is not null ? HolderUse.Ends : HolderUse.Reads,
            IPropertyReferenceOperation => HolderUse.Reads,
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } => ConnectionMembers.Closes(call.TargetMethod.Name) ? HolderUse.Ends : HolderUse.Reads,
            IUsingOperation => HolderUse.Ends,
            ISimpleAssignmentOperation assignment when assignment.Target == at => HolderUse.Ends,
            IBinaryOperation or IIsPatternOperation => HolderUse.None,
            _ => HolderUse.HandsOn,
        };
    }

    // Of a using statement its end, else where it stands.
    private static int EndOf(IOperation reference)
    {
        for (var at = reference; at is not (null or IBlockOperation); at = at.Parent)
        {
            if (at is IUsingOperation)
            {
                return at.Syntax.Span.End;
            }
        }

        return reference.Syntax.SpanStart;
    }

    private static IUsingOperation? Resource(IOperation call)
    {
        var at = call;
        while (at.Parent is IConversionOperation)
        {
            at = at.Parent;
        }

        return at.Parent is IUsingOperation scope && scope.Resources == at ? scope : null;
    }

    private enum HolderUse
    {
        None,
        Reads,
        Ends,
        HandsOn,
    }
}
