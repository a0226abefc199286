using DbSafety.Analyzers.Apis;

namespace DbSafety.Analyzers.Model;

/// <summary>Gives names to what the model does not name, and tells which column of which table each property is.</summary>
internal sealed class EfCompletion
{
    private readonly EfDeclared _model;

    public EfCompletion(EfDeclared model)
    {
        _model = model;
        foreach (var entity in model.Entities.Values)
        {
            if (model.IsSnapshot && entity is { HasBase: true, BaseName: { } name })
            {
                entity.Base = model.Entities.TryGetValue(name, out var found) ? found : null;
            }
        }

        foreach (var entity in model.Entities.Values)
        {
            if (entity.Ownership is { IsComplex: false } ownership)
            {
                OwnKey(entity, ownership);
                ownership.IsRequired |= ownership.Owner.RequiredNavigations.Contains(ownership.Navigation);
                if (!model.IsSnapshot && !ownership.IsMany && !ownership.Owner.OptionalNavigations.Contains(ownership.Navigation) && ownership.Owner.Type is { } type &&
                    EfTypes.PropertyOf(type, ownership.Navigation) is { NullableAnnotation: Microsoft.CodeAnalysis.NullableAnnotation.NotAnnotated })
                {
                    ownership.IsRequired = true;
                }
            }
            else if (entity.Ownership is { IsComplex: true } complex)
            {
                complex.IsRequired = !(complex.Owner.Type is { } type && EfTypes.PropertyOf(type, complex.Navigation) is { NullableAnnotation: Microsoft.CodeAnalysis.NullableAnnotation.Annotated });
            }
        }
    }

    /// <summary>The name of the entity between two others.</summary>
    public static string JoinName(EfSkip skip) =>
        string.CompareOrdinal(skip.Left.ShortName, skip.Right.ShortName) < 0 ? skip.Left.ShortName + skip.Right.ShortName : skip.Right.ShortName + skip.Left.ShortName;

    /// <summary>Whether an entity stands in the row of its owner.</summary>
    public static bool IsInline(EfEntity entity) => entity.Ownership is { } ownership && (!ownership.IsMany || ownership.IsComplex) && (ownership.IsComplex || !entity.HasTable || SameTable(entity, ownership.Owner));

    private static bool SameTable(EfEntity entity, EfEntity owner) => owner.HasTable && entity.Table == owner.Table && entity.Schema == owner.Schema;

    /// <summary>The table of an entity; null where it has none. Partly unknown names hold hole marks.</summary>
    public string? TableOf(EfEntity entity)
    {
        if (IsInline(entity) || entity.Ownership is { IsJson: true })
        {
            return TableOf(entity.Ownership!.Owner);
        }

        if (_model.HasUnknownNames && !entity.HasTable)
        {
            return EfDeclared.Unknown;
        }

        if (entity.Base is not null && !entity.Root.IsTablePerType)
        {
            return TableOf(entity.Root);
        }

        return entity.HasTable ? entity.Table
            : entity.View is not null ? null
            : Rewrite(entity.SetName ?? OwnTable(entity) ?? entity.ShortName);
    }

    // The rows that an entity owns, of a class that others own too.
    private string? OwnTable(EfEntity entity) =>
        entity.Ownership is { } ownership && (ownership.HasSharedName || _model.Entities.Values.Any(other => other != entity && other.Ownership is { IsComplex: false } && entity.Type is not null && Microsoft.CodeAnalysis.SymbolEqualityComparer.Default.Equals(other.Type, entity.Type)))
            ? TableOf(ownership.Owner) + "_" + ownership.Navigation : null;

    /// <summary>The schema of the table of an entity; null: the default one.</summary>
    public string? SchemaOf(EfEntity entity) =>
        IsInline(entity) || entity.Ownership is { IsJson: true } ? SchemaOf(entity.Ownership!.Owner)
            : entity.Base is not null && !entity.Root.IsTablePerType ? SchemaOf(entity.Root)
            : entity.HasSchema ? entity.Schema
            : entity.Ownership is { } ownership && !entity.HasTable ? SchemaOf(ownership.Owner)
            : _model.DefaultSchema;

    /// <summary>The column of a property; null where it has none of its own: inside a document, a row's version.</summary>
    public string? ColumnOf(EfEntity entity, EfProperty property)
    {
        if (entity.Ownership is { IsJson: true })
        {
            return null;
        }

        if (property.Column is { } told)
        {
            return told;
        }

        // uint Version [Timestamp] is xmin, which every table has.
        if (IsSystem(property))
        {
            return EfModelNames.RowVersion;
        }

        if (_model.HasUnknownNames)
        {
            return EfDeclared.Unknown;
        }

        if (IsInline(entity))
        {
            var ownership = entity.Ownership!;
            if (!ownership.IsComplex && entity.PrimaryKey is { } key && key.Properties.IndexOf(property.Name) is var index and >= 0)
            {
                return ownership.Owner.Root.PrimaryKey is { } above && index < above.Properties.Count && ownership.Owner.Find(above.Properties[index]) is { } column ? ColumnOf(ownership.Owner, column) : EfDeclared.Unknown;
            }

            return Rewrite(Path(entity) + property.Name);
        }

        return Rewrite(property.Name);
    }

    private static string Path(EfEntity entity) => IsInline(entity) ? Path(entity.Ownership!.Owner) + entity.Ownership.Navigation + "_" : "";

    /// <summary>The column of a JSON document, as the context writes names.</summary>
    public string JsonColumn(EfEntity entity) => entity.Ownership!.JsonColumn is { } told && told != entity.Ownership.Navigation ? told : Rewrite(entity.Ownership.Navigation);

    /// <summary>Whether the column of a property is one that every table has.</summary>
    public static bool IsSystem(EfProperty property) => property.Column is EfModelNames.RowVersion || (property.IsRowVersion &&
        (EfModelNames.IsRowVersion(property.ClrType) || (property.Clr is { } written && EfModelNames.IsRowVersion(written.ToString()))));

    /// <summary>The type of the column of a property.</summary>
    public string TypeOf(EfProperty property) =>
        property.StoreType ?? (property.IsUncertain ? null : EfTypes.StoreType(property, _model)) ?? EfDeclared.Unknown;

    /// <summary>A name as the context writes it.</summary>
    public string Rewrite(string name) => _model.Rewrite is { } rewrite && name.IndexOf(EfDeclared.Unknown[0]) < 0 ? rewrite(name) : name;

    /// <summary>Whether the column of a property may be null.</summary>
    public bool IsNotNull(EfEntity entity, EfProperty property) =>
        IsKey(entity, property) || ((property.IsRequired ?? (property.Clr is { } written && (_model.IsSnapshot || property.ClrType is null) ? !EfTypes.IsNullable(written) : !property.IsNullable)) &&
            (entity.Base is null || entity.Root.IsTablePerType || !entity.Properties.Contains(property)) && IsAlwaysThere(entity));

    private static bool IsAlwaysThere(EfEntity entity) => !IsInline(entity) || (entity.Ownership!.IsRequired && IsAlwaysThere(entity.Ownership.Owner) && (entity.Ownership.Owner.Base is null || entity.Ownership.Owner.Root.IsTablePerType));

    private static bool IsKey(EfEntity entity, EfProperty property) => entity.Root.PrimaryKey?.Properties.Contains(property.Name) == true;

    /// <summary>Whether the database numbers the rows by the column of a property.</summary>
    public bool IsIdentity(EfEntity entity, EfProperty property)
    {
        if (property.IsIdentity is { } told)
        {
            return told;
        }

        if (_model.IsSnapshot || property.IsConverted || property.HasDefault || property.IsValueGeneratedNever || property.ComputedSql is not null || !EfTypes.IsNumbered(property.ClrType))
        {
            return false;
        }

        if (property.IsGenerated)
        {
            return true;
        }

        // The key alone, which no principal gives; of rows that an entity owns the number beside the owner's key.
        var isForeign = _model.Relations.Any(relation => relation.Dependent == entity && relation.ForeignKey?.Contains(property.Name) == true);
        return !isForeign && entity.Base is null && entity.PrimaryKey is { } key && key.Properties.Contains(property.Name) &&
            (key.Properties.Count == 1 || (entity.Ownership is { IsMany: true } && property.Name == key.Properties[key.Properties.Count - 1]));
    }

    // A row of its own, or a part of the owner's: its key begins with that of the owner.
    private void OwnKey(EfEntity entity, EfOwnership ownership)
    {
        if (_model.Relations.FirstOrDefault(candidate => candidate.Dependent == entity && candidate.Principal == ownership.Owner && candidate.PrincipalNavigation == ownership.Navigation) is not { } relation)
        {
            if (_model.IsSnapshot)
            {
                return;
            }

            entity.IsUncertain = true;
            return;
        }

        if (ownership.Owner.Root.PrimaryKey is not { } above)
        {
            entity.IsUncertain = true;
            return;
        }

        if (relation.ForeignKey is null)
        {
            var prefix = relation.DependentNavigation ?? ownership.Owner.ShortName;
            relation.ForeignKey = above.Properties.Select(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? name : prefix + name).ToList();
        }

        if (relation.ForeignKey.Count != above.Properties.Count)
        {
            entity.IsUncertain = true;
            return;
        }

        for (var i = 0; i < relation.ForeignKey.Count; i++)
        {
            if (entity.Find(relation.ForeignKey[i]) is null)
            {
                var property = entity.Get(relation.ForeignKey[i], relation.Site);
                var target = ownership.Owner.Find(above.Properties[i]);
                property.IsShadowKey = true;
                property.ClrType = target?.ClrType;
                property.StoreType = target?.StoreType;
                property.Provider = target?.Provider;
                property.IsConverted = target?.IsConverted ?? false;
                property.MaxLength = target?.MaxLength;
            }
        }

        if (entity.PrimaryKey is not null)
        {
            return;
        }

        if (!ownership.IsMany)
        {
            entity.PrimaryKey = new EfKey(relation.ForeignKey, relation.Site);
            return;
        }

        var own = entity.Properties.FirstOrDefault(property => EfModelNames.KeyRank(property.Name, entity.ShortName) == 2) ?? entity.Properties.FirstOrDefault(property => EfModelNames.KeyRank(property.Name, entity.ShortName) == 1);
        if (own is null)
        {
            own = entity.Get("Id", relation.Site);
            own.StoreType = "integer";
            own.IsIdentity = true;
        }

        entity.PrimaryKey = new EfKey([.. relation.ForeignKey, own.Name], relation.Site);
    }
}
