namespace DbSafety.Sql.Migrations;

/// <summary>What the manuals of the tools say about transactions, and the names of their folders.</summary>
internal static class ToolRules
{
    /// <summary>The folders of grate and RoundhousE in the order in which they run.</summary>
    private static readonly string[] s_grate =
    [
        "beforemigration", "alterdatabase", "runaftercreatedatabase", "runbeforeup", "up", "runfirstafterup", "functions", "views",
        "sprocs", "triggers", "indexes", "runafterotheranytimescripts", "permissions", "aftermigration",
    ];

    /// <summary>The place of a folder in the order of grate, or -1. The folders that create and drop the database are none: they hold no schema.</summary>
    public static int GrateFolder(string name) => Array.IndexOf(s_grate, name.ToLowerInvariant());

    /// <summary>Whether only grate and RoundhousE have a folder of this name.</summary>
    public static bool IsGrateOnly(string name) =>
        GrateFolder(name) is var index and >= 0 && s_grate[index] is not ("up" or "functions" or "views" or "sprocs" or "triggers" or "indexes" or "permissions");

    public static bool? RunsInTransaction(MigrationTool tool, bool usesTransactions) => tool switch
    {
        MigrationTool.Flyway or MigrationTool.Evolve or MigrationTool.Liquibase or MigrationTool.Goose or MigrationTool.Dbmate or MigrationTool.SqlMigrate
            or MigrationTool.Tern or MigrationTool.NodePgMigrate or MigrationTool.Diesel or MigrationTool.Hasura => true,
        MigrationTool.DbUp when usesTransactions => null,
        MigrationTool.DbUp or MigrationTool.Grate or MigrationTool.Sqitch or MigrationTool.Prisma => false,
        _ => null,
    };

    public static bool CanLeaveTransaction(MigrationTool tool) => tool is MigrationTool.Flyway or MigrationTool.Evolve or MigrationTool.Liquibase
        or MigrationTool.Goose or MigrationTool.Dbmate or MigrationTool.SqlMigrate or MigrationTool.Tern or MigrationTool.Diesel;

    /// <summary>Whether a folder of this name holds files for tests.</summary>
    public static bool IsTestFolder(string name) =>
        name.ToLowerInvariant() is "test" or "tests" or "fixture" or "fixtures" or "testdata" or "test-data" or "test_data" or "__tests__"
        || name.EndsWith(".Tests", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".Test", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a folder of this name (<c>mysql</c>, <c>Shop.SqlServer</c>) holds files for another database.</summary>
    public static bool IsForeignFolder(string name)
    {
        var words = name.ToLowerInvariant().Split('.', '_', '-', ' ');
        return words.Any(IsForeign) && !words.Any(IsPostgreSql);
    }

    /// <summary>Whether a name says that the file is for another database: <c>1_x.mysql.up.sql</c>.</summary>
    public static bool IsForeignFile(string name)
    {
        var words = FileName.Stem(name).ToLowerInvariant().Split('.');
        return words.Length > 1 && words.Skip(1).Any(IsForeign) && !words.Any(IsPostgreSql);
    }

    /// <summary>The names under which a file for PostgreSQL may stand beside one for the others: <c>1_x.postgres.up.sql</c> for <c>1_x.up.sql</c>.</summary>
    public static IEnumerable<string> PostgreSqlTwins(string path)
    {
        var ending = path.EndsWith(".up.sql", StringComparison.OrdinalIgnoreCase) ? 7 : 4;
        var stem = path.Substring(0, path.Length - ending);
        return new[] { "postgres", "postgresql", "pg" }.Select(name => stem + "." + name + path.Substring(path.Length - ending));
    }

    private static bool IsForeign(string word) => word is "sqlserver" or "mssql" or "tsql" or "mysql" or "mariadb" or "sqlite" or "sqlite3" or "oracle" or "db2" or "firebird"
        or "snowflake" or "clickhouse" or "bigquery" or "h2" or "cockroach" or "cockroachdb";

    /// <summary>Whether a word, in lower case, names PostgreSQL.</summary>
    public static bool IsPostgreSql(string word) => word is "pg" or "pgsql" or "npgsql" || word.StartsWith("postgres", StringComparison.Ordinal);

    /// <summary>Whether a folder of this name holds files that undo others.</summary>
    public static bool IsRollbackFolder(string name) =>
        name.ToLowerInvariant() is "down" or "undo" or "rollback" or "rollbacks" or "revert" or "reverts" or "downgrade" or "downgrades";

    /// <summary>Whether a file of this name undoes another.</summary>
    public static bool IsRollbackFile(string name)
    {
        var stem = FileName.Stem(name).ToLowerInvariant();
        return stem is "down" or "undo" or "rollback" or "revert" || stem.EndsWith(".down", StringComparison.Ordinal) || stem.EndsWith(".undo", StringComparison.Ordinal)
            || stem.EndsWith(".rollback", StringComparison.Ordinal) || stem.EndsWith(".revert", StringComparison.Ordinal);
    }

    /// <summary>Whether a file without a number, which no tool runs, is named as something that one runs by hand to throw things away.</summary>
    public static bool IsCleanup(string name) => FileName.Stem(name).ToLowerInvariant().Split('_', '-', '.', ' ')
        .Any(word => word is "drop" or "teardown" or "reset" or "cleanup" or "clean" or "rollback" or "undo" or "uninstall" or "wipe" or "purge");

    /// <summary>Splits the name of a file of Flyway: the kind (V, U, B, R), the version, the description; null for other names.</summary>
    public static (char Kind, string Version, string Description)? FlywayName(string name)
    {
        var stem = FileName.Stem(name);
        var separator = stem.IndexOf("__", StringComparison.Ordinal);
        if (separator < 1)
        {
            return null;
        }

        var kind = char.ToUpperInvariant(stem[0]);
        var version = stem.Substring(1, separator - 1);
        var description = stem.Substring(separator + 2);
        return kind == 'R' ? (version.Length == 0 ? (kind, version, description) : null)
            : kind is 'V' or 'U' or 'B' && version.Length > 0 && FileName.IsDigit(version[0]) && version.All(c => FileName.IsDigit(c) || c is '.' or '_') ? (kind, version, description)
            : null;
    }
}
