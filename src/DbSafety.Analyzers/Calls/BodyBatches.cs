using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>What a batch runs, as far as it is in sight.</summary>
/// <param name="Calls">The texts of its commands that are known.</param>
/// <param name="IsComplete">Whether there are no other commands; some of them may be added on some paths only.</param>
/// <param name="ErrorBarriers">
/// Whether the commands are transactions of their own (<c>EnableErrorBarriers</c>, <c>AppendErrorBarrier</c>), so that the batch is not atomic; unknown where the body does not
/// tell.
/// </param>
public sealed record DbBatchUse(ImmutableArray<DbCall> Calls, bool IsComplete, Presence ErrorBarriers);

/// <summary>A command of a batch.</summary>
/// <param name="Text">What gives it its text: a creation or an assignment; null where nobody knows.</param>
/// <param name="IsCertain">Whether it is added on every path that makes it, loops taken as run.</param>
internal sealed record BatchPart(IOperation? Text, bool IsCertain);

/// <summary>What a batch holds.</summary>
/// <param name="Creation">What makes it; null where it gets its connection another way.</param>
/// <param name="Commands">Its commands.</param>
/// <param name="IsComplete">Whether all of its commands are in sight.</param>
/// <param name="ErrorBarriers">Whether its commands are transactions of their own.</param>
internal sealed record BatchContent(IOperation? Creation, ImmutableArray<BatchPart> Commands, bool IsComplete, Presence ErrorBarriers);

/// <summary>The batches that the variables of one body hold.</summary>
internal sealed class BodyBatches
{
    private readonly Dictionary<ISymbol, Batch> _batches = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, Held> _commands = new(SymbolEqualityComparer.Default);
    private Presence _barriersOfCommands;

    /// <summary>Takes one operation of the body.</summary>
    public void Read(IOperation operation, DbApis apis)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer.Value: { } value, Symbol: var local } declarator when BatchMembers.IsBatch(local.Type):
                Made(local, HoleValues.Strip(value), declarator);
                break;
            case IVariableDeclaratorOperation { Initializer.Value: { } value, Symbol: var local } when BatchMembers.IsCommand(local.Type):
                Of(local).Texts.Add(TextOf(HoleValues.Strip(value), apis));
                break;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local }, Value: var value } assignment when BatchMembers.IsBatch(local.Type):
                Made(local, HoleValues.Strip(value), assignment);
                break;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance, Property: var property }, Value: var value } assignment:
                Assigned(instance, property, value, assignment, apis);
                break;
            case IInvocationOperation { Instance: IPropertyReferenceOperation { Instance: { } owner, Property: var property }, TargetMethod: var method } call
                when BatchMembers.IsCommands(property) && BatchMembers.IsBatch(owner.Type) && BodyCommands.SymbolOf(HoleValues.Strip(owner)) is { } batch:
                Called(batch, method, call, apis);
                break;
            case IMemberInitializerOperation { InitializedMember: IPropertyReferenceOperation { Property: var property } } commands when BatchMembers.IsCommands(property) && DeclaredBy(commands) is { } batch:
                foreach (var call in commands.Initializer.Initializers.OfType<IInvocationOperation>())
                {
                    Called(batch, call.TargetMethod, call, apis);
                }

                break;
            case IArgumentOperation { Value: var value } when HoleValues.Strip(value) is { } given && BatchMembers.IsBatch(given.Type) && BodyCommands.SymbolOf(given) is { } handed:
                Get(handed).IsHandedOver = true;
                break;
            case IArgumentOperation { Value: var value } when HoleValues.Strip(value) is IPropertyReferenceOperation { Instance: { } owner, Property: var property } && BatchMembers.IsCommands(property) && BodyCommands.SymbolOf(HoleValues.Strip(owner)) is { } batch:
                Get(batch).IsHandedOver = true;
                break;
        }
    }

    /// <summary>What a batch holds, or null.</summary>
    /// <param name="batch">The batch, where it is used.</param>
    public BatchContent? ContentOf(IOperation batch)
    {
        batch = HoleValues.Strip(batch);
        if (BodyCommands.SymbolOf(batch) is not { } symbol || !_batches.TryGetValue(symbol, out var found) || found.Creations.Count != 1)
        {
            return null;
        }

        var made = found.Creations[0];
        var commands = ImmutableArray.CreateBuilder<BatchPart>();
        foreach (var (value, place, text) in found.Added)
        {
            commands.Add(new BatchPart(Known(value, text), IsCertain(place, made)));
        }

        // What a command holds that has a name of its own may have been said of another batch too: then nobody knows.
        return new BatchContent(
            found.IsConnected ? null : found.Creation, commands.ToImmutable(), !found.IsHandedOver, Either(found.Barriers, commands.Count == 0 && !found.IsHandedOver ? Presence.Absent : _barriersOfCommands));
    }

    private static Presence Either(Presence a, Presence b) =>
        a == Presence.Present || b == Presence.Present ? Presence.Present : a == Presence.Unknown || b == Presence.Unknown ? Presence.Unknown : Presence.Absent;

    private IOperation? Known(IOperation value, IOperation? text) =>
        value is ILocalReferenceOperation { Local: var local } ? _commands.TryGetValue(local, out var held) && held.Texts.Count(found => found is not null) == 1 ? held.Texts.Single(found => found is not null) : null : text;

    private void Called(ISymbol batch, IMethodSymbol method, IInvocationOperation call, DbApis apis)
    {
        if (BatchMembers.Adds(method.Name) && call.Arguments.Length == 1)
        {
            Get(batch).Added.Add((HoleValues.Strip(call.Arguments[0].Value), call, TextOf(HoleValues.Strip(call.Arguments[0].Value), apis)));
        }
        else if (!BatchMembers.TakesAway(method.Name))
        {
            Get(batch).IsHandedOver = true;
        }
    }

    private void Made(ISymbol local, IOperation value, IOperation place)
    {
        var batch = Get(local);
        batch.Creation = value is IAwaitOperation awaited ? HoleValues.Strip(awaited.Operation) : value;
        batch.Creations.Add(place);
    }

    private void Assigned(IOperation instance, IPropertySymbol property, IOperation value, ISimpleAssignmentOperation assignment, DbApis apis)
    {
        var isBatch = BatchMembers.IsBatch(instance.Type);
        if (!isBatch && !BatchMembers.IsCommand(instance.Type))
        {
            return;
        }

        var symbol = BodyCommands.SymbolOf(HoleValues.Strip(instance)) ?? DeclaredBy(assignment);
        if (BatchMembers.IsErrorBarrier(property.Name))
        {
            var answer = HoleValues.Strip(value).ConstantValue is { HasValue: true, Value: bool isOn } ? isOn ? Presence.Present : Presence.Absent : Presence.Unknown;
            if (isBatch && symbol is not null)
            {
                Get(symbol).Barriers = Either(Get(symbol).Barriers, answer);
            }
            else
            {
                _barriersOfCommands = Either(_barriersOfCommands, answer);
            }
        }
        else if (isBatch && symbol is not null && DbApiTable.IsConnectionProperty(property.Name))
        {
            Get(symbol).IsConnected = true;
        }
        else if (!isBatch && symbol is not null && instance is ILocalReferenceOperation && apis.Match(assignment) is not null)
        {
            Of(symbol).Texts.Add(assignment);
        }
    }

    // var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
    private static ISymbol? DeclaredBy(IOperation assignment) =>
        assignment.Parent is IObjectOrCollectionInitializerOperation { Parent: IObjectCreationOperation { Parent: var parent } } ? parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            IConversionOperation { Parent: IVariableInitializerOperation { Parent: IVariableDeclaratorOperation converted } } => converted.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } => local.Local,
            _ => null,
        }
        : null;

    // new NpgsqlBatchCommand(".."), new() { CommandText = ".." }
    private static IOperation? TextOf(IOperation value, DbApis apis)
    {
        if (value is not IObjectCreationOperation creation)
        {
            return null;
        }

        return creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().FirstOrDefault(assignment => apis.Match(assignment) is not null) ??
            (IOperation?)(creation.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit) ? creation : null);
    }

    // Whether nothing decides whether the command is added: loops are taken as run.
    private static bool IsCertain(IOperation added, IOperation made)
    {
        for (var (child, parent) = (added, added.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent.Syntax.Span.Contains(made.Syntax.Span))
            {
                return true;
            }

            if (parent is IConditionalOperation or ISwitchCaseOperation or ICatchClauseOperation or IAnonymousFunctionOperation or ILocalFunctionOperation or IConditionalAccessOperation or
                ISwitchExpressionArmOperation or ICoalesceOperation)
            {
                return false;
            }
        }

        return true;
    }

    private Batch Get(ISymbol symbol)
    {
        if (!_batches.TryGetValue(symbol, out var found))
        {
            _batches.Add(symbol, found = new Batch());
        }

        return found;
    }

    private Held Of(ISymbol symbol)
    {
        if (!_commands.TryGetValue(symbol, out var found))
        {
            _commands.Add(symbol, found = new Held());
        }

        return found;
    }

    private sealed class Batch
    {
        public IOperation? Creation { get; set; }

        public List<IOperation> Creations { get; } = [];

        public List<(IOperation Value, IOperation Place, IOperation? Text)> Added { get; } = [];

        public bool IsHandedOver { get; set; }

        public bool IsConnected { get; set; }

        public Presence Barriers { get; set; }
    }

    private sealed class Held
    {
        public List<IOperation?> Texts { get; } = [];
    }
}
