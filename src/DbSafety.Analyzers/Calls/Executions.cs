using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>Finds the places where the program goes to the database, and what each does there.</summary>
public sealed class Executions
{
    private readonly DbApis _apis;
    private readonly Func<IOperation, DbCall?> _callOf;
    private readonly Func<IOperation, BodyCommands> _commandsOf;

    /// <summary>Makes a finder.</summary>
    /// <param name="apis">The table.</param>
    /// <param name="callOf">The call with SQL text that an operation is.</param>
    /// <param name="commandsOf">The commands of a body, by its root operation.</param>
    public Executions(DbApis apis, Func<IOperation, DbCall?> callOf, Func<IOperation, BodyCommands> commandsOf)
    {
        _apis = apis;
        _callOf = callOf;
        _commandsOf = commandsOf;
    }

    /// <summary>Whether a method of this name may go to the database by itself. One look-up.</summary>
    public bool IsCandidate(string name) => DbApis.IsMemberCandidate(name) || _apis.IsCandidate(name);

    /// <summary>What an operation does at the database, or null where it does not go there, or nobody knows.</summary>
    /// <param name="operation">An invocation, or a <c>foreach</c> loop over a query.</param>
    public DbExecution? Of(IOperation operation) => operation switch
    {
        IInvocationOperation invocation when IsCandidate(invocation.TargetMethod.Name) => OfCall(invocation),
        IForEachLoopOperation loop => OfLoop(loop),
        _ => null,
    };

    private DbExecution? OfCall(IInvocationOperation invocation)
    {
        if (_apis.MemberOf(invocation.TargetMethod) is { } member)
        {
            return OfMember(invocation, member);
        }

        if (_apis.Match(invocation) is { } match)
        {
            return match.SqlArgument is not null && (match.Row.Effects & DbEffects.Executes) != 0 && match.Row.Library != DbLibrary.User
                ? OfText(invocation, match.Row, _callOf(invocation), match.Connection)
                : null;
        }

        return OfDefinition(invocation);
    }

    // Dapper's overloads that take a CommandDefinition, which holds text and parameters.
    private DbExecution? OfDefinition(IInvocationOperation invocation)
    {
        if (_apis.Types.CommandDefinition is not { } definition || !DbApiTable.RowsByMember.TryGetValue(invocation.TargetMethod.Name, out var rows) ||
            rows.FirstOrDefault(row => row.Library == DbLibrary.Dapper) is not { } row || (row.Effects & DbEffects.Executes) == 0)
        {
            return null;
        }

        foreach (var argument in invocation.Arguments)
        {
            if (SymbolEqualityComparer.Default.Equals(argument.Parameter?.Type, definition))
            {
                var value = HoleValues.Strip(argument.Value);
                value = value is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : value;
                return OfText(invocation, row, _callOf(value), EfQueries.FirstArgument(invocation));
            }
        }

        return null;
    }

    private static DbExecution OfText(IInvocationOperation invocation, DbApi row, DbCall? call, IOperation? connection)
    {
        var (effects, isUnknown) = Combine(row.Effects, call);
        return new DbExecution(invocation, invocation.TargetMethod.Name, row.Library, effects, isUnknown, call, connection, InputsOf(invocation, connection));
    }

    private DbExecution? OfMember(IInvocationOperation invocation, DbMember member)
    {
        if (member.Library == DbLibrary.AdoNet)
        {
            return invocation.Instance is not { } command ? null : BatchMembers.IsBatch(command.Type) ? OfBatch(invocation, member, command) : OfCommand(invocation, member, command);
        }

        var receiver = invocation.Instance ?? EfQueries.FirstArgument(invocation);
        if ((member.Effects & DbEffects.OfQuery) != 0 && (receiver is null || !MayBeQuery(receiver) || !EfQueries.IsQuery(receiver, _apis)))
        {
            return null;
        }

        var context = EfQueries.ContextOf(receiver is null ? null : EfQueries.SourceOf(receiver, _apis) ?? receiver, _apis) ?? ImplicitContext(receiver);
        return new DbExecution(
            invocation, invocation.TargetMethod.Name, DbLibrary.EfCore, member.Effects, isUnknown: false, null, context, InputsOf(invocation, context));
    }

    // The static type tells of most sequences that they are none.
    private bool MayBeQuery(IOperation receiver)
    {
        receiver = HoleValues.Strip(receiver);
        return EfQueries.IsQueryType(receiver.Type, _apis) || (receiver is IInvocationOperation call && DbMemberTable.EnumeratesQuery(call.TargetMethod.Name));
    }

    private static IOperation? ImplicitContext(IOperation? receiver) => receiver is IInstanceReferenceOperation ? receiver : null;

    private DbExecution OfCommand(IInvocationOperation invocation, DbMember member, IOperation command)
    {
        var text = _commandsOf(HoleValues.RootOf(invocation)).TextOf(command);
        var call = text is { } found ? _callOf(Awaited(found.Text)) : null;
        var (effects, isUnknown) = Combine(member.Effects, call);
        var connection = text?.Creation is { } creation ? ConnectionOf(Awaited(creation)) : null;
        return new DbExecution(
            invocation, invocation.TargetMethod.Name, call?.Api.Row.Library ?? DbLibrary.AdoNet, effects, isUnknown, call, connection ?? command, InputsOf(invocation, null));
    }

    private DbExecution OfBatch(IInvocationOperation invocation, DbMember member, IOperation batch)
    {
        var content = _commandsOf(HoleValues.RootOf(invocation)).ContentOf(batch);
        var calls = ImmutableArray.CreateBuilder<DbCall>();
        var effects = member.Effects & ~DbEffects.Reads;
        var isUnknown = content is not { IsComplete: true };
        foreach (var command in content?.Commands ?? ImmutableArray<BatchPart>.Empty)
        {
            var call = command.Text is { } text ? _callOf(Awaited(text)) : null;
            var (does, isHidden) = Combine(DbEffects.Reads, call);
            effects |= command.IsCertain ? does : does & ~DbEffects.Writes;
            isUnknown |= isHidden || !command.IsCertain;
            if (call is not null)
            {
                calls.Add(call);
            }
        }

        // Rows come back only where the method gives them.
        effects = isUnknown || (effects & DbEffects.Reads) != 0 ? effects & ~DbEffects.Reads | (member.Effects & DbEffects.Reads) : effects;
        var connection = content?.Creation is { } creation ? ConnectionOf(Awaited(creation)) : null;
        return new DbExecution(
            invocation, invocation.TargetMethod.Name, calls.Count > 0 ? calls[0].Api.Row.Library : DbLibrary.AdoNet, effects, isUnknown, null, connection ?? batch, InputsOf(invocation, null))
        {
            Batch = new DbBatchUse(calls.ToImmutable(), content is { IsComplete: true }, content?.ErrorBarriers ?? Presence.Unknown),
        };
    }

    private IOperation? ConnectionOf(IOperation creation) => creation switch
    {
        IObjectCreationOperation created => DbApiMatch.ConnectionOf(created),
        IInvocationOperation { Instance: { } instance } => instance,
        _ => null,
    };

    // A loop over a query that nobody has run yet runs it.
    private DbExecution? OfLoop(IForEachLoopOperation loop)
    {
        var collection = EfQueries.Unconfigured(loop.Collection);
        if (!EfQueries.IsQueryType(collection.Type, _apis) && !(collection is IInvocationOperation call && DbMemberTable.EnumeratesQuery(call.TargetMethod.Name)))
        {
            return null;
        }

        if (EfQueries.SourceOf(collection, _apis) is not { } source)
        {
            return null;
        }

        return new DbExecution(
            loop, "foreach", DbLibrary.EfCore, DbEffects.Executes | DbEffects.Reads | DbEffects.OpensReader, isUnknown: false, null,
            EfQueries.ContextOf(source, _apis), ImmutableArray.Create(collection));
    }

    private static (DbEffects Effects, bool IsUnknown) Combine(DbEffects api, DbCall? call)
    {
        if (call is null)
        {
            return (api, true);
        }

        var text = SqlEffects.None;
        var hasErrors = false;
        foreach (var tree in call.Trees)
        {
            text |= StatementEffects.Of(tree);
            hasErrors |= tree.Errors.Length > 0;
        }

        var isUnknown = (text & SqlEffects.Unknown) != 0 || hasErrors || call.IsPassedThrough;
        if ((text & SqlEffects.Writes) != 0)
        {
            api |= DbEffects.Writes;
        }

        // A method that returns rows reads only if the text does: SELECT pg_notify(..) and SHOW do not.
        if (!isUnknown && (text & SqlEffects.Reads) == 0)
        {
            api &= ~DbEffects.Reads;
        }

        return (api, isUnknown);
    }

    // Everything that the call is given, but not the connection: the receiver and the arguments.
    private static ImmutableArray<IOperation> InputsOf(IInvocationOperation invocation, IOperation? connection)
    {
        var inputs = ImmutableArray.CreateBuilder<IOperation>();
        if (invocation.Instance is { } instance && instance != connection)
        {
            inputs.Add(instance);
        }

        foreach (var argument in invocation.Arguments)
        {
            if (argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Value != connection)
            {
                inputs.Add(argument.Value);
            }
        }

        return inputs.ToImmutable();
    }

    private static IOperation Awaited(IOperation value) => value is IAwaitOperation awaited ? HoleValues.Strip(awaited.Operation) : value;
}
