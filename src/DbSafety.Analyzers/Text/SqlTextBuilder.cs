using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>
/// Rebuilds the text that a C# expression makes: constants, interpolation, <c>+</c>, Format, Concat, Join, Replace, conditional and switch
/// arms, variables, fields, helpers. What it can't follow becomes a hole.
/// </summary>
public sealed class SqlTextBuilder(ITextFacts facts, IValueScope scope)
{
    private const int MaxDepth = 120;

    private const int MaxOrigins = 6;

    private int _depth;
    private int _origins;

    /// <summary>The text that an expression makes.</summary>
    public SqlRope Build(IOperation value)
    {
        value = HoleValues.Strip(value);
        if (_depth > MaxDepth)
        {
            return Hole(value);
        }

        _depth++;
        try
        {
            return BuildCore(value);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>The text of a part of a larger text; where it is one hole, that hole stands at <paramref name="site"/>.</summary>
    public SqlRope BuildAt(IOperation value, SyntaxNode site, bool hasFormat = false)
    {
        var inner = HoleValues.Strip(value);
        var text = Build(inner);
        if (hasFormat && text.ConstantText is null)
        {
            // The format may change anything: what is left is the value itself.
            return SqlRope.Of(new HolePiece(inner, site, KindOf(inner), hasFormat: true));
        }

        if (text.SingleHole is { } hole)
        {
            if (hole.Site == inner.Syntax || hole.Site == value.Syntax)
            {
                return SqlRope.Of(hole.At(site, hasFormat));
            }

            // A variable that holds nothing but a value: it is pasted where the variable is read.
            return inner is ILocalReferenceOperation or IParameterReferenceOperation && hole is { Joined: null, Site: ExpressionSyntax }
                ? SqlRope.Of(new HolePiece(inner, site, hole.Kind, hasFormat || hole.HasFormat, null, hole.Origin))
                : text;
        }

        // name ?? "none": one value, whichever it is, and not a text with holes of its own.
        return !text.IsClosed && KindOfChoice(text, inner.Syntax) is { } kind ? SqlRope.Of(new HolePiece(inner, site, kind, hasFormat)) : text;
    }

    // What is known about a choice between plain values, or null where an alternative is more than a value.
    private static HoleValue? KindOfChoice(SqlRope text, SyntaxNode within)
    {
        if (text.Count != 1 || text.Last is not ChoicePiece choice)
        {
            return null;
        }

        HoleValue? worst = null;
        foreach (var alternative in choice.Alternatives)
        {
            HoleValue? kind = alternative.ConstantText is not null ? HoleValue.Closed
                : alternative.SingleHole is not { } hole ? KindOfChoice(alternative, within)
                : within.Span.Contains(hole.Site.Span) && hole.Site is ExpressionSyntax && hole.Site.SyntaxTree == within.SyntaxTree ? hole.Kind
                : null;
            if (kind is null)
            {
                return null;
            }

            worst = worst is { } known ? HoleValues.Worse(known, kind.Value) : kind;
        }

        return worst;
    }

    /// <summary>What is known about a value that could not be followed any further.</summary>
    private HoleValue KindOf(IOperation value) => OriginOf(value, callers: false);

    // Where a value comes from asks for texts, and a text for where its values come from: a variable that feeds itself ends here.
    private HoleValue OriginOf(IOperation value, bool callers)
    {
        if (_origins >= MaxOrigins)
        {
            return HoleValues.IsScalar(value.Type) ? HoleValue.Scalar : HoleValue.Unknown;
        }

        _origins++;
        try
        {
            return ValueOrigins.Of(value, this, facts, callers: callers);
        }
        finally
        {
            _origins--;
        }
    }

    /// <summary>A text with what all callers are known to pass in place of the method's own parameters.</summary>
    public SqlRope WithCallers(SqlRope text) => text.Replace(hole =>
    {
        if (hole.Kind is not (HoleValue.Text or HoleValue.Parameter))
        {
            return null;
        }

        if (hole is { HasFormat: false, Origin: IParameterReferenceOperation parameter } && facts.TextOfParameter(parameter.Parameter) is { IsClosed: true } passed)
        {
            return passed;
        }

        var kind = OriginOf(hole.Joined ?? hole.Origin, callers: true);
        return kind is HoleValue.Text or HoleValue.Parameter ? null : SqlRope.Of(new HolePiece(hole.Value, hole.Site, kind, hole.HasFormat, hole.Joined, hole.Origin));
    });

    private SqlRope Hole(IOperation value, HoleValue? kind = null) =>
        SqlRope.Of(new HolePiece(value, value.Syntax, kind ?? KindOf(value)));

    private SqlRope BuildCore(IOperation value)
    {
        switch (value)
        {
            case ILiteralOperation literal:
                return Literal(literal);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                return Sum(sum);
            case IInterpolatedStringOperation interpolated:
                return Interpolated(interpolated);
            case IInterpolatedStringHandlerCreationOperation handler:
                return Build(handler.Content);
            case IConversionOperation { Operand: IInterpolatedStringHandlerCreationOperation handler }:
                return Build(handler.Content);
            case IInterpolatedStringAdditionOperation addition:
                return Build(addition.Left).Append(Build(addition.Right));
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return OneOf([conditional.WhenTrue, whenFalse]);
            case ISwitchExpressionOperation choice:
                return OneOf(choice.Arms.Select(arm => arm.Value));
            case ICoalesceOperation coalesce:
                return coalesce.WhenNull is IThrowOperation or IConversionOperation { Operand: IThrowOperation }
                    ? Build(coalesce.Value)
                    : OneOf([coalesce.Value, coalesce.WhenNull]);
            case ISimpleAssignmentOperation assignment:
                return Build(assignment.Value);
            case IDefaultValueOperation when value.Type?.SpecialType == SpecialType.System_String:
                return SqlRope.Empty;
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation:
                return Reference(value);
            case IArrayElementReferenceOperation element:
                return Elements(element.ArrayReference, keys: false) is { Count: > 0 } items ? SqlRope.OneOf(items) : Constant(value);
            case IInvocationOperation invocation:
                return Invocation(invocation);
            case IObjectCreationOperation creation when StringBuilderReplay.IsBuilder(creation.Type):
                return NewBuilder(creation);
            case IOperation when StringBuilderReplay.IsList(value.Type) && NewList(value) is { } list:
                return list;
            case IAwaitOperation { Operation: IInvocationOperation awaited }:
                return facts.TextOfReturn(awaited.TargetMethod) is { } text ? Substitute(text, awaited) : Hole(value);
            case IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "ToString" } } access:
                return HoleValues.IsScalar(access.Operation.Type) ? Hole(value, HoleValue.Scalar) : Hole(value);
            default:
                return Constant(value);
        }
    }

    private SqlRope Constant(IOperation value)
    {
        if (value.ConstantValue is { HasValue: true } constant)
        {
            // Of an enum's member the text is its name, which nobody can change.
            return value.Type?.TypeKind == TypeKind.Enum ? Hole(value, HoleValue.Closed) : SqlRope.Of(TextOf(constant.Value), value.Syntax);
        }

        return Hole(value);
    }

    private static string TextOf(object? constant) => constant switch
    {
        null => "",
        IFormattable formattable => formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => constant.ToString() ?? "",
    };

    private static SqlRope Literal(ILiteralOperation literal)
    {
        if (literal.ConstantValue.Value is not string text)
        {
            return SqlRope.Of(TextOf(literal.ConstantValue.Value), literal.Syntax);
        }

        if (text.Length == 0)
        {
            return SqlRope.Empty;
        }

        var token = literal.Syntax switch
        {
            LiteralExpressionSyntax expression => expression.Token,
            InterpolatedStringTextSyntax part => part.TextToken,
            _ => default,
        };
        return SqlRope.Of(new LiteralPiece(text, token, literal.Syntax));
    }

    // A sum of a thousand strings nests a thousand levels to the left: no recursion there.
    private SqlRope Sum(IBinaryOperation sum)
    {
        var operands = new Stack<IOperation>();
        IOperation left = sum;
        while (HoleValues.Strip(left) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } inner)
        {
            operands.Push(inner.RightOperand);
            left = inner.LeftOperand;
        }

        var text = BuildAt(left, left.Syntax);
        while (operands.Count > 0)
        {
            var operand = operands.Pop();
            text = text.Append(BuildAt(operand, operand.Syntax));
        }

        return text;
    }

    private SqlRope Interpolated(IInterpolatedStringOperation interpolated)
    {
        var text = SqlRope.Empty;
        foreach (var part in interpolated.Parts)
        {
            text = part switch
            {
                IInterpolatedStringTextOperation { Text: ILiteralOperation literal } => text.Append(Literal(literal)),
                IInterpolationOperation hole =>
                    text.Append(BuildAt(hole.Expression, hole.Syntax, hole.FormatString is not null || hole.Alignment is not null)),
                IInterpolatedStringAppendOperation { AppendCall: IInvocationOperation call } => text.Append(Appended(call)),
                _ => text.Append(new HolePiece(part, part.Syntax, HoleValue.Text)),
            };
        }

        return text;
    }

    // A part of a string that a handler builds: AppendLiteral("..") or AppendFormatted(value, alignment, format).
    private SqlRope Appended(IInvocationOperation call)
    {
        if (call.Arguments.Length == 0)
        {
            return SqlRope.Empty;
        }

        var value = Argument(call, 0)!;
        if (HoleValues.Strip(value) is ILiteralOperation literal && call.TargetMethod.Name == "AppendLiteral")
        {
            return Literal(literal);
        }

        var explicitArguments = call.Arguments.Count(argument => !argument.IsImplicit || argument.ArgumentKind == ArgumentKind.Explicit);
        SyntaxNode site = value.Syntax.FirstAncestorOrSelf<InterpolationSyntax>() is { } interpolation ? interpolation : value.Syntax;
        return BuildAt(value, site, explicitArguments > 1);
    }

    private SqlRope OneOf(IEnumerable<IOperation> values)
    {
        var alternatives = new List<SqlRope>();
        foreach (var value in values)
        {
            if (HoleValues.Strip(value) is not IThrowOperation)
            {
                alternatives.Add(Build(value));
            }
        }

        // The longer arm first: the reader thinks of the query with all its optional parts.
        if (alternatives.Count == 2 && alternatives[0].IsEmpty)
        {
            alternatives.Reverse();
        }

        return SqlRope.OneOf(alternatives);
    }

    private SqlRope Reference(IOperation reference)
    {
        if (scope.Read(reference) is { } known)
        {
            return known;
        }

        switch (reference)
        {
            case IParameterReferenceOperation parameter when ValueOrigins.SourceOf(parameter) is { } source && Elements(source, keys: false) is { Count: > 0 } items:
                return SqlRope.OneOf(items);
            case IFieldReferenceOperation field when facts.TextOfMember(field.Field) is { } text:
                return text;
            case IPropertyReferenceOperation { Arguments.Length: 1, Instance: { } dictionary }
                when Elements(dictionary, keys: false) is { Count: > 0 } items:
                return SqlRope.OneOf(items);
            case IPropertyReferenceOperation { Property: { Name: "NewLine", ContainingType.Name: "Environment" } }:
                return SqlRope.Of("\n", reference.Syntax);
            case IPropertyReferenceOperation { Arguments.Length: 0 } property when facts.TextOfMember(property.Property) is { } text:
                return text;
            default:
                return reference is IFieldReferenceOperation { Field: { Name: "Empty", ContainingType.SpecialType: SpecialType.System_String } }
                    ? SqlRope.Empty
                    : Constant(reference);
        }
    }

    /// <summary>The constants that a collection holds, or null where nobody knows.</summary>
    public IReadOnlyList<SqlRope>? Elements(IOperation collection, bool keys) => ConstantCollections.Elements(collection, keys, facts, scope);

    private SqlRope Invocation(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        if (method.ContainingType?.SpecialType == SpecialType.System_String)
        {
            return StringMethod(invocation);
        }

        if (invocation.Instance is { } instance && method is { Name: "ToString" })
        {
            return IsText(instance.Type) ? Build(instance) :
                HoleValues.IsScalar(instance.Type) ? Hole(invocation, instance.ConstantValue.HasValue ? HoleValue.Closed : HoleValue.Scalar) : Hole(invocation);
        }

        if (method is { Name: "Invariant" or "CurrentCulture", ContainingType.Name: "FormattableString" } && Argument(invocation, 0) is { } formattable)
        {
            return Build(formattable);
        }

        if (SafeTexts.IsSafe(method))
        {
            return Hole(invocation, HoleValue.Closed);
        }

        if (invocation.Instance is { } builder && StringBuilderReplay.IsBuilder(builder.Type))
        {
            return scope.Read(invocation) ?? StringBuilderReplay.After(invocation, Build(builder), this);
        }

        if (ElementOf(invocation) is { } element)
        {
            return element;
        }

        if (facts.TextOfReturn(method) is { } text)
        {
            var result = Substitute(text, invocation);
            return result.SingleHole is { IsClosed: false } && SafeTexts.PromisesQuoting(method) ? Hole(invocation, HoleValue.Quoted) : result;
        }

        return Hole(invocation);
    }

    // First(..), ElementAt(i), GetValueOrDefault(key, "..") of a collection of constants: one of them.
    private SqlRope? ElementOf(IInvocationOperation call)
    {
        if (call.TargetMethod.Name is not ("First" or "FirstOrDefault" or "Single" or "SingleOrDefault" or "Last" or "LastOrDefault" or
                "ElementAt" or "ElementAtOrDefault" or "Min" or "Max" or "GetValueOrDefault") ||
            call.Type?.SpecialType != SpecialType.System_String || (call.Instance ?? Argument(call, 0)) is not { } collection ||
            Elements(HoleValues.Strip(collection), keys: false) is not { Count: > 0 } elements)
        {
            return null;
        }

        return SqlRope.OneOf(Named(call, "defaultValue") is { } other ? [.. elements, Build(other)] : elements);
    }

    // new StringBuilder("..")
    private SqlRope NewBuilder(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter?.Name == "value")
            {
                return BuildAt(argument.Value, argument.Value.Syntax);
            }
        }

        return SqlRope.Empty;
    }

    // new List<string> { "..", $".." }
    private SqlRope? NewList(IOperation creation)
    {
        var elements = creation switch
        {
            IObjectCreationOperation { Initializer: null, Arguments.Length: 0 } => [],
            IObjectCreationOperation { Initializer.Initializers: var adds, Arguments.Length: 0 } =>
                adds.OfType<IInvocationOperation>().Where(add => add.Arguments.Length == 1).Select(add => add.Arguments[0].Value),
            _ when ConstantCollections.IsCollectionExpression(creation) => ConstantCollections.Values(creation.ChildOperations),
            _ => null,
        };
        if (elements is null)
        {
            return null;
        }

        var list = SqlRope.Empty;
        foreach (var element in elements)
        {
            list = list.IsEmpty ? list : list.Append(ElementPiece.Instance);
            list = list.Append(BuildAt(element, element.Syntax));
        }

        return list;
    }

    private static bool IsText(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_String } or { Name: "StringBuilder", ContainingNamespace.Name: "Text" };

    /// <summary>A helper's text with the caller's arguments in place of its parameters.</summary>
    private SqlRope Substitute(SqlRope text, IInvocationOperation call)
    {
        return text.Replace(hole =>
        {
            if (hole.Joined is IParameterReferenceOperation list && Passed(call, list) is { } collection)
            {
                return JoinOf(collection, SqlRope.Of(", ", null), call);
            }

            if (hole.Origin is not IParameterReferenceOperation reference ||
                !SymbolEqualityComparer.Default.Equals(reference.Parameter.ContainingSymbol, call.TargetMethod.OriginalDefinition))
            {
                return hole.Site.SyntaxTree == call.Syntax.SyntaxTree ? null : SqlRope.Of(new HolePiece(call, call.Syntax, hole.Kind, true));
            }

            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter is { } parameter && parameter.Ordinal == reference.Parameter.Ordinal)
                {
                    var passed = hole.HasFormat ? null : Build(argument.Value);
                    if (passed is { IsClosed: true } or { SingleHole: null })
                    {
                        return passed;
                    }

                    var kind = passed?.WorstHole ?? KindOf(HoleValues.Strip(argument.Value));
                    return SqlRope.Of(hole.Site.SyntaxTree == call.Syntax.SyntaxTree
                        ? new HolePiece(hole.Value, hole.Site, kind, hole.HasFormat, null, hole.Origin)
                        : new HolePiece(argument.Value, argument.Syntax, kind, true));
                }
            }

            return null;
        });
    }

    // What a call passes for a parameter of the method that it calls.
    private static IOperation? Passed(IInvocationOperation call, IParameterReferenceOperation reference) =>
        SymbolEqualityComparer.Default.Equals(reference.Parameter.ContainingSymbol, call.TargetMethod.OriginalDefinition)
            ? Argument(call, reference.Parameter.Ordinal)
            : null;

    private SqlRope StringMethod(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        switch (method.Name)
        {
            case "Format":
                return Format(call) ?? Hole(call);
            case "Concat":
                return Concat(call) ?? Hole(call);
            case "Join":
                return Join(call) ?? Hole(call);
            case "Create" when Named(call, "handler") is { } handler:
                return Build(handler);
            case "Copy" or "Intern" or "IsInterned" when Argument(call, 0) is { } copied:
                return Build(copied);
            case "ToString" or "Clone" or "Trim" or "TrimEnd" or "TrimStart" or "ToLower" or "ToLowerInvariant" or "ToUpper" or "ToUpperInvariant"
                or "Normalize" or "PadLeft" or "PadRight" or "ReplaceLineEndings" when call.Instance is { } instance:
                return Unchanged(Build(instance), call);
            case "Replace" when call.Instance is { } instance:
                return Replace(Build(instance), call);
            case "Substring" or "Remove" when call.Instance is { } instance:
                // Most cut a trailing separator off: the text stays what it was, as far as anybody can tell.
                return Unchanged(Build(instance), call);
            case "Insert" when call.Instance is { } instance && Argument(call, 1) is { } inserted:
                return Build(instance).Append(Build(inserted)) is { IsClosed: true } ? Hole(call, HoleValue.Closed) : Hole(call);
            default:
                return Hole(call);
        }
    }

    // The method changes the hole's text, but not what is known about it.
    private static SqlRope Unchanged(SqlRope text, IInvocationOperation call) =>
        text.SingleHole is { } hole ? SqlRope.Of(new HolePiece(call, call.Syntax, hole.Kind, hole.HasFormat, hole.Joined)) : text;

    private SqlRope Replace(SqlRope text, IInvocationOperation call)
    {
        var oldText = Argument(call, 0) is { } from ? Build(from).ConstantText : null;
        var newValue = Argument(call, 1);
        if (oldText is null or "" || newValue is null)
        {
            return text.IsClosed && newValue is not null && Build(newValue).IsClosed ? Hole(call, HoleValue.Closed) : Hole(call);
        }

        if (text.SingleHole is { } hole)
        {
            var replacement = Build(newValue);
            var kind = hole.Kind;
            if (oldText is "\"" or "`" or "]" && replacement.ConstantText == oldText + oldText)
            {
                kind = hole.Kind is HoleValue.Text or HoleValue.Parameter or HoleValue.Configuration or HoleValue.Unknown ? HoleValue.QuotesDoubled : hole.Kind;
            }
            else if (!replacement.IsClosed)
            {
                kind = HoleValue.Text;
            }

            return SqlRope.Of(new HolePiece(call, call.Syntax, kind));
        }

        var inserted = BuildAt(newValue, newValue.Syntax);
        return ReplaceIn(text, oldText, inserted);
    }

    /// <summary>A text with every occurrence of some characters replaced by another text.</summary>
    internal static SqlRope ReplaceIn(SqlRope text, string oldText, SqlRope inserted)
    {
        var result = SqlRope.Empty;
        foreach (var piece in text.ToArray())
        {
            if (piece is ChoicePiece choice)
            {
                result = result.Append(new ChoicePiece(choice.Alternatives.Select(alternative => ReplaceIn(alternative, oldText, inserted)).ToImmutableArray()));
                continue;
            }

            if (piece is not LiteralPiece literal || literal.Text.IndexOf(oldText, StringComparison.Ordinal) < 0)
            {
                result = result.Append(piece);
                continue;
            }

            var parts = literal.Text.Split([oldText], StringSplitOptions.None);
            var at = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                result = i == 0 ? result : result.Append(inserted);
                result = result.Append(Slice(literal, at, at + parts[i].Length));
                at += parts[i].Length + oldText.Length;
            }
        }

        return result;
    }

    private SqlRope? Concat(IInvocationOperation call)
    {
        var text = SqlRope.Empty;
        if (call.Arguments.Length == 1 && call.TargetMethod.Parameters[0].Type.SpecialType != SpecialType.System_String)
        {
            var values = ArrayElements(call.Arguments[0].Value);
            if (values is null)
            {
                return JoinOf(call.Arguments[0].Value, SqlRope.Empty, call);
            }

            foreach (var value in values)
            {
                text = text.Append(BuildAt(value, value.Syntax));
            }

            return text;
        }

        foreach (var argument in call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0))
        {
            text = text.Append(BuildAt(argument.Value, argument.Value.Syntax));
        }

        return text;
    }

    private SqlRope? Join(IInvocationOperation call) =>
        Argument(call, 0) is { } separator && Argument(call, 1) is { } values && call.Arguments.Length == 2 ? Joined(call, separator, values) : null;

    /// <summary>The elements of a sequence with a separator between them.</summary>
    /// <param name="call">The call that joins.</param>
    /// <param name="separatorValue">The separator, or null for the mark between the elements of a list.</param>
    /// <param name="values">The sequence.</param>
    /// <returns>The text, or null where nothing is known.</returns>
    internal SqlRope? Joined(IInvocationOperation call, IOperation? separatorValue, IOperation values)
    {
        var separator = separatorValue is null ? SqlRope.Of(ElementPiece.Instance) : separatorValue.Type?.SpecialType == SpecialType.System_Char
            ? SqlRope.Of(TextOf(separatorValue.ConstantValue.Value), separatorValue.Syntax)
            : Build(separatorValue);
        if (ArrayElements(values) is { } elements)
        {
            var text = SqlRope.Empty;
            for (var i = 0; i < elements.Count; i++)
            {
                text = i == 0 ? text : text.Append(separator);
                text = text.Append(BuildAt(elements[i], elements[i].Syntax));
            }

            return text;
        }

        return JoinOf(values, separator, call);
    }

    private SqlRope? JoinOf(IOperation values, SqlRope separator, IInvocationOperation call)
    {
        var collection = HoleValues.Strip(values);
        if (scope.Read(collection) is { } list)
        {
            return list.Join(separator);
        }

        if (Elements(collection, keys: false) is { Count: > 0 } constants)
        {
            var text = SqlRope.Empty;
            for (var i = 0; i < constants.Count; i++)
            {
                text = i == 0 ? constants[i] : text.Append(separator).Append(constants[i]);
            }

            return text;
        }

        // Select(x => $"..{x}..") makes one such text per element.
        SqlRope? element = null;
        if (Projection(collection) is { } projection)
        {
            element = ElementText(projection);
            if (element.SingleHole is { } single && !ReferenceEquals(single.Site, projection.Body.Syntax))
            {
                return SqlRope.Of(ListStartPiece.Instance).Append(element);
            }

            if (element.SingleHole is null)
            {
                // One element stands for all: with a separator behind it the text would end in a comma.
                return SqlRope.Of(ListStartPiece.Instance).Append(element);
            }
        }

        var kind = HoleValues.IsScalar(HoleValues.ElementType(collection.Type)) ? HoleValue.Scalar
            : element is not null ? element.WorstHole
            : IsClosedSequence(collection) ? HoleValue.Closed
            : KindOf(collection);

        // AppendJoin returns the builder: there the collection itself fills the hole.
        return SqlRope.Of(StringBuilderReplay.IsBuilder(call.Type)
            ? new HolePiece(collection, collection.Syntax, kind, false, collection)
            : new HolePiece(call, call.Syntax, kind, false, collection));
    }

    // What the lambda makes of one element.
    private SqlRope ElementText((IAnonymousFunctionOperation Lambda, IOperation Body, IOperation Source) projection)
    {
        var text = Build(projection.Body);
        var element = Elements(projection.Source, keys: false) is { Count: > 0 } elements ? SqlRope.OneOf(elements)
            : IsClosedSequence(projection.Source) ? Hole(projection.Source, HoleValue.Closed)
            : null;
        return element is null ? text : text.Replace(hole =>
            !hole.HasFormat && hole.Origin is IParameterReferenceOperation reference &&
            SymbolEqualityComparer.Default.Equals(reference.Parameter, projection.Lambda.Symbol.Parameters.FirstOrDefault()) ? element : null);
    }

    /// <summary>Whether the elements come from a closed set, though nobody lists them: <c>Enumerable.Repeat("?", n)</c>, <c>Enum.GetNames</c>.</summary>
    internal bool IsClosedSequence(IOperation collection) => collection is IInvocationOperation call && call.TargetMethod.Name switch
    {
        "Repeat" => Argument(call, 0) is { } repeated && Build(repeated).IsClosed,
        "GetNames" => call.TargetMethod.ContainingType.SpecialType == SpecialType.System_Enum,
        "ToArray" or "ToList" or "Distinct" or "Where" or "OrderBy" or "Take" or "Skip" or "AsEnumerable" or "Reverse" =>
            Argument(call, 0) is { } source && (IsClosedSequence(HoleValues.Strip(source)) || Elements(HoleValues.Strip(source), false) is { Count: > 0 }),
        _ => false,
    };

    // The element text of source.Select(lambda), behind ToArray and the like.
    private static (IAnonymousFunctionOperation Lambda, IOperation Body, IOperation Source)? Projection(IOperation collection)
    {
        while (collection is IInvocationOperation { TargetMethod.Name: "ToArray" or "ToList" or "Distinct" or "OrderBy" or "AsEnumerable" } call &&
            Argument(call, 0) is { } source)
        {
            collection = HoleValues.Strip(source);
        }

        // A lambda that answers yes or no picks elements, it makes none.
        if (collection is not IInvocationOperation select || (select.TargetMethod.Name != "Select" && !ValueOrigins.IsElementwise(select.TargetMethod)))
        {
            return null;
        }

        foreach (var argument in select.Arguments)
        {
            var value = HoleValues.Strip(argument.Value);
            if (value is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol.ReturnType.SpecialType: not SpecialType.System_Boolean } lambda } &&
                lambda.Body.Operations.Length == 1 && lambda.Body.Operations[0] is IReturnOperation { ReturnedValue: { } returned })
            {
                return (lambda, returned, HoleValues.Strip(select.Instance ?? Argument(select, 0)!));
            }
        }

        return null;
    }

    private SqlRope? Format(IInvocationOperation call)
    {
        var format = Named(call, "format");
        if (format is null || Build(format) is not { IsClosed: true } text || text.ConstantText is null)
        {
            // Holes in the format itself, or a format that nobody knows.
            return format is null ? null : FormatOfUnknown(Build(format), call);
        }

        return Substituted(text, FormatArguments(call));
    }

    private SqlRope FormatOfUnknown(SqlRope format, IInvocationOperation call)
    {
        var values = FormatArguments(call);
        return values is null || format.SingleHole is not null ? Hole(call) : Substituted(format, values) ?? Hole(call);
    }

    private static List<IOperation>? FormatArguments(IInvocationOperation call)
    {
        var values = new List<IOperation>();
        foreach (var argument in call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0))
        {
            if (argument.Parameter?.Name is "format" or "provider")
            {
                continue;
            }

            if (argument.Parameter is { IsParams: true })
            {
                if (ArrayElements(argument.Value) is not { } elements)
                {
                    return null;
                }

                values.AddRange(elements);
            }
            else
            {
                values.Add(argument.Value);
            }
        }

        return values;
    }

    /// <summary>A composite format with its placeholders replaced by values.</summary>
    /// <param name="format">The format: its literal pieces hold <c>{0}</c>, <c>{1:x}</c>, <c>{{</c>.</param>
    /// <param name="values">The values, or null where nobody knows them.</param>
    /// <returns>The text, or null where the format is malformed.</returns>
    public SqlRope? Substituted(SqlRope format, IReadOnlyList<IOperation>? values)
    {
        var result = SqlRope.Empty;
        foreach (var piece in format.ToArray())
        {
            if (piece is not LiteralPiece literal)
            {
                result = result.Append(piece);
                continue;
            }

            var text = literal.Text;
            var start = 0;
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c is not ('{' or '}'))
                {
                    continue;
                }

                result = result.Append(Slice(literal, start, i));
                if (i + 1 < text.Length && text[i + 1] == c)
                {
                    result = result.Append(Slice(literal, i, i + 1));
                    start = ++i + 1;
                    continue;
                }

                var end = text.IndexOf('}', i);
                var digits = i + 1;
                while (digits < text.Length && text[digits] is >= '0' and <= '9')
                {
                    digits++;
                }

                if (c == '}' || end < 0 || digits == i + 1 || !int.TryParse(text.Substring(i + 1, digits - i - 1), out var index))
                {
                    return null;
                }

                if (values is null || index >= values.Count)
                {
                    return null;
                }

                result = result.Append(BuildAt(values[index], values[index].Syntax, digits != end));
                i = end;
                start = end + 1;
            }

            result = result.Append(Slice(literal, start, text.Length));
        }

        return result;
    }

    private static SqlRope Slice(LiteralPiece literal, int start, int end)
    {
        if (start >= end)
        {
            return SqlRope.Empty;
        }

        return start == 0 && end == literal.Text.Length
            ? SqlRope.Of(literal)
            : SqlRope.Of(new LiteralPiece(literal, start, end));
    }

    /// <summary>The elements of an array that stands right there (also the one the compiler makes for <c>params</c>), or null.</summary>
    internal static IReadOnlyList<IOperation>? ArrayElements(IOperation value) => HoleValues.Strip(value) switch
    {
        IArrayCreationOperation { Initializer.ElementValues: var elements } => elements,
        IArrayCreationOperation { DimensionSizes.Length: 1 } array when array.DimensionSizes[0].ConstantValue.Value is 0 => [],
        _ => null,
    };

    private static IOperation? Argument(IInvocationOperation call, int ordinal)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal)
            {
                return argument.Value;
            }
        }

        return null;
    }

    private static IOperation? Named(IInvocationOperation call, string name)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == name)
            {
                return argument.Value;
            }
        }

        return null;
    }
}
