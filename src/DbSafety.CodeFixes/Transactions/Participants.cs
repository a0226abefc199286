using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.CodeFixes.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Gives each call on the connection the transaction: as an argument of Dapper's, or through its command.</summary>
internal sealed class Participants(FixScope scope, WriteRange range, Owner owner, Layout layout, string transaction, string connection)
{
    private readonly List<TextChange> _changes = [];
    private readonly List<string> _first = [];
    private readonly HashSet<ISymbol> _commands = new(SymbolEqualityComparer.Default);

    /// <summary>The edits at the calls.</summary>
    public IReadOnlyList<TextChange> Changes => _changes;

    /// <summary>Statements that come directly behind the begin.</summary>
    public IReadOnlyList<string> First => _first;

    /// <summary>Whether an edit names the transaction as ADO.NET knows it, of a context.</summary>
    public bool IsConverted { get; private set; }

    /// <summary>Adds a call; false where it can't take part.</summary>
    public bool Add(DbExecution execution) => execution switch
    {
        { Operation: IInvocationOperation { Instance: { } command } } when owner.IsSource => AddOfSource(HoleValues.Strip(command)),
        { Library: DbLibrary.Dapper, Operation: IInvocationOperation call } => AddDapper(call),
        { Operation: IInvocationOperation { Instance: { } command } } when scope.Facts.Apis.Types.IsCommand(command.Type) => AddCommand(HoleValues.Strip(command)),
        // Batches and COPY: PostgreSQL's take part by the connection alone.
        _ => execution.Library == DbLibrary.EfCore || scope.Facts.Providers.Of(execution) == Provider.PostgreSql,
    };

    // source.CreateCommand(text) becomes new NpgsqlCommand(text, connection, transaction), source.CreateCommand() connection.CreateCommand().
    private bool AddOfSource(IOperation command)
    {
        if (command is ILocalReferenceOperation local && !_commands.Add(local.Local))
        {
            return true;
        }

        var creation = command is ILocalReferenceOperation variable ? EfQueries.InitialValue(variable) : command;
        if (creation is null || HoleValues.Strip(creation) is not IInvocationOperation { Instance: { } source, Syntax: InvocationExpressionSyntax { ArgumentList: { Arguments: { Count: <= 1 } arguments } list } call } made ||
            !CommandMembers.MakesCommand(made.TargetMethod.Name) || !owner.IsTheSource(source) || !range.Span.Contains(call.Span))
        {
            return false;
        }

        if (arguments.Count == 0)
        {
            _changes.Add(new TextChange(source.Syntax.Span, connection));
            return true;
        }

        _changes.Add(new TextChange(TextSpan.FromBounds(call.SpanStart, list.OpenParenToken.Span.End), TransactionEmit.NewCommand));
        _changes.Add(new TextChange(new TextSpan(arguments[0].Span.End, 0), $", {connection}, {transaction}"));
        return true;
    }

    private string Value()
    {
        IsConverted |= owner.IsContext;
        return owner.IsContext ? TransactionEmit.Plain(transaction) : transaction;
    }

    private bool AddDapper(IInvocationOperation call)
    {
        if (call.Arguments.FirstOrDefault(argument => TransactionEmit.IsDefinition(argument.Parameter?.Type)) is { } definition)
        {
            var value = HoleValues.Strip(definition.Value);
            value = value is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : value;
            return value is IObjectCreationOperation { Syntax: BaseObjectCreationExpressionSyntax { ArgumentList: { } made } syntax } creation && range.Span.Contains(syntax.Span) && AddTo(made, creation.Arguments, creation.Constructor);
        }

        return call.Syntax is InvocationExpressionSyntax { ArgumentList: { } list } && AddTo(list, call.Arguments, call.TargetMethod);
    }

    private bool AddTo(ArgumentListSyntax list, IEnumerable<IArgumentOperation> arguments, IMethodSymbol? method)
    {
        if (method?.Parameters.Any(TransactionEmit.TakesTransaction) != true ||
            arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter is { } parameter && TransactionEmit.TakesTransaction(parameter)))
        {
            return false;
        }

        Append(list, TransactionEmit.Argument(Value()));
        return true;
    }

    // On a line of its own where each of the arguments has one.
    private void Append(ArgumentListSyntax list, string argument)
    {
        if (list.Arguments.Count == 0)
        {
            _changes.Add(new TextChange(new TextSpan(list.OpenParenToken.Span.End, 0), argument));
            return;
        }

        var last = list.Arguments.Last();
        var parts = list.Arguments.Count > 1 && list.Arguments.All(layout.IsFirstOnLine) ? "," + layout.LineOf(last) : ", ";
        _changes.Add(new TextChange(new TextSpan(last.Span.End, 0), parts + argument));
    }

    private bool AddCommand(IOperation command)
    {
        // Npgsql takes part by the connection alone; where the types don't fit, that is enough.
        var isEnough = CommandMembers.IsCommand(command.Type);
        if (isEnough && !CommandMembers.IsConnection(owner.Type))
        {
            return true;
        }

        var variable = command switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => (ISymbol)parameter.Parameter,
            _ => null,
        };
        if (variable is null)
        {
            return (command is IObjectCreationOperation creation && AddToConstructor(creation)) || isEnough;
        }

        if (!_commands.Add(variable))
        {
            return true;
        }

        if (HasTransaction(variable))
        {
            return false;
        }

        if (command is ILocalReferenceOperation reference && reference.Local.DeclaringSyntaxReferences[0].GetSyntax() is VariableDeclaratorSyntax { Parent.Parent: { } statement } declarator && range.Span.Contains(declarator.Span))
        {
            return EfQueries.InitialValue(reference) is { } initial && ((HoleValues.Strip(initial) is IObjectCreationOperation made && AddToConstructor(made)) || AddBehind(statement, variable.Name) || isEnough);
        }

        _first.Add(TransactionEmit.Assign(variable.Name, Value()));
        return true;
    }

    // new NpgsqlCommand(text, connection)
    private bool AddToConstructor(IObjectCreationOperation creation)
    {
        if (creation is not { Syntax: BaseObjectCreationExpressionSyntax { ArgumentList: { Arguments.Count: 2 } list, Initializer: null }, Constructor.Parameters: { Length: 2 } parameters } || list.Arguments.Any(argument => argument.NameColon is not null) ||
            creation.Type is not INamedTypeSymbol type || !type.InstanceConstructors.Any(other => other.Parameters.Length == 3 && TransactionEmit.TakesTransaction(other.Parameters[2]) &&
                SymbolEqualityComparer.Default.Equals(other.Parameters[0].Type, parameters[0].Type) && SymbolEqualityComparer.Default.Equals(other.Parameters[1].Type, parameters[1].Type)))
        {
            return false;
        }

        Append(list, Value());
        return true;
    }

    private bool AddBehind(SyntaxNode declaration, string command)
    {
        switch (declaration)
        {
            case LocalDeclarationStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement:
                _changes.Add(layout.After(statement, [TransactionEmit.Assign(command, Value())]));
                return true;
            case UsingStatementSyntax { Statement: BlockSyntax { Statements: { Count: > 0 } statements } }:
                _changes.Add(layout.Before(statements[0], [layout.Extra + TransactionEmit.Assign(command, Value())]));
                return true;
            default:
                return false;
        }
    }

    private bool HasTransaction(ISymbol command) => WriteRange.Own(range.Function).OfType<AssignmentExpressionSyntax>().Any(assignment => assignment.Left switch
    {
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name } access => name.Identifier.ValueText == command.Name && CommandMembers.IsTransaction(access.Name.Identifier.ValueText),
        IdentifierNameSyntax { Identifier.ValueText: var member } => CommandMembers.IsTransaction(member) && assignment.Parent is InitializerExpressionSyntax,
        _ => false,
    });
}
