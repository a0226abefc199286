using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Model;

/// <summary>
/// Completes the declared model of a context by attributes and by EF Core's conventions: which classes are entities, which properties they have, their keys. What comes
/// first wins: the configuration, then attributes, then conventions.
/// </summary>
internal sealed partial class EfConventions
{
    private readonly EfDeclared _model;

    // The navigations that no relation has taken yet.
    private readonly List<Lead> _leads = [];

    private EfConventions(EfDeclared model) => _model = model;

    /// <summary>Completes a model.</summary>
    public static void Apply(EfDeclared model)
    {
        var conventions = new EfConventions(model);
        conventions.FindEntities();
        conventions.FindBases();
        foreach (var entity in conventions.Mapped().ToList())
        {
            conventions.ReadClass(entity);
        }

        foreach (var entity in conventions.Mapped().ToList())
        {
            conventions.FindKey(entity);
        }

        conventions.FindRelations();
        foreach (var entity in conventions.Mapped())
        {
            conventions.FindDiscriminator(entity);
        }
    }

    private IEnumerable<EfEntity> Mapped() => _model.Entities.Values.Where(entity => !entity.IsOwnedType);

    /// <summary>Follows the navigations from class to class.</summary>
    private void FindEntities()
    {
        foreach (var entity in _model.Entities.Values.Where(entity => entity.Type is { } type && (_model.Ignored.Contains(type) || Has(type, EfAttribute.NotMapped))).ToList())
        {
            _model.Entities.Remove(entity.Name);
        }

        var open = new Queue<EfEntity>(Mapped());
        while (open.Count > 0)
        {
            var entity = open.Dequeue();
            if (entity.Type is null)
            {
                continue;
            }

            if (Has(entity.Type, EfAttribute.Owned) && entity.Ownership is null)
            {
                entity.IsOwnedType = true;
                continue;
            }

            foreach (var property in EfTypes.PropertiesOf(entity.Type, null))
            {
                if (IsLeft(entity, property) || entity.Find(property.Name) is { IsExplicit: true } || EfTypes.StoreType(property.Type, _model) is not null)
                {
                    continue;
                }

                if (_model.Entities.Values.FirstOrDefault(owned => owned.Ownership is { } own && own.Owner == entity && own.Navigation == property.Name) is not null)
                {
                    continue;
                }

                var isMany = EfTypes.ElementOf(property.Type) is { };
                var reached = (EfTypes.ElementOf(property.Type) ?? EfTypes.NotNull(property.Type)) as INamedTypeSymbol;
                if (reached is null || reached.TypeKind != TypeKind.Class || reached.SpecialType != SpecialType.None || IsOfFramework(reached) || _model.Ignored.Contains(reached) || Has(reached, EfAttribute.NotMapped))
                {
                    // A type that EF Core cannot store unless it is told how; a plug-in may know it.
                    if (reached is not null && !_model.Ignored.Contains(reached) && !Has(reached, EfAttribute.NotMapped) && EfTypes.IsWritable(property) && EfTypes.IsReadable(property))
                    {
                        entity.IsUncertain |= !_model.TypeRules.Any(rule => Matches(rule.Type, property.Type));
                    }

                    continue;
                }

                if (_model.TypeRules.Any(rule => Matches(rule.Type, property.Type)))
                {
                    continue;
                }

                if (!EfTypes.IsReadable(property) || (!isMany && !EfTypes.IsWritable(property)))
                {
                    continue;
                }

                var name = EntityMaps.NameOf(reached);
                var isOwned = Has(reached, EfAttribute.Owned) || (_model.Entities.TryGetValue(name, out var known) && known.IsOwnedType);
                if (isOwned || Has(reached, EfAttribute.ComplexType))
                {
                    var owned = EfFluent.Own(_model, entity, property.Name, name, reached, isMany, !isOwned, EfSite.Of(property));
                    open.Enqueue(owned);
                    continue;
                }

                if (!_model.Entities.ContainsKey(name))
                {
                    open.Enqueue(_model.Entity(name, reached, EfSite.Of(reached).Or(EfSite.Of(property))));
                }
            }
        }
    }

    /// <summary>Whether a property is not mapped.</summary>
    private static bool IsLeft(EfEntity entity, IPropertySymbol property) =>
        entity.Ignored.Contains(property.Name) || Has(property, EfAttribute.NotMapped);

    private static bool IsOfFramework(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return space == nameof(System) || space.StartsWith("System.", StringComparison.Ordinal) || EfModelNames.IsPlugin(space);
    }

    private void FindBases()
    {
        foreach (var entity in Mapped())
        {
            if (entity.Ownership is not null || entity.Type is null)
            {
                continue;
            }

            if (entity.HasBase)
            {
                entity.Base = entity.BaseName is { } name && _model.Entities.TryGetValue(name, out var named) ? named : null;
                entity.IsUncertain |= entity.BaseName is not null && entity.Base is null;
                continue;
            }

            for (var type = entity.Type.BaseType; type is not null && entity.Base is null; type = type.BaseType)
            {
                entity.Base = _model.Entities.TryGetValue(EntityMaps.NameOf(type), out var found) && !found.IsOwnedType ? found : null;
            }
        }
    }

    /// <summary>Reads the properties of a class, and its attributes.</summary>
    private void ReadClass(EfEntity entity)
    {
        if (entity.Type is not { } type)
        {
            return;
        }

        if (!entity.IsJoin || entity.Ownership is not null)
        {
            entity.ShortName = EfTypes.ShortName(type);
        }

        if (entity.Ownership is not { IsMany: false })
        {
            ReadAttributes(entity, type);
        }

        foreach (var property in EfTypes.PropertiesOf(type, entity.Base?.Type))
        {
            var declared = entity.Properties.FirstOrDefault(candidate => candidate.Name == property.Name);
            if (declared is not { IsExplicit: true } && IsLeft(entity, property))
            {
                continue;
            }

            var isOwned = _model.Entities.Values.Any(owned => owned.Ownership is { } own && own.Owner == entity && own.Navigation == property.Name);
            var hasRule = _model.TypeRules.Any(rule => Matches(rule.Type, property.Type));
            if (declared is { IsExplicit: true } || (!isOwned && (hasRule || EfTypes.StoreType(property.Type, _model) is not null)))
            {
                if (declared is not { IsExplicit: true } && (!EfTypes.IsReadable(property) || !EfTypes.IsWritable(property)))
                {
                    // Of a class compiled elsewhere nobody sees whether it may be set in private.
                    entity.IsUncertain |= EfTypes.IsReadable(property) && declared is null && property.DeclaringSyntaxReferences.IsEmpty && property.SetMethod is null && !IsComputed(property);
                    continue;
                }

                declared ??= entity.Get(property.Name, EfSite.Of(property));
                Fill(declared, property);
            }
            else if (!isOwned && (EfTypes.ElementOf(property.Type) ?? EfTypes.NotNull(property.Type)) is INamedTypeSymbol reached && _model.Entities.TryGetValue(EntityMaps.NameOf(reached), out var target) && !target.IsOwnedType &&
                EfTypes.IsReadable(property) && (EfTypes.ElementOf(property.Type) is not null || EfTypes.IsWritable(property)))
            {
                _leads.Add(new Lead(entity, property, target, EfTypes.ElementOf(property.Type) is not null));
            }
        }

        foreach (var property in entity.Properties.Where(property => property.Symbol is null && property.ClrType is { } clr && (clr.IsReferenceType || clr.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)))
        {
            property.IsNullable = true;
        }
    }

    // A property of an assembly compiled elsewhere without a setter: one without a field is computed, but that is not told.
    private static bool IsComputed(IPropertySymbol property) => property.IsAbstract;

    private void Fill(EfProperty property, IPropertySymbol symbol)
    {
        property.Symbol = symbol;
        property.ClrType = symbol.Type;
        property.Site = property.Column is null ? EfSite.Of(symbol).Or(property.Site) : property.Site;
        property.IsNullable = symbol.Type.IsReferenceType
            ? symbol.NullableAnnotation != NullableAnnotation.NotAnnotated
            : symbol.Type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        if (Get(symbol, EfAttribute.Column) is { } column)
        {
            property.Column ??= column.ConstructorArguments.FirstOrDefault().Value as string ?? Named(column, nameof(ISymbol.Name)) as string;
            property.StoreType ??= Named(column, EfModelNames.TypeName) as string;
        }

        property.MaxLength ??= (Get(symbol, EfAttribute.MaxLength) ?? Get(symbol, EfAttribute.StringLength))?.ConstructorArguments.FirstOrDefault().Value as int?;
        if (property.MaxLength < 0)
        {
            property.MaxLength = null;
        }

        if (property.Precision is null && Get(symbol, EfAttribute.Precision) is { ConstructorArguments: { IsEmpty: false } precision })
        {
            property.Precision = precision[0].Value is int digits ? (digits, precision.Length > 1 ? precision[1].Value as int? : null) : null;
        }

        if (Has(symbol, EfAttribute.Required))
        {
            property.IsRequired ??= true;
        }

        property.IsRowVersion |= Has(symbol, EfAttribute.Timestamp);
        if (Get(symbol, EfAttribute.DatabaseGenerated) is { ConstructorArguments: { IsEmpty: false } generated })
        {
            // None, Identity, Computed.
            property.IsValueGeneratedNever |= generated[0].Value is 0;
            property.IsGenerated |= generated[0].Value is 1;
        }

        foreach (var (ruled, change) in _model.TypeRules)
        {
            if (Matches(ruled, symbol.Type))
            {
                var ruledOnly = new EfProperty("");
                change(ruledOnly);
                property.StoreType ??= ruledOnly.StoreType;
                property.MaxLength ??= ruledOnly.MaxLength;
                property.Precision ??= ruledOnly.Precision;
                property.Provider ??= property.IsConverted ? null : ruledOnly.Provider;
                property.IsConverted |= ruledOnly.IsConverted;
                property.IsUncertain |= ruledOnly.IsUncertain;
            }
        }
    }

    // Properties<string>() speaks of strings, Properties<Base>() of all classes below too.
    private static bool Matches(ITypeSymbol rule, ITypeSymbol type)
    {
        type = EfTypes.NotNull(type);
        rule = EfTypes.NotNull(rule);
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, rule) || SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, rule))
            {
                return true;
            }
        }

        return rule.TypeKind == TypeKind.Interface && type.AllInterfaces.Any(contract => SymbolEqualityComparer.Default.Equals(contract, rule) || SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, rule.OriginalDefinition));
    }

    private static void ReadAttributes(EfEntity entity, INamedTypeSymbol type)
    {
        if (!entity.HasTable && Get(type, EfAttribute.Table) is { ConstructorArguments: { IsEmpty: false } table } attribute)
        {
            entity.HasTable = true;
            entity.Table = table[0].Value as string;
            entity.Schema ??= Named(attribute, EfModelNames.Schema) as string;
            entity.HasSchema |= entity.Schema is not null;
        }

        entity.IsKeyless |= entity.PrimaryKey is null && Has(type, EfAttribute.Keyless);
        entity.IsUncertain |= Has(type, EfAttribute.EntityTypeConfiguration);
        for (var at = type; at is not null && !SymbolEqualityComparer.Default.Equals(at, entity.Base?.Type); at = at.BaseType)
        {
            foreach (var index in at.GetAttributes().Where(candidate => EfModelNames.Is(candidate, EfAttribute.Index)))
            {
                Index(entity, index);
            }

            if (entity.PrimaryKey is null && Get(at, EfAttribute.PrimaryKey) is { } key)
            {
                entity.PrimaryKey = new EfKey(Strings(key), SiteOf(key));
            }
        }
    }

    private static void Index(EfEntity entity, AttributeData attribute)
    {
        var properties = Strings(attribute);
        var name = Named(attribute, nameof(ISymbol.Name)) as string;
        var index = entity.Indexes.FirstOrDefault(candidate => candidate.ModelName == name && candidate.Properties.SequenceEqual(properties));
        if (index is null)
        {
            entity.Indexes.Add(index = new EfIndex(properties, SiteOf(attribute)) { ModelName = name, Name = name });
        }

        index.IsUnique |= Named(attribute, nameof(EfIndex.IsUnique)) is true;
        if (Named(attribute, EfModelNames.AllDescending) is true)
        {
            index.Descending ??= [];
        }

        var each = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == EfModelNames.IsDescending).Value;
        if (each.Kind == TypedConstantKind.Array)
        {
            index.Descending ??= each.Values.Select(value => value.Value is true).ToList();
        }
    }

    // Index("A", "B"), Index("A", params others)
    private static List<string> Strings(AttributeData attribute) =>
        attribute.ConstructorArguments.SelectMany(argument => argument.Kind == TypedConstantKind.Array ? argument.Values.Select(value => value.Value) : [argument.Value]).OfType<string>().ToList();

    private static EfSite SiteOf(AttributeData attribute) => EfSite.Of(attribute.ApplicationSyntaxReference?.GetSyntax());

    private static bool Has(ISymbol symbol, EfAttribute name) => Get(symbol, name) is not null;

    private static AttributeData? Get(ISymbol symbol, EfAttribute name) => symbol.GetAttributes().FirstOrDefault(attribute => EfModelNames.Is(attribute, name));

    private static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { Kind: not (TypedConstantKind.Array or TypedConstantKind.Error) } value ? value.Value : null;

    private void FindKey(EfEntity entity)
    {
        if (entity.Ownership is not null || entity.IsKeyless || entity.Base is not null || entity.PrimaryKey is not null)
        {
            return;
        }

        var properties = entity.Properties;
        var marked = properties.Where(property => property.Symbol is { } symbol && Has(symbol, EfAttribute.Key)).ToList();
        if (marked.Count > 0)
        {
            entity.PrimaryKey = new EfKey(marked.Select(property => property.Name).ToList(), marked[0].Site);
            return;
        }

        var ranked = properties.Select(property => (Property: property, Rank: EfModelNames.KeyRank(property.Name, entity.ShortName))).Where(candidate => candidate.Rank > 0).OrderByDescending(candidate => candidate.Rank).ToList();
        if (ranked.Count > 0 && !(ranked.Count > 1 && ranked[0].Rank == ranked[1].Rank))
        {
            entity.PrimaryKey = new EfKey([ranked[0].Property.Name], ranked[0].Property.Site);
        }
    }

    private void FindDiscriminator(EfEntity entity)
    {
        if (entity.Base is not null || entity.Discriminator is not null || entity.IsTablePerType || entity.Ownership is not null)
        {
            return;
        }

        var below = _model.Entities.Values.Where(other => other.Root == entity && other != entity).ToList();
        if (below.Count == 0)
        {
            return;
        }

        // Classes below with tables of their own: one table for each.
        if (below.Any(other => other.HasTable && other.Table is not null && other.Table != entity.Table) || below.Any(other => other.IsTablePerType))
        {
            entity.IsTablePerType = true;
            return;
        }

        var property = entity.Get(EfModelNames.Discriminator, entity.Site);
        property.StoreType ??= DiscriminatorType(below.Prepend(entity));
        property.IsRequired = true;
        entity.Discriminator = property;
    }

    // Since EF Core 8 as long as the longest name, rounded up along the sequence of Fibonacci.
    private string DiscriminatorType(IEnumerable<EfEntity> entities)
    {
        if (_model.Version is > 0 and < 8)
        {
            return "text";
        }

        var longest = entities.Select(entity => (entity.DiscriminatorValue ?? entity.ShortName).Length).DefaultIfEmpty(1).Max();
        var (previous, current) = (1, 1);
        while (longest > current)
        {
            (previous, current) = (current, current + previous);
        }

        return $"character varying({current})";
    }

    /// <summary>A property that leads to another entity.</summary>
    private sealed record Lead(EfEntity From, IPropertySymbol Property, EfEntity To, bool IsMany)
    {
        public string Name => Property.Name;
    }
}
