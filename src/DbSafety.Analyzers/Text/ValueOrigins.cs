using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>Where a value comes from that could not be followed any further: from a caller, from the class itself, or from nobody knows where.</summary>
internal static class ValueOrigins
{
    private const int MaxDepth = 12;

    /// <summary>What is known about such a value.</summary>
    /// <param name="value">The value, without conversions around it.</param>
    /// <param name="builder">Builds the texts of arguments.</param>
    /// <param name="facts">The compilation's memory.</param>
    /// <param name="depth">How many values were looked through already.</param>
    /// <param name="callers">Whether to ask what callers pass for parameters.</param>
    public static HoleValue Of(IOperation value, SqlTextBuilder builder, ITextFacts facts, int depth = 0, bool callers = false)
    {
        value = HoleValues.Strip(value);
        if (HoleValues.IsScalar(value.Type))
        {
            return HoleValue.Scalar;
        }

        if (value is IInvalidOperation || value.Type?.TypeKind == TypeKind.Error)
        {
            // Half-written code, or a missing reference: nothing is known, so nothing is said.
            return HoleValue.Closed;
        }

        if (depth > MaxDepth)
        {
            return HoleValue.Unknown;
        }

        switch (value)
        {
            case IParameterReferenceOperation parameter:
                return OfParameter(parameter, builder, facts, depth, callers);
            case ILocalReferenceOperation local:
                return OfLocal(local, builder, facts, depth, callers);
            case IMemberReferenceOperation member:
                return OfMember(member, builder, facts, depth, callers);
            case IInvocationOperation invocation:
                return OfInvocation(invocation, builder, facts, depth, callers);
            case IAwaitOperation awaited:
                return Of(awaited.Operation, builder, facts, depth + 1, callers);
            case IArrayElementReferenceOperation element:
                return Of(element.ArrayReference, builder, facts, depth + 1, callers);
            case IConditionalAccessOperation { WhenNotNull: IMemberReferenceOperation read } when IsClosed(read.Member):
                return HoleValue.Closed;
            case IConditionalAccessOperation { WhenNotNull: IInvocationOperation called } when OfName(called.TargetMethod) is { } known:
                return known;
            case IConditionalAccessOperation access:
                return Part(Of(access.Operation, builder, facts, depth + 1, callers));
            case IObjectCreationOperation creation when value.Type?.SpecialType != SpecialType.System_String:
                return TakesText(creation.Arguments, builder, facts, depth, callers) ? HoleValue.Text : HoleValue.Unknown;
            default:
                return HoleValue.Text;
        }
    }

    // A member of something is input where the whole is.
    private static HoleValue Part(HoleValue whole) => whole is HoleValue.Unknown or HoleValue.Configuration ? whole : HoleValue.Text;

    private static HoleValue OfParameter(IParameterReferenceOperation parameter, SqlTextBuilder builder, ITextFacts facts, int depth, bool callers)
    {
        if (parameter.Parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } owner && !IsWithin(parameter, owner))
        {
            return HoleValue.Configuration;
        }

        return SourceOf(parameter) is { } source ? Of(source, builder, facts, depth + 1, callers)
            : callers && facts.TextOfParameter(parameter.Parameter) is { } passed ? passed.WorstHole
            : HoleValue.Parameter;
    }

    /// <summary>For the parameter of a lambda that is run for each element of a sequence: the sequence; otherwise null.</summary>
    public static IOperation? SourceOf(IParameterReferenceOperation parameter)
    {
        if (parameter.Parameter is not { Ordinal: 0, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } lambda })
        {
            return null;
        }

        for (IOperation? parent = parameter.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation function && SymbolEqualityComparer.Default.Equals(function.Symbol, lambda))
            {
                while (parent is not (null or IArgumentOperation))
                {
                    parent = parent.Parent;
                }

                return parent is IArgumentOperation { Parent: IInvocationOperation call } ? SequenceOf(call) : null;
            }
        }

        return null;
    }

    private static IOperation? SequenceOf(IInvocationOperation call)
    {
        if (IsSequenceOperator(call.TargetMethod) && call.Arguments.Length > 1)
        {
            return HoleValues.Strip(call.Arguments[0].Value);
        }

        return call.Instance is { } list && IsElementwise(call.TargetMethod) ? HoleValues.Strip(list) : null;
    }

    // A method that runs a delegate for each element of its first argument.
    private static bool IsSequenceOperator(IMethodSymbol method) => method.ContainingType is { Name: "Enumerable" or "Queryable" or "ParallelEnumerable" };

    // A method of a collection that runs a delegate for each of its elements.
    internal static bool IsElementwise(IMethodSymbol method) => DbMemberTable.IsElementwise(method.Name);

    private static HoleValue OfLocal(ILocalReferenceOperation reference, SqlTextBuilder builder, ITextFacts facts, int depth, bool callers)
    {
        var declaration = reference.Local.DeclaringSyntaxReferences.Length == 1 ? reference.Local.DeclaringSyntaxReferences[0].GetSyntax() : null;
        ExpressionSyntax? source = null;
        for (var node = declaration; node is not null and not StatementSyntax { Parent: BlockSyntax } && source is null; node = node.Parent)
        {
            source = node switch
            {
                VariableDeclaratorSyntax variable => variable.Initializer?.Value,
                AssignmentExpressionSyntax assignment => assignment.Right,
                IsPatternExpressionSyntax pattern => pattern.Expression,
                ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } => call,
                _ => null,
            };
        }

        source ??= declaration?.FirstAncestorOrSelf<CommonForEachStatementSyntax>()?.Expression;
        var value = source is null ? null : facts.ModelOf(source.SyntaxTree)?.GetOperation(source);
        return value is null || HoleValues.Strip(value) is ILiteralOperation ? HoleValue.Unknown
            : HoleValues.IsScalar(value.Type) ? HoleValue.Unknown : Of(value, builder, facts, depth + 1, callers);
    }

    private static HoleValue OfMember(IMemberReferenceOperation member, SqlTextBuilder builder, ITextFacts facts, int depth, bool callers)
    {
        if (IsClosed(member.Member))
        {
            return HoleValue.Closed;
        }

        if (IsConfiguration(member))
        {
            return HoleValue.Configuration;
        }

        if (member.Instance is not { } instance || RequestTypes.Contains(member.Type) || RequestTypes.Contains(instance.Type))
        {
            return HoleValue.Text;
        }

        return HoleValues.Strip(instance) switch
        {
            IInstanceReferenceOperation => HoleValue.Text,
            var whole => Part(Of(whole, builder, facts, depth + 1, callers)),
        };
    }

    private static bool IsClosed(ISymbol member) => member is IPropertySymbol property && (SafeTexts.IsSafe(property) || NamePromises.IsOfCode(property));

    private static HoleValue? OfName(IMethodSymbol method) =>
        SafeTexts.IsSafe(method) || method is { Name: "GetName", ContainingType.SpecialType: SpecialType.System_Enum } ? HoleValue.Closed
        : method is { Name: "GetEnvironmentVariable", ContainingType.Name: "Environment" } ? HoleValue.Configuration
        : SafeTexts.PromisesQuoting(method) ? HoleValue.Quoted
        : null;

    // What a call gives back is input where input goes in; otherwise nobody knows.
    private static HoleValue OfInvocation(IInvocationOperation call, SqlTextBuilder builder, ITextFacts facts, int depth, bool callers)
    {
        if (OfName(call.TargetMethod) is { } known)
        {
            return known;
        }

        if (call.TargetMethod.ContainingType is { Name: "Console", ContainingNamespace.Name: "System" } || RequestTypes.Contains(call.Type))
        {
            return HoleValue.Text;
        }

        if (call.Instance is { } instance && HoleValues.Strip(instance) is not IInstanceReferenceOperation)
        {
            if (RequestTypes.Contains(instance.Type))
            {
                return HoleValue.Text;
            }

            var whole = Of(instance, builder, facts, depth + 1, callers);
            if (whole == HoleValue.Text || (whole == HoleValue.Parameter && IsText(instance.Type)))
            {
                return HoleValue.Text;
            }

            if (call.TargetMethod.Name is "TryGetValue" or "GetValueOrDefault")
            {
                return Part(whole);
            }
        }

        return TakesText(call.Arguments, builder, facts, depth, callers) ? HoleValue.Text : HoleValue.Unknown;
    }

    private static bool TakesText(IEnumerable<IArgumentOperation> arguments, SqlTextBuilder builder, ITextFacts facts, int depth, bool callers)
    {
        foreach (var argument in arguments)
        {
            var value = HoleValues.Strip(argument.Value);
            if (argument.Parameter?.RefKind == RefKind.Out || value.ConstantValue.HasValue)
            {
                continue;
            }

            if (RequestTypes.Contains(value.Type))
            {
                return true;
            }

            if (SqlTextBuilder.ArrayElements(value) is { } elements)
            {
                if (elements.Any(element => IsInput(HoleValues.Strip(element), builder, facts, depth, callers)))
                {
                    return true;
                }
            }
            else if (IsInput(value, builder, facts, depth, callers))
            {
                return true;
            }
        }

        return false;
    }

    // Calls nest in calls: the text's own holes tell it, so that no level is looked at twice.
    private static bool IsInput(IOperation value, SqlTextBuilder builder, ITextFacts facts, int depth, bool callers)
    {
        if (RequestTypes.Contains(value.Type) || !IsText(value.Type))
        {
            return RequestTypes.Contains(value.Type);
        }

        var text = builder.Build(value);
        var worst = text.WorstHole;
        if (callers && IsUnknownText(worst))
        {
            worst = text.SingleHole is null ? builder.WithCallers(text).WorstHole : Of(value, builder, facts, depth + 1, callers);
        }

        return IsUnknownText(worst);
    }

    private static bool IsUnknownText(HoleValue kind) => kind is HoleValue.Text or HoleValue.Parameter or HoleValue.QuotesDoubled;

    private static bool IsText(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_String or SpecialType.System_Object || type?.TypeKind == TypeKind.Dynamic || StringBuilderReplay.IsBuilder(type) ||
        HoleValues.ElementType(type)?.SpecialType == SpecialType.System_String;

    // A primary constructor's parameter, read in a member, is the class's own state.
    private static bool IsWithin(IOperation reference, IMethodSymbol constructor)
    {
        foreach (var declaration in constructor.DeclaringSyntaxReferences)
        {
            if (declaration.SyntaxTree == reference.Syntax.SyntaxTree && declaration.GetSyntax() is ConstructorDeclarationSyntax syntax)
            {
                return syntax.Span.Contains(reference.Syntax.Span);
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a value is held by the class itself: a readonly field, a property that outsiders can't set, or a member of an object held so,
    /// or of one that says it is configuration.
    /// </summary>
    private static bool IsConfiguration(IOperation value)
    {
        while (true)
        {
            switch (HoleValues.Strip(value))
            {
                case IFieldReferenceOperation { Field: { IsReadOnly: true } or { IsConst: true } }:
                    return true;
                case IMemberReferenceOperation { Instance.Type: { } holder, Member: var member } when NamePromises.IsOperatorsName(holder, member):
                    return true;
                case IFieldReferenceOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case { Type: { } type } when SafeTexts.IsConfiguration(type):
                    return true;
                case IPropertyReferenceOperation property when RequestTypes.Contains(property.Type) || property.Arguments.Any(argument => !argument.Value.ConstantValue.HasValue):
                    return false;
                case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation, Property: var property }:
                    return property.Locations.Any(location => location.IsInSource) && (property.IsStatic ||
                        property.SetMethod is null or { DeclaredAccessibility: Accessibility.Private or Accessibility.Protected } or { IsInitOnly: true } ||
                        property.IsAbstract || property.IsVirtual || property.IsOverride);
                case IPropertyReferenceOperation { Instance: { } instance }:
                    value = instance;
                    break;
                case IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } owner } parameter
                    when !IsWithin(parameter, owner):
                    return true;
                default:
                    return false;
            }
        }
    }
}
