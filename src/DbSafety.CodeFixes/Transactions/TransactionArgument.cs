using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>Gives a command the transaction of its connection.</summary>
internal static class TransactionArgument
{
    /// <summary>The edit; null where the transaction has no variable, or the command is made in a way that takes none.</summary>
    public static TextChange? For(FixScope scope, OutsideWrite outside)
    {
        if (outside.Begin.Holder is not ILocalSymbol holder || outside.Operation.Syntax is not InvocationExpressionSyntax call)
        {
            return null;
        }

        if (outside.Creation is null)
        {
            return OfCall(outside.Operation, call, holder.Name);
        }

        if (PropertyOf(outside.Creation.Type) is not { } property || Value(scope, holder, property.Type, call.SpanStart) is not { } value)
        {
            return null;
        }

        var isAfter = outside.Creation.Syntax.SpanStart > outside.Begin.Operation.Syntax.Span.End;
        if (isAfter && outside.Creation.Syntax is BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: { Count: 2 } arguments } && arguments.All(argument => argument.NameColon is null))
        {
            return new TextChange(new TextSpan(arguments[1].Span.End, 0), ", " + value);
        }

        return Assignment(scope, outside, isAfter, value);
    }

    // connection.Execute(sql, transaction: tx)
    private static TextChange OfCall(IInvocationOperation operation, InvocationExpressionSyntax call, string value)
    {
        var given = operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == TransactionArguments.Parameter && argument.ArgumentKind == ArgumentKind.Explicit);
        return given is not null
            ? new TextChange(given.Value.Syntax.Span, value)
            : new TextChange(new TextSpan(call.ArgumentList.Arguments.Last().Span.End, 0), $", {TransactionArguments.Parameter}: {value}");
    }

    // command.Transaction = tx; behind the declaration, or before the statement that runs a command that was made earlier.
    private static TextChange? Assignment(FixScope scope, OutsideWrite outside, bool isAfter, string value)
    {
        if (outside.Operation.Instance is not ILocalReferenceOperation command)
        {
            return null;
        }

        var text = $"{command.Local.Name}.{TransactionArguments.Property} = {value};";
        if (isAfter && outside.Creation!.Syntax.FirstAncestorOrSelf<StatementSyntax>() is LocalDeclarationStatementSyntax { Parent: BlockSyntax } declaration)
        {
            return new TextChange(new TextSpan(declaration.Span.End, 0), scope.NewLine + StatementEdits.Indentation(scope, declaration) + text);
        }

        return outside.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax } statement && statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax
            ? new TextChange(new TextSpan(statement.SpanStart, 0), text + scope.NewLine + StatementEdits.Indentation(scope, statement))
            : null;
    }

    private static IPropertySymbol? PropertyOf(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(TransactionArguments.Property).OfType<IPropertySymbol>().FirstOrDefault() is { } property)
            {
                return property;
            }
        }

        return null;
    }

    private static string? Value(FixScope scope, ILocalSymbol holder, ITypeSymbol wanted, int position)
    {
        var conversion = scope.Facts.Compilation.ClassifyConversion(holder.Type, wanted);
        return conversion.IsImplicit ? holder.Name : conversion.IsExplicit ? $"({wanted.ToMinimalDisplayString(scope.Model, NullableFlowState.NotNull, position)}){holder.Name}" : null;
    }
}
