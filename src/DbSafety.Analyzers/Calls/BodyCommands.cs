using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>The commands that the variables of one body hold: where each is made, and where it gets its text.</summary>
public sealed class BodyCommands
{
    private readonly Dictionary<ISymbol, Command> _commands;

    private readonly List<(ISymbol Command, ISymbol Parameter)> _parameters;

    private readonly BodyBatches _batches;

    private BodyCommands(Dictionary<ISymbol, Command> commands, List<(ISymbol Command, ISymbol Parameter)> parameters, BodyBatches batches)
    {
        _commands = commands;
        _parameters = parameters;
        _batches = batches;
    }

    /// <summary>Reads a body once.</summary>
    /// <param name="root">The root operation of the body.</param>
    /// <param name="apis">The table.</param>
    public static BodyCommands Of(IOperation root, DbApis apis)
    {
        var commands = new Dictionary<ISymbol, Command>(SymbolEqualityComparer.Default);
        var parameters = new List<(ISymbol, ISymbol)>();
        var batches = new BodyBatches();
        foreach (var operation in root.DescendantsAndSelf())
        {
            batches.Read(operation, apis);
            switch (operation)
            {
                case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when apis.Types.IsCommand(declarator.Symbol.Type):
                    commands[declarator.Symbol] = Get(declarator.Symbol).MadeBy(new VariableEvent(declarator, HoleValues.Strip(value)));
                    break;
                case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when apis.Types.IsParameter(declarator.Symbol.Type) && CommandOf(value, apis) is { } owner:
                    parameters.Add((owner, declarator.Symbol));
                    break;
                case IInvocationOperation { Instance: { } collection } call when CommandOf(collection, apis) is { } filled:
                    foreach (var argument in call.Arguments)
                    {
                        if (SymbolOf(HoleValues.Strip(argument.Value)) is { } passed && apis.Types.IsParameter(argument.Value.Type))
                        {
                            parameters.Add((filled, passed));
                        }
                    }

                    break;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assignment when apis.Types.IsCommand(local.Type):
                    commands[local.Local] = Get(local.Local).MadeBy(new VariableEvent(assignment, HoleValues.Strip(assignment.Value)));
                    break;
                case IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance } } assignment
                    when SymbolOf(instance) is { } symbol && apis.Types.IsCommand(instance.Type) && apis.Match(assignment) is not null:
                    commands[symbol] = Get(symbol) with { Texts = Get(symbol).Texts.Add(new VariableEvent(assignment, assignment)) };
                    break;
                case IArgumentOperation { Value: var argument } place when HoleValues.Strip(argument) is { } given && apis.Types.IsCommand(given.Type) && SymbolOf(given) is { } handed:
                    commands[handed] = Get(handed) with { HandedOver = Get(handed).HandedOver.Add(new VariableEvent(place, null)) };
                    break;
            }
        }

        return new BodyCommands(commands, parameters, batches);

        Command Get(ISymbol symbol) => commands.TryGetValue(symbol, out var found) ? found : Command.None;
    }

    /// <summary>
    /// What gives a command its text (a creation or an assignment), and the operation that makes it; null where nobody knows which of several texts it has here, or none is in
    /// sight.
    /// </summary>
    /// <param name="command">The command, where it is used.</param>
    public (IOperation Text, IOperation? Creation)? TextOf(IOperation command)
    {
        var place = command;
        command = HoleValues.Strip(command);
        if (SymbolOf(command) is not { } symbol)
        {
            return command is IInvocationOperation or IObjectCreationOperation ? (command, command) : null;
        }

        if (!_commands.TryGetValue(symbol, out var found))
        {
            return null;
        }

        // A text that is appended to later is one text; where it is appended on some paths only, its parts know that.
        if (found.Creations.Length <= 1 && (found.Texts.IsEmpty || (found.Texts.Length == 1 && (found.Texts[0].Operation is ICompoundAssignmentOperation || !found.IsMadeWithText))))
        {
            return (found.Texts.IsEmpty ? found.Creation : found.Texts[0].Value) is { } text ? (text, found.Creation) : null;
        }

        return ReachingEvents.Of(place, found.Creations.AddRange(found.Texts).AddRange(found.HandedOver)) is { Value: { } reaching }
            ? (reaching, found.Creations.Length <= 1 ? found.Creation : ReachingEvents.Of(place, found.Creations)?.Value)
            : null;
    }

    /// <summary>What a batch holds where it is run, as far as the body tells; null where it comes from elsewhere.</summary>
    /// <param name="batch">The batch, where it is used.</param>
    internal BatchContent? ContentOf(IOperation batch) => _batches.ContentOf(batch);

    /// <summary>The variables that hold parameters of a command: what they are given, the command is asked with.</summary>
    public IEnumerable<ISymbol> ParametersOf(IOperation command) => SymbolOf(HoleValues.Strip(command)) is { } symbol
        ? _parameters.Where(pair => SymbolEqualityComparer.Default.Equals(pair.Command, symbol)).Select(pair => pair.Parameter)
        : [];

    // command.Parameters, command.CreateParameter(), command.Parameters.Add(..)
    private static ISymbol? CommandOf(IOperation? value, DbApis apis)
    {
        while (value is not null)
        {
            value = HoleValues.Strip(value);
            if (apis.Types.IsCommand(value.Type) && SymbolOf(value) is { } symbol)
            {
                return symbol;
            }

            value = value switch
            {
                IPropertyReferenceOperation property => property.Instance,
                IInvocationOperation call => call.Instance,
                _ => null,
            };
        }

        return null;
    }

    internal static ISymbol? SymbolOf(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private sealed record Command(ImmutableArray<VariableEvent> Creations, ImmutableArray<VariableEvent> Texts, ImmutableArray<VariableEvent> HandedOver)
    {
        public static Command None { get; } = new(ImmutableArray<VariableEvent>.Empty, ImmutableArray<VariableEvent>.Empty, ImmutableArray<VariableEvent>.Empty);

        public IOperation? Creation => Creations.IsEmpty ? null : Creations[0].Value;

        // new NpgsqlCommand("..", connection), source.CreateCommand("..")
        public bool IsMadeWithText => Creation is { } creation && creation.ChildOperations.Any(part => part is IArgumentOperation { ArgumentKind: ArgumentKind.Explicit, Value.Type.SpecialType: SpecialType.System_String });

        public Command MadeBy(VariableEvent creation) => this with { Creations = Creations.Add(creation) };
    }
}
