using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Model;

/// <summary>Makes the maps of a completed model.</summary>
internal sealed class EfMapping
{
    /// <summary>The schema of names without one.</summary>
    public const string PublicSchema = "public";

    private readonly EfDeclared _model;
    private readonly EfCompletion _names;
    private readonly Dictionary<EfEntity, EntityMap> _maps = [];

    private EfMapping(EfDeclared model, EfCompletion names) => (_model, _names) = (model, names);

    /// <summary>The maps of a model, in the order of its entities.</summary>
    public static IEnumerable<EntityMap> Of(EfDeclared model, EfCompletion names) => new EfMapping(model, names).Make();

    private IEnumerable<EntityMap> Make()
    {
        foreach (var entity in _model.Entities.Values.Where(entity => !entity.IsOwnedType))
        {
            _maps.Add(entity, new EntityMap(entity.Type is { } type && !entity.IsJoin ? EntityMaps.NameOf(type) : entity.Name, entity.Type));
        }

        foreach (var (entity, map) in _maps.Select(pair => (pair.Key, pair.Value)))
        {
            Fill(entity, map);
        }

        foreach (var (entity, map) in _maps.Select(pair => (pair.Key, pair.Value)))
        {
            Navigations(entity, map);
        }

        return _maps.Values;
    }

    private void Fill(EfEntity entity, EntityMap map)
    {
        map.Table = NameOf(_names.SchemaOf(entity), _names.TableOf(entity));
        map.View = NameOf(entity.ViewSchema ?? _model.DefaultSchema, entity.View);
        map.Query = entity.Query;
        map.IsKeyless = entity.Root.IsKeyless;
        map.HasQueryFilter = entity.HasQueryFilter || entity.Root.HasQueryFilter;
        map.IsUncertain = ((_model.IsUncertain || _model.HasUnknownNames) && !entity.IsConfirmed) || entity.IsUncertain || entity.Root.IsUncertain;
        map.IsOwned = entity.Ownership is not null;
        map.Base = entity.Base is { } above && !entity.Root.IsTablePerType && _maps.TryGetValue(above, out var root) ? root : null;
        foreach (var property in entity.AllProperties)
        {
            var column = _names.ColumnOf(entity, property);
            var type = _names.TypeOf(property);
            var clr = property.ClrType is { } known ? EfTypes.NotNull(known) : null;
            map.Add(new PropertyMap(property.Name, Known(column), Known(type))
            {
                Symbol = property.Symbol,
                ClrType = property.ClrType,
                IsRequired = _names.IsNotNull(entity, property),
                IsConverted = property.IsConverted || property.IsUncertain,
                IsEnumText = property.IsConverted && clr is { TypeKind: TypeKind.Enum } && property.Provider is { SpecialType: SpecialType.System_String },
            });
        }

        map.Key = entity.Root.PrimaryKey is { } key && key.Properties.Select(map.Column).ToList() is var parts && parts.All(part => part is not null) ? parts.ToImmutableArray()! : ImmutableArray<PropertyMap>.Empty;
        map.Discriminator = entity.Root.Discriminator is { } discriminator ? map.Column(discriminator.Name) : null;
        map.DiscriminatorValue = map.Discriminator is null ? null : entity.DiscriminatorValue ?? (entity.Root.Discriminator?.Name == EfModelNames.Discriminator ? entity.ShortName : null);
    }

    private static string? Known(string? text) => text is null || text.IndexOf(EfDeclared.Unknown[0]) >= 0 ? null : text;

    private static ObjectName? NameOf(string? schema, string? name) => Known(name) is { } table && (schema is null || Known(schema) is not null) ? new ObjectName(schema ?? PublicSchema, table) : null;

    private void Navigations(EfEntity entity, EntityMap map)
    {
        for (var level = entity; level is not null; level = level.Base)
        {
            foreach (var relation in _model.Relations)
            {
                if (relation.Dependent == level && relation.DependentNavigation is { } toPrincipal && _maps.TryGetValue(relation.Principal, out var principal))
                {
                    Add(level, map, toPrincipal, relation, principal, isDependent: true);
                }

                if (relation.Principal == level && relation.PrincipalNavigation is { } toDependent && _maps.TryGetValue(relation.Dependent, out var dependent))
                {
                    Add(level, map, toDependent, relation, dependent, isDependent: false);
                }
            }

            foreach (var complex in _maps.Where(pair => pair.Key.Ownership is { IsComplex: true } ownership && ownership.Owner == level))
            {
                map.Add(new NavigationMap(complex.Key.Ownership!.Navigation, complex.Value, ImmutableArray<JoinPair>.Empty)
                {
                    Symbol = SymbolOf(level, complex.Key.Ownership.Navigation),
                    IsOwned = true,
                    IsInline = true,
                    IsRequired = complex.Key.Ownership.IsRequired,
                    IsCollection = complex.Key.Ownership.IsMany,
                    JsonColumn = complex.Key.Ownership.JsonColumn is null ? null : _names.JsonColumn(complex.Key),
                });
            }

            foreach (var skip in _model.Skips)
            {
                Add(level, map, skip);
            }
        }
    }

    private void Add(EfEntity entity, EntityMap map, string name, EfRelation relation, EntityMap target, bool isDependent)
    {
        var owned = relation.Dependent.Ownership is { } ownership && ownership.Owner == relation.Principal && ownership.Navigation == relation.PrincipalNavigation ? ownership : null;
        var isInline = owned is not null && EfCompletion.IsInline(relation.Dependent);
        var pairs = owned is { IsJson: true } || isInline ? ImmutableArray<JoinPair>.Empty : Pairs(relation, isDependent ? map : target, isDependent ? target : map, isDependent);
        map.Add(new NavigationMap(name, target, pairs ?? ImmutableArray<JoinPair>.Empty)
        {
            Symbol = SymbolOf(entity, name),
            IsCollection = !isDependent && (owned?.IsMany ?? !relation.IsUnique),
            IsDependent = isDependent,
            IsRequired = isDependent ? relation.IsRequired == true : owned is { IsMany: false, IsRequired: true } || entity.RequiredNavigations.Contains(name),
            IsOwned = owned is not null,
            IsInline = isInline || owned is { IsJson: true },
            JsonColumn = owned is { JsonColumn: not null } ? _names.JsonColumn(relation.Dependent) : null,
            IsUncertain = relation.IsUncertain || pairs is null,
        });
    }

    private static ImmutableArray<JoinPair>? Pairs(EfRelation relation, EntityMap dependent, EntityMap principal, bool isDependent)
    {
        var keys = relation.PrincipalKey ?? relation.Principal.Root.PrimaryKey?.Properties;
        if (relation.ForeignKey is not { } foreign || keys is null || foreign.Count != keys.Count)
        {
            return null;
        }

        var pairs = ImmutableArray.CreateBuilder<JoinPair>();
        for (var i = 0; i < foreign.Count; i++)
        {
            if (dependent.Column(foreign[i]) is not { Column: not null } from || principal.Column(keys[i]) is not { Column: not null } to)
            {
                return null;
            }

            pairs.Add(isDependent ? new JoinPair(from, to) : new JoinPair(to, from));
        }

        return pairs.ToImmutable();
    }

    private void Add(EfEntity entity, EntityMap map, EfSkip skip)
    {
        foreach (var (end, name, other, here, there) in new[] { (skip.Left, skip.LeftNavigation, skip.Right, skip.ToLeft, skip.ToRight), (skip.Right, skip.RightNavigation, skip.Left, skip.ToRight, skip.ToLeft) })
        {
            if (end != entity || name is null || !_maps.TryGetValue(other, out var target))
            {
                continue;
            }

            var table = skip.Join is { } join && _maps.TryGetValue(join, out var joined) && joined.Table is { } between && here is not null && there is not null &&
                Pairs(here, joined, map, isDependent: true) is { } first && Pairs(there, joined, target, isDependent: true) is { } second
                ? new JoinTable(between, first.Select(pair => (pair.Here.Column!, pair.There)).ToImmutableArray(), second.Select(pair => (pair.Here.Column!, pair.There)).ToImmutableArray())
                : null;
            map.Add(new NavigationMap(name, target, ImmutableArray<JoinPair>.Empty) { Symbol = SymbolOf(entity, name), IsCollection = true, Join = table, IsUncertain = table is null || skip.Join!.IsUncertain });
        }
    }

    private static IPropertySymbol? SymbolOf(EfEntity entity, string name) => entity.Type is { } type ? EfTypes.PropertyOf(type, name) : null;
}
