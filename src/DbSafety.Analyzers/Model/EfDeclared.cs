using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Model;

/// <summary>A place in C# that declares something of the schema.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Span">The characters.</param>
internal readonly record struct EfSite(SyntaxTree? Tree, TextSpan Span)
{
    /// <summary>Makes the place of a node; of none for null.</summary>
    public static EfSite Of(SyntaxNode? node) => node is null ? default : new(node.SyntaxTree, node.Span);

    /// <summary>The place where a symbol's name stands in the sources; none for what is compiled elsewhere.</summary>
    public static EfSite Of(ISymbol? symbol) =>
        symbol?.Locations.FirstOrDefault(location => location.IsInSource) is { SourceTree: { } tree } location ? new(tree, location.SourceSpan) : default;

    /// <summary>This place, or another where this is none.</summary>
    public EfSite Or(EfSite other) => Tree is null ? other : this;
}

/// <summary>
/// The model of one context, as it is declared. Names that are partly unknown hold <see cref="SqlSource.HoleMark"/>. Filled by <see cref="EfFluent"/>, completed by
/// <see cref="EfConventions"/> and <see cref="EfCompletion"/>.
/// </summary>
internal sealed class EfDeclared
{
    /// <summary>A name that nobody knows.</summary>
    public static readonly string Unknown = SqlSource.HoleMark.ToString();

    /// <summary>The type of the context, or null: that of a snapshot.</summary>
    public INamedTypeSymbol? Context { get; set; }

    /// <summary>The version of EF Core; 0 where not known.</summary>
    public int Version { get; init; }

    /// <summary>The entities by name, in order of their declaration.</summary>
    public Dictionary<string, EfEntity> Entities { get; } = new(StringComparer.Ordinal);

    /// <summary>The relations that are declared, or found by convention.</summary>
    public List<EfRelation> Relations { get; } = [];

    /// <summary>The relations of many to many.</summary>
    public List<EfSkip> Skips { get; } = [];

    /// <summary>Whether it is the model of a snapshot, which tells everything.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>The schema of tables that name none.</summary>
    public string? DefaultSchema { get; set; }

    /// <summary>How the context rewrites names, or null.</summary>
    public Func<string, string>? Rewrite { get; set; }

    /// <summary>Whether columns or indexes of any table may be other ones.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>Whether tables and columns may have other names.</summary>
    public bool HasUnknownNames { get; set; }

    /// <summary>Whether there are entities that are not told here.</summary>
    public bool HasMore { get; set; }

    /// <summary>The types that are not mapped.</summary>
    public HashSet<ITypeSymbol> Ignored { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Whether keys are numbered by sequences, not by identity columns.</summary>
    public bool HasSerials { get; set; }

    /// <summary>What is said of all properties of a type: the type, and a change of the property.</summary>
    public List<(ITypeSymbol Type, Action<EfProperty> Change)> TypeRules { get; } = [];

    /// <summary>The enums at the server, as text of SQL, and their labels.</summary>
    public List<(string Name, IReadOnlyList<string> Labels)> EnumLabels { get; } = [];

    /// <summary>C# types that are enums at the server, and their names there.</summary>
    public Dictionary<ITypeSymbol, string> Enums { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The entity of a name, made when it is new.</summary>
    public EfEntity Entity(string name, INamedTypeSymbol? type, EfSite site)
    {
        if (!Entities.TryGetValue(name, out var entity))
        {
            Entities.Add(name, entity = new EfEntity(name) { Type = type, Site = site });
        }

        entity.Type ??= type;
        return entity;
    }
}

/// <summary>How an entity is owned.</summary>
internal sealed record EfOwnership(EfEntity Owner, string Navigation, bool IsMany)
{
    public bool IsRequired { get; set; }

    public bool IsComplex { get; init; }

    /// <summary>Whether a snapshot says that its class is used elsewhere too.</summary>
    public bool HasSharedName { get; init; }

    public string? JsonColumn { get; set; }

    public string? JsonType { get; set; }

    public bool IsJson => JsonColumn is not null || Owner.Ownership is { IsJson: true };
}

/// <summary>An entity as it is declared.</summary>
internal sealed class EfEntity(string name)
{
    public string Name { get; } = name;

    /// <summary>The class' own name.</summary>
    public string ShortName { get; set; } = name.Substring(Math.Max(name.LastIndexOf('.'), name.LastIndexOf('+')) + 1);

    public INamedTypeSymbol? Type { get; set; }

    public EfSite Site { get; set; }

    public string? Table { get; set; }

    public string? Schema { get; set; }

    /// <summary>Whether <see cref="Table"/> was set, be it to nothing.</summary>
    public bool HasTable { get; set; }

    public bool HasSchema { get; set; }

    public string? View { get; set; }

    public string? ViewSchema { get; set; }

    public string? Query { get; set; }

    public string? SetName { get; set; }

    public bool IsKeyless { get; set; }

    public bool HasQueryFilter { get; set; }

    public bool IsUncertain { get; set; }

    /// <summary>Whether a snapshot tells the table and all columns.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Not made by migrations: another context or a script makes it.</summary>
    public bool IsExcluded { get; set; }

    /// <summary>A class of properties only, such as an owned type or a shared base: no entity of its own.</summary>
    public bool IsOwnedType { get; set; }

    /// <summary>The join of a many-to-many relation that has no class.</summary>
    public bool IsJoin { get; set; }

    public List<EfProperty> Properties { get; } = [];

    public EfKey? PrimaryKey { get; set; }

    public List<EfKey> AlternateKeys { get; } = [];

    public List<EfIndex> Indexes { get; } = [];

    public List<(string Name, string Sql, EfSite Site)> Checks { get; } = [];

    public HashSet<string> Ignored { get; } = new(StringComparer.Ordinal);

    public HashSet<string> OptionalNavigations { get; } = new(StringComparer.Ordinal);

    public HashSet<string> RequiredNavigations { get; } = new(StringComparer.Ordinal);

    public string? BaseName { get; set; }

    /// <summary>Whether a source says what its base is, be it none.</summary>
    public bool HasBase { get; set; }

    public EfEntity? Base { get; set; }

    public EfOwnership? Ownership { get; set; }

    public EfProperty? Discriminator { get; set; }

    public string? DiscriminatorValue { get; set; }

    /// <summary>Each class of the hierarchy has a table of its own (TPT, TPC).</summary>
    public bool IsTablePerType { get; set; }

    public int? SeededRows { get; set; } = 0;

    /// <summary>The end of the hierarchy.</summary>
    public EfEntity Root => Base?.Root ?? this;

    /// <summary>The properties of the class and those above it.</summary>
    public IEnumerable<EfProperty> AllProperties => Base is null ? Properties : Base.AllProperties.Concat(Properties);

    public EfProperty? Find(string property) => Properties.FirstOrDefault(candidate => candidate.Name == property) ?? Base?.Find(property);

    public EfProperty Get(string property, EfSite site)
    {
        var found = Find(property);
        if (found is null)
        {
            Properties.Add(found = new EfProperty(property) { Site = site });
        }

        return found;
    }
}

/// <summary>A property as it is declared.</summary>
internal sealed class EfProperty(string name)
{
    public string Name { get; } = name;

    public IPropertySymbol? Symbol { get; set; }

    public ITypeSymbol? ClrType { get; set; }

    /// <summary>The type as a snapshot writes it, where it is no symbol.</summary>
    public TypeSyntax? Clr { get; set; }

    /// <summary>Whether a configuration names it, so that it is mapped also where convention would leave it out.</summary>
    public bool IsExplicit { get; set; }

    /// <summary>Whether its values are made by the database.</summary>
    public bool IsGenerated { get; set; }

    public EfSite Site { get; set; }

    public string? Column { get; set; }

    public string? StoreType { get; set; }

    /// <summary>The type of the values that a converter makes, or null.</summary>
    public ITypeSymbol? Provider { get; set; }

    public bool IsConverted { get; set; }

    /// <summary>Whether a source says that it may be null or not.</summary>
    public bool? IsRequired { get; set; }

    /// <summary>Whether its type holds null, where <see cref="IsRequired"/> says nothing.</summary>
    public bool IsNullable { get; set; }

    public int? MaxLength { get; set; }

    public (int Precision, int? Scale)? Precision { get; set; }

    public bool IsFixedLength { get; set; }

    public bool HasDefault { get; set; }

    public string? DefaultSql { get; set; }

    public string? ComputedSql { get; set; }

    public bool? IsIdentity { get; set; }

    public bool IsSerial { get; set; }

    /// <summary>The values are made elsewhere, also where convention would make them here.</summary>
    public bool IsValueGeneratedNever { get; set; }

    public bool IsRowVersion { get; set; }

    public bool IsUncertain { get; set; }

    /// <summary>Made to hold a foreign key that no property of the class holds.</summary>
    public bool IsShadowKey { get; set; }

    public bool IsNotNull => IsRequired ?? !IsNullable;
}

/// <summary>A key as it is declared.</summary>
internal sealed record EfKey(List<string> Properties, EfSite Site)
{
    public string? Name { get; set; }
}

/// <summary>An index as it is declared.</summary>
internal sealed record EfIndex(List<string> Properties, EfSite Site)
{
    public string? Name { get; set; }

    /// <summary>The name that tells it from another index of the same properties, or null.</summary>
    public string? ModelName { get; init; }

    public bool IsUnique { get; set; }

    public string? Filter { get; set; }

    public string? Method { get; set; }

    public List<string>? Operators { get; set; }

    public List<string>? Include { get; set; }

    /// <summary>One for each key; empty: all; null: none.</summary>
    public List<bool>? Descending { get; set; }

    public List<string>? NullSortOrder { get; set; }

    public bool IsNullsNotDistinct { get; set; }

    public bool IsUncertain { get; set; }

    /// <summary>Made by convention, because of a foreign key.</summary>
    public bool IsConventional { get; set; }

    /// <summary>Made on expressions, not on columns.</summary>
    public string? Expression { get; set; }
}

/// <summary>A relation of one to one or one to many, as it is declared.</summary>
internal sealed class EfRelation(EfEntity dependent, EfEntity principal, EfSite site)
{
    /// <summary>The end that has the foreign key.</summary>
    public EfEntity Dependent { get; private set; } = dependent;

    public EfEntity Principal { get; private set; } = principal;

    public EfSite Site { get; set; } = site;

    public string? DependentNavigation { get; set; }

    public string? PrincipalNavigation { get; set; }

    /// <summary>One to one.</summary>
    public bool IsUnique { get; set; }

    /// <summary>Whether it is certain which end is the dependent; always where it is not one to one.</summary>
    public bool HasDependent { get; set; }

    public List<string>? ForeignKey { get; set; }

    public List<string>? PrincipalKey { get; set; }

    public bool? IsRequired { get; set; }

    /// <summary>Whether each principal has its dependent.</summary>
    public bool IsRequiredDependent { get; set; }

    /// <summary>A member of EF Core's enum, or null.</summary>
    public string? DeleteBehavior { get; set; }

    public string? ConstraintName { get; set; }

    public bool IsUncertain { get; set; }

    public bool IsConventional { get; set; }

    /// <summary>Whether its index was made by convention already, or is told by a snapshot.</summary>
    public bool HasIndex { get; set; }

    public bool Joins(EfEntity entity, string navigation) =>
        (Dependent == entity && DependentNavigation == navigation) || (Principal == entity && PrincipalNavigation == navigation);

    /// <summary>Swaps the ends.</summary>
    public void Flip()
    {
        (Dependent, Principal) = (Principal, Dependent);
        (DependentNavigation, PrincipalNavigation) = (PrincipalNavigation, DependentNavigation);
    }
}

/// <summary>A relation of many to many, as it is declared.</summary>
internal sealed class EfSkip(EfEntity left, EfEntity right, EfSite site)
{
    public EfEntity Left { get; } = left;

    public EfEntity Right { get; } = right;

    public EfSite Site { get; } = site;

    public string? LeftNavigation { get; set; }

    public string? RightNavigation { get; set; }

    /// <summary>The entity between them, where a source names it, or once it is made.</summary>
    public EfEntity? Join { get; set; }

    public EfRelation? ToLeft { get; set; }

    public EfRelation? ToRight { get; set; }
}
