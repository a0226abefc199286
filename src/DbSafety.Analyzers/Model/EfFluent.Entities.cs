using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <content>What is said of the model, of entities and of their relations.</content>
internal sealed partial class EfFluent
{
    private EfScope? On(EfScope scope, string name, SimpleNameSyntax? generic, IReadOnlyList<ArgumentSyntax> arguments, InvocationExpressionSyntax call)
    {
        var types = (generic ?? (call.Expression as MemberAccessExpressionSyntax)?.Name) is GenericNameSyntax { TypeArgumentList.Arguments: var list } ? list.ToArray() : [];
        var known = EfCalls.Of(name);
        if (_uncertain > 0 && scope is not EfScope.Model)
        {
            Touch(scope);
        }

        if (known != EfCall.Other && generic is not null && IsOfUser(call))
        {
            known = EfCall.Other;
        }

        if (known == EfCall.Other)
        {
            return scope is EfScope.Metadata or EfScope.Harmless && EfModelNames.IsHarmlessInLoop(name) ? new EfScope.Harmless()
                : Inline(call) ?? Touch(scope);
        }

        return scope switch
        {
            EfScope.Model => OnModel(scope, known, arguments, types, call),
            EfScope.Entity entity => OnEntity(entity, known, arguments, types, call),
            EfScope.Property property => OnProperty(property, known, arguments, types, call),
            EfScope.Index index => OnIndex(index, known, arguments),
            EfScope.Key key => OnKey(key, known, arguments),
            EfScope.Half half => OnHalf(half, known, arguments, call),
            EfScope.Relation relation => OnRelation(relation, known, arguments, types),
            EfScope.Skip skip => OnSkip(skip, known, arguments, types, call),
            EfScope.Table table => OnTable(table, known, arguments, call),
            EfScope.Discriminator discriminator => OnDiscriminator(discriminator, known, arguments, types),
            EfScope.Navigation navigation => OnNavigation(navigation, known, arguments),
            EfScope.TypeRule rule => OnTypeRule(rule, known, arguments, types, call),
            EfScope.Metadata when IsHarmless(known) => scope,
            EfScope.Harmless => scope,
            _ => Touch(scope),
        };
    }

    private EfScope? OnModel(EfScope scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site)
    {
        switch (call)
        {
            case EfCall.Entity or EfCall.SharedTypeEntity or EfCall.Owned:
                if (EntityNamed(arguments, types, site, call == EfCall.SharedTypeEntity) is not { } entity)
                {
                    return Touch(scope);
                }

                if (call == EfCall.Owned)
                {
                    entity.IsOwnedType = true;
                    return scope;
                }

                var inner = new EfScope.Entity(entity);
                if (_uncertain > 0)
                {
                    Touch(inner);
                }

                Nested(arguments, inner);
                return inner;
            case EfCall.ApplyConfiguration:
                if (arguments.Count == 1 && _values.ModelOf(site.SyntaxTree)?.GetTypeInfo(arguments[0].Expression).Type is INamedTypeSymbol configuration && configuration.TypeKind == TypeKind.Class)
                {
                    Configuration(configuration);
                    return scope;
                }

                return Touch(scope);
            case EfCall.ApplyConfigurationsFromAssembly:
                var anchor = arguments.Count > 0 ? AssemblyType(arguments[0].Expression) : null;
                if (anchor is null || _configurations?.Invoke(anchor) is not { } configurations)
                {
                    return Touch(scope);
                }

                if (arguments.Count > 1)
                {
                    _uncertain++;
                }

                foreach (var found in configurations)
                {
                    Configuration(found);
                }

                if (arguments.Count > 1)
                {
                    _uncertain--;
                }

                return scope;
            case EfCall.HasDefaultSchema:
                _model.DefaultSchema = arguments.Count == 1 ? _values.Text(arguments[0].Expression) : EfDeclared.Unknown;
                return scope;
            case EfCall.Ignore:
                if (types.Length == 1 ? TypeOf(types[0]) is { } ignored : arguments.Count == 1 && TypeOf(arguments[0].Expression) is { } named && (ignored = named) is not null)
                {
                    _model.Ignored.Add(ignored!);
                    return scope;
                }

                return Touch(scope);
            case EfCall.HasPostgresEnum:
                return scope;
            case EfCall.Properties when types.Length == 1 && TypeOf(types[0]) is { } type:
                return new EfScope.TypeRule(type);
            case EfCall.IgnoreAny when types.Length == 1 && TypeOf(types[0]) is { } type:
                _model.Ignored.Add(type);
                return scope;
            case EfCall.DefaultTypeMapping:
                return new EfScope.Harmless();
            case EfCall.UseHiLo or EfCall.UseSerialColumns:
                _model.HasSerials = true;
                return scope;
            default:
                return EfCalls.IsSchemaless(call) ? scope : Touch(scope);
        }
    }

    private EfEntity? EntityNamed(IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, SyntaxNode site, bool isShared)
    {
        if (types.Length == 1 && !isShared)
        {
            return TypeOf(types[0]) is INamedTypeSymbol type ? EntityOf(type, EfSite.Of(site)) : null;
        }

        if (arguments.Count > 0 && arguments[0].Expression is TypeOfExpressionSyntax)
        {
            return TypeOf(arguments[0].Expression) is INamedTypeSymbol type ? EntityOf(type, EfSite.Of(site)) : null;
        }

        return arguments.Count > 0 && _values.TryGet(arguments[0].Expression, out var value) && value is string name
            ? _model.Entity(name, types.Length == 1 ? TypeOf(types[0]) as INamedTypeSymbol : null, EfSite.Of(arguments[0]))
            : null;
    }

    // typeof(X).Assembly, Assembly.GetExecutingAssembly(), GetType().Assembly: the type whose assembly it is.
    private INamedTypeSymbol? AssemblyType(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax { Expression: TypeOfExpressionSyntax type } => TypeOf(type) as INamedTypeSymbol,
        MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } } => _frame.This,
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } => _frame.This,
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } => TypeOf(arguments[0].Expression) as INamedTypeSymbol,
        _ => null,
    };

    private EfScope? OnEntity(EfScope.Entity scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site)
    {
        var entity = scope.Declared;
        switch (call)
        {
            case EfCall.ToTable:
                ToTable(scope, arguments);
                return scope;
            case EfCall.ToView:
                var view = Texts(arguments);
                entity.View = view.Count > 0 ? view[0] : EfDeclared.Unknown;
                entity.ViewSchema = view.Count > 1 ? view[1] : null;
                return scope;
            case EfCall.ToSqlQuery:
                entity.Query = arguments.Count > 0 ? _values.Text(arguments[0].Expression) : EfDeclared.Unknown;
                return scope;
            case EfCall.ToFunction:
                entity.Query = EfDeclared.Unknown;
                return scope;
            case EfCall.HasNoKey:
                entity.IsKeyless = true;
                return scope;
            case EfCall.HasKey:
                if (_values.Names(arguments) is not { } key)
                {
                    return Touch(scope);
                }

                entity.PrimaryKey = new EfKey(key, EfSite.Of(site.ArgumentList));
                return new EfScope.Key(entity, entity.PrimaryKey);
            case EfCall.HasAlternateKey:
                if (_values.Names(arguments) is not { } alternate)
                {
                    return Touch(scope);
                }

                var other = entity.AlternateKeys.FirstOrDefault(candidate => candidate.Properties.SequenceEqual(alternate));
                if (other is null)
                {
                    entity.AlternateKeys.Add(other = new EfKey(alternate, EfSite.Of(site.ArgumentList)));
                }

                return new EfScope.Key(entity, other);
            case EfCall.HasIndex:
                return Index(scope, arguments, site);
            case EfCall.Property or EfCall.IndexerProperty or EfCall.PrimitiveCollection:
                return Property(scope, arguments, types, site, call);
            case EfCall.Ignore:
                if (_values.Names(arguments) is { } ignored)
                {
                    entity.Ignored.UnionWith(ignored);
                    return scope;
                }

                return Touch(scope);
            case EfCall.HasOne or EfCall.HasMany:
                return Half(scope, arguments, types, call == EfCall.HasMany);
            case EfCall.OwnsOne or EfCall.OwnsMany or EfCall.ComplexProperty or EfCall.ComplexCollection:
                return Owns(scope, arguments, types, site, call);
            case EfCall.WithOwner:
                return _model.Relations.FirstOrDefault(relation => relation.Dependent == entity && entity.Ownership is { } own && relation.Principal == own.Owner) is { } ownership
                    ? new EfScope.Relation(ownership) : new EfScope.Harmless();
            case EfCall.ToJson when entity.Ownership is { } json:
                json.JsonColumn = arguments.Count > 0 ? _values.Text(arguments[0].Expression) : json.Navigation;
                return scope;
            case EfCall.HasColumnType when entity.Ownership is { } json:
                json.JsonType = arguments.Count > 0 ? _values.Text(arguments[0].Expression) : null;
                return scope;
            case EfCall.IsRequired when entity.Ownership is { } owned:
                owned.IsRequired = arguments.Count == 0 || _values.Flag(arguments[0].Expression) != false;
                return scope;
            case EfCall.Navigation:
                return _values.Names(arguments.Take(1).ToList()) is { Count: 1 } navigation ? new EfScope.Navigation(entity, navigation[0]) : Touch(scope);
            case EfCall.HasQueryFilter:
                entity.HasQueryFilter = true;
                return scope;
            case EfCall.HasData:
                entity.SeededRows += Rows(arguments);
                return scope;
            case EfCall.HasDiscriminator:
                Discriminator(entity, arguments, types, site);
                return new EfScope.Discriminator(entity);
            case EfCall.HasBaseType:
                entity.HasBase = true;
                entity.BaseName = types.Length == 1 ? TypeOf(types[0]) is { } type ? EntityMaps.NameOf(type) : EfDeclared.Unknown
                    : arguments.Count == 1 && TypeOf(arguments[0].Expression) is { } given ? EntityMaps.NameOf(given)
                    : arguments.Count == 1 ? _values.Text(arguments[0].Expression) : null;
                return scope;
            case EfCall.HasCheckConstraint:
                Check(entity, arguments, site);
                return scope;
            case EfCall.UseTptMappingStrategy or EfCall.UseTpcMappingStrategy:
                entity.IsTablePerType = true;
                entity.IsUncertain |= call == EfCall.UseTpcMappingStrategy;
                return scope;
            case EfCall.UseTphMappingStrategy:
                return scope;
            case EfCall.UseXminAsConcurrencyToken:
                return scope;
            case EfCall.SetPropertyAccessMode or EfCall.HasNoDiscriminator:
                return scope;
            default:
                return EfCalls.IsSchemaless(call) ? scope : Touch(scope);
        }
    }

    private List<string?> Texts(IEnumerable<ArgumentSyntax> arguments) =>
        arguments.Where(argument => argument.Expression is not LambdaExpressionSyntax).Select(argument => _values.Text(argument.Expression)).ToList();

    private void ToTable(EfScope.Entity scope, IReadOnlyList<ArgumentSyntax> arguments)
    {
        var texts = Texts(arguments);
        if (texts.Count > 0)
        {
            scope.Declared.HasTable = true;
            scope.Declared.Table = texts[0];
            scope.Declared.HasSchema = texts.Count > 1;
            scope.Declared.Schema = texts.Count > 1 ? texts[1] : null;
        }

        foreach (var argument in arguments)
        {
            if (argument.Expression is LambdaExpressionSyntax lambda)
            {
                Nested(lambda, new EfScope.Table(scope.Declared));
            }
        }
    }

    private EfScope? OnTable(EfScope.Table scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, SyntaxNode site)
    {
        switch (call)
        {
            case EfCall.HasCheckConstraint:
                Check(scope.Owner, arguments, site);
                return scope;
            case EfCall.ExcludeFromMigrations:
                scope.Owner.IsExcluded = arguments.Count == 0 || _values.Flag(arguments[0].Expression) != false;
                return scope;
            case EfCall.HasTrigger:
                return new EfScope.Harmless();
            default:
                return EfCalls.IsSchemaless(call) ? scope : Touch(scope);
        }
    }

    private void Check(EfEntity entity, IReadOnlyList<ArgumentSyntax> arguments, SyntaxNode site)
    {
        if (arguments.Count >= 2 && _values.Text(arguments[0].Expression) is { } name && _values.Text(arguments[1].Expression) is { } sql)
        {
            entity.Checks.RemoveAll(check => check.Name == name);
            entity.Checks.Add((name, sql, EfSite.Of(site is InvocationExpressionSyntax call ? call.ArgumentList : site)));
        }
    }

    private static int? Rows(IReadOnlyList<ArgumentSyntax> arguments)
    {
        if (arguments.Count == 1 && EfValues.Elements(arguments[0].Expression) is { } elements)
        {
            return elements.Count;
        }

        return arguments.Count > 0 && arguments.All(argument => argument.Expression is ObjectCreationExpressionSyntax { Initializer: null or { RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.ObjectInitializerExpression } } or AnonymousObjectCreationExpressionSyntax or ImplicitObjectCreationExpressionSyntax)
            ? arguments.Count : null;
    }

    private void Discriminator(EfEntity entity, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, SyntaxNode site)
    {
        // HasDiscriminator("Kind", typeof(string)), HasDiscriminator<string>("Kind"), HasDiscriminator(x => x.Kind)
        var names = arguments.Count == 0 ? [EfModelNames.Discriminator] : _values.Names(arguments.Take(1).ToList());
        if (names is not { Count: 1 })
        {
            entity.IsUncertain = true;
            return;
        }

        var property = entity.Get(names[0], EfSite.Of(site));
        property.ClrType ??= types.Length == 1 ? TypeOf(types[0]) : null;
        property.Clr ??= types.Length == 1 ? types[0] : null;
        property.IsRequired = true;
        entity.Discriminator = property;
    }

    private EfScope? OnDiscriminator(EfScope.Discriminator scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types)
    {
        if (call == EfCall.HasValue)
        {
            var entity = types.Length == 1 ? TypeOf(types[0]) is INamedTypeSymbol type ? EntityOf(type, default) : null
                : arguments.Count == 2 && TypeOf(arguments[0].Expression) is INamedTypeSymbol given ? EntityOf(given, default)
                : arguments.Count == 1 ? scope.Owner : null;
            if (entity is not null && arguments.Count > 0)
            {
                entity.DiscriminatorValue = _values.Text(arguments[arguments.Count - 1].Expression) is { } text && text.IndexOf(EfDeclared.Unknown[0]) < 0 ? text
                    : EfValues.LastName(arguments[arguments.Count - 1].Expression);
            }
        }

        return scope;
    }

    private EfScope? OnNavigation(EfScope.Navigation scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments)
    {
        if (call == EfCall.IsRequired)
        {
            if (arguments.Count == 0 || _values.Flag(arguments[0].Expression) != false)
            {
                scope.Owner.RequiredNavigations.Add(scope.Name);
            }
            else
            {
                scope.Owner.OptionalNavigations.Add(scope.Name);
            }
        }

        return scope;
    }

    private EfScope? Half(EfScope.Entity scope, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, bool isMany)
    {
        var entity = scope.Declared;
        string? navigation = null;
        EfEntity? target = null;
        if (arguments.Count > 0 && arguments[0].Expression is LambdaExpressionSyntax lambda)
        {
            navigation = _values.Members(lambda) is { Count: 1 } names ? names[0] : null;
        }
        else
        {
            // HasOne<T>(), HasOne<T>("Nav"), HasOne("Nav"), HasOne("Ns.Type", "Nav"), HasOne(typeof(T), "Nav")
            var isTyped = arguments.Count == 2 || (arguments.Count == 1 && (_model.IsSnapshot || arguments[0].Expression is TypeOfExpressionSyntax));
            if (isTyped)
            {
                target = TypeOf(arguments[0].Expression) is INamedTypeSymbol given ? EntityOf(given, default)
                    : _values.TryGet(arguments[0].Expression, out var name) && name is string text ? _model.Entity(text, null, EfSite.Of(arguments[0])) : null;
            }

            navigation = arguments.Count > (isTyped ? 1 : 0) && _values.TryGet(arguments[isTyped ? 1 : 0].Expression, out var value) ? value as string : null;
        }

        if (types.Length == 1 && TypeOf(types[0]) is INamedTypeSymbol type)
        {
            target ??= EntityOf(type, default);
        }

        if (target is null && navigation is not null && entity.Type is { } declaring && EfTypes.PropertyOf(declaring, navigation) is { } property &&
            (isMany ? EfTypes.ElementOf(property.Type) : property.Type) is INamedTypeSymbol reached)
        {
            target = EntityOf((INamedTypeSymbol)EfTypes.NotNull(reached), EfSite.Of(property));
        }

        return target is null ? Touch(scope) : new EfScope.Half(entity, navigation, target, isMany);
    }

    private EfScope? OnHalf(EfScope.Half half, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, InvocationExpressionSyntax site)
    {
        if (call is not (EfCall.WithMany or EfCall.WithOne))
        {
            return Touch(half);
        }

        var names = arguments.Count == 0 || (_values.TryGet(arguments[0].Expression, out var given) && given is null) ? [] : _values.Names(arguments);
        if (names is null || names.Count > 1)
        {
            return Touch(half);
        }

        var back = names.Count == 1 ? names[0] : null;
        if (half.IsMany && call == EfCall.WithMany)
        {
            var skip = _model.Skips.FirstOrDefault(candidate =>
                (candidate.Left == half.From && candidate.LeftNavigation == half.Lead && candidate.Right == half.To) ||
                (candidate.Right == half.From && candidate.RightNavigation == half.Lead && candidate.Left == half.To));
            if (skip is null)
            {
                _model.Skips.Add(skip = new EfSkip(half.From, half.To, EfSite.Of(site)) { LeftNavigation = half.Lead, RightNavigation = back });
            }

            return new EfScope.Skip(skip);
        }

        var isUnique = !half.IsMany && call == EfCall.WithOne;
        var (dependent, principal) = half.IsMany ? (half.To, half.From) : (half.From, half.To);
        var (dependentNavigation, principalNavigation) = half.IsMany ? (back, half.Lead) : (half.Lead, back);
        var relation = _model.Relations.FirstOrDefault(candidate => Same(candidate, dependent, dependentNavigation, principal, principalNavigation) ||
            (isUnique && Same(candidate, principal, principalNavigation, dependent, dependentNavigation)));
        if (relation is null)
        {
            _model.Relations.Add(relation = new EfRelation(dependent, principal, EfSite.Of(site)) { HasDependent = !isUnique });
            relation.DependentNavigation = dependentNavigation;
            relation.PrincipalNavigation = principalNavigation;
        }

        if (relation.Dependent == dependent)
        {
            relation.DependentNavigation ??= dependentNavigation;
            relation.PrincipalNavigation ??= principalNavigation;
        }

        relation.IsUnique = isUnique;
        relation.HasDependent |= !isUnique;
        return new EfScope.Relation(relation);
    }

    private static bool Same(EfRelation relation, EfEntity dependent, string? dependentNavigation, EfEntity principal, string? principalNavigation) =>
        relation.Dependent == dependent && relation.Principal == principal &&
        ((dependentNavigation is not null && relation.DependentNavigation == dependentNavigation) || (principalNavigation is not null && relation.PrincipalNavigation == principalNavigation)) &&
        (dependentNavigation is null || relation.DependentNavigation is null || relation.DependentNavigation == dependentNavigation) &&
        (principalNavigation is null || relation.PrincipalNavigation is null || relation.PrincipalNavigation == principalNavigation);

    private EfScope? OnRelation(EfScope.Relation scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types)
    {
        var relation = scope.Declared;
        switch (call)
        {
            case EfCall.HasForeignKey or EfCall.HasPrincipalKey:
                var named = types.Length == 1 ? TypeOf(types[0]) is INamedTypeSymbol type ? EntityMaps.NameOf(type) : null : null;
                var rest = arguments;
                if (named is null && relation.IsUnique && arguments.Count > 1 && (TypeOf(arguments[0].Expression) is { } given ? EntityMaps.NameOf(given) : _values.Text(arguments[0].Expression)) is { } first &&
                    (first == relation.Dependent.Name || first == relation.Principal.Name))
                {
                    named = first;
                    rest = arguments.Skip(1).ToList();
                }

                if (named is not null && relation.Dependent != relation.Principal && (relation.Dependent.Name == named) == (call == EfCall.HasPrincipalKey))
                {
                    if (relation.Dependent.Name != named && relation.Principal.Name != named)
                    {
                        return Touch(scope);
                    }

                    relation.Flip();
                }

                relation.HasDependent |= named is not null;
                if (_values.Names(rest) is not { Count: > 0 } names)
                {
                    return Touch(scope);
                }

                if (call == EfCall.HasForeignKey)
                {
                    relation.ForeignKey = names;
                }
                else
                {
                    relation.PrincipalKey = names;
                }

                return scope;
            case EfCall.OnDelete:
                relation.DeleteBehavior = arguments.Count == 1 ? EfValues.LastName(arguments[0].Expression) ?? EfDeclared.Unknown : EfDeclared.Unknown;
                return scope;
            case EfCall.IsRequired:
                relation.IsRequired = arguments.Count == 0 ? true : _values.Flag(arguments[0].Expression);
                return scope;
            case EfCall.HasConstraintName:
                relation.ConstraintName = arguments.Count == 1 ? _values.Text(arguments[0].Expression) : EfDeclared.Unknown;
                return scope;
            case EfCall.HasAnnotation:
                return scope;
            // A builder of an owned type goes on with its own calls behind WithOwner().
            case EfCall.Property or EfCall.ToTable or EfCall.HasKey or EfCall.HasIndex when relation.Dependent.Ownership is not null:
                return Touch(scope);
            default:
                return Touch(scope);
        }
    }

    private EfScope? OnSkip(EfScope.Skip scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site)
    {
        if (call != EfCall.UsingEntity)
        {
            return Touch(scope);
        }

        var skip = scope.Declared;
        var name = arguments.Count > 0 && arguments[0].Expression is not LambdaExpressionSyntax ? _values.Text(arguments[0].Expression) : null;
        var type = types.Length > 0 ? TypeOf(types[0]) as INamedTypeSymbol : null;
        skip.Join ??= name is not null ? _model.Entity(name, null, EfSite.Of(site))
            : type is not null ? EntityOf(type, EfSite.Of(site))
            : _model.Entity(EfCompletion.JoinName(skip), null, EfSite.Of(site));
        skip.Join.IsJoin = name is not null || type is null;
        foreach (var lambda in arguments.Select(argument => argument.Expression).OfType<LambdaExpressionSyntax>())
        {
            Nested(lambda, new EfScope.Entity(skip.Join));
        }

        return new EfScope.Entity(skip.Join);
    }

    private EfScope? Owns(EfScope.Entity scope, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, SyntaxNode site, EfCall call)
    {
        var owner = scope.Declared;
        string? navigation;
        INamedTypeSymbol? type = null;
        string? typeName = null;
        if (arguments.Count > 0 && arguments[0].Expression is LambdaExpressionSyntax lambda)
        {
            navigation = _values.Members(lambda) is { Count: 1 } members ? members[0] : null;
        }
        else
        {
            var texts = Texts(arguments);
            navigation = texts.Count > 0 ? texts[texts.Count - 1] : null;
            typeName = texts.Count > 1 ? texts[0] : null;
        }

        var isMany = call is EfCall.OwnsMany or EfCall.ComplexCollection;
        if (navigation is not null && owner.Type is { } declaring && EfTypes.PropertyOf(declaring, navigation) is { } property)
        {
            type = (isMany ? EfTypes.ElementOf(property.Type) : EfTypes.NotNull(property.Type)) as INamedTypeSymbol;
        }

        type ??= types.Length == 1 ? TypeOf(types[0]) as INamedTypeSymbol : null;
        typeName ??= type is null ? null : EntityMaps.NameOf(type);
        if (navigation is null || typeName is null)
        {
            return Touch(scope);
        }

        var owned = Own(_model, owner, navigation, typeName, type, isMany, call is EfCall.ComplexProperty or EfCall.ComplexCollection, EfSite.Of(site));
        var inner = new EfScope.Entity(owned);
        Nested(arguments.Skip(1).ToList(), inner);
        return inner;
    }

    /// <summary>Notes that an entity owns another.</summary>
    public static EfEntity Own(EfDeclared model, EfEntity owner, string navigation, string typeName, INamedTypeSymbol? type, bool isMany, bool isComplex, EfSite site)
    {
        if (type is not null && !isComplex && model.Entities.TryGetValue(typeName, out var plain))
        {
            plain.IsOwnedType = true;
        }

        var hash = typeName.IndexOf('#');
        var owned = model.Entity(owner.Name + "." + navigation + "#" + (hash < 0 ? typeName : typeName.Substring(hash + 1)), type, EfSite.Of(type).Or(site));
        var ownedName = hash < 0 ? typeName : typeName.Substring(hash + 1);
        owned.ShortName = type is null ? ownedName.Substring(Math.Max(ownedName.LastIndexOf('.'), ownedName.LastIndexOf('+')) + 1) : EfTypes.ShortName(type);
        if (owned.Ownership is null)
        {
            owned.Ownership = new EfOwnership(owner, navigation, isMany) { IsComplex = isComplex, HasSharedName = hash >= 0 };
            if (!isComplex)
            {
                model.Relations.Add(new EfRelation(owned, owner, site) { PrincipalNavigation = navigation, IsUnique = !isMany, HasDependent = true, DeleteBehavior = EfModelNames.Cascade, IsRequired = true });
            }
        }

        return owned;
    }
}
