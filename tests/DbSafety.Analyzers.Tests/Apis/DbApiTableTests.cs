using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Apis;

/// <summary>The table against the real assemblies, in both directions.</summary>
public sealed partial class DbApiTableTests
{
    /// <summary>
    /// Why a public parameter (or settable property) that is named like SQL has no row. A key is a type, a type with a member, or a namespace that ends in
    /// a dot; a member may stand alone behind a star.
    /// </summary>
    private static readonly Dictionary<string, string> Exemptions = new()
    {
        ["Npgsql.PostgresException"] = "carries the SQLSTATE and the failing query of the server; runs nothing",
        ["Npgsql.PostgresNotice"] = "carries the SQLSTATE of a notice; runs nothing",
        ["Npgsql.Internal."] = "Npgsql's plumbing, without a promise of compatibility",

        ["Microsoft.EntityFrameworkCore.Metadata."] = "the model's own storage of text that configuration methods took",
        ["Microsoft.EntityFrameworkCore.Metadata.Builders."] = "check constraints: an expression inside DDL, read as part of the model",
        ["Microsoft.EntityFrameworkCore.Query."] = "EF Core's translator; the text comes from rows or from the model",
        ["Microsoft.EntityFrameworkCore.Storage."] = "EF Core's plumbing behind the rows",
        ["Microsoft.EntityFrameworkCore.Diagnostics."] = "logging of commands that already run",
        ["Microsoft.EntityFrameworkCore.Scaffolding."] = "what reverse engineering read from a database",
        ["Microsoft.EntityFrameworkCore.Migrations.MigrationsSqlGenerator"] = "makes DDL from migration operations",
        ["Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder.AddColumn"] = "a default: an expression inside DDL, read as part of the schema",
        ["Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder.AlterColumn"] = "a default: an expression inside DDL, read as part of the schema",
        ["Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder.CreateCheckConstraint"] = "a check: an expression inside DDL",
        ["Microsoft.EntityFrameworkCore.Migrations.MigrationBuilder.AddCheckConstraint"] = "a check: an expression inside DDL",
        ["Microsoft.EntityFrameworkCore.Migrations.Operations.Builders."] = "defaults and checks: expressions inside DDL",
        ["Microsoft.EntityFrameworkCore.Migrations.Operations.ColumnOperation"] = "defaults: expressions inside DDL",
        ["Microsoft.EntityFrameworkCore.Migrations.Operations.AddCheckConstraintOperation"] = "a check: an expression inside DDL",
        ["Microsoft.EntityFrameworkCore.Migrations.Operations.CreateCheckConstraintOperation"] = "a check: an expression inside DDL",
        ["*.HasCheckConstraint"] = "model configuration: an expression inside DDL",
        ["*.CanSetCheckConstraint"] = "model configuration: an expression inside DDL",
        ["*.CanHaveCheckConstraint"] = "model configuration: an expression inside DDL",
        ["*.AddCheckConstraint"] = "model configuration: an expression inside DDL",
        ["*.HasFilter"] = "model configuration: the predicate of a partial index",
        ["*.CanSetFilter"] = "model configuration: the predicate of a partial index",
        ["*.HasDefaultValueSql"] = "model configuration: an expression inside DDL",
        ["*.CanSetDefaultValueSql"] = "model configuration: an expression inside DDL",
        ["*.HasComputedColumnSql"] = "model configuration: an expression inside DDL",
        ["*.CanSetComputedColumnSql"] = "model configuration: an expression inside DDL",

        ["Microsoft.EntityFrameworkCore.NpgsqlFullTextSearchDbFunctionsExtensions"] = "a tsquery, sent as a parameter: a search text, not SQL",
        ["Microsoft.EntityFrameworkCore.NpgsqlFullTextSearchLinqExtensions"] = "a tsquery, sent as a parameter: a search text, not SQL",
        ["Microsoft.EntityFrameworkCore.LTree"] = "an lquery, sent as a parameter: a path pattern, not SQL",
        ["Npgsql.EntityFrameworkCore.PostgreSQL.Migrations."] = "makes DDL from migration operations",
        ["System.Data.SQLite.SQLiteModule.DeclareTable"] = "the shape of a virtual table, declared inside SQLite",
    };

    private static readonly ImmutableArray<string> Judged =
    [
        "Npgsql",
        "Dapper",
        "Microsoft.EntityFrameworkCore.Relational",
        "Npgsql.EntityFrameworkCore.PostgreSQL",
        "System.Data.Common",
        "Microsoft.Data.Sqlite",
        "Microsoft.Data.SqlClient",
        "MySqlConnector",
        "System.Data.SQLite",
    ];

    /// <summary>Exemptions that no assembly here needs would hide a later addition.</summary>
    private readonly HashSet<string> used = [];

    public static TheoryData<int> RowNumbers => [.. Enumerable.Range(0, DbApiTable.Rows.Length)];

    private static ImmutableArray<CSharpCompilation> Compilations { get; } =
    [
        Compilation([.. References.Newest, .. References.OtherClients]),
        Compilation(References.Oldest),
        .. References.VersionsOf("Microsoft.EntityFrameworkCore.Relational").Select(version => Compilation(References.EfCore(version))),
    ];

    [Theory]
    [MemberData(nameof(RowNumbers))]
    public void A_row_exists_in_a_real_assembly(int number)
    {
        var row = DbApiTable.Rows[number];
        Assert.True(Compilations.Any(compilation => Exists(compilation, row)), $"{row} is in none of the assemblies");
    }

    [Fact]
    public void Rows_are_distinct() => Assert.Equal(DbApiTable.Rows.Length, DbApiTable.Rows.Distinct().Count());

    [Fact]
    public void What_is_named_like_sql_has_a_row_or_a_reason()
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var compilation in Compilations)
        {
            foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols.Where(assembly => Judged.Contains(assembly.Name)))
            {
                foreach (var type in TypesOf(assembly.GlobalNamespace))
                {
                    missing.UnionWith(type.GetMembers().Where(IsVisible).Where(TakesSql).Where(member => !HasRow(compilation, member) && !IsExempt(member)).Select(Show));
                }
            }
        }

        Assert.True(missing.Count == 0, string.Join("\n", missing));
        var unused = Exemptions.Keys.Except(used).ToArray();
        Assert.True(unused.Length == 0, "needed by no assembly:\n" + string.Join("\n", unused));
    }

    [Fact]
    public void What_a_fix_writes_is_there_since_the_version_it_says()
    {
        var names = typeof(Emit).GetProperties().Select(property => property.GetValue(null)).OfType<EmitName>().ToArray();
        Assert.NotEmpty(names);
        foreach (var compilation in Compilations)
        {
            var apis = DbApis.Create(compilation, [])!;
            foreach (var name in names.Where(name => apis.References(name.Library)))
            {
                var exists = compilation.GetTypeByMetadataName(name.Type)?.GetMembers(name.Member)
                    .Any(member => name.Library != DbLibrary.EfCore || (TakesFormattable(member) && Source(member) == Wanted(name))) == true;
                Assert.True(exists == name.IsAvailable(apis), $"{name} in version {apis.VersionOf(name.Library)}");
            }
        }

        // Up to EF Core 5 a FromSql extends IQueryable: another method of the same name, now gone.
        static bool TakesFormattable(ISymbol member) => ((IMethodSymbol)member).Parameters[1].Type.Name == nameof(FormattableString);
        static string Source(ISymbol member) => ((IMethodSymbol)member).Parameters[0].Type.Name;
        static string Wanted(EmitName name) => name.Type.EndsWith("QueryableExtensions", StringComparison.Ordinal) ? "DbSet" : "DatabaseFacade";
    }

    [Theory]
    [InlineData("FromSqlRaw", 3, "FromSqlInterpolated")]
    [InlineData("FromSqlRaw", 6, "FromSqlInterpolated")]
    [InlineData("FromSqlRaw", 7, "FromSql")]
    [InlineData("ExecuteSqlRaw", 6, "ExecuteSqlInterpolated")]
    [InlineData("ExecuteSqlRaw", 10, "ExecuteSql")]
    [InlineData("ExecuteSqlRawAsync", 3, "ExecuteSqlInterpolatedAsync")]
    [InlineData("ExecuteSqlRawAsync", 7, "ExecuteSqlAsync")]
    [InlineData("SqlQueryRaw", 6, null)]
    [InlineData("SqlQueryRaw", 7, "SqlQuery")]
    public void The_interpolated_twin_fits_the_version(string member, int major, string? twin)
    {
        var version = References.VersionsOf("Microsoft.EntityFrameworkCore.Relational").First(version => version.Major == major);
        var apis = DbApis.Create(Compilation(References.EfCore(version)), [])!;
        Assert.Equal(twin, Emit.FormattableTwin(DbApiTable.RowsByMember[member].Single(), apis)?.Member);
    }

    private static CSharpCompilation Compilation(ImmutableArray<MetadataReference> references) => CSharpCompilation.Create("Empty", references: references);

    private static bool Exists(Compilation compilation, DbApi row)
    {
        if (compilation.GetTypeByMetadataName(row.Type) is not { } contract)
        {
            return false;
        }

        // A contract has no constructors: some class that implements it must.
        var types = contract.TypeKind == TypeKind.Interface || contract.IsAbstract ? Implementations(compilation, contract).Append(contract) : [contract];
        return types.SelectMany(type => type.GetMembers(row.Member)).Any(member => member switch
        {
            IPropertySymbol property => row.IsProperty && property.SetMethod is not null && property.Type.SpecialType == SpecialType.System_String,
            IMethodSymbol method => method.Parameters.Any(parameter => parameter.Name == row.SqlParameter && FormFits(parameter.Type, row.Form))
                && (row.ValuesParameter is null || !row.IsConstructor && row.Library == DbLibrary.EfCore
                    || method.Parameters.Any(parameter => parameter.Name == row.ValuesParameter)),
            _ => false,
        });
    }

    private static IEnumerable<INamedTypeSymbol> Implementations(Compilation compilation, INamedTypeSymbol contract) =>
        compilation.SourceModule.ReferencedAssemblySymbols
            .Where(assembly => Judged.Contains(assembly.Name))
            .SelectMany(assembly => TypesOf(assembly.GlobalNamespace))
            .Where(type => Ancestors(type).Contains(contract, SymbolEqualityComparer.Default));

    private static IEnumerable<INamedTypeSymbol> Ancestors(INamedTypeSymbol type)
    {
        var all = type.AllInterfaces.AsEnumerable();
        for (INamedTypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            all = all.Append(ancestor.OriginalDefinition);
        }

        return all;
    }

    private static bool FormFits(ITypeSymbol type, SqlTextForm form) =>
        type.Name == (form == SqlTextForm.Formattable ? nameof(FormattableString) : "String") || (type.Name == "RawSqlString" && form == SqlTextForm.CompositeFormat);

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol space => TypesOf(space),
        INamedTypeSymbol type when IsVisible(type) => TypesOf(type).Prepend(type),
        _ => [],
    });

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool TakesSql(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.Constructor } method => method.Parameters.Any(IsNamedLikeSql),
        IPropertySymbol { SetMethod: { } setter } property => IsVisible(setter) && property.Type.SpecialType == SpecialType.System_String && LikeSql().IsMatch(property.Name),
        _ => false,
    };

    private static bool IsNamedLikeSql(IParameterSymbol parameter) =>
        parameter.Type.Name is "String" or nameof(FormattableString) or "RawSqlString" && LikeSql().IsMatch(parameter.Name);

    private static bool HasRow(Compilation compilation, ISymbol member)
    {
        if (!DbApiTable.RowsByMember.TryGetValue(member.Name, out var rows))
        {
            return false;
        }

        var types = Ancestors(member.ContainingType).ToImmutableHashSet(SymbolEqualityComparer.Default);
        return rows.Any(row => compilation.GetTypeByMetadataName(row.Type) is { } type && types.Contains(type) && member switch
        {
            IMethodSymbol method => method.Parameters.Where(IsNamedLikeSql).All(parameter =>
                parameter.Name == row.SqlParameter && FormFits(parameter.Type, row.Form)),
            _ => row.IsProperty,
        });
    }

    private bool IsExempt(ISymbol member)
    {
        var type = member.ContainingType.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None));
        var keys = Exemptions.Keys.Where(key => key switch
        {
            _ when key.EndsWith('.') => type.StartsWith(key, StringComparison.Ordinal),
            _ when key.StartsWith('*') => member.Name == key[2..],
            _ => type == key || type + "." + member.Name == key,
        }).ToArray();
        used.UnionWith(keys);
        return keys.Length > 0;
    }

    private static string Show(ISymbol member) => member.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeExtensionThis));

    [GeneratedRegex("sql|c(o)?m(man)?d|query|statement", RegexOptions.IgnoreCase)]
    private static partial Regex LikeSql();
}
