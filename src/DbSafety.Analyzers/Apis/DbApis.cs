using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>
/// The rows that exist in one compilation, and the question "does this operation use one of them?". Thread-safe. Kept by Facts, one per
/// compilation.
/// </summary>
public sealed class DbApis
{
    private readonly Compilation compilation;
    private readonly ImmutableArray<UserSink> userSinks;
    private readonly HashSet<string> members;
    private readonly Lazy<Resolved> resolved;

    private DbApis(Compilation compilation, ImmutableArray<UserSink> userSinks)
    {
        this.compilation = compilation;
        this.userSinks = userSinks;
        members = new HashSet<string>(DbApiTable.RowsByMember.Keys.Concat(userSinks.Select(sink => sink.Member)));
        resolved = new Lazy<Resolved>(() => new Resolved(this));
        Types = new KnownTypes(compilation);
    }

    /// <summary>The other types that rules ask for.</summary>
    public KnownTypes Types { get; }

    /// <summary>The assemblies that the compilation references.</summary>
    public IEnumerable<AssemblyIdentity> ReferencedAssemblies => compilation.ReferencedAssemblyNames;

    /// <summary>Whether connections may come in wrappers: a library that wraps them is referenced, or the compilation declares a connection of its own.</summary>
    public bool MayWrapConnections() => compilation.ReferencedAssemblyNames.Any(name => DbApiTable.WrapsConnections(name.Name)) ||
        DeclaresType(type => type.AllInterfaces.Any(contract => contract.Name == "IDbConnection" && DbApiTable.IsAdoNetNamespace(contract.ContainingNamespace.ToDisplayString())));

    /// <summary>Whether the compilation tells Dapper how to write collections.</summary>
    public bool MayHandleCollections() => DeclaresType(ParameterBags.HandlesCollections);

    private bool DeclaresType(Func<INamedTypeSymbol, bool> isWanted) =>
        compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>().Any(isWanted);

    /// <summary>
    /// The APIs of a compilation, or null where it references no database library and the user named no sinks: then there is nothing to look at.
    /// Only the names of the referenced assemblies are read here; types are looked up when the first candidate comes.
    /// </summary>
    /// <param name="compilation">The compilation.</param>
    /// <param name="userSinks">
    /// Documentation ids of the user's own methods, constructors and properties that take SQL text, such as
    /// <c>M:My.Db.Run(System.String)</c>, each with <c>-&gt;name</c> behind it where the parameter is not the one that is named like SQL, or the first
    /// string. Ids that name nothing are ignored.
    /// </param>
    public static DbApis? Create(Compilation compilation, IEnumerable<string> userSinks)
    {
        var sinks = userSinks.Select(UserSink.Parse).Where(sink => sink.Member.Length > 0).ToImmutableArray();
        if (sinks.IsEmpty && !compilation.ReferencedAssemblyNames.Any(name => DbApiTable.Assemblies.ContainsKey(name.Name)))
        {
            return null;
        }

        return new DbApis(compilation, sinks);
    }

    /// <summary>
    /// Whether a compilation references a database library beyond the base class library: the only question that a compilation without one pays.
    /// </summary>
    public static bool MayUseDatabase(Compilation compilation)
    {
        foreach (var name in compilation.ReferencedAssemblyNames)
        {
            if (DbApiTable.Assemblies.ContainsKey(name.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an assembly is the user's own rather than a library's: it references a database library, or a project that does, and is none itself.
    /// </summary>
    public bool IsUserAssembly(IAssemblySymbol assembly)
    {
        if (DbApiTable.Assemblies.ContainsKey(assembly.Name))
        {
            return false;
        }

        foreach (var module in assembly.Modules)
        {
            foreach (var reference in module.ReferencedAssemblies)
            {
                if (DbApiTable.Assemblies.ContainsKey(reference.Name))
                {
                    return !assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal);
                }
            }
        }

        return false;
    }

    /// <summary>Some row has a member of this name (<see cref="DbApiTable.Constructor"/> for constructors). One look-up, no allocation.</summary>
    public bool IsCandidate(string memberName) => members.Contains(memberName);

    /// <summary>Some row of <see cref="DbMemberTable"/> has this name. One look-up, no allocation.</summary>
    public static bool IsMemberCandidate(string memberName) => DbMemberTable.RowsByMember.ContainsKey(memberName);

    /// <summary>Whether a member of this name, which takes no text, may write: what it runs decides, unless it is a query of EF Core. One look-up.</summary>
    public static bool MayWrite(string memberName) => DbMemberTable.Writers.Contains(memberName);

    /// <summary>
    /// What a method does to the database although it takes no SQL text, or null. Of <see cref="DbEffects.OfQuery"/> only the caller can tell whether its
    /// source is a query.
    /// </summary>
    public DbMember? MemberOf(IMethodSymbol method)
    {
        if (!IsMemberCandidate(method.Name))
        {
            return null;
        }

        method = method.ReducedFrom ?? method;
        for (var type = method.ContainingType; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
        {
            if (resolved.Value.MemberOf(method.Name, type) is { } row)
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>The compilation references a library; of <see cref="DbLibrary.User"/>: the user named sinks.</summary>
    public bool References(DbLibrary library) => library switch
    {
        DbLibrary.AdoNet => true,
        DbLibrary.User => !userSinks.IsEmpty,
        _ => compilation.ReferencedAssemblyNames.Any(name => DbApiTable.Holds(name.Name, library)),
    };

    /// <summary>The version of a referenced assembly, or null where it is not referenced. Dapper's is 2.0.0.0 for every 2.x.</summary>
    public Version? VersionOf(string assemblyName) =>
        compilation.ReferencedAssemblyNames.FirstOrDefault(name => string.Equals(name.Name, assemblyName, StringComparison.OrdinalIgnoreCase))?.Version;

    /// <summary>The version of a library, or null where it is not referenced, or is the base class library or the user's own.</summary>
    public Version? VersionOf(DbLibrary library) =>
        compilation.ReferencedAssemblyNames.FirstOrDefault(name => DbApiTable.Holds(name.Name, library))?.Version;

    /// <summary>The row that an operation uses, or null.</summary>
    /// <param name="operation">
    /// An <see cref="IInvocationOperation"/> (also a <c>base(..)</c> call), <see cref="IObjectCreationOperation"/>,
    /// <see cref="ISimpleAssignmentOperation"/> (also inside an object initialiser) or <see cref="ICompoundAssignmentOperation"/>; any other
    /// gives null.
    /// </param>
    public DbApiMatch? Match(IOperation operation) => operation switch
    {
        IInvocationOperation invocation => MatchCall(invocation.TargetMethod, invocation),
        IObjectCreationOperation { Constructor: { } constructor } => MatchCall(constructor, operation),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment => MatchAssignment(target, assignment),
        ICompoundAssignmentOperation { Target: IPropertyReferenceOperation target, OperatorKind: BinaryOperatorKind.Add } assignment =>
            MatchAssignment(target, assignment),
        _ => null,
    };

    private DbApiMatch? MatchCall(IMethodSymbol method, IOperation operation)
    {
        if (!IsCandidate(method.Name))
        {
            return null;
        }

        method = (method.ReducedFrom ?? method).OriginalDefinition;
        var row = method.MethodKind == MethodKind.Constructor ? FindConstructor(method) : FindMethod(method);
        return row is null ? null : DbApiMatch.ForCall(row, operation);
    }

    private DbApiMatch? MatchAssignment(IPropertyReferenceOperation target, IAssignmentOperation assignment)
    {
        var property = target.Property;
        if (!IsCandidate(property.Name) || property.IsIndexer)
        {
            return null;
        }

        // The static type of the receiver is at least as telling as the type that declares the property.
        var type = target.Instance?.Type as INamedTypeSymbol ?? property.ContainingType;
        var row = FindUser(property.OriginalDefinition) ?? FindProperty(type, property.Name);
        return row is null ? null : DbApiMatch.ForAssignment(row, assignment);
    }

    private DbApi? FindMethod(IMethodSymbol method)
    {
        if (FindUser(method) is { } user)
        {
            return user;
        }

        for (var type = method.ContainingType; type is not null; type = type.BaseType)
        {
            foreach (var row in resolved.Value.RowsOf(method.Name, type))
            {
                if (Takes(method, row))
                {
                    return row;
                }
            }
        }

        return null;
    }

    private DbApi? FindConstructor(IMethodSymbol constructor)
    {
        if (FindUser(constructor) is { } user)
        {
            return user;
        }

        // Up the classes first: no allocation, and almost every object ends here.
        DbApi? withoutText = null;
        for (var type = constructor.ContainingType; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
        {
            foreach (var row in resolved.Value.RowsOf(DbApiTable.Constructor, type))
            {
                if (Takes(constructor, row))
                {
                    return row;
                }

                withoutText ??= row;
            }
        }

        // Then the interfaces that the classes implement, for a constructor that takes a text named like SQL.
        if (withoutText is null && HasTextNamedLikeSql(constructor))
        {
            foreach (var contract in constructor.ContainingType.AllInterfaces)
            {
                foreach (var row in resolved.Value.RowsOf(DbApiTable.Constructor, contract))
                {
                    if (Takes(constructor, row))
                    {
                        return row;
                    }
                }
            }
        }

        return withoutText;
    }

    private DbApi? FindProperty(INamedTypeSymbol receiver, string name)
    {
        for (var type = receiver; type is not null; type = type.BaseType)
        {
            foreach (var row in resolved.Value.RowsOf(name, type))
            {
                if (row.IsProperty)
                {
                    return row;
                }
            }
        }

        foreach (var contract in receiver.AllInterfaces)
        {
            foreach (var row in resolved.Value.RowsOf(name, contract))
            {
                if (row.IsProperty)
                {
                    return row;
                }
            }
        }

        return null;
    }

    private DbApi? FindUser(ISymbol? member)
    {
        if (userSinks.IsEmpty)
        {
            return null;
        }

        while (member is not null)
        {
            if (resolved.Value.User.TryGetValue(member.OriginalDefinition, out var row))
            {
                return row;
            }

            member = member switch
            {
                IMethodSymbol method => method.OverriddenMethod,
                IPropertySymbol property => property.OverriddenProperty,
                _ => null,
            };
        }

        return null;
    }

    private static bool Takes(IMethodSymbol method, DbApi row)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Name == row.SqlParameter)
            {
                return IsText(parameter.Type) ? row.Form != SqlTextForm.Formattable : row.Form == SqlTextForm.Formattable;
            }
        }

        return false;
    }

    private static bool IsText(ITypeSymbol type) => type.SpecialType == SpecialType.System_String || DbApiTable.IsTextWrapper(type.Name);

    private static bool HasTextNamedLikeSql(IMethodSymbol constructor)
    {
        foreach (var parameter in constructor.Parameters)
        {
            if (parameter.Type.SpecialType == SpecialType.System_String && Resolved.ConstructorParameters.Contains(parameter.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The rows with their types, looked up once.</summary>
    private sealed class Resolved
    {
        private readonly Dictionary<string, Dictionary<INamedTypeSymbol, ImmutableArray<DbApi>>> rows = new();
        private readonly Dictionary<INamedTypeSymbol, ImmutableDictionary<string, DbMember>> memberRows = new(SymbolEqualityComparer.Default);

        public Resolved(DbApis apis)
        {
            foreach (var library in DbApiTable.Rows.GroupBy(row => row.Library).Where(library => apis.References(library.Key)))
            {
                foreach (var type in library.GroupBy(row => row.Type))
                {
                    foreach (var symbol in apis.compilation.GetTypesByMetadataName(type.Key))
                    {
                        foreach (var row in type)
                        {
                            Add(symbol, row);
                        }
                    }
                }
            }

            foreach (var type in DbMemberTable.Rows.Where(row => apis.References(row.Library)).GroupBy(row => row.Type))
            {
                foreach (var symbol in apis.compilation.GetTypesByMetadataName(type.Key))
                {
                    memberRows[symbol] = type.ToImmutableDictionary(row => row.Member);
                }
            }

            // The classes that implement the contracts, so that the walk up the base types meets them.
            Mirror(apis.compilation, "System.Data.IDbCommand", "System.Data.Common.DbCommand");
            Mirror(apis.compilation, "System.Data.IDataAdapter", "System.Data.Common.DataAdapter");

            foreach (var sink in apis.userSinks)
            {
                foreach (var symbol in DocumentationCommentId.GetSymbolsForDeclarationId(sink.Id, apis.compilation))
                {
                    if (sink.RowFor(symbol) is { } row)
                    {
                        User[symbol] = row;
                    }
                }
            }
        }

        /// <summary>The row of a member that takes no text, declared by exactly this type.</summary>
        public DbMember? MemberOf(string member, INamedTypeSymbol type) =>
            memberRows.TryGetValue(type.OriginalDefinition, out var found) && found.TryGetValue(member, out var row) ? row : null;

        public static ImmutableHashSet<string> ConstructorParameters { get; } =
            DbApiTable.RowsByMember[DbApiTable.Constructor].Select(row => row.SqlParameter).ToImmutableHashSet();

        public static ImmutableHashSet<string> TextParameters { get; } =
            DbApiTable.Rows.Where(row => !row.IsProperty).Select(row => row.SqlParameter).ToImmutableHashSet();

        public Dictionary<ISymbol, DbApi> User { get; } = new(SymbolEqualityComparer.Default);

        public ImmutableArray<DbApi> RowsOf(string member, INamedTypeSymbol type) =>
            rows.TryGetValue(member, out var types) && types.TryGetValue(type.OriginalDefinition, out var found) ? found : ImmutableArray<DbApi>.Empty;

        private void Add(INamedTypeSymbol type, DbApi row)
        {
            if (!rows.TryGetValue(row.Member, out var types))
            {
                rows.Add(row.Member, types = new(SymbolEqualityComparer.Default));
            }

            types[type] = types.TryGetValue(type, out var found) ? found.Add(row) : ImmutableArray.Create(row);
        }

        private void Mirror(Compilation compilation, string contract, string implementation)
        {
            foreach (var type in compilation.GetTypesByMetadataName(implementation))
            {
                foreach (var row in DbApiTable.Rows.Where(row => row.Type == contract))
                {
                    Add(type, row);
                }
            }
        }
    }

    /// <summary>A documentation id, and the name of the parameter that takes the text.</summary>
    private readonly record struct UserSink(string Id, string Member, string? Parameter)
    {
        private const string ConstructorId = "#ctor";
        private const string ParameterMark = "->";

        public static UserSink Parse(string text)
        {
            // A '#' begins a comment where options are written, so constructors have their metadata name there.
            text = text.Trim().Replace("..ctor", "." + ConstructorId);
            string? parameter = null;
            var mark = text.LastIndexOf(ParameterMark, StringComparison.Ordinal);
            if (mark >= 0)
            {
                parameter = text.Substring(mark + ParameterMark.Length).Trim();
                text = text.Substring(0, mark).Trim();
            }

            var end = text.IndexOf('(');
            var name = end < 0 ? text : text.Substring(0, end);
            name = name.Substring(name.LastIndexOf('.') + 1);
            var arity = name.IndexOf('`');
            name = arity < 0 ? name : name.Substring(0, arity);
            return new(text, name == ConstructorId ? DbApiTable.Constructor : name, parameter);
        }

        public DbApi? RowFor(ISymbol symbol)
        {
            var form = SqlTextForm.Plain;
            string name;
            switch (symbol)
            {
                case IPropertySymbol { IsIndexer: false }:
                    name = "";
                    break;
                case IMethodSymbol method when (Named(method) ?? NamedLikeSql(method) ?? FirstText(method)) is { } found:
                    name = found.Name;
                    form = IsText(found.Type) ? SqlTextForm.Plain : SqlTextForm.Formattable;
                    break;
                default:
                    return null;
            }

            return new(DbLibrary.User, symbol.ContainingType.ToDisplayString(), symbol.MetadataName, name, form, DbEffects.None);
        }

        private IParameterSymbol? Named(IMethodSymbol method)
        {
            var name = Parameter;
            return name is null ? null : method.Parameters.FirstOrDefault(parameter => parameter.Name == name);
        }

        private static IParameterSymbol? NamedLikeSql(IMethodSymbol method) =>
            method.Parameters.FirstOrDefault(parameter => IsText(parameter.Type) && Resolved.TextParameters.Contains(parameter.Name));

        private static IParameterSymbol? FirstText(IMethodSymbol method) => method.Parameters.FirstOrDefault(parameter => IsText(parameter.Type));
    }
}
