using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>The names by which sources say how EF Core's model is.</summary>
internal static class EfModelNames
{
    /// <summary>Declares the key of an entity.</summary>
    public const string HasKey = "HasKey";

    /// <summary>Declares that an entity has no key.</summary>
    public const string HasNoKey = "HasNoKey";

    /// <summary>Declares the property that holds the key of another entity.</summary>
    public const string HasForeignKey = "HasForeignKey";

    /// <summary>Declares that a relation goes by something else than the primary key.</summary>
    public const string HasPrincipalKey = "HasPrincipalKey";

    /// <summary>Loads a navigation with every query.</summary>
    public const string AutoInclude = "AutoInclude";

    /// <summary>Says of one navigation whether it is loaded lazily (EF Core 8).</summary>
    public const string EnableLazyLoading = "EnableLazyLoading";

    /// <summary>Declares a condition that every query of an entity has.</summary>
    public const string HasQueryFilter = "HasQueryFilter";

    /// <summary>Has every entity made as a proxy that loads its navigations when they are read.</summary>
    public const string UseLazyLoadingProxies = "UseLazyLoadingProxies";

    /// <summary>The names whose use anywhere makes it uncertain whether entities load lazily at all.</summary>
    public static IReadOnlyList<string> LazyLoadingSwitches { get; } = ["LazyLoadingEnabled", "UseQueryTrackingBehavior", "QueryTrackingBehavior"];

    /// <summary>Whether a type is EF Core's.</summary>
    public static bool IsEf(ITypeSymbol? type) =>
        type?.ContainingNamespace?.ToDisplayString() is { } space && space.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal);

    /// <summary>The attribute of a key property.</summary>
    public static bool IsKey(AttributeData attribute) => attribute.AttributeClass?.Name == "KeyAttribute";

    /// <summary>The attributes of a class that make its key something else than convention says.</summary>
    public static bool SetsKey(AttributeData attribute) => attribute.AttributeClass?.Name is "PrimaryKeyAttribute" or "KeylessAttribute" or "OwnedAttribute";

    /// <summary>The attribute of what is not mapped.</summary>
    public static bool IsNotMapped(AttributeData attribute) => attribute.AttributeClass?.Name == "NotMappedAttribute";

    /// <summary>The attributes by which a property says how it takes part in a relation.</summary>
    public static bool SetsRelation(AttributeData attribute) => attribute.AttributeClass?.Name is "ForeignKeyAttribute" or "InversePropertyAttribute" or "DeleteBehaviorAttribute" || IsNotMapped(attribute);

    /// <summary>Whether a property is the key of an entity of this name by convention, and how surely: <c>Id</c> comes before <c>OrderId</c>.</summary>
    public static int KeyRank(string property, string entity) =>
        property.Equals("Id", StringComparison.OrdinalIgnoreCase) ? 2 : property.Equals(entity + "Id", StringComparison.OrdinalIgnoreCase) ? 1 : 0;

    /// <summary>Whether a constructor's parameter is what loads navigations: <c>ILazyLoader</c>, or <c>Action&lt;object, string&gt; lazyLoader</c>.</summary>
    public static bool IsLoader(IParameterSymbol parameter) => parameter.Type is { Name: "ILazyLoader" } ||
        (parameter is { Name: "lazyLoader", Type: INamedTypeSymbol { Name: nameof(Action), TypeArguments: { Length: 2 } types } } && types[0].SpecialType == SpecialType.System_Object && types[1].SpecialType == SpecialType.System_String);

    /// <summary>Whether a call in a getter loads the navigation: <c>loader.Load(this, ref order)</c>, <c>loader(this, "Order")</c>.</summary>
    public static bool IsLoad(string member) => member is "Load" or nameof(Action.Invoke);

    /// <summary>What an annotation of a migration tells of an index, a column or the database.</summary>
    public static EfAnnotation AnnotationOf(string name) => NpgsqlAnnotation(name) switch
    {
        "IndexMethod" => EfAnnotation.Method,
        "IndexOperators" => EfAnnotation.Operators,
        "IndexInclude" => EfAnnotation.Include,
        "NullsDistinct" => EfAnnotation.NullsDistinct,
        "IndexNullSortOrder" => EfAnnotation.NullSortOrder,
        "IndexSortOrder" => EfAnnotation.SortOrder,
        "TsVectorConfig" => EfAnnotation.TextSearch,
        "ValueGenerationStrategy" => EfAnnotation.ValueGeneration,
        { } other when other.StartsWith("Enum:", StringComparison.Ordinal) => EfAnnotation.Enum,
        _ => EfAnnotation.Other,
    };

    /// <summary>The enum that an annotation declares: <c>Npgsql:Enum:shop.mood</c>.</summary>
    public static string EnumOf(string annotation) => annotation.Substring("Npgsql:Enum:".Length);

    /// <summary>Whether a member of the provider's strategies makes an identity column.</summary>
    public static bool IsIdentity(string strategy) => strategy is "IdentityByDefaultColumn" or "IdentityAlwaysColumn";

    /// <summary>Whether a member of the provider's strategies makes a serial column.</summary>
    public static bool IsSerial(string strategy) => strategy == "SerialColumn";

    /// <summary>Whether a member of the enum of sort orders is the descending one.</summary>
    public static bool IsDescendingOrder(string order) => order == "Descending";

    /// <summary>The annotation <c>Npgsql:..</c> of a migration, without its prefix; null for another.</summary>
    public static string? NpgsqlAnnotation(string name) => name.StartsWith("Npgsql:", StringComparison.Ordinal) ? name.Substring("Npgsql:".Length) : null;

    /// <summary>Whether a migration or a snapshot was written for another database: it has what only another provider writes, and nothing of PostgreSQL's.</summary>
    /// <param name="name">The class with its namespace.</param>
    /// <param name="text">The file.</param>
    public static bool IsOfOtherProvider(string name, string text) =>
        text.IndexOf("Npgsql", StringComparison.Ordinal) < 0 &&
        (name.Split('.').Any(part => s_otherDatabases.Any(other => part.StartsWith(other, StringComparison.OrdinalIgnoreCase))) ||
        s_otherMarks.Any(mark => text.IndexOf(mark, StringComparison.Ordinal) >= 0));

    private static readonly string[] s_otherDatabases = ["Sqlite", "SqlServer", "MsSql", "MySql", "MariaDb", "Oracle"];

    private static readonly string[] s_otherMarks =
    [
        "\"Sqlite:", "\"SqlServer:", "\"MySql:", "\"Oracle:", "\"TEXT\"", "\"nvarchar(", "\"datetime2\"", "\"uniqueidentifier\"", "\"longtext\"", "\"NVARCHAR2(",
    ];

    /// <summary>Whether a class of this name is the base of migrations.</summary>
    public static bool IsMigration(string type) => type == "Migration";

    /// <summary>Whether a class of this name is the base of snapshots.</summary>
    public static bool IsSnapshot(string type) => type == "ModelSnapshot";

    /// <summary>Whether an attribute of this name tells the id of a migration.</summary>
    public static bool IsMigrationId(string attribute) => attribute is "Migration" or "MigrationAttribute";

    /// <summary>Whether an attribute of this name tells the context of a migration or a snapshot.</summary>
    public static bool IsContextOf(string attribute) => attribute is "DbContext" or "DbContextAttribute";

    /// <summary>Whether an attribute has a name, with or without its suffix.</summary>
    public static bool Is(AttributeData attribute, EfAttribute name) => attribute.AttributeClass?.Name == name + nameof(Attribute);

    /// <summary>Whether an interface is the one of classes that configure an entity.</summary>
    public static bool IsConfiguration(INamedTypeSymbol type) => type is { Name: "IEntityTypeConfiguration", TypeArguments.Length: 1 } && IsEf(type);

    /// <summary>Whether an expression of this text is the model that a builder makes.</summary>
    public static bool IsModel(string member) => member is "Model" or "Metadata";

    /// <summary>Methods that read a model's parts in loops, or change them there without touching a name, a column, a key or an index.</summary>
    public static bool IsHarmlessInLoop(string method) => method is "SetValueConverter" or "SetQueryFilter" or "SetValueComparer" or "SetComment" or "SetPropertyAccessMode" or "SetIsEagerLoaded" or HasQueryFilter or
        "SetChangeTrackingStrategy" or "AddQueryFilter" || (method.StartsWith("Get", StringComparison.Ordinal) && method.Length > 3) || method.StartsWith("Is", StringComparison.Ordinal) || method.StartsWith("Find", StringComparison.Ordinal);

    /// <summary>Whether a method sets the name of a table, a column, a key or an index.</summary>
    public static bool SetsName(string method) => method is "SetTableName" or "SetColumnName" or "SetSchema" or "SetDefaultSchema" or "SetViewName" or "SetIsTableExcludedFromMigrations" or "ToTable" or "HasColumnName" or "ToView";

    /// <summary>Whether a method sets the condition that every query of an entity has.</summary>
    public static bool SetsFilter(string method) => method is "SetQueryFilter" or "AddQueryFilter";

    /// <summary>Whether a base class of contexts brings entities of its own.</summary>
    public static bool IsIdentity(INamedTypeSymbol type) => type.Name.StartsWith("Identity", StringComparison.Ordinal);

    /// <summary>What deleting a principal does at the server: the words behind ON DELETE; null: nothing is written there.</summary>
    /// <param name="behavior">A member of <c>DeleteBehavior</c> or <c>ReferentialAction</c>.</param>
    public static string? OnDelete(string behavior) => behavior switch
    {
        "Cascade" => "CASCADE",
        "SetNull" => "SET NULL",
        "Restrict" => "RESTRICT",
        "SetDefault" => "SET DEFAULT",
        _ => null,
    };

    /// <summary>Whether types of this context's assemblies map themselves: time zones of NodaTime, geometry.</summary>
    public static bool IsPlugin(string space) => space.StartsWith("NodaTime", StringComparison.Ordinal) || space.StartsWith("NetTopologySuite", StringComparison.Ordinal) || space.StartsWith("Pgvector", StringComparison.Ordinal);

    /// <summary>The column's type that the provider gives a type of values by default; null where it is none of those listed.</summary>
    /// <param name="name">The name of the type, with its namespace.</param>
    public static string? StoreType(string name) => name switch
    {
        "System.Boolean" => "boolean",
        "System.Byte" or "System.SByte" or "System.Int16" => "smallint",
        "System.Int32" or "System.UInt16" => "integer",
        "System.Int64" or "System.UInt32" => "bigint",
        "System.UInt64" => "numeric(20,0)",
        "System.Int128" or "System.UInt128" => "numeric",
        "System.Single" => "real",
        "System.Double" => "double precision",
        "System.Decimal" or "System.Numerics.BigInteger" => "numeric",
        "System.String" => "text",
        "System.Uri" => "text",
        "System.Char" => "character(1)",
        "System.Guid" => "uuid",
        "System.DateTime" or "System.DateTimeOffset" => "timestamp with time zone",
        "System.DateOnly" => "date",
        "System.TimeOnly" => "time without time zone",
        "System.TimeSpan" => "interval",
        "System.Text.Json.JsonDocument" or "System.Text.Json.JsonElement" => "jsonb",
        "System.Net.IPAddress" => "inet",
        "System.Net.NetworkInformation.PhysicalAddress" => "macaddr",
        "System.Collections.BitArray" => "bit varying",
        "System.Version" => null,
        "NpgsqlTypes.NpgsqlTsVector" => "tsvector",
        "NpgsqlTypes.NpgsqlTsQuery" => "tsquery",
        "NpgsqlTypes.NpgsqlPoint" => "point",
        "NpgsqlTypes.NpgsqlBox" => "box",
        "NpgsqlTypes.NpgsqlCircle" => "circle",
        "NpgsqlTypes.NpgsqlLine" => "line",
        "NpgsqlTypes.NpgsqlLSeg" => "lseg",
        "NpgsqlTypes.NpgsqlPath" => "path",
        "NpgsqlTypes.NpgsqlPolygon" => "polygon",
        "NpgsqlTypes.NpgsqlInet" => "inet",
        "NpgsqlTypes.NpgsqlCidr" or "System.Net.IPNetwork" => "cidr",
        "NodaTime.Instant" or "NodaTime.ZonedDateTime" or "NodaTime.OffsetDateTime" => "timestamp with time zone",
        "NodaTime.LocalDateTime" => "timestamp without time zone",
        "NodaTime.LocalDate" => "date",
        "NodaTime.LocalTime" => "time without time zone",
        "NodaTime.Duration" or "NodaTime.Period" => "interval",
        "Microsoft.EntityFrameworkCore.LTree" => "ltree",
        _ => null,
    };

    /// <summary>The type of a range over a type of values.</summary>
    public static string? RangeType(string element) => element switch
    {
        "System.Int32" => "int4range",
        "System.Int64" => "int8range",
        "System.Decimal" => "numrange",
        "System.DateTime" => "tstzrange",
        "System.DateOnly" => "daterange",
        _ => null,
    };

    /// <summary>The type of bytes.</summary>
    public const string Bytes = "bytea";

    /// <summary>The type of texts by name.</summary>
    public const string TextMap = "hstore";

    /// <summary>Whether a type holds texts by name.</summary>
    public static bool IsTextMap(INamedTypeSymbol type) => type is { Name: nameof(Dictionary<int, int>) or "ImmutableDictionary", TypeArguments: { Length: 2 } arguments } && arguments.All(argument => argument.SpecialType == SpecialType.System_String);

    /// <summary>Whether a type converts values between a property and its column.</summary>
    public static bool IsConverter(INamedTypeSymbol type) => type is { Name: "ValueConverter" } && IsEf(type);

    /// <summary>The assembly of the library that rewrites the names of models.</summary>
    public const string NamingConventions = "EFCore.NamingConventions";

    /// <summary>The assembly whose version is that of EF Core.</summary>
    public const string Assembly = "Microsoft.EntityFrameworkCore";

    /// <summary>Whether a type is the base of contexts.</summary>
    public static bool IsContext(INamedTypeSymbol type) => type.Name == "DbContext" && IsEf(type);

    /// <summary>Whether a type is of the provider or the client for PostgreSQL.</summary>
    public static bool IsNpgsql(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() is { } space && (space.StartsWith("Npgsql", StringComparison.Ordinal) || IsEf(type));

    /// <summary>Whether an attribute names the label of an enum's member.</summary>
    public static bool IsLabel(AttributeData attribute) => attribute.AttributeClass?.Name == "PgNameAttribute";

    /// <summary>The method by which options say that the database is PostgreSQL.</summary>
    public const string UsePostgres = "UseNpgsql";

    /// <summary>The methods by which options say that it is another one.</summary>
    public static IReadOnlyList<string> UseOthers { get; } = ["UseSqlServer", "UseAzureSql", "UseSqlite", "UseMySql", "UseMySQL", "UseOracle", "UseInMemoryDatabase", "UseCosmos", "UseFirebird", "UseMongoDB"];

    /// <summary>Members of attributes.</summary>
    public const string TypeName = "TypeName", Schema = "Schema", AllDescending = "AllDescending", IsDescending = "IsDescending";

    /// <summary>The system column that changes with every write of a row.</summary>
    public const string RowVersion = "xmin";

    /// <summary>Whether a property of a type that is the row's version is that system column.</summary>
    public static bool IsRowVersion(ITypeSymbol? type) => type is { SpecialType: SpecialType.System_UInt32 };

    /// <summary>Whether a property of a type, as generated code writes it, is that system column.</summary>
    public static bool IsRowVersion(string type) => type == "uint";

    /// <summary>Where a member of <c>NullSortOrder</c> puts nulls; null: where they are without it.</summary>
    public static string? Nulls(string order) => order switch { "NullsFirst" => "FIRST", "NullsLast" => "LAST", _ => null };

    /// <summary>What tells the classes of a hierarchy apart, where a source names no other property.</summary>
    public const string Discriminator = "Discriminator";

    /// <summary>Whoever deletes the principal deletes its dependents.</summary>
    public const string Cascade = "Cascade";

    /// <summary>Whether a type is a range.</summary>
    public static bool IsRange(INamedTypeSymbol type) => type is { Name: "NpgsqlRange", TypeArguments.Length: 1 };

    /// <summary>Whether a class of this name, written in a snapshot, holds values that may be null.</summary>
    public static bool IsClassOfValues(string name) => name is nameof(String) or nameof(Uri) or nameof(System.Net.IPAddress) or nameof(System.Net.NetworkInformation.PhysicalAddress) or nameof(System.Collections.BitArray) or nameof(Version) or nameof(Object) or
        nameof(Dictionary<int, int>) or nameof(List<int>) or nameof(IDictionary<int, int>) or "NpgsqlTsVector" or "NpgsqlTsQuery" or "JsonDocument" or "ImmutableDictionary" or "Geometry" or "Point" or "Polygon" or "LineString" or "MultiPolygon" or "Period" or "Vector";

    /// <summary>The type of values behind a name written in a snapshot or a migration.</summary>
    public static string? ValueTypeNamed(string name) => name switch
    {
        "bool" => "System.Boolean",
        "byte" => "System.Byte",
        "sbyte" => "System.SByte",
        "short" => "System.Int16",
        "ushort" => "System.UInt16",
        "int" => "System.Int32",
        "uint" => "System.UInt32",
        "long" => "System.Int64",
        "ulong" => "System.UInt64",
        "float" => "System.Single",
        "double" => "System.Double",
        "decimal" => "System.Decimal",
        "string" => "System.String",
        "char" => "System.Char",
        _ => StoreType("System." + name) is null ? null : "System." + name,
    };
}

/// <summary>The attributes by which a class says how it is stored; the name of each without its suffix.</summary>
internal enum EfAttribute
{
#pragma warning disable SA1602, CS1591 // Each is documented by EF Core or .NET under its name.
    None, Table, Column, Key, PrimaryKey, Index, ForeignKey, InverseProperty, NotMapped, MaxLength, StringLength, Required, Owned, Keyless, ComplexType, Precision, Timestamp, ConcurrencyCheck, DatabaseGenerated, DeleteBehavior,
    EntityTypeConfiguration, Unicode, DbContext,
#pragma warning restore SA1602, CS1591
}

/// <summary>What annotations of migrations tell.</summary>
internal enum EfAnnotation
{
    /// <summary>Nothing that the schema keeps.</summary>
    Other,

    /// <summary>The access method of an index.</summary>
    Method,

    /// <summary>The operator classes of an index.</summary>
    Operators,

    /// <summary>The further columns of an index.</summary>
    Include,

    /// <summary>Whether nulls are distinct for a unique index.</summary>
    NullsDistinct,

    /// <summary>Where an index puts nulls.</summary>
    NullSortOrder,

    /// <summary>The directions of an index, as older versions tell them.</summary>
    SortOrder,

    /// <summary>An index or a column of words.</summary>
    TextSearch,

    /// <summary>How a column is numbered.</summary>
    ValueGeneration,

    /// <summary>An enum at the server.</summary>
    Enum,
}
