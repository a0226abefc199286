using DbSafety.Analyzers.Model;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace DbSafety.Postgres.Tests.Queries;

/// <summary>How entities are stored, as EF Core itself says at run time.</summary>
internal static class RuntimeMaps
{
    public static EntityMaps Of(IModel model, Compilation compilation)
    {
        var maps = model.GetEntityTypes().ToDictionary(type => type, type => new EntityMap(type.ClrType.FullName!, compilation.GetTypeByMetadataName(type.ClrType.FullName!)));
        foreach (var (type, map) in maps)
        {
            map.Table = type.GetTableName() is { } name ? new ObjectName(type.GetSchema() ?? "public", name) : null;
            map.HasQueryFilter = type.GetRootType().GetDeclaredQueryFilters().Count > 0;
            map.IsOwned = type.IsOwned();
            map.Base = type.BaseType is { } parent ? maps[parent] : null;
            foreach (var property in type.GetProperties())
            {
                map.Add(Property(property, map));
            }

            map.Key = [.. type.FindPrimaryKey()?.Properties.Select(property => map.Column(property.Name)!) ?? []];
        }

        foreach (var (type, map) in maps)
        {
            foreach (var navigation in type.GetNavigations())
            {
                var key = navigation.ForeignKey;
                var target = maps[navigation.TargetEntityType];
                var isJson = navigation.TargetEntityType.IsMappedToJson();
                map.Add(new NavigationMap(navigation.Name, target, isJson ? [] :
                [
                    .. key.Properties.Zip(key.PrincipalKey.Properties, (dependent, principal) => navigation.IsOnDependent
                        ? new JoinPair(map.Column(dependent.Name)!, target.Column(principal.Name)!)
                        : new JoinPair(map.Column(principal.Name)!, target.Column(dependent.Name)!)),
                ])
                {
                    IsCollection = navigation.IsCollection,
                    IsDependent = navigation.IsOnDependent,
                    IsRequired = navigation.IsOnDependent ? key.IsRequired : key.IsRequiredDependent,
                    IsOwned = navigation.TargetEntityType.IsOwned(),
                    IsInline = !isJson && navigation.TargetEntityType.IsOwned() && navigation.TargetEntityType.GetTableName() == type.GetTableName(),
                    JsonColumn = isJson ? navigation.TargetEntityType.GetContainerColumnName() : null,
                });
            }

            foreach (var navigation in type.GetSkipNavigations())
            {
                var target = maps[navigation.TargetEntityType];
                var join = navigation.JoinEntityType;
                var table = StoreObjectIdentifier.Table(join.GetTableName()!, join.GetSchema());
                map.Add(new NavigationMap(navigation.Name, target, [])
                {
                    IsCollection = true,
                    Join = new JoinTable(
                        new ObjectName(join.GetSchema() ?? "public", join.GetTableName()!),
                        [.. navigation.ForeignKey.Properties.Zip(navigation.ForeignKey.PrincipalKey.Properties, (far, near) => (far.GetColumnName(table)!, map.Column(near.Name)!))],
                        [.. navigation.Inverse.ForeignKey.Properties.Zip(navigation.Inverse.ForeignKey.PrincipalKey.Properties, (far, near) => (far.GetColumnName(table)!, target.Column(near.Name)!))]),
                });
            }
        }

        return new EntityMaps(maps.Where(pair => !pair.Key.HasSharedClrType).Select(pair => ((ITypeSymbol?)null, pair.Value)));
    }

    private static PropertyMap Property(IProperty property, EntityMap map)
    {
        var type = property.DeclaringType;
        var table = type.GetTableName() is { } name ? StoreObjectIdentifier.Table(name, type.GetSchema()) : (StoreObjectIdentifier?)null;
        var symbol = map.Type is null ? null : Members(map.Type).FirstOrDefault(member => member.Name == property.Name);
        var isText = property.ClrType.IsEnum && property.GetTypeMapping().Converter is { } converter && converter.ProviderClrType == typeof(string);
        return new PropertyMap(property.Name, type is IEntityType entity && entity.IsMappedToJson() || table is null ? null : property.GetColumnName(table.Value), property.GetColumnType())
        {
            Symbol = symbol,
            ClrType = symbol?.Type,
            IsRequired = !property.IsNullable,
            IsEnumText = isText,
        };
    }

    private static IEnumerable<IPropertySymbol> Members(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (var member in at.GetMembers().OfType<IPropertySymbol>())
            {
                yield return member;
            }
        }
    }
}
