using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>
/// Which database does a call talk to? What the option says; else the static type of the connection; else what the connection is made of, through
/// locals, fields, properties and source methods; else the one database whose library the compilation references. Several possible: undecided.
/// </summary>
public sealed class Providers
{
    /// <summary>How many steps from a connection to what it is made of are followed; more are rare, and a cycle must end.</summary>
    private const int MaxSteps = 8;

    private readonly Func<SyntaxTree, SemanticModel?> models;
    private readonly Provider? option;
    private readonly Provider referenced;
    private readonly Provider referencedByEf;

    /// <summary>Reads the references of the compilation.</summary>
    /// <param name="apis">The APIs of the compilation.</param>
    /// <param name="option">The value of the option <c>dbsafety.provider</c>, or null; a value that names no database counts as absent.</param>
    /// <param name="models">The semantic model of a tree of this compilation, or null for a foreign tree. Without it only the call's own tree is read.</param>
    public Providers(DbApis apis, string? option, Func<SyntaxTree, SemanticModel?>? models = null)
    {
        this.models = models ?? (_ => null);
        this.option = DbApiTable.ProviderNamed(option);
        referenced = TheOnlyOne(apis, DbApiTable.Assemblies);
        referencedByEf = TheOnlyOne(apis, DbApiTable.EfAssemblies);
        if (referencedByEf == Provider.Undecided && !apis.ReferencedAssemblies.Any(name => DbApiTable.EfAssemblies.ContainsKey(name.Name)))
        {
            referencedByEf = referenced;
        }
    }

    /// <summary>The database that a call talks to.</summary>
    public Provider Of(DbApiMatch match)
    {
        if (option is { } named)
        {
            return named;
        }

        if (match.Row.Library == DbLibrary.Npgsql)
        {
            return Provider.PostgreSql;
        }

        if (match.Operation is IObjectCreationOperation && OfType(match.Operation.Type) is var created and not Provider.Undecided)
        {
            return created;
        }

        return OfValue(match.Connection, 0) is var found and not Provider.Undecided ? found
            : match.Row.Library == DbLibrary.EfCore ? referencedByEf
            : referenced;
    }

    /// <summary>The database that an execution talks to.</summary>
    public Provider Of(DbExecution execution) =>
        option ?? (execution.Call?.Provider is { } told and not Provider.Undecided ? told
            : OfValue(execution.Connection, 0) is var found and not Provider.Undecided ? found
            : execution.Library == DbLibrary.EfCore ? referencedByEf
            : referenced);

    /// <summary>The database of a type of connections, commands, data sources or factories; undecided for the contracts of the base class library.</summary>
    public Provider OfType(ITypeSymbol? type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return Agree(parameter.ConstraintTypes.Select(OfType).Where(provider => provider != Provider.Undecided));
        }

        for (; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
        {
            if (type.ContainingNamespace is { IsGlobalNamespace: false } space)
            {
                var name = space.ToDisplayString();
                if (DbApiTable.Namespaces.TryGetValue(name, out var provider))
                {
                    return provider;
                }

                if (DbApiTable.IsEfNamespace(name) && !type.IsStatic)
                {
                    return referencedByEf;
                }
            }
        }

        return Provider.Undecided;
    }

    private static Provider TheOnlyOne(DbApis apis, IReadOnlyDictionary<string, Provider> table) =>
        Agree(apis.ReferencedAssemblies
            .Select(name => table.TryGetValue(name.Name, out var provider) ? provider : Provider.Undecided)
            .Where(provider => provider != Provider.Undecided));

    private static Provider Agree(IEnumerable<Provider> providers)
    {
        Provider? all = null;
        foreach (var provider in providers)
        {
            if (all is { } before && before != provider)
            {
                return Provider.Undecided;
            }

            all = provider;
        }

        return all ?? Provider.Undecided;
    }

    private Provider OfValue(IOperation? value, int step)
    {
        if (value is null || step > MaxSteps)
        {
            return Provider.Undecided;
        }

        if (OfType(value.Type) is var provider and not Provider.Undecided)
        {
            return provider;
        }

        step++;
        return value switch
        {
            IConversionOperation conversion => OfValue(conversion.Operand, step),
            IAwaitOperation awaited => OfValue(awaited.Operation, step),
            IConditionalOperation { WhenFalse: { } other } choice => OfAll([choice.WhenTrue, other], step),
            ICoalesceOperation choice => OfAll([choice.Value, choice.WhenNull], step),
            ISimpleAssignmentOperation assignment => OfValue(assignment.Value, step),
            IConditionalAccessOperation access => OfValue(access.WhenNotNull, step),
            IConditionalAccessInstanceOperation => OfValue(Accessed(value), step),
            IObjectCreationOperation creation => OfCreation(creation, step),
            ILocalReferenceOperation local => OfAll(ValuesOf(local), step),
            IFieldReferenceOperation field => OfMember(field, step),
            IPropertyReferenceOperation property => OfMember(property, step),
            IInvocationOperation call => OfCall(call, step),
            _ => Provider.Undecided,
        };
    }

    private Provider OfAll(IEnumerable<IOperation> values, int step) =>
        Agree(values.Where(value => value.ConstantValue is not { HasValue: true, Value: null }).Select(value => OfValue(value, step)));

    private static IOperation? Accessed(IOperation instance)
    {
        for (var parent = instance.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IConditionalAccessOperation access && !access.Operation.Syntax.Span.Contains(instance.Syntax.Span))
            {
                return access.Operation;
            }
        }

        return null;
    }

    /// <summary>A command with its connection, or a connection of the user's own around another.</summary>
    private Provider OfCreation(IObjectCreationOperation creation, int step) =>
        DbApiMatch.ConnectionOf(creation) is { } connection
            ? OfValue(connection, step)
            : Agree(creation.Arguments.Select(argument => OfValue(argument.Value, step)).Where(provider => provider != Provider.Undecided));

    /// <summary>What a source method returns; else a connection's command, transaction and so on are its own.</summary>
    private Provider OfCall(IInvocationOperation call, int step)
    {
        var method = call.TargetMethod;
        if (!MayBeOverridden(method) && OfAll(BodyValues(method, call), step) is var body and not Provider.Undecided)
        {
            return body;
        }

        var extended = method.IsExtensionMethod ? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value : null;
        return OfReceiver(call.Instance ?? extended, step);
    }

    private Provider OfMember(IMemberReferenceOperation reference, int step) =>
        OfAll(ValuesOf(reference), step) is var found and not Provider.Undecided ? found : OfReceiver(reference.Instance, step);

    /// <summary>A member of a contract of the base class library, or of EF Core, belongs to the database of its receiver.</summary>
    private Provider OfReceiver(IOperation? receiver, int step) =>
        receiver?.Type is { } type
        && (OfType(type) != Provider.Undecided || DbApiTable.IsAdoNetNamespace(type.ContainingNamespace?.ToDisplayString()))
            ? OfValue(receiver, step)
            : Provider.Undecided;

    private IEnumerable<IOperation> ValuesOf(ILocalReferenceOperation reference)
    {
        var local = reference.Local;
        foreach (var declaration in local.DeclaringSyntaxReferences)
        {
            if (declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value }
                && OperationOf(value, reference) is { } operation)
            {
                yield return operation;
            }
        }

        IOperation root = reference;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        foreach (var operation in root.Descendants())
        {
            if (operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment
                && SymbolEqualityComparer.Default.Equals(target.Local, local))
            {
                yield return assignment.Value;
            }
        }
    }

    /// <summary>Initialisers, getters, and assignments anywhere in the declaring type of a field or property that nobody else can set.</summary>
    private IEnumerable<IOperation> ValuesOf(IMemberReferenceOperation reference)
    {
        var member = reference.Member.OriginalDefinition;
        if (MayBeOverridden(member) || MayBeSetElsewhere(member))
        {
            yield break;
        }

        foreach (var declaration in member.DeclaringSyntaxReferences)
        {
            var value = declaration.GetSyntax() switch
            {
                VariableDeclaratorSyntax field => field.Initializer?.Value,
                PropertyDeclarationSyntax property => property.ExpressionBody?.Expression ?? property.Initializer?.Value,
                _ => null,
            };
            if (value is not null && OperationOf(value, reference) is { } operation)
            {
                yield return operation;
            }
        }

        if (member is IPropertySymbol { GetMethod: { } getter })
        {
            foreach (var value in BodyValues(getter, reference))
            {
                yield return value;
            }
        }

        foreach (var declaration in member.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var assignment in declaration.GetSyntax().DescendantNodes().OfType<AssignmentExpressionSyntax>())
            {
                if (assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
                    && NameOf(assignment.Left) == member.Name
                    && OperationOf(assignment, reference) is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } found
                    && SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, member))
                {
                    yield return found.Value;
                }
            }
        }
    }

    private static bool MayBeOverridden(ISymbol member) => member.IsAbstract || member.IsVirtual || (member.IsOverride && !member.IsSealed);

    private static bool MayBeSetElsewhere(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly && field.DeclaredAccessibility != Accessibility.Private,
        IPropertySymbol property => property.SetMethod is { } setter && setter.DeclaredAccessibility != Accessibility.Private,
        _ => true,
    };

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.ValueText,
        _ => null,
    };

    private IEnumerable<IOperation> BodyValues(IMethodSymbol method, IOperation from)
    {
        foreach (var declaration in method.OriginalDefinition.DeclaringSyntaxReferences)
        {
            var syntax = declaration.GetSyntax();
            var values = syntax is ArrowExpressionClauseSyntax arrow ? [arrow.Expression] : syntax
                .DescendantNodes(node => node == syntax || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
                .Select(node => node switch
                {
                    ReturnStatementSyntax returned => returned.Expression,
                    ArrowExpressionClauseSyntax body => body.Expression,
                    _ => null,
                });
            foreach (var value in values)
            {
                if (value is not null && OperationOf(value, from) is { } operation)
                {
                    yield return operation;
                }
            }
        }
    }

    private IOperation? OperationOf(ExpressionSyntax syntax, IOperation from)
    {
        // Neither has an operation of its own.
        while (true)
        {
            if (syntax is ParenthesizedExpressionSyntax inner)
            {
                syntax = inner.Expression;
            }
            else if (syntax is PostfixUnaryExpressionSyntax forgiven && forgiven.IsKind(SyntaxKind.SuppressNullableWarningExpression))
            {
                syntax = forgiven.Operand;
            }
            else
            {
                break;
            }
        }

        var model = syntax.SyntaxTree == from.Syntax.SyntaxTree ? from.SemanticModel : models(syntax.SyntaxTree);
        return model?.GetOperation(syntax);
    }
}
