using System.Collections.Immutable;
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
/// Dapper: an anonymous object, new or merged into the one that is there; <c>DynamicParameters.Add</c> where such a variable is passed. Any other
/// object holds parameters that nobody can add to here.
/// </summary>
internal sealed class DapperBinder : IParameterBinder
{
    /// <inheritdoc/>
    public BinderTraits? TraitsOf(FixScope scope, DbCall call)
    {
        // Oracle and ODBC write their parameters in another way.
        if (call.Api.Row is not { Library: DbLibrary.Dapper, ValuesParameter: not null } || !IsText(call) || call.Provider is Provider.Oracle or Provider.Other)
        {
            return null;
        }

        var lists = call.Provider switch
        {
            Provider.PostgreSql => ListIdiom.Any,
            Provider.Undecided => ListIdiom.None,
            _ => ListIdiom.Expanded,
        };
        return new BinderTraits(CanSendUntyped: false, TakesDates: false, lists);
    }

    // A stored procedure's name is no statement.
    private static bool IsText(DbCall call)
    {
        var arguments = Arguments(call.Operation);
        return !arguments.Any(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Parameter?.Type is { } type &&
            (type.Name == nameof(System.Data.CommandType) || (HoleValues.ElementType(type) is null && IsNullableCommandType(type))) &&
            HoleValues.Strip(argument.Value).ConstantValue is not { HasValue: true, Value: null or (int)System.Data.CommandType.Text });
    }

    private static bool IsNullableCommandType(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1 } nullable && nullable.TypeArguments[0].Name == nameof(System.Data.CommandType);

    private static ImmutableArray<IArgumentOperation> Arguments(IOperation operation) => operation switch
    {
        IInvocationOperation invocation => invocation.Arguments,
        IObjectCreationOperation creation => creation.Arguments,
        _ => ImmutableArray<IArgumentOperation>.Empty,
    };

    /// <inheritdoc/>
    public bool Bind(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        if (parameters.Any(parameter => parameter.Position > 0))
        {
            return false;
        }

        var supplied = call.Api.Parameters is { } given ? HoleValues.Strip(given) : null;
        switch (supplied)
        {
            case null:
                return Add(call, "new { " + Members(parameters) + " }", changes);
            case { ConstantValue: { HasValue: true, Value: null } }:
                changes.Add(new TextChange(supplied.Syntax.Span, "new { " + Members(parameters) + " }"));
                return true;
            case IAnonymousObjectCreationOperation { Syntax: AnonymousObjectCreationExpressionSyntax creation }:
                Merge(creation, parameters, changes);
                return true;
            case ILocalReferenceOperation { Local: { } local } reference
                when SymbolEqualityComparer.Default.Equals(local.Type, scope.Facts.Apis.Types.DynamicParameters):
                return AddBefore(scope, call, reference, parameters, changes);
            default:
                return false;
        }
    }

    private static string Members(IEnumerable<BoundParameter> parameters) => string.Join(", ", parameters.Select(Member));

    // new { name }, new { userId = user.Id }
    private static string Member(BoundParameter parameter)
    {
        var name = CSharpText.Identifier(parameter.Name);
        return parameter.Value == name || parameter.Value == "@" + parameter.Name ? parameter.Value : name + " = " + parameter.Value;
    }

    private static void Merge(AnonymousObjectCreationExpressionSyntax creation, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        var members = creation.Initializers;
        if (members.Count == 0)
        {
            changes.Add(new TextChange(TextSpan.FromBounds(creation.OpenBraceToken.Span.End, creation.CloseBraceToken.SpanStart), " " + Members(parameters) + " "));
        }
        else if (members.SeparatorCount == members.Count)
        {
            changes.Add(new TextChange(new TextSpan(members.GetSeparator(members.Count - 1).Span.End, 0), " " + Members(parameters)));
        }
        else
        {
            changes.Add(new TextChange(new TextSpan(members.Last().Span.End, 0), ", " + Members(parameters)));
        }
    }

    // By position where it is the next one, otherwise by name.
    private static bool Add(DbCall call, string value, ICollection<TextChange> changes)
    {
        var list = call.Operation.Syntax switch
        {
            InvocationExpressionSyntax invocation => invocation.ArgumentList,
            BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
            _ => null,
        };
        var method = call.Operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            _ => null,
        };
        var parameter = method?.Parameters.FirstOrDefault(candidate => candidate.Name == call.Api.Row.ValuesParameter);
        if (list is null || method is null || parameter is null)
        {
            return false;
        }

        var isReduced = method.IsExtensionMethod && call.Operation.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax or MemberBindingExpressionSyntax } &&
            Arguments(call.Operation).FirstOrDefault(argument => argument.Parameter?.Ordinal == 0) is { } receiver && !list.Span.Contains(receiver.Syntax.Span);
        var ordinal = parameter.Ordinal - (isReduced ? 1 : 0);
        var positional = list.Arguments.TakeWhile(argument => argument.NameColon is null).Count();
        if (positional == ordinal && list.Arguments.Count > 0)
        {
            var at = positional == 0 ? list.OpenParenToken.Span.End : list.Arguments[positional - 1].Span.End;
            changes.Add(new TextChange(new TextSpan(at, 0), positional == 0 ? value + ", " : ", " + value));
            return true;
        }

        changes.Add(new TextChange(new TextSpan(list.Arguments.Last().Span.End, 0), $", {parameter.Name}: {value}"));
        return true;
    }

    private static bool AddBefore(
        FixScope scope, DbCall call, ILocalReferenceOperation bag, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes)
    {
        if (call.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax } statement ||
            statement is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax) ||
            statement.Span.Contains(bag.Local.DeclaringSyntaxReferences[0].Span) ||
            FixScope.BodyOf(statement) != FixScope.BodyOf(call.Operation.Syntax))
        {
            return false;
        }

        var indentation = CSharpText.Indentation(scope, statement);
        foreach (var parameter in parameters)
        {
            changes.Add(new TextChange(
                new TextSpan(statement.SpanStart, 0),
                $"{bag.Syntax}.{Emit.DynamicParametersAdd.Member}(\"{parameter.Name}\", {parameter.Value});{scope.NewLine}{indentation}"));
        }

        return true;
    }
}
