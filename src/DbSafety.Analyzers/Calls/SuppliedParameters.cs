using System.Globalization;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>The names of the parameters that a call supplies, as far as the code around it tells.</summary>
public static class SuppliedParameters
{
    /// <summary>The names, without <c>@</c> or <c>:</c>; compared without case, as PostgreSQL's drivers do.</summary>
    public static HashSet<string> Of(DbCall call)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        switch (call.Text.Form)
        {
            case SqlTextForm.Formattable:
                AddNumbered(names, call.Text.Rope.Count);
                return names;
            case SqlTextForm.CompositeFormat:
                AddNumbered(names, call.Api.Parameters is { } values ? Count(values) : int.MaxValue);
                break;
        }

        if (call.Api.Parameters is { } supplied)
        {
            AddMembers(Strip(supplied), names);
        }

        if (CommandOf(call.Operation) is { } command)
        {
            foreach (var operation in Text.HoleValues.RootOf(call.Operation).Descendants())
            {
                if (operation is IPropertyReferenceOperation { Instance: { } owner, Property.Name: var property } parameters &&
                    property == Emit.Parameters.Member && IsSame(Strip(owner), command))
                {
                    AddPassed(parameters.Parent, names);
                }
            }
        }

        AddInitialized(call.Operation, names);
        return names;
    }

    private static void AddNumbered(HashSet<string> names, int count)
    {
        for (var i = 0; i < Math.Min(count, 100); i++)
        {
            names.Add("p" + i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static int Count(IOperation values) => Strip(values) is IArrayCreationOperation { Initializer.ElementValues.Length: var count } ? count : 100;

    // An anonymous object, an object of a class, or a bag of parameters that is filled in this body.
    private static void AddMembers(IOperation value, HashSet<string> names)
    {
        if (value.Type is { IsAnonymousType: true } or { TypeKind: TypeKind.Class, SpecialType: SpecialType.None })
        {
            foreach (var member in value.Type.GetMembers())
            {
                if (member is IPropertySymbol { IsIndexer: false, DeclaredAccessibility: Accessibility.Public })
                {
                    names.Add(member.Name);
                }
            }
        }

        if (value is ILocalReferenceOperation)
        {
            foreach (var operation in Text.HoleValues.RootOf(value).Descendants())
            {
                if (operation is IInvocationOperation { Instance: { } instance } call && IsSame(Strip(instance), value))
                {
                    AddFirstText(call, names);
                }
            }
        }
        else if (value is IObjectCreationOperation { Initializer: { } initializer })
        {
            AddFirstText(initializer, names);
        }
    }

    // new Command(..) { Parameters = { new("name", value) } }
    private static void AddInitialized(IOperation operation, HashSet<string> names)
    {
        var creation = operation as IObjectCreationOperation ??
            (operation.Parent as IObjectOrCollectionInitializerOperation)?.Parent as IObjectCreationOperation;
        if (creation?.Initializer is not { Initializers: var initializers })
        {
            return;
        }

        foreach (var initializer in initializers)
        {
            if (initializer is IMemberInitializerOperation { InitializedMember: IPropertyReferenceOperation property } member &&
                property.Property.Name == Emit.Parameters.Member)
            {
                foreach (var element in member.Initializer.Initializers)
                {
                    AddFirstText(element, names);
                }
            }
        }
    }

    // Parameters.Add(..): with the name in it, or of a variable that was given its name before.
    private static void AddPassed(IOperation? operation, HashSet<string> names)
    {
        if (AddFirstText(operation, names) || operation is not IInvocationOperation call)
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            if (Strip(argument.Value) is not ILocalReferenceOperation parameter)
            {
                continue;
            }

            foreach (var other in Text.HoleValues.RootOf(call).Descendants())
            {
                switch (other)
                {
                    case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, parameter.Local):
                        AddFirstText(declarator, names);
                        break;
                    case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: ILocalReferenceOperation owner } target } assignment
                        when target.Property.Name == Emit.ParameterName.Member && IsSame(owner, parameter):
                        AddFirstText(assignment, names);
                        break;
                }
            }
        }
    }

    // The first constant text in it is the parameter's name.
    private static bool AddFirstText(IOperation? operation, HashSet<string> names)
    {
        if (operation is null)
        {
            return false;
        }

        foreach (var descendant in operation.Descendants())
        {
            if (descendant.ConstantValue is { HasValue: true, Value: string { Length: > 0 } name })
            {
                names.Add(name.TrimStart('@', ':'));
                return true;
            }
        }

        return false;
    }

    // The variable that holds the command whose text this is.
    internal static IOperation? CommandOf(IOperation operation)
    {
        if (operation is IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation } target })
        {
            return target.Instance;
        }

        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IVariableDeclaratorOperation declarator:
                    return declarator;
                case IConversionOperation or IVariableInitializerOperation or IAwaitOperation or IObjectOrCollectionInitializerOperation or IObjectCreationOperation:
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }

    internal static bool IsSame(IOperation left, IOperation right) => (left, right) switch
    {
        (ILocalReferenceOperation a, IVariableDeclaratorOperation b) => SymbolEqualityComparer.Default.Equals(a.Local, b.Symbol),
        (ILocalReferenceOperation a, ILocalReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Local, b.Local),
        (IParameterReferenceOperation a, IParameterReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Parameter, b.Parameter),
        (IFieldReferenceOperation a, IFieldReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Field, b.Field),
        _ => false,
    };

    private static IOperation Strip(IOperation value) => Text.HoleValues.Strip(value);
}
