using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>A parameter in the place of a list, for which a call certainly supplies a collection of values.</summary>
/// <param name="Variant">The text in which it stands so.</param>
/// <param name="Tree">The tree of that text.</param>
/// <param name="Parameter">The parameter in the SQL text.</param>
/// <param name="Supplied">The collection; of several that may be bound the first.</param>
/// <param name="Element">The type of its elements.</param>
public sealed record ListUse(SqlVariant Variant, SqlTree Tree, ListParameter Parameter, SuppliedValue Supplied, ITypeSymbol Element)
{
    /// <summary>Whether no other value may be bound.</summary>
    public bool IsOnly { get; init; }

    /// <summary>Whether the collection is a list of its elements by its static type.</summary>
    public bool IsList => Sequences.IsList(Supplied.Type);

    /// <summary>Whether the collection can't be a list of its elements at run time: a set, a queue, an iterator.</summary>
    public bool IsNeverList => IsOnly && (
        Sequences.IsUnlistedCollection(Supplied.Type) || (Supplied.Value is { } value && ListUses.Origin(value) is { } origin &&
            (Sequences.IsUnlistedCollection(origin.Type!) || (origin is IInvocationOperation call && ListUses.IsIterator(call.TargetMethod)))));

    /// <summary>The type of what is compared with the list, told by the statement or by the schema, or null.</summary>
    public string? ComparedType(SchemaCatalog schema)
    {
        var (before, after) = Parameter.Form == ListForm.Bare ? ("(", ")") : ("", "");
        var site = SqlParser.SiteOf(Tree.Source, Parameter.Parameter.Span, before: before, after: after);
        return site.ExpectedType ?? (site.Column is { } column ? schema.ColumnType(column) : null);
    }
}

/// <summary>The lists that a call passes as parameters.</summary>
public static class ListUses
{
    /// <summary>The parameters of a call that stand where a list is compared, in the order of the text, each place once.</summary>
    public static ImmutableArray<ListUse> Of(DbCall call)
    {
        if (call.Trees.All(tree => tree.ListParameters.IsEmpty))
        {
            return ImmutableArray<ListUse>.Empty;
        }

        var found = ImmutableArray.CreateBuilder<ListUse>();
        for (var v = 0; v < call.Trees.Length; v++)
        {
            var (variant, tree) = (call.Text.Variants[v], call.Trees[v]);
            foreach (var parameter in tree.Errors.IsEmpty ? tree.ListParameters : ImmutableArray<ListParameter>.Empty)
            {
                var supplied = SuppliedValues.Of(call, parameter.Parameter);
                if (!supplied.IsEmpty && supplied.All(value => ElementOf(value.Type) is not null) &&
                    !found.Any(other => other.Parameter.Form == parameter.Form && Equals(other.Variant.Locate(other.Parameter.Span), variant.Locate(parameter.Span))))
                {
                    found.Add(new ListUse(variant, tree, parameter, supplied[0], ElementOf(supplied[0].Type)!) { IsOnly = supplied.Length == 1 });
                }
            }
        }

        return found.ToImmutable();
    }

    // Bytes and characters are one value together; so may be a collection of objects.
    private static ITypeSymbol? ElementOf(ITypeSymbol type) =>
        HoleValues.ElementType(type) is { } element && (HoleValues.IsScalar(element) || element.SpecialType == SpecialType.System_String) &&
        element.SpecialType is not (SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Char)
            ? element
            : null;

    /// <summary>What a value is made by: the expression itself, or the only one that the variable it reads was ever given; null where nobody knows.</summary>
    internal static IOperation? Origin(IOperation value)
    {
        if (value is not ILocalReferenceOperation { Local: { } local })
        {
            return value is ITranslatedQueryOperation query ? query.Operation : value;
        }

        IOperation? origin = null;
        foreach (var operation in HoleValues.RootOf(value).Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Initializer.Value: { } given } declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local):
                    origin = HoleValues.Strip(given) is ITranslatedQueryOperation query ? query.Operation : HoleValues.Strip(given);
                    break;
                case IAssignmentOperation { Target: var target } when IsWritten(target, local):
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: var passed } when IsWritten(passed, local):
                    return null;
            }
        }

        return origin is ILocalReferenceOperation or { Type: null } ? null : origin;
    }

    // local = .., (local, other) = ..
    private static bool IsWritten(IOperation target, ILocalSymbol local) => target switch
    {
        ILocalReferenceOperation written => SymbolEqualityComparer.Default.Equals(written.Local, local),
        ITupleOperation tuple => tuple.Elements.Any(element => IsWritten(element, local)),
        _ => false,
    };

    /// <summary>Whether a method returns an iterator: one of the base class library's, or a method of this compilation that yields.</summary>
    internal static bool IsIterator(IMethodSymbol method) => Sequences.ReturnsIterator(method) ||
        (!method.IsAbstract && !method.IsVirtual && !method.IsOverride && method.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax() is var body && body.DescendantNodes(node => node == body || node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax))
                .Any(node => node is YieldStatementSyntax)));
}
