using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>The objects that an earlier save has written, and what is read of them before the last save.</summary>
internal sealed class SavedObjects(FixScope scope, WriteRange range, Owner owner, BodyConnections connections, bool isSavedOften)
{
    private readonly List<TextChange> _links = [];

    /// <summary>The edits that give objects instead of their generated keys; null where more is read, or the context does more than note what is new.</summary>
    public IReadOnlyList<TextChange>? Links() => !Removes() && range.Statements.All(MayWait) ? _links : null;

    // A row that is removed and one that takes its place would meet in one save.
    private bool Removes() => WriteRange.Own(range.Function).OfType<InvocationExpressionSyntax>().Any(call =>
        call.Expression is MemberAccessExpressionSyntax access && EfOperators.Removes(access.Name.Identifier.ValueText) && scope.Model.GetOperation(call) is IInvocationOperation { Instance: { } set } && EfQueries.ContextOf(set, scope.Facts.Apis) is not null);

    private bool MayWait(StatementSyntax statement) => scope.Model.GetOperation(statement) is { } root && root.DescendantsAndSelf().All(operation => operation switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation or IInstanceReferenceOperation { IsImplicit: false } when EfQueries.IsContext(operation.Type, scope.Facts.Apis) => OnlyTracks(operation),
        ILocalReferenceOperation or IParameterReferenceOperation when IsObject(operation.Type) => !IsOlder(operation) || IsWaiting(operation),
        IFieldReferenceOperation or IPropertyReferenceOperation when IsObject(operation.Type) => IsAssigned(operation),
        ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation when HoldsObjects(operation.Type) => IsTracked(operation),
        IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.IsEmpty: false, IsStatic: false } method } => EfQueries.IsContext(method.ContainingType, scope.Facts.Apis),
        _ => true,
    });

    // context.Orders.Add(order), context.Add(order), context.SaveChanges()
    private bool OnlyTracks(IOperation context)
    {
        if (!owner.IsSame(connections.Of(context)))
        {
            return false;
        }

        var at = context;
        while (at.Parent is IConversionOperation || (at.Parent is IPropertyReferenceOperation set && set.Instance == at && EfQueries.IsQueryType(set.Type, scope.Facts.Apis)) ||
            (at.Parent is IInvocationOperation making && making.Instance == at && EfOperators.MakesSet(making.TargetMethod.Name)))
        {
            at = at.Parent;
        }

        return at.Parent is IInvocationOperation call && call.Instance == at && (EfOperators.Tracks(call.TargetMethod.Name) || EfOperators.AnswerOf(call.TargetMethod.Name) == EfAnswer.Save);
    }

    // All but a variable that is given a new object behind the first of two saves.
    private bool IsOlder(IOperation reference) => isSavedOften || reference is not ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } references } || !range.Span.Contains(references[0].Span) ||
        references[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax };

    private static bool HoldsObjects(ITypeSymbol? type) => type is IArrayTypeSymbol array ? IsObject(array.ElementType) : type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: true } named && named.TypeArguments.Any(IsObject);

    private static bool IsObject(ITypeSymbol? type) => type is { IsReferenceType: true, SpecialType: SpecialType.None, DeclaringSyntaxReferences.IsEmpty: false };

    // order.Name = "..", Order = order, context.Update(order), OrderId = order.Id
    private bool IsWaiting(IOperation reference)
    {
        var at = reference;
        while (at.Parent is IConversionOperation)
        {
            at = at.Parent;
        }

        return at.Parent switch
        {
            IPropertyReferenceOperation member when member.Instance == at => IsAssigned(member) || IsLink(member, reference),
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation } assignment => assignment.Value == at,
            IArgumentOperation => IsTracked(reference),
            _ => false,
        };
    }

    private bool IsTracked(IOperation value)
    {
        var at = value;
        while (at.Parent is IConversionOperation)
        {
            at = at.Parent;
        }

        return at.Parent is IArgumentOperation { Parent: IInvocationOperation call } && EfOperators.Tracks(call.TargetMethod.Name) && EfQueries.ContextOf(call.Instance, scope.Facts.Apis) is not null;
    }

    private static bool IsAssigned(IOperation member) => member.Parent is ISimpleAssignmentOperation assignment && assignment.Target == member;

    private bool IsLink(IPropertyReferenceOperation key, IOperation reference)
    {
        var value = (IOperation)key;
        while (value.Parent is IConversionOperation { IsImplicit: true })
        {
            value = value.Parent;
        }

        if (value.Parent is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target, Syntax: AssignmentExpressionSyntax assignment } || reference is not ILocalReferenceOperation { Local: var local } || !IsAdded(local, reference.Syntax.SpanStart) ||
            !scope.Facts.Entities.IsOnlyKey(key.Property.ContainingType, key.Property, owner.Type) || scope.Facts.Entities.NavigationOf(target.Property, key.Property) is not { } navigation)
        {
            return false;
        }

        var name = assignment.Left is MemberAccessExpressionSyntax access ? access.Name : assignment.Left;
        _links.Add(new TextChange(name.Span, navigation.Name));
        _links.Add(new TextChange(assignment.Right.Span, local.Name));
        return true;
    }

    // context.Add(order), before the first save.
    private bool IsAdded(ILocalSymbol local, int position) => local.DeclaringSyntaxReferences is { Length: 1 } references && references[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax } && WriteRange.Own(range.Function).OfType<InvocationExpressionSyntax>()
        .Any(call => call.SpanStart < position && call.ArgumentList.Arguments is { Count: > 0 } arguments && arguments[0].Expression is IdentifierNameSyntax name && name.Identifier.ValueText == local.Name &&
            scope.Model.GetOperation(call) is IInvocationOperation { Instance: { } set } adding && EfOperators.Adds(adding.TargetMethod.Name) && owner.IsSame(connections.Of(EfQueries.ContextOf(set, scope.Facts.Apis)))) &&
        !WriteRange.Own(range.Function).OfType<AssignmentExpressionSyntax>().Any(assignment => assignment.Left is IdentifierNameSyntax name && name.Identifier.ValueText == local.Name);
}
