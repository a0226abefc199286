using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Model;

/// <summary>What the sources of a compilation say about the model of EF Core, as far as that is certain. Kept by Facts, one per compilation.</summary>
public sealed class EntityModel
{
    private readonly Compilation _compilation;
    private readonly DbApis _apis;
    private readonly Func<string, IReadOnlyList<IInvocationOperation>> _callsOf;
    private readonly Func<string, bool> _mentions;
    private readonly Lazy<IReadOnlyList<IInvocationOperation>> _keys;
    private readonly Lazy<IReadOnlyList<IInvocationOperation>> _navigationSettings;
    private readonly Lazy<IReadOnlyList<IInvocationOperation>> _relations;
    private readonly Lazy<bool> _hasProxies;
    private readonly Lazy<bool> _isSwitched;
    private readonly Lazy<HashSet<ITypeSymbol>> _entities;

    /// <summary>Makes a model that is read when first asked.</summary>
    /// <param name="compilation">The compilation.</param>
    /// <param name="apis">The table.</param>
    /// <param name="callsOf">The calls of methods of a name, in all sources.</param>
    /// <param name="mentions">Whether any source may use a member of a name.</param>
    internal EntityModel(Compilation compilation, DbApis apis, Func<string, IReadOnlyList<IInvocationOperation>> callsOf, Func<string, bool> mentions)
    {
        _compilation = compilation;
        _apis = apis;
        _callsOf = callsOf;
        _mentions = mentions;
        _keys = new(() => Calls(EfModelNames.HasKey, EfModelNames.HasNoKey));
        _navigationSettings = new(() => Calls(EfModelNames.AutoInclude, EfModelNames.EnableLazyLoading));
        _relations = new(() => Calls(EfModelNames.HasForeignKey, EfModelNames.HasPrincipalKey));
        _hasProxies = new(() => Calls(EfModelNames.UseLazyLoadingProxies).Any(call => !call.Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: false })));
        _isSwitched = new(() => EfModelNames.LazyLoadingSwitches.Any(_mentions));
        _entities = new(FindEntities);
    }

    /// <summary>Whether a property alone is certainly the primary key of an entity, so that no two rows share a value.</summary>
    /// <param name="entity">The entity's class.</param>
    /// <param name="property">A property of it.</param>
    /// <param name="context">The context that the query runs on; where it is declared elsewhere, nothing is certain.</param>
    public bool IsOnlyKey(INamedTypeSymbol entity, IPropertySymbol property, ITypeSymbol? context)
    {
        if (!IsHere(entity) || context is null || !IsHere(context) || property.GetAttributes().Any(EfModelNames.IsNotMapped))
        {
            return false;
        }

        for (var type = entity; type is not null; type = type.BaseType)
        {
            if (type.GetAttributes().Any(EfModelNames.SetsKey))
            {
                return false;
            }
        }

        foreach (var call in _keys.Value)
        {
            // A builder that does not tell its entity may be any entity's.
            if (EntityOf(call) is not { } configured || (IsOrDerivesFrom(entity, configured) && !NamesOnly(call, property.Name)))
            {
                return false;
            }
        }

        var properties = PropertiesOf(entity).ToList();
        var marked = properties.Where(candidate => candidate.GetAttributes().Any(EfModelNames.IsKey)).ToList();
        return marked.Count > 0
            ? marked.Count == 1 && marked[0].Name == property.Name
            : EfModelNames.KeyRank(property.Name, entity.Name) is var rank and > 0 && !properties.Any(other => other.Name != property.Name && EfModelNames.KeyRank(other.Name, entity.Name) >= rank);
    }

    /// <summary>Whether reading a property of a tracked entity certainly loads it from the database where nobody has loaded it before.</summary>
    public bool LoadsWhenRead(IPropertySymbol property)
    {
        if (property is not { IsStatic: false, IsIndexer: false, GetMethod: not null, ContainingType: { } type } || property.Type.IsValueType || property.Type.SpecialType == SpecialType.System_String ||
            _apis.Types.DbContext is null)
        {
            return false;
        }

        var isLoading = _hasProxies.Value
            ? (property.IsVirtual || property.IsOverride) && !property.IsSealed && !type.IsSealed
            : HasLoader(type) && property.DeclaringSyntaxReferences.Any(LoadsItself);
        return isLoading && !_isSwitched.Value && IsNavigation(property) && !_navigationSettings.Value.Any(call => Mentions(call, property));
    }

    /// <summary>
    /// The navigation that a property certainly holds the key of, by EF Core's convention (<c>CustomerId</c> of <c>Customer</c>); null where there is none, or
    /// where a source says something else of either.
    /// </summary>
    /// <param name="property">A property of an entity.</param>
    /// <param name="key">The key of the entity that it points to.</param>
    public IPropertySymbol? NavigationOf(IPropertySymbol property, IPropertySymbol key)
    {
        if (!_entities.Value.Contains(property.ContainingType.OriginalDefinition) || !_entities.Value.Contains(key.ContainingType.OriginalDefinition))
        {
            return null;
        }

        var found = property.ContainingType.GetMembers().OfType<IPropertySymbol>().Where(candidate => !candidate.IsStatic && candidate.Name + key.Name == property.Name).ToList();
        return found.Count == 1 && SymbolEqualityComparer.Default.Equals(found[0].Type, key.ContainingType) && found[0].SetMethod is not null && !found[0].GetAttributes().Concat(property.GetAttributes()).Any(EfModelNames.SetsRelation) &&
            _relations.Value.All(call => call.TargetMethod.Name == EfModelNames.HasForeignKey && Mentions(call, property) == Mentions(call, found[0]))
            ? found[0]
            : null;
    }

    /// <summary>Whether any source declares a filter that all queries of an entity apply.</summary>
    public bool HasFilters => _mentions(EfModelNames.HasQueryFilter);

    // The type is that of an entity of this compilation's contexts, or a collection of them.
    private bool IsNavigation(IPropertySymbol property) => !property.GetAttributes().Any(EfModelNames.IsNotMapped) && _entities.Value.Contains(property.ContainingType.OriginalDefinition) &&
        (_entities.Value.Contains(property.Type.OriginalDefinition) ||
        (property.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } elements } && _entities.Value.Contains(elements[0].OriginalDefinition)));

    private static bool HasLoader(INamedTypeSymbol type) => type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(EfModelNames.IsLoader));

    private static bool LoadsItself(SyntaxReference reference) => reference.GetSyntax() is PropertyDeclarationSyntax property &&
        ((SyntaxNode?)property.ExpressionBody ?? property.AccessorList?.Accessors[0]) is { } getter &&
        getter.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.ArgumentList.Arguments is { Count: > 0 } arguments && arguments[0].Expression is ThisExpressionSyntax && call.Expression switch
        {
            MemberAccessExpressionSyntax access => EfModelNames.IsLoad(access.Name.Identifier.ValueText),
            MemberBindingExpressionSyntax binding => EfModelNames.IsLoad(binding.Name.Identifier.ValueText),
            IdentifierNameSyntax => true,
            _ => false,
        });

    // modelBuilder.Entity<Order>().Navigation(o => o.Customer).AutoInclude()
    private static bool Mentions(IInvocationOperation call, IPropertySymbol property) =>
        call.Descendants().Any(part => part is IPropertyReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Property.OriginalDefinition, property.OriginalDefinition)) ||
        call.Descendants().Any(part => part is ILiteralOperation { ConstantValue: { HasValue: true, Value: string name } } && name == property.Name);

    private IReadOnlyList<IInvocationOperation> Calls(params string[] names) =>
        names.SelectMany(_callsOf).Where(call => EfModelNames.IsEf(call.TargetMethod.ContainingType)).ToList();

    private static ITypeSymbol? EntityOf(IInvocationOperation call) =>
        (call.Instance?.Type ?? call.TargetMethod.ContainingType) is INamedTypeSymbol { TypeArguments: { Length: > 0 } arguments } ? arguments[0] : null;

    // HasKey(u => u.Id), HasKey("Id").
    private static bool NamesOnly(IInvocationOperation call, string property)
    {
        if (call.TargetMethod.Name != EfModelNames.HasKey)
        {
            return false;
        }

        var references = call.Arguments.SelectMany(argument => argument.Descendants()).OfType<IPropertyReferenceOperation>().ToList();
        var names = call.Arguments.SelectMany(argument => argument.DescendantsAndSelf()).OfType<ILiteralOperation>().Select(literal => literal.ConstantValue.Value as string).OfType<string>().ToList();
        return references.Count + names.Count == 1 && (references.Count == 1 ? references[0].Property.Name : names[0]) == property;
    }

    private HashSet<ITypeSymbol> FindEntities()
    {
        var entities = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        var open = new Stack<INamespaceOrTypeSymbol>([_compilation.Assembly.GlobalNamespace]);
        while (open.Count > 0)
        {
            foreach (var member in open.Pop().GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                open.Push(member);
                if (member is INamedTypeSymbol type && _apis.Types.DbContext is { } context && IsOrDerivesFrom(type, context))
                {
                    entities.UnionWith(type.GetMembers().OfType<IPropertySymbol>().Select(property => property.Type).OfType<INamedTypeSymbol>()
                        .Where(set => SymbolEqualityComparer.Default.Equals(set.OriginalDefinition, _apis.Types.DbSet)).Select(set => set.TypeArguments[0].OriginalDefinition));
                }
            }
        }

        return entities;
    }

    private bool IsHere(ITypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly);

    private static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol entity)
    {
        for (var type = entity; type is not null; type = type.BaseType)
        {
            foreach (var property in type.GetMembers().OfType<IPropertySymbol>().Where(member => !member.IsStatic))
            {
                yield return property;
            }
        }
    }

    private static bool IsOrDerivesFrom(ITypeSymbol type, ITypeSymbol other)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, other.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
