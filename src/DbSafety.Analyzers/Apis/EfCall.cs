namespace DbSafety.Analyzers.Apis;

/// <summary>
/// The methods by which sources tell EF Core's model, and the migrations made of it, by their names: those of <c>ModelBuilder</c> and the builders below it,
/// of their relational and Npgsql extensions, and of <c>MigrationBuilder</c>.
/// </summary>
internal enum EfCall
{
    /// <summary>A method that is not listed here.</summary>
    Other = 0,

#pragma warning disable SA1602, CS1591 // Each is documented by EF Core under its name.
    // The model.
    Entity, ApplyConfiguration, ApplyConfigurationsFromAssembly, HasDefaultSchema, HasSequence, HasPostgresEnum, HasPostgresExtension, HasPostgresRange, HasDbFunction, SharedTypeEntity, Owned,
    UseIdentityColumns, UseIdentityByDefaultColumns, UseIdentityAlwaysColumns, UseSerialColumns, UseHiLo, HasCollation, UseCollation, HasAnnotation, HasChangeTrackingStrategy, UsePropertyAccessMode,
    UseDatabaseTemplate, UseTablespace, HasPostGis, HasServiceType, HasAutoscaleSettings,

    // An entity.
    ToTable, ToView, ToSqlQuery, ToFunction, HasKey, HasNoKey, HasIndex, HasAlternateKey, HasOne, HasMany, OwnsOne, OwnsMany, ComplexProperty, ComplexCollection, Property, PrimitiveCollection, Ignore, Navigation,
    HasQueryFilter, HasData, HasDiscriminator, HasNoDiscriminator, HasBaseType, HasCheckConstraint, HasComment, UseTphMappingStrategy, UseTptMappingStrategy, UseTpcMappingStrategy, SplitToTable, WithOwner, ToJson,
    HasTrigger, ExcludeFromMigrations, IsUnlogged, HasStorageParameter, UseXminAsConcurrencyToken, HasGeneratedTsVectorColumn, IsMemoryOptimized, IsTemporal, IndexerProperty, IsNpgsqlUnlogged,
    InsertUsingStoredProcedure, UpdateUsingStoredProcedure, DeleteUsingStoredProcedure, SetNpgsqlStorageParameter,

    // A property.
    HasColumnName, HasColumnType, IsRequired, HasMaxLength, HasPrecision, IsUnicode, IsFixedLength, HasDefaultValue, HasDefaultValueSql, HasComputedColumnSql, HasConversion, HasConversions, HasEnumConversion,
    ValueGeneratedOnAdd, ValueGeneratedNever, ValueGeneratedOnAddOrUpdate, ValueGeneratedOnUpdate, ValueGeneratedOnUpdateSometimes, IsConcurrencyToken, IsRowVersion, HasColumnOrder, UseIdentityColumn, UseIdentityByDefaultColumn,
    UseIdentityAlwaysColumn, UseSerialColumn, UseSequence, HasIdentityOptions, HasField, HasValueGenerator, HasValueGeneratorFactory, HasSentinel, UseCompressionMethod, IsGeneratedTsVectorColumn, ElementType,
    HasPostgresArrayConversion, HasJsonPropertyName, HasPropertyAnnotation, HasDefaultValueConstraint, IsStored, SetAfterSaveBehavior,

    // An index, a key.
    IsUnique, HasFilter, HasMethod, HasOperators, IncludeProperties, IsDescending, HasDatabaseName, HasName, HasNullSortOrder, AreNullsDistinct, IsCreatedConcurrently, HasSortOrder, IsTsVectorExpressionIndex,
    HasFillFactor,

    // A relation.
    WithMany, WithOne, HasForeignKey, HasPrincipalKey, OnDelete, HasConstraintName, UsingEntity,

    // The discriminator.
    HasValue, IsComplete,

    // A navigation.
    AutoInclude, EnableLazyLoading,

    // Conventions for all properties of a type, and the options of a context.
    Properties, HaveColumnType, HaveMaxLength, HavePrecision, HaveConversion, AreUnicode, AreFixedLength, HaveAnnotation, DefaultTypeMapping, IgnoreAny, Conventions, HaveEnumConversion,
    UseSnakeCaseNamingConvention, UseLowerCaseNamingConvention, UseCamelCaseNamingConvention, UseUpperCaseNamingConvention, UseUpperSnakeCaseNamingConvention, UseNpgsql, MapEnum, IsNpgsql, OnModelCreating, Configure,
    UseModel, ReplaceService, OnConfiguring, ConfigureConventions, IsRelational,

    // A migration.
    CreateTable, DropTable, RenameTable, AlterTable, AddColumn, DropColumn, RenameColumn, AlterColumn, CreateIndex, DropIndex, RenameIndex, AddForeignKey, DropForeignKey, AddPrimaryKey, DropPrimaryKey,
    AddUniqueConstraint, DropUniqueConstraint, AddCheckConstraint, DropCheckConstraint, EnsureSchema, DropSchema, CreateSequence, AlterSequence, RenameSequence, RestartSequence, DropSequence, AlterDatabase, InsertData,
    UpdateData, DeleteData, Sql, Annotation, OldAnnotation, Column, PrimaryKey, ForeignKey, UniqueConstraint, CheckConstraint, EnsurePostgresExtension, Up, BuildModel, BuildTargetModel,

    // What is read of the model itself, and changes nothing.
    FindNavigation, FindProperty, FindSkipNavigation, SetPropertyAccessMode, SetField, SetIsEagerLoaded, GetEntityTypes,
#pragma warning restore SA1602, CS1591
}

/// <summary>Looks up <see cref="EfCall"/>, and knows which of its members change nothing that a schema has.</summary>
internal static class EfCalls
{
    private static readonly IReadOnlyDictionary<string, EfCall> s_names = Enum.GetValues(typeof(EfCall)).Cast<EfCall>().ToDictionary(call => call.ToString(), StringComparer.Ordinal);

    /// <summary>The method of a name.</summary>
    public static EfCall Of(string name) => s_names.TryGetValue(name, out var call) ? call : EfCall.Other;

    /// <summary>Whether a method of the model or an entity changes no table, key, column or index.</summary>
    public static bool IsSchemaless(EfCall call) => call is EfCall.HasComment or EfCall.HasChangeTrackingStrategy or EfCall.UsePropertyAccessMode or EfCall.HasPostgresExtension or EfCall.HasDbFunction or
        EfCall.UseDatabaseTemplate or EfCall.UseTablespace or EfCall.UseCollation or EfCall.HasCollation or EfCall.HasTrigger or EfCall.IsUnlogged or EfCall.HasStorageParameter or EfCall.HasAnnotation or EfCall.HasPostgresRange or
        EfCall.UseIdentityColumns or EfCall.UseIdentityByDefaultColumns or EfCall.UseIdentityAlwaysColumns or EfCall.HasSequence or EfCall.AutoInclude or EfCall.EnableLazyLoading or EfCall.HasField or
        EfCall.InsertUsingStoredProcedure or EfCall.UpdateUsingStoredProcedure or EfCall.DeleteUsingStoredProcedure or EfCall.IsComplete or EfCall.UseSerialColumns or EfCall.UseHiLo or EfCall.HasPostgresEnum;

    /// <summary>Whether a method of a property changes neither its column's name nor type nor whether it may be null.</summary>
    public static bool KeepsColumn(EfCall call) => call is EfCall.HasComment or EfCall.IsUnicode or EfCall.ValueGeneratedOnUpdate or EfCall.ValueGeneratedOnUpdateSometimes or EfCall.IsConcurrencyToken or
        EfCall.HasColumnOrder or EfCall.HasIdentityOptions or EfCall.HasField or EfCall.HasValueGenerator or EfCall.HasValueGeneratorFactory or EfCall.HasSentinel or EfCall.UseCompressionMethod or EfCall.HasAnnotation or
        EfCall.UsePropertyAccessMode or EfCall.UseCollation or EfCall.HasPropertyAnnotation or EfCall.HasJsonPropertyName or EfCall.SetAfterSaveBehavior;
}
