using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>Collections whose elements are constants: arrays, lists, sets and dictionaries that code fills once and never changes.</summary>
public static class ConstantCollections
{
    private const int MaxElements = 256;

    /// <summary>The texts that a collection holds.</summary>
    /// <param name="collection">The expression that gives the collection.</param>
    /// <param name="keys">For a dictionary: its keys; otherwise its values.</param>
    /// <param name="facts">The compilation's memory.</param>
    /// <param name="scope">What variables hold here.</param>
    /// <returns>The texts, all closed, or null where not all are known.</returns>
    public static IReadOnlyList<SqlRope>? Elements(IOperation collection, bool keys, ITextFacts facts, IValueScope scope)
    {
        collection = HoleValues.Strip(collection);
        switch (collection)
        {
            case IFieldReferenceOperation field:
                return facts.ElementsOfMember(field.Field, keys);
            case IPropertyReferenceOperation { Property.Name: "Keys", Instance: { } dictionary }:
                return Elements(dictionary, keys: true, facts, scope);
            case IPropertyReferenceOperation { Property.Name: "Values", Instance: { } dictionary }:
                return Elements(dictionary, keys: false, facts, scope);
            case IPropertyReferenceOperation { Arguments.Length: 0 } property:
                return facts.ElementsOfMember(property.Property, keys);
            case ILocalReferenceOperation local:
                return LocalInitializer(local) is { } value ? Created(value, keys, facts, scope) : null;
            default:
                return Created(collection, keys, facts, scope);
        }
    }

    /// <summary>The texts of a collection that this expression creates.</summary>
    public static IReadOnlyList<SqlRope>? Created(IOperation value, bool keys, ITextFacts facts, IValueScope scope)
    {
        value = HoleValues.Strip(value);
        switch (value)
        {
            case IArrayCreationOperation { Initializer.ElementValues: var elements }:
                return Texts(elements, facts, scope);
            case IArrayInitializerOperation { ElementValues: var elements }:
                return Texts(elements, facts, scope);
            case IObjectCreationOperation creation:
                return OfCreation(creation, keys, facts, scope);
            case IInvocationOperation call when call.TargetMethod.Name is "Create" or "CreateRange" or "ToFrozenSet" or "ToFrozenDictionary" or
                "ToImmutableArray" or "ToImmutableHashSet" or "ToImmutableList" or "ToHashSet" or "ToArray" or "ToList" or "AsReadOnly" or "Of" or "Distinct":
                return OfFactory(call, keys, facts, scope);
            default:
                // A collection expression has no operation in the oldest compiler that we run in: its elements are its children.
                return IsCollectionExpression(value) ? Texts(Values(value.ChildOperations), facts, scope) : null;
        }
    }

    internal static bool IsCollectionExpression(IOperation value) => value.Syntax.GetType().Name == "CollectionExpressionSyntax";

    internal static IEnumerable<IOperation> Values(IOperation.OperationList children)
    {
        foreach (var child in children)
        {
            yield return child;
        }
    }

    private static IReadOnlyList<SqlRope>? OfFactory(IInvocationOperation call, bool keys, ITextFacts facts, IValueScope scope)
    {
        var source = call.Instance;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is not { } parameter || IsComparer(parameter.Type))
            {
                continue;
            }

            if (source is null && parameter.Type.SpecialType != SpecialType.System_String && !parameter.IsParams && call.TargetMethod.Name != "Create")
            {
                source = argument.Value;
            }
            else if (parameter.IsParams || parameter.Type is IArrayTypeSymbol)
            {
                return Created(argument.Value, keys, facts, scope);
            }
        }

        if (source is not null)
        {
            return Elements(source, keys, facts, scope);
        }

        return call.Arguments.Length == 0 ? null
            : Texts(call.Arguments.Where(argument => argument.Parameter is { } p && !IsComparer(p.Type)).Select(argument => argument.Value), facts, scope);
    }

    private static bool IsComparer(ITypeSymbol type) => type.Name is "IEqualityComparer" or "StringComparer" or "IComparer";

    private static IReadOnlyList<SqlRope>? OfCreation(IObjectCreationOperation creation, bool keys, ITextFacts facts, IValueScope scope)
    {
        var texts = new List<SqlRope>();
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter is { } parameter && (IsComparer(parameter.Type) || parameter.Type.SpecialType == SpecialType.System_Int32))
            {
                continue;
            }

            if (Elements(argument.Value, keys, facts, scope) is not { } copied)
            {
                return null;
            }

            texts.AddRange(copied);
        }

        if (creation.Initializer is null)
        {
            return texts.Count == 0 ? null : texts;
        }

        var builder = new SqlTextBuilder(facts, scope);
        foreach (var element in creation.Initializer.Initializers)
        {
            // Add(value), Add(key, value), [key] = value
            var value = element switch
            {
                IInvocationOperation { Arguments: { Length: 1 } arguments } => arguments[0].Value,
                IInvocationOperation { Arguments: { Length: 2 } arguments } => arguments[keys ? 0 : 1].Value,
                ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments: { Length: 1 } index } } assignment =>
                    keys ? index[0].Value : assignment.Value,
                _ => null,
            };
            if (value is null || texts.Count >= MaxElements || builder.Build(value) is not { IsClosed: true } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return texts;
    }

    private static IReadOnlyList<SqlRope>? Texts(IEnumerable<IOperation> values, ITextFacts facts, IValueScope scope)
    {
        var builder = new SqlTextBuilder(facts, scope);
        var texts = new List<SqlRope>();
        foreach (var value in values)
        {
            if (texts.Count >= MaxElements || builder.Build(value) is not { IsClosed: true } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return texts;
    }

    // The value of a local that is declared with it and only read afterwards, as far as a look at its uses tells.
    private static IOperation? LocalInitializer(ILocalReferenceOperation reference)
    {
        var root = HoleValues.RootOf(reference);
        IOperation? initializer = null;
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, reference.Local):
                    initializer = declarator.Initializer?.Value ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer?.Value;
                    break;
                case ILocalReferenceOperation use when SymbolEqualityComparer.Default.Equals(use.Local, reference.Local) && IsChange(use):
                    return null;
            }
        }

        return initializer;
    }

    private static bool IsChange(ILocalReferenceOperation use) => use.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == use,
        IArgumentOperation argument => argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out },
        IInvocationOperation call => call.Instance == use && call.TargetMethod.Name is "Add" or "AddRange" or "Insert" or "TryAdd" or "UnionWith" or "Clear" or "Remove",
        IPropertyReferenceOperation { Parent: IAssignmentOperation assignment } indexer => assignment.Target == indexer,
        IArrayElementReferenceOperation { Parent: IAssignmentOperation assignment } element => assignment.Target == element,
        _ => false,
    };
}
