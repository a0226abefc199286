using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Model;

/// <content>The relations: which navigations belong together, which properties are foreign keys, which indexes follow from them.</content>
internal sealed partial class EfConventions
{
    private void FindRelations()
    {
        // What the configuration has taken is no longer free.
        _leads.RemoveAll(lead => _model.Relations.Any(relation => relation.Joins(lead.From, lead.Name)) ||
            _model.Skips.Any(skip => (skip.Left == lead.From && skip.LeftNavigation == lead.Name) || (skip.Right == lead.From && skip.RightNavigation == lead.Name)));
        foreach (var lead in _leads.ToList())
        {
            if (_leads.Contains(lead) && Get(lead.Property, EfAttribute.InverseProperty)?.ConstructorArguments.FirstOrDefault().Value is string name &&
                _leads.FirstOrDefault(other => other != lead && other.From == lead.To && other.Name == name) is { } back)
            {
                Join(lead, back);
            }
        }

        FindOwners();
        while (_leads.Count > 0)
        {
            var lead = _leads[0];
            var ways = _leads.Where(other => other.From == lead.From && other.To == lead.To).ToList();
            var backs = lead.From == lead.To ? ways.Where(other => other != lead).ToList() : _leads.Where(other => other.From == lead.To && IsOrDerives(lead.From, other.To)).ToList();
            if (lead.From == lead.To && ways.Count == 2)
            {
                Join(ways[0], ways[1]);
            }
            else if (lead.From != lead.To && ways.Count == 1 && backs.Count == 1)
            {
                Join(lead, backs[0]);
            }
            else if (backs.Count == 0)
            {
                Join(lead, null);
            }
            else
            {
                // EF Core asks for a configuration; there may be one that was not understood.
                lead.From.IsUncertain = lead.To.IsUncertain = true;
                _leads.Remove(lead);
                foreach (var other in ways.Concat(backs))
                {
                    _leads.Remove(other);
                }
            }
        }

        foreach (var skip in _model.Skips)
        {
            MakeJoin(skip);
        }

        foreach (var relation in _model.Relations)
        {
            FindForeignKey(relation);
        }

        foreach (var entity in _model.Entities.Values.Where(entity => entity is { PrimaryKey: null, IsKeyless: false, IsOwnedType: false, Ownership: null, Base: null }))
        {
            // The join of a many-to-many relation has both foreign keys for its key.
            if (_model.Skips.FirstOrDefault(skip => skip.Join == entity) is { ToLeft.ForeignKey: { } left, ToRight.ForeignKey: { } right })
            {
                entity.PrimaryKey = new EfKey((string.CompareOrdinal(left[0], right[0]) < 0 ? left.Concat(right) : right.Concat(left)).ToList(), entity.Site);
            }
            else
            {
                entity.IsUncertain = true;
            }
        }

        foreach (var relation in _model.Relations)
        {
            IndexForeignKey(relation);
        }
    }

    private static bool IsOrDerives(EfEntity entity, EfEntity other) => entity == other || (entity.Base is { } above && IsOrDerives(above, other));

    // Owned types that name their owner: that navigation belongs to the ownership.
    private void FindOwners()
    {
        foreach (var relation in _model.Relations.Where(relation => relation.Dependent.Ownership is not null))
        {
            var back = _leads.FirstOrDefault(lead => lead.From == relation.Dependent && lead.To == relation.Principal && !lead.IsMany);
            if (back is not null)
            {
                relation.DependentNavigation = back.Name;
                _leads.Remove(back);
            }
        }
    }

    private void Join(Lead lead, Lead? back)
    {
        _leads.Remove(lead);
        if (back is not null)
        {
            _leads.Remove(back);
        }

        var site = EfSite.Of(lead.Property).Or(lead.From.Site);
        if (lead.IsMany && back is { IsMany: true })
        {
            _model.Skips.Add(new EfSkip(lead.From, lead.To, site) { LeftNavigation = lead.Name, RightNavigation = back.Name });
            return;
        }

        // The one with the reference has the foreign key.
        var isDependent = !lead.IsMany && back is null or { IsMany: true };
        var isUnique = back is not null && !lead.IsMany && !back.IsMany;
        var (dependent, principal) = isDependent || isUnique ? (lead.From, lead.To) : (lead.To, lead.From);
        var relation = new EfRelation(dependent, principal, site) { IsUnique = isUnique, HasDependent = !isUnique, IsConventional = true };
        (relation.DependentNavigation, relation.PrincipalNavigation) = isDependent || isUnique ? (lead.Name, back?.Name) : (back?.Name, lead.Name);
        if (lead.From == lead.To && back is not null && !isUnique)
        {
            (relation.DependentNavigation, relation.PrincipalNavigation) = lead.IsMany ? (back.Name, lead.Name) : (lead.Name, back.Name);
        }

        _model.Relations.Add(relation);
    }

    private void MakeJoin(EfSkip skip)
    {
        var join = skip.Join ??= _model.Entity(EfCompletion.JoinName(skip), null, skip.Site);
        join.IsJoin |= join.Type is null;
        if (skip.Left == skip.Right)
        {
            // Which foreign key belongs to which side is told by the configuration only.
            join.IsUncertain = true;
            return;
        }

        skip.ToLeft = Side(skip.Left, skip.RightNavigation);
        skip.ToRight = Side(skip.Right, skip.LeftNavigation);

        EfRelation Side(EfEntity to, string? navigation)
        {
            var declared = _model.Relations.FirstOrDefault(relation => relation.Dependent == join && relation.Principal == to);
            if (declared is null)
            {
                _model.Relations.Add(declared = new EfRelation(join, to, skip.Site) { HasDependent = true, IsRequired = true, IsConventional = true });
            }

            declared.IsRequired ??= true;
            if (declared.ForeignKey is null && join.IsJoin && to.PrimaryKey is { } key)
            {
                var names = key.Properties.Select(property => (navigation ?? to.ShortName) + property).ToList();
                declared.ForeignKey = names;
            }

            return declared;
        }
    }

    private void FindForeignKey(EfRelation relation)
    {
        if (relation.Dependent.Ownership is { } ownership && ownership.Owner == relation.Principal && relation.PrincipalNavigation == ownership.Navigation)
        {
            return;
        }

        if (relation is { IsUnique: true, HasDependent: false, ForeignKey: null })
        {
            var attribute = MarkedKey(relation);
            var here = attribute is not null || Candidates(relation) is not null;
            if (attribute is null)
            {
                relation.Flip();
                var there = MarkedKey(relation) is not null || (Candidates(relation) is not null && !here);
                if (there == here)
                {
                    relation.Dependent.IsUncertain = relation.Principal.IsUncertain = relation.IsUncertain = true;
                    return;
                }

                if (!there)
                {
                    relation.Flip();
                }
            }
        }
        else if (relation is { IsUnique: true, HasDependent: false, ForeignKey: { } told })
        {
            // HasForeignKey("CustomerId"): the end that has the properties.
            var here = told.All(name => relation.Dependent.Find(name) is not null);
            var there = told.All(name => relation.Principal.Find(name) is not null);
            if (!here && there)
            {
                relation.Flip();
            }
            else if (here == there)
            {
                relation.Dependent.IsUncertain = relation.Principal.IsUncertain = relation.IsUncertain = true;
                return;
            }
        }

        var principalKey = relation.PrincipalKey ?? relation.Principal.Root.PrimaryKey?.Properties;
        if (principalKey is null)
        {
            relation.Dependent.IsUncertain = relation.IsUncertain = true;
            return;
        }

        if (relation.PrincipalKey is { } alternate && !(relation.Principal.Root.PrimaryKey?.Properties.SequenceEqual(alternate) ?? false) &&
            !relation.Principal.AlternateKeys.Any(key => key.Properties.SequenceEqual(alternate)))
        {
            relation.Principal.AlternateKeys.Add(new EfKey(alternate, relation.Site));
        }

        relation.ForeignKey ??= MarkedKey(relation) ?? Candidates(relation);
        if (relation.ForeignKey is { } found && found.Count != principalKey.Count)
        {
            relation.Dependent.IsUncertain = relation.IsUncertain = true;
            relation.ForeignKey = null;
            return;
        }

        var prefix = relation.DependentNavigation ?? relation.Principal.ShortName;
        relation.ForeignKey ??= principalKey.Select(key => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? key : prefix + key).ToList();
        var isNew = false;
        for (var i = 0; i < principalKey.Count; i++)
        {
            var property = relation.Dependent.Find(relation.ForeignKey[i]);
            var target = relation.Principal.Find(principalKey[i]);
            if (property is null)
            {
                isNew = true;
                property = relation.Dependent.Get(relation.ForeignKey[i], relation.Site);
                property.IsShadowKey = true;
                property.IsNullable = true;
                property.ClrType = target?.ClrType is { } clr ? EfTypes.NotNull(clr) : null;
            }
            else if (property.IsShadowKey && !relation.Dependent.IsJoin)
            {
                // Two relations that would have the same foreign key: EF Core numbers the second.
                relation.Dependent.IsUncertain = relation.IsUncertain = true;
            }

            property.ClrType ??= target?.ClrType;
            if (property.StoreType is null && target is not null)
            {
                property.StoreType = target.StoreType;
                property.Provider ??= property.IsConverted ? property.Provider : target.Provider;
                property.IsConverted |= target.IsConverted;
                property.MaxLength ??= target.MaxLength;
                property.Precision ??= target.Precision;
            }
        }

        // An own key of the class with the same properties, taken by another relation already.
        if (_model.Relations.Any(other => other != relation && other.Dependent == relation.Dependent && other.ForeignKey is { } taken && taken.SequenceEqual(relation.ForeignKey) && relation.IsConventional && other.Principal == relation.Principal))
        {
            relation.Dependent.IsUncertain = relation.IsUncertain = true;
        }

        relation.IsRequired ??= IsMarkedRequired(relation, isNew) ? true : isNew ? null : relation.ForeignKey.Select(name => relation.Dependent.Find(name)).All(property => property is { IsNotNull: true });
        if (relation.IsRequired == true)
        {
            foreach (var name in relation.ForeignKey)
            {
                if (relation.Dependent.Find(name) is { IsRequired: null } property)
                {
                    property.IsRequired = true;
                }
            }
        }
        else if (relation.IsRequired == false && !relation.IsConventional)
        {
            foreach (var property in relation.ForeignKey.Select(name => relation.Dependent.Find(name)).OfType<EfProperty>().Where(property => property.IsShadowKey))
            {
                property.IsNullable = true;
            }
        }
    }

    // Customer Customer { get; } that is never null, where no property says otherwise; or [Required].
    private static bool IsMarkedRequired(EfRelation relation, bool isNew) =>
        relation is { DependentNavigation: { } navigation, Dependent.Type: { } type } && EfTypes.PropertyOf(type, navigation) is { } property &&
        (Has(property, EfAttribute.Required) || (isNew && property.NullableAnnotation == NullableAnnotation.NotAnnotated));

    // [ForeignKey("CustomerId")] on either navigation, [ForeignKey("Customer")] on the property.
    private static List<string>? MarkedKey(EfRelation relation)
    {
        foreach (var (entity, navigation) in new[] { (relation.Dependent, relation.DependentNavigation), (relation.Principal, relation.PrincipalNavigation) })
        {
            if (navigation is not null && entity.Type is { } type && EfTypes.PropertyOf(type, navigation) is { } property && Get(property, EfAttribute.ForeignKey)?.ConstructorArguments.FirstOrDefault().Value is string names)
            {
                return Split(names) is var split && (entity == relation.Dependent || split.All(name => relation.Dependent.Find(name) is not null)) ? split : null;
            }
        }

        var marked = relation.DependentNavigation is null ? [] : relation.Dependent.AllProperties
            .Where(property => property.Symbol is { } symbol && Get(symbol, EfAttribute.ForeignKey)?.ConstructorArguments.FirstOrDefault().Value as string == relation.DependentNavigation)
            .Select(property => property.Name).ToList();
        return marked.Count > 0 ? marked : null;

        static List<string> Split(string names) => names.Split(',').Select(name => name.Trim()).ToList();
    }

    /// <summary>The properties that hold the foreign key by their names: <c>CustomerId</c> of the navigation <c>Customer</c>, or of the class.</summary>
    private static List<string>? Candidates(EfRelation relation)
    {
        if ((relation.PrincipalKey ?? relation.Principal.Root.PrimaryKey?.Properties) is not { Count: > 0 } keys)
        {
            return null;
        }

        var prefixes = new[] { relation.DependentNavigation, relation.Principal.ShortName, "" }.Where(prefix => prefix is not null && (prefix.Length > 0 || !relation.IsUnique)).Distinct();
        foreach (var prefix in prefixes)
        {
            // For a class that points to itself only the navigation tells.
            if (relation.Dependent == relation.Principal && prefix != relation.DependentNavigation && relation.DependentNavigation is not null)
            {
                continue;
            }

            var names = keys.Select(key => Match(relation, prefix!, key, keys.Count == 1)).ToList();
            if (names.All(name => name is not null) && names.Distinct().Count() == names.Count &&
                !(relation.Dependent.Root.PrimaryKey is { } own && own.Properties.SequenceEqual(names) && (!relation.IsUnique || prefix!.Length == 0)))
            {
                return names!;
            }
        }

        return null;
    }

    private static string? Match(EfRelation relation, string prefix, string key, bool isSingle)
    {
        var target = relation.Principal.Find(key);
        return Find(prefix + key) ?? (isSingle && prefix.Length > 0 ? Find(prefix + "Id") : null);

        string? Find(string name)
        {
            var property = relation.Dependent.AllProperties.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !candidate.IsShadowKey);
            return property?.ClrType is { } type && target?.ClrType is { } other && SymbolEqualityComparer.Default.Equals(EfTypes.NotNull(type), EfTypes.NotNull(other)) ? property.Name : null;
        }
    }

    /// <summary>An index for each foreign key, unless a key or an index begins with its properties.</summary>
    private static void IndexForeignKey(EfRelation relation)
    {
        if (relation.ForeignKey is not { } properties || relation.IsUncertain || relation.Dependent.Ownership is not null)
        {
            return;
        }

        var keys = new[] { relation.Dependent.Root.PrimaryKey }.OfType<EfKey>().Concat(relation.Dependent.AlternateKeys).Select(key => (key.Properties, IsUnique: true));
        var indexes = relation.Dependent.Indexes.Concat(relation.Dependent.Base?.Indexes ?? []).Where(index => !index.IsUncertain).Select(index => (index.Properties, index.IsUnique));
        if (keys.Concat(indexes).Any(covering => relation.IsUnique
                ? covering.IsUnique && covering.Properties.SequenceEqual(properties)
                : covering.Properties.Take(properties.Count).SequenceEqual(properties)))
        {
            return;
        }

        relation.Dependent.Indexes.Add(new EfIndex(properties, relation.Site) { IsUnique = relation.IsUnique, IsConventional = true });
    }
}
