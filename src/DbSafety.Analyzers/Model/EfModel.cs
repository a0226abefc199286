using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Model;

/// <summary>What a compilation brings for the reading of its models.</summary>
/// <param name="Compilation">The compilation.</param>
/// <param name="Types">The types that are asked for.</param>
/// <param name="Models">The semantic model of a tree; null for a tree of another compilation.</param>
/// <param name="Calls">The calls of methods of a name, in all sources.</param>
internal sealed record EfSources(Compilation Compilation, KnownTypes Types, Func<SyntaxTree, SemanticModel?> Models, Func<string, IReadOnlyList<IInvocationOperation>> Calls);

/// <summary>The model of one context, read and completed.</summary>
internal sealed class EfModel
{
    private readonly EfDeclared _declared;
    private readonly EfCompletion _names;

    private EfModel(string name, EfDeclared declared)
    {
        Name = name;
        _declared = declared;
        _names = new EfCompletion(declared);
    }

    /// <summary>The name of the context.</summary>
    public string Name { get; }

    /// <summary>The context; null for a snapshot.</summary>
    public INamedTypeSymbol? Context => _declared.Context;

    /// <summary>The statements that would create it.</summary>
    public EfScript ToScript() => EfDdl.Write(_declared, _names, Name);

    /// <summary>How its classes are stored.</summary>
    public IEnumerable<EntityMap> ToMaps() => EfMapping.Of(_declared, _names);

    /// <summary>The tables that it tells of.</summary>
    public IEnumerable<(string Schema, string Name)> Tables =>
        _declared.Entities.Values.Where(entity => !entity.IsOwnedType).Select(entity => (_names.SchemaOf(entity) ?? EfMapping.PublicSchema, Name: _names.TableOf(entity) ?? "")).Where(table => table.Name.Length > 0).Distinct();

    /// <summary>The contexts that a compilation declares.</summary>
    public static IEnumerable<INamedTypeSymbol> Contexts(EfSources sources) => sources.Types.DbContext is { } context
        ? TypesOf(sources.Compilation.Assembly).Where(type => type is { TypeKind: TypeKind.Class, IsAbstract: false, TypeParameters.IsEmpty: true } && DerivesFrom(type, context))
        : [];

    /// <summary>Reads the model of a context from its sources.</summary>
    /// <param name="context">The context.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="snapshot">The snapshot of the same context, whose names are those of the database; or null.</param>
    public static EfModel Of(INamedTypeSymbol context, EfSources sources, EfModel? snapshot)
    {
        var declared = new EfDeclared { Context = context, Version = VersionOf(sources.Compilation) };
        FindOptions(declared, context, sources);
        var sets = Bases(context).SelectMany(type => type.GetMembers().OfType<IPropertySymbol>())
            .Where(property => property.Type is INamedTypeSymbol set && SymbolEqualityComparer.Default.Equals(set.OriginalDefinition, sources.Types.DbSet))
            .ToLookup(property => ((INamedTypeSymbol)property.Type).TypeArguments[0], SymbolEqualityComparer.Default);
        foreach (var set in sets)
        {
            if (set.Key is INamedTypeSymbol type)
            {
                var entity = declared.Entity(EntityMaps.NameOf(type), type, EfSite.Of(type).Or(EfSite.Of(set.First())));
                entity.SetName = set.Count() == 1 ? set.First().Name : null;
                if (set.All(property => property.DeclaringSyntaxReferences.IsEmpty) && !SymbolEqualityComparer.Default.Equals(set.First().ContainingType, context))
                {
                    // A set of a library's context, which stores it as it likes.
                    entity.IsUncertain = entity.HasTable = true;
                    entity.Table = EfDeclared.Unknown;
                }
            }
        }

        var fluent = new EfFluent(declared, sources.Models, anchor => SymbolEqualityComparer.Default.Equals(anchor.ContainingAssembly, sources.Compilation.Assembly)
            ? TypesOf(sources.Compilation.Assembly).Where(type => type is { TypeKind: TypeKind.Class, IsAbstract: false, TypeParameters.IsEmpty: true } && type.AllInterfaces.Any(EfModelNames.IsConfiguration)).OrderBy(EntityMaps.NameOf, StringComparer.Ordinal)
            : null);
        foreach (var hook in new[] { EfCall.ConfigureConventions, EfCall.OnModelCreating })
        {
            Read(fluent, declared, context, hook, sources);
        }

        EfConventions.Apply(declared);
        if (snapshot is not null)
        {
            Confirm(declared, snapshot);
        }

        return new EfModel(EntityMaps.NameOf(context), declared);
    }

    /// <summary>Reads a snapshot by its syntax.</summary>
    /// <param name="name">The name of its context.</param>
    /// <param name="build">The method that builds the model.</param>
    /// <param name="types">The class of a name, where a compilation is at hand.</param>
    public static EfModel OfSnapshot(string name, MethodDeclarationSyntax build, Func<string, INamedTypeSymbol?>? types)
    {
        var declared = new EfDeclared { IsSnapshot = true };
        new EfFluent(declared, null, null).ReadModel(build, null);
        if (types is not null)
        {
            foreach (var entity in declared.Entities.Values)
            {
                // "Ns.Order.Lines#OrderLine": what is owned is found by its owner.
                entity.Type = types(entity.Name) ?? (entity.Ownership is { IsMany: var isMany } ownership && ownership.Owner.Type is { } owner && EfTypes.PropertyOf(owner, ownership.Navigation) is { } navigation
                    ? (isMany ? EfTypes.ElementOf(navigation.Type) : EfTypes.NotNull(navigation.Type)) as INamedTypeSymbol : null);
                foreach (var property in entity.Properties)
                {
                    property.Symbol = entity.Type is { } type ? EfTypes.PropertyOf(type, property.Name) : null;
                    property.ClrType = property.Symbol?.Type;
                }
            }
        }

        return new EfModel(name, declared);
    }

    private static void Read(EfFluent fluent, EfDeclared declared, INamedTypeSymbol context, EfCall hook, EfSources sources)
    {
        foreach (var type in Bases(context))
        {
            if (type.GetMembers(hook.ToString()).OfType<IMethodSymbol>().FirstOrDefault(method => method.IsOverride) is { } method)
            {
                if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax syntax && sources.Models(syntax.SyntaxTree) is not null)
                {
                    fluent.ReadModel(syntax, context);
                }
                else if (SymbolEqualityComparer.Default.Equals(type, context) || !EfModelNames.IsEf(type))
                {
                    declared.IsUncertain = declared.HasUnknownNames = declared.HasMore = true;
                }
                else
                {
                    declared.HasMore = true;
                }

                return;
            }
        }
    }

    /// <summary>What the options of a context change of its model: how names are written, which enums the server has.</summary>
    private static void FindOptions(EfDeclared declared, INamedTypeSymbol context, EfSources sources)
    {
        var isFound = false;
        foreach (var (call, rewrite) in s_rewriters)
        {
            foreach (var use in sources.Calls(call.ToString()).Where(use => EfModelNames.IsEf(use.TargetMethod.ContainingType) && EfContexts.IsOf(use, context)))
            {
                isFound = true;
                declared.Rewrite = rewrite;
                declared.HasUnknownNames |= rewrite is null;
            }
        }

        // Somebody else may call it: the project that has the options of the context.
        declared.HasUnknownNames |= !isFound && sources.Compilation.ReferencedAssemblyNames.Any(name => name.Name == EfModelNames.NamingConventions);
        declared.HasUnknownNames |= sources.Calls(EfCall.UseModel.ToString()).Any(use => EfModelNames.IsEf(use.TargetMethod.ContainingType));
        foreach (var use in sources.Calls(EfCall.MapEnum.ToString()))
        {
            if (use.TargetMethod.TypeArguments is { Length: 1 } types && types[0] is INamedTypeSymbol { TypeKind: TypeKind.Enum } type && !declared.Enums.ContainsKey(type) && EfModelNames.IsNpgsql(use.TargetMethod.ContainingType))
            {
                var name = use.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_String && !argument.IsImplicit)?.Value.ConstantValue.Value as string ?? EfNaming.SnakeCase(type.Name);
                declared.Enums.Add(type, "\"" + name + "\"");
                declared.EnumLabels.Add(("\"" + name + "\"", type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)
                    .Select(field => field.GetAttributes().FirstOrDefault(EfModelNames.IsLabel)?.ConstructorArguments.FirstOrDefault().Value as string ?? EfNaming.SnakeCase(field.Name)).ToList()));
            }
        }
    }

    private static readonly IReadOnlyList<(EfCall Call, Func<string, string>? Rewrite)> s_rewriters =
    [
        (EfCall.UseSnakeCaseNamingConvention, EfNaming.SnakeCase),
        (EfCall.UseLowerCaseNamingConvention, name => name.ToLowerInvariant()),
        (EfCall.UseCamelCaseNamingConvention, EfNaming.CamelCase),
        (EfCall.UseUpperCaseNamingConvention, name => name.ToUpperInvariant()),
        (EfCall.UseUpperSnakeCaseNamingConvention, name => EfNaming.SnakeCase(name).ToUpperInvariant()),
    ];

    /// <summary>Takes the names that a snapshot tells: it was made from the whole model, by EF Core itself.</summary>
    private static void Confirm(EfDeclared declared, EfModel snapshot)
    {
        foreach (var entity in declared.Entities.Values)
        {
            var told = snapshot._declared.Entities.Values.FirstOrDefault(candidate => candidate.Name == entity.Name || (entity.Ownership is { } own && candidate.Ownership is { } other &&
                other.Navigation == own.Navigation && other.Owner.Name == own.Owner.Name));
            if (told is null || snapshot._names.TableOf(told) is not { } table)
            {
                continue;
            }

            if (!EfCompletion.IsInline(told))
            {
                entity.HasTable = entity.HasSchema = true;
                entity.Table = table;
                entity.Schema = snapshot._names.SchemaOf(told);
            }

            foreach (var property in entity.Properties)
            {
                if (told.Find(property.Name) is { } known && snapshot._names.ColumnOf(told, known) is { } column)
                {
                    property.Column = column;
                    property.StoreType = known.StoreType ?? property.StoreType;
                }
            }

            entity.IsConfirmed = entity.Properties.All(property => told.Find(property.Name) is not null);
            entity.IsUncertain &= !entity.IsConfirmed;
        }
    }

    // EF Core 8 gave the discriminator a length.
    private static int VersionOf(Compilation compilation) =>
        compilation.ReferencedAssemblyNames.Where(name => name.Name == EfModelNames.Assembly).Select(name => name.Version.Major).DefaultIfEmpty(0).Max();

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            yield return at;
        }
    }

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol other) => type.BaseType is { } above && Bases(above).Any(candidate => SymbolEqualityComparer.Default.Equals(candidate, other));

    private static IEnumerable<INamedTypeSymbol> TypesOf(IAssemblySymbol assembly)
    {
        var open = new Stack<INamespaceOrTypeSymbol>([assembly.GlobalNamespace]);
        while (open.Count > 0)
        {
            foreach (var member in open.Pop().GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                open.Push(member);
                if (member is INamedTypeSymbol type)
                {
                    yield return type;
                }
            }
        }
    }
}
