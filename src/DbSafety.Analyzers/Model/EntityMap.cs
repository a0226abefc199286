using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Model;

/// <summary>A property of an entity and the column that it is stored in.</summary>
/// <param name="Name">The property's name; also of a property that only the model has.</param>
/// <param name="Column">The column, or null where nobody knows, or where there is none (a property inside a JSON document).</param>
/// <param name="Type">The type of the column as it is declared (<c>character varying(20)</c>), or null where not known.</param>
public sealed record PropertyMap(string Name, string? Column, string? Type)
{
    /// <summary>The property of the class, or null for one that only the model has.</summary>
    public IPropertySymbol? Symbol { get; init; }

    /// <summary>The type of its values in C#, or null where not known.</summary>
    public ITypeSymbol? ClrType { get; init; }

    /// <summary>Whether the column is NOT NULL.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether a converter stands between the property and the column, so that their values are not the same.</summary>
    public bool IsConverted { get; init; }

    /// <summary>Whether it is an enum that is stored as its names.</summary>
    public bool IsEnumText { get; init; }

    /// <summary>Whether it is only in the model, not in the class (a shadow property).</summary>
    public bool IsShadow => Symbol is null;
}

/// <summary>Two columns by which a join goes.</summary>
/// <param name="Here">The property of the entity that has the navigation.</param>
/// <param name="There">The property of the entity that it leads to.</param>
public readonly record struct JoinPair(PropertyMap Here, PropertyMap There);

/// <summary>The table between two entities of a many-to-many relation.</summary>
/// <param name="Table">The table.</param>
/// <param name="Here">Its columns that point to the entity that has the navigation, beside that entity's properties.</param>
/// <param name="There">Its columns that point to the entity that it leads to, beside that entity's properties.</param>
public sealed record JoinTable(ObjectName Table, ImmutableArray<(string Column, PropertyMap Property)> Here, ImmutableArray<(string Column, PropertyMap Property)> There);

/// <summary>A property of an entity that leads to other entities.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Target">What it leads to.</param>
/// <param name="Pairs">The columns of the join, in the order of the foreign key; empty where a <see cref="JoinTable"/> is between them, and for what is stored with its owner.</param>
public sealed record NavigationMap(string Name, EntityMap Target, ImmutableArray<JoinPair> Pairs)
{
    /// <summary>The property.</summary>
    public IPropertySymbol? Symbol { get; init; }

    /// <summary>Whether it leads to many.</summary>
    public bool IsCollection { get; init; }

    /// <summary>Whether the foreign key is here, so that it leads to the principal.</summary>
    public bool IsDependent { get; init; }

    /// <summary>Whether there is always one at the other end: a dependent whose foreign key may not be null, or an owned part that is required.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the target is owned: its rows belong to this entity.</summary>
    public bool IsOwned { get; init; }

    /// <summary>Whether the target stands in this entity's own row: its columns are those of <see cref="EntityMap.Table"/>, the same as here.</summary>
    public bool IsInline { get; init; }

    /// <summary>Whether the target is stored in one JSON column, <see cref="JsonColumn"/>.</summary>
    public bool IsJson => JsonColumn is not null;

    /// <summary>The column of the JSON document, or null.</summary>
    public string? JsonColumn { get; init; }

    /// <summary>The table of a many-to-many relation, or null.</summary>
    public JoinTable? Join { get; init; }

    /// <summary>Whether something about it is not certain: then its pairs tell nothing.</summary>
    public bool IsUncertain { get; init; }

    // They lead to one another.
    /// <inheritdoc/>
    public bool Equals(NavigationMap? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode();
}

/// <summary>
/// How a class is stored, as EF Core's model tells: the table, and which property is which column. What is not certain is null, or <see cref="IsUncertain"/>.
/// </summary>
public sealed class EntityMap
{
    private readonly Dictionary<string, PropertyMap> _properties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NavigationMap> _navigations = new(StringComparer.Ordinal);

    internal EntityMap(string name, INamedTypeSymbol? type)
    {
        Name = name;
        Type = type;
    }

    /// <summary>The full name of the class; of an entity without a class of its own its name in the model.</summary>
    public string Name { get; }

    /// <summary>The class, or null where this compilation has none of that name.</summary>
    public INamedTypeSymbol? Type { get; }

    /// <summary>The table, or null: it is not known, or a view or a query stands for it.</summary>
    public ObjectName? Table { get; internal set; }

    /// <summary>The view that it is read from, or null.</summary>
    public ObjectName? View { get; internal set; }

    /// <summary>The query that it is read from (<c>ToSqlQuery</c>), or null.</summary>
    public string? Query { get; internal set; }

    /// <summary>What a query reads: the view, else the table; null where not known, and for a query.</summary>
    public ObjectName? Source => Query is null ? View ?? Table : null;

    /// <summary>Whether it has no key.</summary>
    public bool IsKeyless { get; internal set; }

    /// <summary>Whether every query of it has a condition that is written elsewhere (<c>HasQueryFilter</c>), or may have.</summary>
    public bool HasQueryFilter { get; internal set; }

    /// <summary>Whether it may be stored in another way than told here.</summary>
    public bool IsUncertain { get; internal set; }

    /// <summary>Whether it is owned: it stands with its owner's row, or in a table of its own that belongs to the owner.</summary>
    public bool IsOwned { get; internal set; }

    /// <summary>The class above, where both are stored in one table (table per hierarchy), or null.</summary>
    public EntityMap? Base { get; internal set; }

    /// <summary>The column that tells the classes of a hierarchy apart, or null.</summary>
    public PropertyMap? Discriminator { get; internal set; }

    /// <summary>What the discriminator holds in rows of this class, as text; null where not known or no hierarchy.</summary>
    public string? DiscriminatorValue { get; internal set; }

    /// <summary>The properties of the primary key, in order; empty where there is none or nobody knows.</summary>
    public ImmutableArray<PropertyMap> Key { get; internal set; } = ImmutableArray<PropertyMap>.Empty;

    /// <summary>The properties, those of base classes too.</summary>
    public IReadOnlyCollection<PropertyMap> Properties => _properties.Values;

    /// <summary>The navigations, those of base classes too.</summary>
    public IReadOnlyCollection<NavigationMap> Navigations => _navigations.Values;

    /// <summary>How a property is stored; null where it is none, or nobody knows.</summary>
    public PropertyMap? Column(IPropertySymbol property) => Column(property.Name);

    /// <summary>How a property is stored, also one that only the model has (<c>EF.Property</c>); null where it is none, or nobody knows.</summary>
    public PropertyMap? Column(string property) => _properties.TryGetValue(property, out var map) ? map : null;

    /// <summary>Where a property leads; null where it is no navigation, or nobody knows.</summary>
    public NavigationMap? Navigation(IPropertySymbol property) => Navigation(property.Name);

    /// <summary>Where a property leads; null where it is no navigation, or nobody knows.</summary>
    public NavigationMap? Navigation(string property) => _navigations.TryGetValue(property, out var map) ? map : null;

    internal void Add(PropertyMap property) => _properties[property.Name] = property;

    internal void Add(NavigationMap navigation) => _navigations[navigation.Name] = navigation;
}

/// <summary>The entities of the project's contexts, and how each is stored.</summary>
public sealed class EntityMaps
{
    private readonly ImmutableArray<EntityMap> _all;
    private readonly ILookup<string, (ITypeSymbol? Context, EntityMap Map)> _byName;

    internal EntityMaps(IEnumerable<(ITypeSymbol? Context, EntityMap Map)> maps)
    {
        var all = maps.ToList();
        _all = all.Select(map => map.Map).ToImmutableArray();
        _byName = all.ToLookup(map => map.Map.Name, StringComparer.Ordinal);
    }

    /// <summary>No entities.</summary>
    public static EntityMaps Empty { get; } = new([]);

    /// <summary>All of them; of each context its own.</summary>
    public ImmutableArray<EntityMap> All => _all;

    /// <summary>How a class is stored; null where it is no entity, or where contexts store it in different ways.</summary>
    /// <param name="type">The class.</param>
    /// <param name="context">The type of the context that a query runs on, or null where not known.</param>
    public EntityMap? MapOf(ITypeSymbol? type, ITypeSymbol? context = null)
    {
        if (type is null)
        {
            return null;
        }

        EntityMap? found = null;
        foreach (var (owner, map) in _byName[NameOf(type)])
        {
            if (context is not null && owner is not null && !SymbolEqualityComparer.Default.Equals(owner, context))
            {
                continue;
            }

            if (found is not null && (found.Table != map.Table || found.View != map.View || found.Properties.Count != map.Properties.Count ||
                found.Properties.Any(property => map.Column(property.Name)?.Column != property.Column)))
            {
                return null;
            }

            found ??= map;
        }

        return found;
    }

    /// <summary>The name by which a class is known in a model: with its namespace, and with <c>+</c> between nested classes, as a snapshot writes it.</summary>
    internal static string NameOf(ITypeSymbol type)
    {
        var name = type.MetadataName;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = outer.MetadataName + "+" + name;
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + name : name;
    }
}
