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

    private BodyCommands(Dictionary<ISymbol, Command> commands, List<(ISymbol Command, ISymbol Parameter)> parameters)
    {
        _commands = commands;
        _parameters = parameters;
    }

    /// <summary>Reads a body once.</summary>
    /// <param name="root">The root operation of the body.</param>
    /// <param name="apis">The table.</param>
    public static BodyCommands Of(IOperation root, DbApis apis)
    {
        var commands = new Dictionary<ISymbol, Command>(SymbolEqualityComparer.Default);
        var parameters = new List<(ISymbol, ISymbol)>();
        foreach (var operation in root.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when apis.Types.IsCommand(declarator.Symbol.Type):
                    commands[declarator.Symbol] = Get(declarator.Symbol) with { Creation = HoleValues.Strip(value) };
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
                    var known = Get(local.Local);
                    commands[local.Local] = known with { Creation = HoleValues.Strip(assignment.Value), IsReassigned = known.Creation is not null };
                    break;
                case IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance } } assignment
                    when SymbolOf(instance) is { } symbol && apis.Types.IsCommand(instance.Type) && apis.Match(assignment) is not null:
                    commands[symbol] = Get(symbol) with { Texts = Get(symbol).Texts.Add(assignment) };
                    break;
            }
        }

        return new BodyCommands(commands, parameters);

        Command Get(ISymbol symbol) => commands.TryGetValue(symbol, out var found) ? found : new Command(null, ImmutableArray<IOperation>.Empty, false);
    }

    /// <summary>What gives a command its one text (a creation or an assignment), and the operation that makes it; null where it has several texts, or none in sight.</summary>
    public (IOperation Text, IOperation? Creation)? TextOf(IOperation command)
    {
        command = HoleValues.Strip(command);
        if (SymbolOf(command) is not { } symbol)
        {
            return command is IInvocationOperation or IObjectCreationOperation ? (command, command) : null;
        }

        if (!_commands.TryGetValue(symbol, out var found) || found.IsReassigned)
        {
            return null;
        }

        return found.Texts.Length switch
        {
            0 => found.Creation is { } creation ? (creation, creation) : null,
            1 => (found.Texts[0], found.Creation),
            _ => null,
        };
    }

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

    private static ISymbol? SymbolOf(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private sealed record Command(IOperation? Creation, ImmutableArray<IOperation> Texts, bool IsReassigned);
}
