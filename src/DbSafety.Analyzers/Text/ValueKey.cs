using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Text;

/// <summary>A variable that is followed through a body: a local or a parameter, or a chain of members that begins at one, or at <c>this</c>.</summary>
internal readonly struct ValueKey : IEquatable<ValueKey>
{
    private readonly ISymbol _root;
    private readonly string _path;

    private ValueKey(ISymbol root, string path)
    {
        _root = root;
        _path = path;
    }

    /// <summary>The local or parameter itself, or null where this is a chain of members.</summary>
    public ISymbol? Variable => _path.Length == 0 ? _root : null;

    public static ValueKey Of(ISymbol variable) => new(variable, "");

    public ValueKey Member(string name) => new(_root, _path + "." + name);

    public static ValueKey? Of(IOperation reference)
    {
        switch (HoleValues.Strip(reference))
        {
            case ILocalReferenceOperation local:
                return new ValueKey(local.Local, "");
            case IParameterReferenceOperation parameter:
                return new ValueKey(parameter.Parameter, "");
            case IFieldReferenceOperation { Field.IsStatic: true } field:
                return new ValueKey(field.Field, "");
            case IPropertyReferenceOperation { Property.IsStatic: true, Arguments.Length: 0 } property:
                return new ValueKey(property.Property, "");
            case IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } member
                when member is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.Length: 0 }:
                return new ValueKey(member.Member, "");
            case IMemberReferenceOperation { Instance: { } instance } member
                when member is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.Length: 0 }:
                return Of(instance)?.Member(member.Member.Name);
            default:
                return null;
        }
    }

    public bool Equals(ValueKey other) => _path == other._path && SymbolEqualityComparer.Default.Equals(_root, other._root);

    public override bool Equals(object? obj) => obj is ValueKey other && Equals(other);

    public override int GetHashCode() => (SymbolEqualityComparer.Default.GetHashCode(_root) * 397) ^ _path.GetHashCode();
}
