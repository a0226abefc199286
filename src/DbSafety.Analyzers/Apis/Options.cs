using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Sql.Migrations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Apis;

/// <summary>The options that users set in <c>.editorconfig</c> or a global config: every key in one list, each with its type.</summary>
public sealed class Options
{
    /// <summary>
    /// The database that calls talk to where the code does not tell: <c>postgresql</c>, <c>sqlserver</c>, <c>sqlite</c>, <c>mysql</c>,
    /// <c>oracle</c>, <c>other</c>. Default: found from the code and the references.
    /// </summary>
    public const string ProviderKey = "dbsafety.provider";

    /// <summary>
    /// Own methods that take SQL text, as documentation ids separated by <c>|</c>: <c>M:Shop.Db.Run(System.String)</c>, with <c>-&gt;name</c>
    /// behind it to name the parameter; constructors as <c>M:Shop.Db..ctor(System.String)</c>. (In these files <c>;</c> and <c>#</c> begin a comment.)
    /// </summary>
    public const string SqlSinksKey = "dbsafety.sql_sinks";

    /// <summary>
    /// Methods of other assemblies that run at least one query each time they are called, as documentation ids separated by <c>|</c>:
    /// <c>M:Shop.Data.IUsers.Get(System.Int32)</c>, with <c>-&gt;write</c> behind those that write.
    /// </summary>
    public const string QueryMethodsKey = "dbsafety.query_methods";

    /// <summary>
    /// Types whose objects stand for a transaction that is open while they are used (units of work, sessions), and attributes that begin one, as full names
    /// separated by <c>|</c>: <c>Shop.Data.IUnitOfWork</c>.
    /// </summary>
    public const string UnitOfWorkTypesKey = "dbsafety.unit_of_work_types";

    /// <summary>
    /// The folders that hold the migrations, separated by <c>|</c>, absolute or relative to the project. Where it is set, no other SQL file counts.
    /// Default: found from the names and the texts of the files.
    /// </summary>
    public const string MigrationsKey = "dbsafety.migrations";

    /// <summary>The file that fixes add statements to, absolute or relative to the project. Default: a new migration, or the newest one.</summary>
    public const string MigrationFileKey = "dbsafety.migration_file";

    /// <summary>The major version of the PostgreSQL server: <c>15</c>.</summary>
    public const string PostgresVersionKey = "dbsafety.postgres_version";

    /// <summary>Whether names held in readonly fields and own properties are reported too (<c>true</c> or <c>false</c>, the default).</summary>
    public const string ReportConfigurationFieldsKey = "dbsafety.DBS1002.report_configuration_fields";

    private readonly AnalyzerConfigOptionsProvider _options;

    /// <summary>Reads the options of a compilation.</summary>
    public Options(AnalyzerConfigOptionsProvider options) => _options = options;

    /// <summary>The option <see cref="ProviderKey"/>, or null where it is not set.</summary>
    public string? Provider(SyntaxTree? tree) => Text(tree, ProviderKey) ?? Property("DbSafetyProvider");

    /// <summary>The option <see cref="SqlSinksKey"/> of all trees together.</summary>
    public IReadOnlyCollection<string> SqlSinks(IEnumerable<SyntaxTree> trees) => List(SqlSinksKey, trees);

    /// <summary>The option <see cref="QueryMethodsKey"/> of all trees together.</summary>
    public IReadOnlyCollection<string> QueryMethods(IEnumerable<SyntaxTree> trees) => List(QueryMethodsKey, trees);

    /// <summary>The option <see cref="UnitOfWorkTypesKey"/> of all trees together.</summary>
    public IReadOnlyCollection<string> UnitOfWorkTypes(IEnumerable<SyntaxTree> trees) => List(UnitOfWorkTypesKey, trees);

    /// <summary>What the option <see cref="MigrationsKey"/>, or the property of the same meaning, and the references tell about the migrations.</summary>
    /// <param name="compilation">The project.</param>
    /// <param name="mayUse">Whether the project may use a member of this name.</param>
    public MigrationOptions MigrationOptions(Compilation compilation, Func<string, bool> mayUse)
    {
        var folders = List(MigrationsKey, compilation.SyntaxTrees);
        var runner = MigrationRunners.Of(compilation);
        return new MigrationOptions
        {
            ProjectFolder = ProjectFolder,
            Folders = (folders.Count > 0 ? folders : Property("DbSafetyMigrations")?.Split('|', ';') ?? []).Select(folder => folder.Trim()).Where(folder => folder.Length > 0)
                .ToImmutableArray(),
            Runner = runner,
            UsesTransactions = runner == MigrationTool.DbUp && MigrationRunners.TransactionSettings.Any(mayUse),
        };
    }

    /// <summary>The folder of the project, or null where nobody tells.</summary>
    public string? ProjectFolder => Property("ProjectDir");

    /// <summary>Whether this compilation is made to report the indexes of the whole project (<c>dotnet build -t:DbSafetyIndexes</c>).</summary>
    public bool ReportsIndexes => string.Equals(Property("DbSafetyIndexReport"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The option <see cref="MigrationFileKey"/>, as an absolute path where the folder of the project is known; null where it is not set.</summary>
    public string? MigrationFile(SyntaxTree? tree) =>
        Text(tree, MigrationFileKey) is not { } path ? null
        : path[0] is '/' or '\\' || (path.Length > 1 && path[1] == ':') || ProjectFolder is not { } folder ? path
        : folder.TrimEnd('/', '\\') + "/" + path;

    /// <summary>The option <see cref="PostgresVersionKey"/>, or the property of the same meaning; null where it is not set or no version (<c>15</c>, <c>15.4</c>).</summary>
    public int? PostgresVersion(SyntaxTree? tree) =>
        (Text(tree, PostgresVersionKey) ?? Property("DbSafetyPostgresVersion")) is { } text
        && int.TryParse(text.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version is >= 8 and < 100
            ? version
            : null;

    private IReadOnlyCollection<string> List(string key, IEnumerable<SyntaxTree> trees)
    {
        HashSet<string>? sinks = null;
        Add(_options.GlobalOptions);
        foreach (var tree in trees)
        {
            Add(_options.GetOptions(tree));
        }

        return (IReadOnlyCollection<string>?)sinks ?? [];

        void Add(AnalyzerConfigOptions options)
        {
            if (options.TryGetValue(key, out var value) && value.Length > 0)
            {
                foreach (var sink in value.Split(['|'], StringSplitOptions.RemoveEmptyEntries))
                {
                    (sinks ??= new HashSet<string>(StringComparer.Ordinal)).Add(sink.Trim());
                }
            }
        }
    }

    /// <summary>The option <see cref="ReportConfigurationFieldsKey"/>.</summary>
    public bool ReportConfigurationFields(SyntaxTree tree) =>
        string.Equals(Text(tree, ReportConfigurationFieldsKey), "true", StringComparison.OrdinalIgnoreCase);

    private string? Text(SyntaxTree? tree, string key)
    {
        if ((tree is not null && _options.GetOptions(tree).TryGetValue(key, out var value)) || _options.GlobalOptions.TryGetValue(key, out value))
        {
            value = value.Trim();
            return value.Length == 0 ? null : value;
        }

        return null;
    }

    private string? Property(string name) =>
        _options.GlobalOptions.TryGetValue("build_property." + name, out var value) && value.Trim() is { Length: > 0 } text ? text : null;
}
