using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>A value that is supplied for a parameter.</summary>
/// <param name="Value">The expression, without conversions around it; null where only the declaration of a property tells its type.</param>
/// <param name="Type">Its static type.</param>
public sealed record SuppliedValue(IOperation? Value, ITypeSymbol Type);

/// <summary>
/// The values that a call supplies for a parameter, as far as the code around it tells: the holes of an interpolated text, the arguments of
/// a raw method, the members of an object, the entries of a bag, the parameters that are added to a command by name and value alone.
/// </summary>
public static class SuppliedValues
{
    /// <summary>The values that may be bound; empty where nobody knows. Names are compared without case, as PostgreSQL's drivers do.</summary>
    public static ImmutableArray<SuppliedValue> Of(DbCall call, SqlParameter parameter)
    {
        var found = new Search(parameter.Name);
        if (parameter.Style == ParameterStyle.Dollar)
        {
            found.AddPositional(call.Operation);
            return found.ToImmutable();
        }

        switch (call.Text.Form)
        {
            case SqlTextForm.Formattable:
                found.Add(Numbered(call, parameter.Name));
                return found.ToImmutable();
            case SqlTextForm.CompositeFormat:
                found.Add(call.Api.Parameters is { } values && HoleValues.Strip(values) is IArrayCreationOperation { Initializer.ElementValues: var elements } &&
                    NumberOf(parameter.Name) is { } number && number < elements.Length ? elements[number] : null);
                return found.ToImmutable();
        }

        if (call.Api.Parameters is { } supplied)
        {
            found.AddMember(HoleValues.Strip(supplied));
        }
        else
        {
            found.AddBound(call.Operation);
        }

        return found.ToImmutable();
    }

    private static int? NumberOf(string name) =>
        name.Length > 1 && name[0] == 'p' && int.TryParse(name.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The holes become @p0, @p1 .. in the order of the text; with a choice among texts nobody knows which.
    private static IOperation? Numbered(DbCall call, string name)
    {
        var pieces = call.Text.Rope.ToArray();
        return NumberOf(name) is { } number && !pieces.Any(piece => piece is ChoicePiece)
            ? pieces.OfType<HolePiece>().Skip(number).FirstOrDefault()?.Value
            : null;
    }

    private sealed class Search(string name)
    {
        private readonly ImmutableArray<SuppliedValue>.Builder _found = ImmutableArray.CreateBuilder<SuppliedValue>();

        public ImmutableArray<SuppliedValue> ToImmutable() => _found.ToImmutable();

        public void Add(IOperation? value)
        {
            if (value is not null && HoleValues.Strip(value) is { Type: { } type } stripped)
            {
                _found.Add(new SuppliedValue(stripped, type));
            }
        }

        public void AddMember(IOperation value)
        {
            if (value is IAnonymousObjectCreationOperation anonymous)
            {
                foreach (var initializer in anonymous.Initializers)
                {
                    if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment && IsName(target.Property.Name))
                    {
                        Add(assignment.Value);
                    }
                }
            }
            else if (value.Type is { } type && (ParameterBags.AddsItself(type) || ParameterBags.IsDictionary(type)))
            {
                AddEntries(value);
            }
            else if (value.Type is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } owner && HoleValues.ElementType(owner) is null)
            {
                AddProperty(owner);
            }
        }

        private void AddProperty(ITypeSymbol? owner)
        {
            for (; owner is not null; owner = owner.BaseType)
            {
                if (owner.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(property =>
                    property is { IsIndexer: false, IsStatic: false, GetMethod: not null, DeclaredAccessibility: Accessibility.Public } && IsName(property.Name)) is { } found)
                {
                    _found.Add(new SuppliedValue(null, found.Type));
                    return;
                }
            }
        }

        // bag.Add("name", value), { ["name"] = value }, { { "name", value } }; not the ones that name a type for the value.
        private void AddEntries(IOperation bag)
        {
            if (bag is IObjectCreationOperation { Initializer.Initializers: var initializers })
            {
                foreach (var initializer in initializers)
                {
                    AddEntry(initializer);
                }
            }
            else if (bag is ILocalReferenceOperation local)
            {
                foreach (var operation in HoleValues.RootOf(bag).Descendants())
                {
                    switch (operation)
                    {
                        case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when SuppliedParameters.IsSame(local, declarator) &&
                            HoleValues.Strip(value) is IObjectCreationOperation creation:
                            AddEntries(creation);
                            break;
                        case IInvocationOperation { Instance: { } instance } call when SuppliedParameters.IsSame(HoleValues.Strip(instance), local):
                            AddEntry(call);
                            break;
                        case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } owner } } entry
                            when SuppliedParameters.IsSame(HoleValues.Strip(owner), local):
                            AddEntry(entry);
                            break;
                    }
                }
            }
        }

        private void AddEntry(IOperation entry)
        {
            var (arguments, value) = entry switch
            {
                IInvocationOperation call => (call.Arguments, ValueOf(call.Arguments)),
                ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true } target } assignment => (target.Arguments, assignment.Value),
                _ => (ImmutableArray<IArgumentOperation>.Empty, null),
            };
            if (HasName(arguments))
            {
                Add(value);
            }
        }

        public void AddBound(IOperation operation)
        {
            if (SuppliedParameters.CommandOf(operation) is { } command)
            {
                foreach (var candidate in HoleValues.RootOf(operation).Descendants())
                {
                    if (candidate is IPropertyReferenceOperation { Instance: { } owner, Property.Name: var property } parameters &&
                        property == Emit.Parameters.Member && SuppliedParameters.IsSame(HoleValues.Strip(owner), command))
                    {
                        AddParameter(parameters.Parent);
                    }
                }
            }

            foreach (var element in Initialized(operation))
            {
                AddParameter(element);
            }
        }

        // { Parameters = { new() { Value = value } } }: by their order, where none has a name.
        public void AddPositional(IOperation operation)
        {
            var values = Initialized(operation).Select(element => (element as IInvocationOperation)?.Arguments.FirstOrDefault()?.Value)
                .Select(value => value is not null && HoleValues.Strip(value) is IObjectCreationOperation { Arguments.IsEmpty: true, Initializer.Initializers: { Length: 1 } settings }
                    ? settings[0] as ISimpleAssignmentOperation : null).ToList();
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= values.Count &&
                values.All(setting => setting is not null && IsSet(setting, Emit.ParameterValue)))
            {
                Add(values[number - 1]!.Value);
            }
        }

        // new Command(..) { Parameters = { new("name", value) } }
        private static ImmutableArray<IOperation> Initialized(IOperation operation)
        {
            var creation = operation as IObjectCreationOperation ?? (operation.Parent as IObjectOrCollectionInitializerOperation)?.Parent as IObjectCreationOperation;
            return (creation?.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty).OfType<IMemberInitializerOperation>()
                .Where(member => member.InitializedMember is IPropertyReferenceOperation { Property.Name: var property } && property == Emit.Parameters.Member)
                .SelectMany(member => member.Initializer.Initializers).ToImmutableArray();
        }

        // AddWithValue("name", value), Add(new("name", value)), Add(parameter) of a variable that was given its name and value before.
        private void AddParameter(IOperation? added)
        {
            if (added is not IInvocationOperation call || AddNamed(call.Arguments, null))
            {
                return;
            }

            foreach (var argument in call.Arguments)
            {
                switch (HoleValues.Strip(argument.Value))
                {
                    case IObjectCreationOperation creation:
                        AddNamed(creation.Arguments, creation.Initializer);
                        break;
                    case ILocalReferenceOperation local:
                        AddVariable(local);
                        break;
                }
            }
        }

        private bool AddNamed(ImmutableArray<IArgumentOperation> arguments, IObjectOrCollectionInitializerOperation? initializer)
        {
            var settings = initializer?.Initializers.OfType<ISimpleAssignmentOperation>().ToList() ?? [];
            if (!(HasName(arguments) || settings.Any(setting => IsSet(setting, Emit.ParameterName) && IsText(setting.Value))) ||
                arguments.Any(argument => argument.Value.Type is { TypeKind: TypeKind.Enum } && argument.ArgumentKind != ArgumentKind.DefaultValue) ||
                settings.Any(setting => !IsSet(setting, Emit.ParameterName) && !IsSet(setting, Emit.ParameterValue)))
            {
                return false;
            }

            Add(ValueOf(arguments) ?? settings.FirstOrDefault(setting => IsSet(setting, Emit.ParameterValue))?.Value);
            return true;
        }

        private void AddVariable(ILocalReferenceOperation parameter)
        {
            var settings = HoleValues.RootOf(parameter).Descendants().OfType<ISimpleAssignmentOperation>()
                .Where(assignment => assignment.Target is IPropertyReferenceOperation { Instance: { } owner } && SuppliedParameters.IsSame(owner, parameter)).ToList();
            if (settings.All(setting => IsSet(setting, Emit.ParameterName) || IsSet(setting, Emit.ParameterValue)) &&
                settings.Count(setting => IsSet(setting, Emit.ParameterName)) == 1 && settings.Any(setting => IsSet(setting, Emit.ParameterName) && IsText(setting.Value)) &&
                settings.Count == 2)
            {
                Add(settings.First(setting => IsSet(setting, Emit.ParameterValue)).Value);
            }
        }

        private static bool IsSet(ISimpleAssignmentOperation assignment, EmitName member) =>
            assignment.Target is IPropertyReferenceOperation { Property.Name: var property } && property == member.Member;

        private static IOperation? ValueOf(ImmutableArray<IArgumentOperation> arguments) =>
            arguments.FirstOrDefault(argument => argument.Parameter?.Name == "value" && argument.ArgumentKind != ArgumentKind.DefaultValue)?.Value;

        private bool HasName(ImmutableArray<IArgumentOperation> arguments) =>
            arguments.FirstOrDefault(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_String) is { Value: var first } && IsText(first);

        private bool IsText(IOperation value) => value.ConstantValue is { HasValue: true, Value: string text } && IsName(text.TrimStart('@', ':'));

        private bool IsName(string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
    }
}
