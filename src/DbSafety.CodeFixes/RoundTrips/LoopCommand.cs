using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A command of Npgsql with one statement, whose whole life is one iteration: made, given its parameters, run once.</summary>
internal sealed class LoopCommand
{
    private LoopCommand(InvocationExpressionSyntax syntax, ExpressionSyntax whole, IInvocationOperation execution, DbCall call, ILocalSymbol local, LocalDeclarationStatementSyntax declaration, IOperation creation)
    {
        Syntax = syntax;
        Whole = whole;
        Execution = execution;
        Call = call;
        Local = local;
        Declaration = declaration;
        Creation = creation;
    }

    /// <summary>The call that runs it.</summary>
    public InvocationExpressionSyntax Syntax { get; }

    /// <summary>The call with its <c>await</c>.</summary>
    public ExpressionSyntax Whole { get; }

    /// <summary>The call that runs it.</summary>
    public IInvocationOperation Execution { get; }

    /// <summary>The text.</summary>
    public DbCall Call { get; }

    /// <summary>The statement.</summary>
    public SqlStatement Statement => Call.Sql.Statements[0];

    /// <summary>The variable.</summary>
    public ILocalSymbol Local { get; }

    /// <summary>Its declaration.</summary>
    public LocalDeclarationStatementSyntax Declaration { get; }

    /// <summary>What makes it: a constructor, or a call of a connection or a data source.</summary>
    public IOperation Creation { get; }

    /// <summary>The expression that makes it.</summary>
    public ExpressionSyntax CreationSyntax => Declaration.Declaration.Variables[0].Initializer!.Value;

    /// <summary><c>await using </c>, <c>using </c> or nothing.</summary>
    public string Using => (Declaration.AwaitKeyword.RawKind == 0 ? "" : "await ") + (Declaration.UsingKeyword.RawKind == 0 ? "" : "using ");

    /// <summary>Whether it is run by a method that is awaited.</summary>
    public bool IsAsync => CommandMembers.IsAsync(Execution.TargetMethod.Name);

    /// <summary>The statements that give it its parameters, and whatever else it is.</summary>
    public List<ExpressionStatementSyntax> Settings { get; } = [];

    /// <summary>The declarations of other variables around it.</summary>
    public List<LocalDeclarationStatementSyntax> Locals { get; } = [];

    /// <summary>The statement that runs it.</summary>
    public StatementSyntax Last { get; private set; } = null!;

    /// <summary>The values, each for its parameter; null where a parameter is given otherwise than by a name or place and a value.</summary>
    public List<CommandValue>? Values { get; private set; } = [];

    /// <summary>The transaction it is given by a statement.</summary>
    public (ExpressionStatementSyntax Statement, ExpressionSyntax Value)? Transaction { get; private set; }

    /// <summary>Whether something is set that a batch has no place for.</summary>
    public bool HasOwnSettings { get; private set; }

    /// <summary>The command that a repetition runs, or null where not all of it is in sight.</summary>
    public static LoopCommand? Of(FixScope scope, Repetition repetition, LoopSite site)
    {
        if (repetition is not { Operation: IInvocationOperation { Instance: { } instance, Syntax: InvocationExpressionSyntax syntax } execution, Execution: { IsUnknown: false, Call: { Provider: Provider.PostgreSql } call } } ||
            HoleValues.Strip(instance) is not ILocalReferenceOperation { Local: var local } || !CommandMembers.IsCommand(local.Type) || site.Loop.Statement is not BlockSyntax body ||
            call.Trees.Length != 1 || call.Sql is not { Statements.Length: 1, Errors.IsEmpty: true, Source.Holes.IsEmpty: true } ||
            local.DeclaringSyntaxReferences.Length != 1 || local.DeclaringSyntaxReferences[0].GetSyntax() is not VariableDeclaratorSyntax
            {
                Initializer.Value: { } value, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration },
            } || declaration.Parent != body || scope.Model.GetOperation(value) is not { } creation)
        {
            return null;
        }

        var whole = CommandMembers.IsAsync(execution.TargetMethod.Name) ? DapperCall.Awaited(syntax) : syntax;
        var command = whole is null ? null : new LoopCommand(syntax, whole, execution, call, local, declaration, HoleValues.Strip(creation));
        return command is not null && command.ReadCreation(site) && command.ReadBody(scope, site, body) && command.NumberValues() ? command : null;
    }

    /// <summary>Whether an operation is part of the command's life, and goes when it goes.</summary>
    public bool Holds(IOperation operation) => Declaration.Span.Contains(operation.Syntax.Span) || Settings.Any(setting => setting.Span.Contains(operation.Syntax.Span));

    /// <summary>The connection (or data source) and the transaction that it is made with.</summary>
    public (IOperation? Connection, IOperation? Transaction) MadeWith()
    {
        if (Creation is IInvocationOperation { Instance: var owner })
        {
            return (owner, null);
        }

        var arguments = ((IObjectCreationOperation)Creation).Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).ToList();
        return (arguments.Find(argument => CommandMembers.IsConnectionParameter(argument.Parameter!.Name))?.Value, arguments.Find(argument => CommandMembers.IsTransaction(argument.Parameter!.Name))?.Value);
    }

    private bool ReadCreation(LoopSite site)
    {
        switch (Creation)
        {
            case IObjectCreationOperation created when CommandMembers.IsCommand(created.Type):
                return created.Arguments.All(argument => site.IsInvariant(argument.Value)) && (created.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty).All(member => ReadMember(site, member));
            case IInvocationOperation { Instance: { } owner } call when CommandMembers.MakesCommand(call.TargetMethod.Name) && (CommandMembers.IsConnection(owner.Type) || CommandMembers.IsDataSource(owner.Type)):
                return (site.IsInvariant(owner) || IsKept(site, owner)) && call.Arguments.All(argument => site.IsInvariant(argument.Value));
            default:
                return false;
        }
    }

    // A data source is the same whatever it is asked.
    private static bool IsKept(LoopSite site, IOperation owner) => owner is ILocalReferenceOperation { Local: var local } && CommandMembers.IsDataSource(local.Type) && !site.IsAssigned(local) &&
        !local.DeclaringSyntaxReferences.Any(reference => site.Loop.Span.Contains(reference.Span));

    // { CommandTimeout = 5, Parameters = { new("id", id) } }
    private bool ReadMember(LoopSite site, IOperation member)
    {
        if (member is IMemberInitializerOperation { InitializedMember: IPropertyReferenceOperation { Property.Name: var filled } } initializer && filled == Emit.Parameters.Member)
        {
            foreach (var added in initializer.Initializer.Initializers)
            {
                ReadValue(added);
            }

            return true;
        }

        return member is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation } setting && ReadSetting(site, setting, null);
    }

    private bool ReadBody(FixScope scope, LoopSite site, BlockSyntax body)
    {
        var first = body.Statements.IndexOf(Declaration);
        var last = body.Statements.IndexOf(statement => statement.Span.Contains(Whole.Span));
        if (last <= first || body.Statements[last] is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax) || Mentions(scope, body.Statements[last]) != 1)
        {
            return false;
        }

        Last = body.Statements[last];
        for (var i = 0; i < body.Statements.Count; i++)
        {
            var statement = body.Statements[i];
            if (i == first || i == last)
            {
                continue;
            }

            if (i > first && i < last && statement is ExpressionStatementSyntax setting && scope.Model.GetOperation(setting) is IExpressionStatementOperation { Operation: var operation } &&
                LoopData.RootOf(operation is ISimpleAssignmentOperation assignment ? assignment.Target : operation) is { } root && SymbolEqualityComparer.Default.Equals(root, Local))
            {
                Settings.Add(setting);
                if (Mentions(scope, setting) != 1 || !ReadSetting(site, operation, setting))
                {
                    return false;
                }
            }
            else if (Mentions(scope, statement) > 0 || (i > first && i < last && statement is not LocalDeclarationStatementSyntax))
            {
                return false;
            }
            else if (i < last && statement is LocalDeclarationStatementSyntax other)
            {
                Locals.Add(other);
            }
        }

        return true;
    }

    private int Mentions(FixScope scope, SyntaxNode node) => node.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Count(name => name.Identifier.ValueText == Local.Name && SymbolEqualityComparer.Default.Equals(scope.Model.GetSymbolInfo(name).Symbol, Local));

    private bool ReadSetting(LoopSite site, IOperation operation, ExpressionStatementSyntax? statement)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property } target, Value: var value } when CommandMembers.IsCommand(property.ContainingType) || target.Instance is IInstanceReferenceOperation or ILocalReferenceOperation:
                if (!CommandMembers.IsSetting(property.Name) || !site.IsInvariant(value))
                {
                    return false;
                }

                if (statement is not null && CommandMembers.IsTransaction(property.Name) && Transaction is null && value.Syntax is ExpressionSyntax transaction)
                {
                    Transaction = (statement, transaction);
                }
                else
                {
                    HasOwnSettings |= !CommandMembers.IsText(property.Name);
                }

                return true;
            case IInvocationOperation { Instance: { } owner } call when CommandMembers.IsParameters(owner.Type):
                ReadValue(call);
                return true;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } owner } } when CommandMembers.IsParameter(owner.Type):
                // command.Parameters.Add("id", type).Value = id
                Values = null;
                return true;
            default:
                return false;
        }
    }

    // AddWithValue("id", id), AddWithValue(id), Add(new("id", id)), Add(new() { Value = id })
    private void ReadValue(IOperation added)
    {
        var found = added is not IInvocationOperation call ? null
            : call.TargetMethod.Name == Emit.AddWithValue.Member ? Named(call.Arguments)
            : CommandMembers.AddsParameter(call.TargetMethod.Name) && call.Arguments.Length == 1 && HoleValues.Strip(call.Arguments[0].Value) is IObjectCreationOperation created && CommandMembers.IsParameter(created.Type)
                ? (created.Initializer is null ? Named(created.Arguments) : Initialized(created))
            : null;
        if (found is null)
        {
            Values = null;
        }
        else
        {
            Values?.Add(found);
        }
    }

    private static CommandValue? Initialized(IObjectCreationOperation created) => created.Arguments.IsEmpty && created.Initializer!.Initializers is { Length: 1 } settings &&
        settings[0] is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: var property }, Value: { Syntax: ExpressionSyntax syntax } value } && property == Emit.ParameterValue.Member
            ? new CommandValue("", value, syntax, null) : null;

    private static CommandValue? Named(ImmutableArray<IArgumentOperation> arguments)
    {
        if (arguments.Length is 0 or > 2 || arguments[arguments.Length - 1] is not { Parameter.Type.SpecialType: SpecialType.System_Object, Value: { Syntax: ExpressionSyntax syntax } value } || arguments.Any(argument => argument.ArgumentKind != ArgumentKind.Explicit))
        {
            return null;
        }

        if (arguments.Length == 1)
        {
            return new CommandValue("", value, syntax, null);
        }

        return arguments[0] is { Parameter.Type.SpecialType: SpecialType.System_String, Value: { ConstantValue: { HasValue: true, Value: string name }, Syntax: LiteralExpressionSyntax literal } } &&
            name.TrimStart('@', ':') is { Length: > 0 } bare && !char.IsDigit(bare[0])
                ? new CommandValue(bare, value, syntax, literal) : null;
    }

    // Values without names stand for $1, $2 ..; with names, each for a parameter of the text.
    private bool NumberValues()
    {
        if (Values is null)
        {
            return true;
        }

        var names = new HashSet<string>(Call.Sql.Parameters.Select(parameter => parameter.Name), StringComparer.OrdinalIgnoreCase);
        if (Call.Sql.Parameters.All(parameter => parameter.Style == ParameterStyle.Dollar) && Values.TrueForAll(value => value.Name.Length == 0))
        {
            Values = Values.Select((value, index) => value with { Name = (index + 1).ToString(CultureInfo.InvariantCulture) }).ToList();
        }
        else if (Call.Sql.Parameters.Any(parameter => parameter.Style is ParameterStyle.Dollar or ParameterStyle.Question))
        {
            return false;
        }

        return names.SetEquals(Values.Select(value => value.Name)) && names.Count == Values.Count;
    }

    /// <summary>The changes of an edit of the SQL text; null where the text can't be changed for this command alone.</summary>
    public List<TextChange>? Changes(FixScope scope, SqlEdit edit) =>
        TextFlow.CallsOf(scope, FixScope.MemberOf(Syntax), edit.EditedRoots.Select(root => root.Expression)) is { Length: 1 } calls && calls[0].Operation.Syntax == Call.Operation.Syntax ? edit.ToChanges() : null;

    /// <summary>The changes that give the variable another name.</summary>
    public IEnumerable<TextChange> Renamed(string name) => name == Local.Name ? [] : Settings.Append(Last).SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>()
        .Where(found => found.Identifier.ValueText == Local.Name && found.Parent is not NameColonSyntax && !(found.Parent is MemberAccessExpressionSyntax access && access.Name == found))
        .Select(found => new TextChange(found.Span, name)).Append(new TextChange(Declaration.Declaration.Variables[0].Identifier.Span, name));

    /// <summary>The text of a node with the changes that lie in it, as it is to stand at the place of the loop.</summary>
    public static string Moved(FixScope scope, SyntaxNode node, IEnumerable<TextChange> changes, SyntaxNode to)
    {
        var text = scope.Text.GetSubText(node.Span).WithChanges(changes.Where(change => node.Span.Contains(change.Span)).OrderBy(change => change.Span.Start)
            .Select(change => new TextChange(new TextSpan(change.Span.Start - node.SpanStart, change.Span.Length), change.NewText ?? ""))).ToString();
        return DapperCall.Reindented(scope, node, text, to);
    }
}

/// <summary>A value that a command is given for a parameter of the text.</summary>
/// <param name="Name">The name, or the number.</param>
/// <param name="Value">The value.</param>
/// <param name="Syntax">The value.</param>
/// <param name="NameSyntax">Where the name stands.</param>
internal sealed record CommandValue(string Name, IOperation Value, ExpressionSyntax Syntax, LiteralExpressionSyntax? NameSyntax)
{
    /// <summary>The value itself, where nothing is sent as NULL: <c>(object?)value ?? DBNull.Value</c>.</summary>
    public IOperation Bare => Unboxed(Value) is ICoalesceOperation { Value: var value, WhenNull: var other } && HoleValues.Strip(other) is IFieldReferenceOperation { Field: { Name: var member, ContainingType.Name: var type } } &&
        member == Emit.DBNull.Member && Emit.DBNull.Type.EndsWith("." + type, StringComparison.Ordinal)
            ? Unboxed(value) : Value;

    /// <summary>The change that gives the parameter another name.</summary>
    public TextChange? Renamed(string name) => NameSyntax is null || NameSyntax.Token.ValueText.TrimStart('@', ':') == name ? null
        : new TextChange(NameSyntax.Span, "\"" + (NameSyntax.Token.ValueText[0] is '@' or ':' ? NameSyntax.Token.ValueText.Substring(0, 1) : "") + name + "\"");

    private static IOperation Unboxed(IOperation value) => value switch
    {
        IConversionOperation { Type.SpecialType: SpecialType.System_Object, OperatorMethod: null } boxed => Unboxed(boxed.Operand),
        IParenthesizedOperation parens => Unboxed(parens.Operand),
        _ => value,
    };
}
