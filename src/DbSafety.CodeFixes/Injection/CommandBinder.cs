using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// Commands that hold their parameters: statements behind the one that sets the text, or an object initialiser at the creation. Only commands
/// whose whole life is in sight: a command that is used again would keep the parameters of its last use.
/// </summary>
internal abstract class CommandBinder : IParameterBinder
{
    /// <inheritdoc/>
    public abstract BinderTraits? TraitsOf(FixScope scope, DbCall call);

    /// <inheritdoc/>
    public abstract bool Bind(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes);

    /// <summary>The statements that add one parameter to a command.</summary>
    protected abstract IEnumerable<string> Statements(FixScope scope, string command, BoundParameter parameter, int position, ISet<string> locals);

    /// <summary>The value, where null is sent as NULL.</summary>
    protected static string ValueOrNull(FixScope scope, BoundParameter parameter, int position)
    {
        if (!parameter.MayBeNull)
        {
            return parameter.Value;
        }

        var type = scope.HasNullableAnnotations(position) ? "(object?)" : "(object)";
        var isSimple = parameter.Value.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '@');
        return $"{type}{(isSimple ? parameter.Value : "(" + parameter.Value + ")")} ?? {NameOf(scope, Emit.DBNull, position)}.{Emit.DBNull.Member}";
    }

    /// <summary>The name of a type as it must be written at a place.</summary>
    internal static string NameOf(FixScope scope, EmitName name, int position)
    {
        var dot = name.Type.LastIndexOf('.');
        var simple = name.Type.Substring(dot + 1);
        var found = scope.Model.LookupNamespacesAndTypes(position, name: simple).Where(symbol => symbol is not INamedTypeSymbol { Arity: > 0 }).ToList();
        return found.Count == 1 && found[0].ToDisplayString() == name.Type ? simple : name.Type;
    }

    /// <summary>The local that holds the command, where it is made in this body and not used in a loop around this call.</summary>
    protected static ILocalSymbol? LocalOf(FixScope scope, DbCall call)
    {
        if (call.Operation is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: ILocalReferenceOperation { Local: var local } } } assignment ||
            local.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        var declaration = local.DeclaringSyntaxReferences[0].GetSyntax();
        var body = FixScope.BodyOf(assignment.Syntax);
        if (declaration is not VariableDeclaratorSyntax { Initializer: not null } || FixScope.BodyOf(declaration) != body || IsRepeated(declaration, assignment.Syntax, body))
        {
            return null;
        }

        return local;
    }

    /// <summary>The names that a command may hold from an earlier use: of its creation, and of parameters that it created.</summary>
    public static IEnumerable<string> NamesOf(DbCall call)
    {
        if (call.Operation is not IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: ILocalReferenceOperation { Local: var local } } })
        {
            yield break;
        }

        foreach (var declarator in FixScope.MemberOf(call.Operation.Syntax).DescendantNodes().OfType<VariableDeclaratorSyntax>())
        {
            if (declarator.Identifier.ValueText == local.Name)
            {
                foreach (var literal in declarator.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(literal => literal.Token.Value is string))
                {
                    yield return literal.Token.ValueText.TrimStart('@', ':');
                }
            }
            else if (declarator.Initializer?.Value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } } &&
                owner.Identifier.ValueText == local.Name)
            {
                foreach (var name in NamesGiven(declarator.Identifier.ValueText, FixScope.MemberOf(declarator)))
                {
                    yield return name;
                }
            }
        }
    }

    private static IEnumerable<string> NamesGiven(string variable, SyntaxNode member) => member.DescendantNodes().OfType<AssignmentExpressionSyntax>()
        .Where(assignment => assignment.Left is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var property, Expression: IdentifierNameSyntax owner } &&
            property == Emit.ParameterName.Member && owner.Identifier.ValueText == variable)
        .Select(assignment => assignment.Right).OfType<LiteralExpressionSyntax>().Select(literal => literal.Token.ValueText.TrimStart('@', ':'));

    private static bool IsRepeated(SyntaxNode declaration, SyntaxNode use, SyntaxNode body) => use.Ancestors().TakeWhile(node => node != body)
        .Any(node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax && !node.Span.Contains(declaration.Span));

    /// <summary>Adds statements behind the assignment of the text.</summary>
    protected bool BindAssignment(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        if (LocalOf(scope, call) is not { } local || parameters.Any(parameter => parameter.Position > 0 && IsSetAgain(call, local)) ||
            call.Operation.Syntax.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } statement)
        {
            return false;
        }

        AddBehind(scope, statement, local.Name, parameters, changes);
        return true;
    }

    private static bool IsSetAgain(DbCall call, ILocalSymbol local) => FixScope.MemberOf(call.Operation.Syntax).DescendantNodes().OfType<AssignmentExpressionSyntax>()
        .Count(assignment => assignment.Left is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var member, Expression: IdentifierNameSyntax name } &&
            member == call.Api.Row.Member && name.Identifier.ValueText == local.Name) > 1;

    /// <summary>Adds statements behind the declaration of the command, or at the start of the block that uses it.</summary>
    protected bool BindDeclaration(FixScope scope, SyntaxNode creation, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        var value = creation;
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            value = value.Parent;
        }

        if (value.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } list } declarator })
        {
            return false;
        }

        switch (list.Parent)
        {
            case LocalDeclarationStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } statement:
                AddBehind(scope, statement, declarator.Identifier.Text, parameters, changes);
                return true;
            case UsingStatementSyntax { Statement: BlockSyntax { Statements.Count: > 0 } block }:
                var first = block.Statements[0];
                var indentation = CSharpText.Indentation(scope, first);
                var locals = LocalsAt(scope, first);
                changes.Add(new TextChange(new TextSpan(first.SpanStart, 0), string.Concat(parameters
                    .SelectMany(parameter => Statements(scope, declarator.Identifier.Text, parameter, first.SpanStart, locals))
                    .Select(line => line + scope.NewLine + indentation))));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Adds statements behind another, each on a line of its own.</summary>
    protected void AddBehind(FixScope scope, StatementSyntax statement, string command, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        var indentation = CSharpText.Indentation(scope, statement);
        var locals = LocalsAt(scope, statement);
        var text = string.Concat(parameters.SelectMany(parameter => Statements(scope, command, parameter, statement.SpanStart, locals))
            .Select(line => scope.NewLine + indentation + line));

        // Behind a comment at the end of the line.
        var end = statement.Span.End;
        foreach (var trivia in statement.GetTrailingTrivia())
        {
            end = trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) ? trivia.Span.End : end;
        }

        changes.Add(new TextChange(new TextSpan(end, 0), text));
    }

    /// <summary>The names that are taken in the member around a statement.</summary>
    protected static ISet<string> LocalsAt(FixScope scope, SyntaxNode statement)
    {
        var names = new HashSet<string>(scope.Model.LookupSymbols(statement.SpanStart).Select(symbol => symbol.Name), StringComparer.Ordinal);
        names.UnionWith(FixScope.MemberOf(statement).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        return names;
    }
}

/// <summary>
/// Npgsql: <c>Parameters = { new("name", name) }</c> at the creation, <c>AddWithValue</c> behind <c>CommandText</c>. A text whose type the server
/// must infer goes as <c>NpgsqlDbType.Unknown</c>, which is what the quoted literal was.
/// </summary>
internal sealed class NpgsqlBinder : CommandBinder
{
    /// <inheritdoc/>
    public override BinderTraits? TraitsOf(FixScope scope, DbCall call) =>
        call.Api.Row is { Library: DbLibrary.Npgsql, Effects: DbEffects.Deferred } && !call.Api.IsAppend
            ? new BinderTraits(CanSendUntyped: true, TakesDates: true, ListIdiom.Any)
            : null;

    /// <inheritdoc/>
    public override bool Bind(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        switch (call.Operation)
        {
            case IObjectCreationOperation { Syntax: BaseObjectCreationExpressionSyntax creation }:
                return Initialize(scope, creation, parameters, changes);
            case ISimpleAssignmentOperation { Syntax.Parent: InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax creation } }:
                return Initialize(scope, creation, parameters, changes);
            case ISimpleAssignmentOperation:
                return BindAssignment(scope, call, parameters, changes);
            case IInvocationOperation { Syntax: InvocationExpressionSyntax creation }:
                return BindDeclaration(scope, creation, parameters, changes) || Unchain(scope, creation, parameters, changes);
            default:
                return false;
        }
    }

    private bool Initialize(FixScope scope, BaseObjectCreationExpressionSyntax creation, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        var elements = string.Join(", ", parameters.Select(parameter => New(scope, parameter, creation.SpanStart)));
        if (creation.Initializer is not { } initializer)
        {
            changes.Add(new TextChange(new TextSpan(creation.Span.End, 0), $" {{ {Emit.Parameters.Member} = {{ {elements} }} }}"));
            return true;
        }

        foreach (var member in initializer.Expressions)
        {
            if (member is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: var name } } assignment && name == Emit.Parameters.Member)
            {
                return assignment.Right is InitializerExpressionSyntax list && Append(list, elements, changes);
            }
        }

        return Append(initializer, $"{Emit.Parameters.Member} = {{ {elements} }}", changes);
    }

    private static bool Append(InitializerExpressionSyntax list, string text, ICollection<TextChange> changes)
    {
        var members = list.Expressions;
        if (members.Count == 0)
        {
            changes.Add(new TextChange(TextSpan.FromBounds(list.OpenBraceToken.Span.End, list.CloseBraceToken.SpanStart), " " + text + " "));
            return true;
        }

        var hasComma = members.SeparatorCount == members.Count;
        var at = hasComma ? members.GetSeparator(members.Count - 1).Span.End : members.Last().Span.End;

        // One member on each line stays so.
        var lines = members.Count > 1 || list.OpenBraceToken.GetLocation().GetLineSpan().StartLinePosition.Line != members[0].GetLocation().GetLineSpan().StartLinePosition.Line
            ? members.Last().SyntaxTree.GetText().Lines.GetLineFromPosition(members.Last().SpanStart)
            : default;
        var line = lines.Text is null ? "" : lines.ToString();
        var isOwnLine = lines.Text is not null && line.Substring(0, members.Last().SpanStart - lines.Start).Trim().Length == 0;
        var gap = isOwnLine ? lines.Text!.ToString(TextSpan.FromBounds(lines.Text.Lines[lines.LineNumber - 1].End, lines.Start)) + line.Substring(0, line.Length - line.TrimStart().Length) : " ";
        changes.Add(new TextChange(new TextSpan(at, 0), (hasComma ? "" : ",") + gap + text + (hasComma && isOwnLine ? "," : "")));
        return true;
    }

    private static string New(FixScope scope, BoundParameter parameter, int position)
    {
        var creation = scope.LanguageVersion >= LanguageVersion.CSharp9 ? "new" : "new " + NameOf(scope, Emit.NpgsqlParameter, position);
        var value = ValueOrNull(scope, parameter, position);
        if (parameter.Position > 0)
        {
            var type = parameter.IsUntyped ? $", {Emit.NpgsqlParameterType.Member} = {Unknown(scope, position)}" : "";
            return $"{(creation == "new" ? "new()" : creation)} {{ {Emit.NpgsqlPositionalValue.Member} = {value}{type} }}";
        }

        return parameter.IsUntyped
            ? $"{creation}(\"{parameter.Name}\", {Unknown(scope, position)}) {{ {Emit.NpgsqlPositionalValue.Member} = {value} }}"
            : $"{creation}(\"{parameter.Name}\", {value})";
    }

    private static string Unknown(FixScope scope, int position) => NameOf(scope, Emit.NpgsqlDbTypeUnknown, position) + "." + Emit.NpgsqlDbTypeUnknown.Member;

    /// <inheritdoc/>
    protected override IEnumerable<string> Statements(FixScope scope, string command, BoundParameter parameter, int position, ISet<string> locals)
    {
        var collection = $"{command}.{Emit.Parameters.Member}";
        if (parameter.Position > 0)
        {
            return [$"{collection}.Add({New(scope, parameter, position)});"];
        }

        var value = ValueOrNull(scope, parameter, position);
        return parameter.IsUntyped
            ? [$"{collection}.{Emit.AddWithValue.Member}(\"{parameter.Name}\", {Unknown(scope, position)}, {value});"]
            : [$"{collection}.{Emit.AddWithValue.Member}(\"{parameter.Name}\", {value});"];
    }

    // source.CreateCommand(sql).ExecuteNonQuery(): the command becomes a variable.
    private bool Unchain(FixScope scope, InvocationExpressionSyntax creation, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        if (scope.LanguageVersion < LanguageVersion.CSharp8 ||
            creation.Parent is not MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax execution } ||
            creation.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax } statement)
        {
            return false;
        }

        ExpressionSyntax whole = execution;
        while (whole.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or
            PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            whole = (ExpressionSyntax)whole.Parent;
        }

        // Nothing else is evaluated before it, and no reader lives on behind the end of the block.
        var isAwaited = execution.Parent is AwaitExpressionSyntax;
        var livesOn = LivesOn(scope.Model.GetTypeInfo(execution).Type);
        var isPlain = statement switch
        {
            ExpressionStatementSyntax run => run.Expression == whole ||
                (run.Expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax } assignment && assignment.Right == whole && !livesOn),
            ReturnStatementSyntax returned => returned.Expression == whole && !livesOn,
            LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } => variables[0].Initializer?.Value == whole,
            _ => false,
        };
        var isTask = scope.Model.GetTypeInfo(execution).Type is { Name: "Task" or "ValueTask" };
        if (!isPlain || (isTask && !isAwaited))
        {
            return false;
        }

        // The text of the creation moves, with what has been changed in it.
        var inner = changes.Where(change => creation.Span.Contains(change.Span)).OrderBy(change => change.Span.Start).ToList();
        var moved = scope.Text.WithChanges(inner);
        var length = creation.Span.Length + inner.Sum(change => (change.NewText?.Length ?? 0) - change.Span.Length);
        var text = moved.ToString(new TextSpan(creation.SpanStart, length));
        foreach (var change in inner)
        {
            changes.Remove(change);
        }

        var locals = LocalsAt(scope, statement);
        var command = ParameterNames.Unique("command", locals);
        var indentation = CSharpText.Indentation(scope, statement);
        var lines = new List<string> { $"{(isAwaited ? "await " : "")}using var {command} = {text};" };
        lines.AddRange(parameters.SelectMany(parameter => Statements(scope, command, parameter, statement.SpanStart, locals)));
        changes.Add(new TextChange(new TextSpan(statement.SpanStart, 0), string.Concat(lines.Select(line => line + scope.NewLine + indentation))));
        changes.Add(new TextChange(creation.Span, command));
        return true;
    }

    // The result is something that lives on and reads from the command.
    private static bool LivesOn(ITypeSymbol? result)
    {
        var type = result is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task ? task.TypeArguments[0] : result;
        return type is not null && type.AllInterfaces.Any(contract => contract.SpecialType == SpecialType.System_IDisposable);
    }
}

/// <summary>
/// Plain ADO.NET: the provider's <c>AddWithValue</c> where the command's type has it, otherwise <c>CreateParameter</c>. Null goes as
/// <c>DBNull.Value</c>, because null itself sends nothing.
/// </summary>
internal sealed class AdoNetBinder : CommandBinder
{
    /// <inheritdoc/>
    public override BinderTraits? TraitsOf(FixScope scope, DbCall call) =>
        call.Api.Row is { Library: DbLibrary.AdoNet, ValuesParameter: null } && !call.Api.IsAppend && call.Provider is not (Provider.Oracle or Provider.Other) &&
        call.Operation is IObjectCreationOperation or ISimpleAssignmentOperation && CommandType(call) is { } type && HasParameters(type)
            ? new BinderTraits(CanSendUntyped: false, TakesDates: false, call.Provider == Provider.PostgreSql ? ListIdiom.Any : ListIdiom.None)
            : null;

    private static ITypeSymbol? CommandType(DbCall call) => call.Operation switch
    {
        IObjectCreationOperation creation => creation.Type,
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance } } => instance.Type,
        _ => null,
    };

    // A command, not an adapter or a batch command.
    private static bool HasParameters(ITypeSymbol type) => Members(type, Emit.CreateParameter.Member).Any();

    private static IEnumerable<ISymbol> Members(ITypeSymbol type, string name)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (var member in at.GetMembers(name))
            {
                yield return member;
            }
        }

        foreach (var contract in type.AllInterfaces)
        {
            foreach (var member in type.TypeKind == TypeKind.Interface ? contract.GetMembers(name) : ImmutableArray<ISymbol>.Empty)
            {
                yield return member;
            }
        }
    }

    /// <inheritdoc/>
    public override bool Bind(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        if (parameters.Any(parameter => parameter.Position > 0))
        {
            return false;
        }

        switch (call.Operation)
        {
            case IObjectCreationOperation { Syntax: BaseObjectCreationExpressionSyntax creation }:
                return BindDeclaration(scope, creation, parameters, changes);
            case ISimpleAssignmentOperation { Syntax.Parent: InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax creation } }:
                return BindDeclaration(scope, creation, parameters, changes);
            case ISimpleAssignmentOperation:
                return BindAssignment(scope, call, parameters, changes);
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Statements(FixScope scope, string command, BoundParameter parameter, int position, ISet<string> locals)
    {
        var value = ValueOrNull(scope, parameter, position);
        var type = scope.Model.LookupSymbols(position, name: command.TrimStart('@')).OfType<ILocalSymbol>().FirstOrDefault()?.Type;
        if (type is not null && Members(type, Emit.Parameters.Member).OfType<IPropertySymbol>().FirstOrDefault() is { } collection &&
            Members(collection.Type, Emit.AddWithValue.Member).Any())
        {
            yield return $"{command}.{Emit.Parameters.Member}.{Emit.AddWithValue.Member}(\"@{parameter.Name}\", {value});";
            yield break;
        }

        var local = ParameterNames.Unique(parameter.Name + "Parameter", locals);
        yield return string.Format(CultureInfo.InvariantCulture, "var {0} = {1}.{2}();", local, command, Emit.CreateParameter.Member);
        yield return $"{local}.{Emit.ParameterName.Member} = \"@{parameter.Name}\";";
        yield return $"{local}.{Emit.ParameterValue.Member} = {value};";
        yield return $"{command}.{Emit.Parameters.Member}.Add({local});";
    }
}
