using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Fixes;

/// <summary>Values become holes of EF Core's interpolated methods, or numbered placeholders of the raw ones.</summary>
public sealed class EfCoreFixTests
{
    private const string Schema = """
        CREATE TABLE users (id int PRIMARY KEY, name text, key uuid, code char(5), mail citext, born date, title varchar(20));
        """;

    private static string Wrap(string statements, bool isOld = false) => $$"""
        {{(isOld ? "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Text;\nusing System.Threading;\nusing System.Threading.Tasks;" : "")}}
        using Microsoft.EntityFrameworkCore;

        public class Context : DbContext { public DbSet<User> Users => Set<User>(); }

        public class Case
        {
            private const string Table = "users";

            public async Task<object{{(isOld ? "" : "?")}}> Run(Context db, string name, int id, User user, Request request, int[] ids, List<string> names, Guid key, string order, CancellationToken ct)
            {
        {{string.Join("\n", statements.Split('\n').Select(line => line.Length == 0 ? "" : "        " + line))}}
            }
        }
        """;

    private static Task Fixes(string before, string after, string? title = null, string? sql = null) =>
        FixTest.Run(Wrap(before), Wrap(after), title: title, sql: sql);

    private static Task Refuses(string code) => FixTest.Refuses(Wrap(code));

    private static Task FixesWith(string version, string before, string after) =>
        FixTest.Run(Wrap(before, isOld: true), Wrap(after, isOld: true), LanguageVersion.CSharp8, references: Old(version));

    // With Npgsql beside it, the database is known.
    private static ImmutableArray<MetadataReference> Old(string version) =>
        [.. References.EfCore(Version.Parse(version)), References.Older("Npgsql.EntityFrameworkCore.PostgreSQL"), References.Older("Npgsql")];

    [Fact]
    public Task A_query_on_a_set() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE name = '{name}' AND id = {id}").ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE name = {name} AND id = {id}").ToListAsync();""",
        "Pass the values as parameters (the column must take text)");

    [Fact]
    public Task A_query_that_is_composed_further() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE id = {user.Id}").AsNoTracking().Where(u => u.Name != "").ToListAsync(ct);""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE id = {user.Id}").AsNoTracking().Where(u => u.Name != "").ToListAsync(ct);""");

    [Fact]
    public Task A_command() => Fixes(
        """return db.Database.ExecuteSqlRaw($"UPDATE users SET title = '{request.Text}' WHERE id = {request.Id}");""",
        """return db.Database.ExecuteSql($"UPDATE users SET title = {request.Text} WHERE id = {request.Id}");""",
        "Pass the values as parameters", Schema);

    [Fact]
    public Task A_command_with_a_token() => Fixes(
        """return await db.Database.ExecuteSqlRawAsync($"DELETE FROM users WHERE id = {id}", ct);""",
        """return await db.Database.ExecuteSqlAsync($"DELETE FROM users WHERE id = {id}", ct);""");

    [Fact]
    public Task Values_of_a_type() => Fixes(
        """return await db.Database.SqlQueryRaw<int>($"SELECT id AS \"Value\" FROM users WHERE lower(name) LIKE '%{name}%'").ToListAsync();""",
        """return await db.Database.SqlQuery<int>($"SELECT id AS \"Value\" FROM users WHERE lower(name) LIKE {$"%{name}%"}").ToListAsync();""");

    [Fact]
    public Task The_extension_called_statically() => Fixes(
        """return await RelationalDatabaseFacadeExtensions.ExecuteSqlRawAsync(db.Database, $"DELETE FROM users WHERE id = {id}");""",
        """return await RelationalDatabaseFacadeExtensions.ExecuteSqlAsync(db.Database, $"DELETE FROM users WHERE id = {id}");""");

    [Theory]
    [InlineData("key", "::uuid")]
    [InlineData("code", "::bpchar")]
    [InlineData("mail", "::citext")]
    [InlineData("born", "::date")]
    [InlineData("title", "")]
    public Task A_column_of_known_type(string column, string cast) => Fixes(
        $$"""return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE {{column}} = '{name}'").ToListAsync();""",
        $$"""return await db.Users.FromSql($"SELECT * FROM users WHERE {{column}} = {name}{{cast}}").ToListAsync();""",
        "Pass the value as a parameter", Schema);

    [Fact]
    public Task A_Guid() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE key = '{key}'").ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE key = {key}").ToListAsync();""",
        "Pass the value as a parameter", Schema);

    [Fact]
    public Task A_cast_in_the_text_stays() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE key = '{name}'::uuid").ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE key = {name}::uuid").ToListAsync();""");

    [Fact]
    public Task Braces_lose_a_level() => Fixes(
        """return db.Database.ExecuteSqlRaw($"UPDATE users SET data = '{{{{}}}}' WHERE id = {id}");""",
        """return db.Database.ExecuteSql($"UPDATE users SET data = '{{}}' WHERE id = {id}");""");

    [Fact]
    public Task Braces_of_a_sum() => Fixes(
        """return db.Database.ExecuteSqlRaw("UPDATE users SET data = '{{}}' WHERE id = " + id);""",
        """return db.Database.ExecuteSql($"UPDATE users SET data = '{{}}' WHERE id = {id}");""");

    [Fact]
    public Task Braces_of_raw_methods_stay() => Fixes(
        """return db.Database.ExecuteSqlRaw($"UPDATE {order} SET data = '{{{{}}}}' WHERE id = {id}");""",
        """return db.Database.ExecuteSqlRaw($"UPDATE {order} SET data = '{{{{}}}}' WHERE id = {{0}}", id);""");

    [Fact]
    public Task A_sum() => Fixes(
        """return await db.Users.FromSqlRaw("SELECT * FROM users WHERE name = '" + name + "' AND id = " + id + " LIMIT 1").ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE name = {name} AND id = {id} LIMIT 1").ToListAsync();""");

    [Fact]
    public Task A_sum_on_several_lines_keeps_its_lines() => Fixes(
        """
        return await db.Users.FromSqlRaw("SELECT * FROM users " +
            "WHERE name = '" + name + "' " +
            "ORDER BY id").ToListAsync();
        """,
        """
        return await db.Users.FromSqlRaw("SELECT * FROM users " +
            "WHERE name = {0} " +
            "ORDER BY id", name).ToListAsync();
        """);

    [Fact]
    public Task Format() => Fixes(
        """return await db.Users.FromSqlRaw(string.Format("SELECT * FROM users WHERE name = '{0}'", name)).ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE name = {name}").ToListAsync();""");

    [Fact]
    public Task Format_with_a_name_stays_raw() => Fixes(
        """return await db.Users.FromSqlRaw(string.Format("SELECT * FROM {0} WHERE name = '{1}'", order, name)).ToListAsync();""",
        """return await db.Users.FromSqlRaw(string.Format("SELECT * FROM {0} WHERE name = {{0}}", order), name).ToListAsync();""");

    [Fact]
    public Task A_name_keeps_the_raw_method() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE name = '{name}'").ToListAsync();""",
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE name = {{0}}", name).ToListAsync();""");

    [Fact]
    public Task A_text_in_a_local() => Fixes(
        """
        var sql = $"SELECT * FROM users WHERE name = '{name}' AND id = {id}";
        return await db.Users.FromSqlRaw(sql).ToListAsync();
        """,
        """
        var sql = "SELECT * FROM users WHERE name = {0} AND id = {1}";
        return await db.Users.FromSqlRaw(sql, name, id).ToListAsync();
        """);

    [Fact]
    public Task A_text_in_a_builder() => Fixes(
        """
        var sql = new StringBuilder("SELECT * FROM users");
        sql.Append($" WHERE name = '{name}'");
        return await db.Users.FromSqlRaw(sql.ToString()).ToListAsync();
        """,
        """
        var sql = new StringBuilder("SELECT * FROM users");
        sql.Append(" WHERE name = {0}");
        return await db.Users.FromSqlRaw(sql.ToString(), name).ToListAsync();
        """);

    [Fact]
    public Task Arguments_that_are_there() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE name = '{name}' AND id = {{0}}", id).ToListAsync();""",
        """return await db.Users.FromSqlRaw("SELECT * FROM users WHERE name = {1} AND id = {0}", id, name).ToListAsync();""");

    [Fact]
    public Task Arguments_in_an_array() => Fixes(
        """return await db.Database.ExecuteSqlRawAsync($"DELETE FROM users WHERE name = '{name}' AND id = {{0}}", new object[] { id }, ct);""",
        """return await db.Database.ExecuteSqlRawAsync("DELETE FROM users WHERE name = {1} AND id = {0}", new object[] { id, name }, ct);""");

    [Fact]
    public Task Arguments_in_a_variable() => Refuses(
        """
        var values = new object[] { id };
        return await db.Database.ExecuteSqlRawAsync($"DELETE FROM users WHERE name = '{name}' AND id = {{0}}", values, ct);
        """);

    [Fact]
    public Task A_token_does_not_become_a_value() => Fixes(
        """
        var sql = $"DELETE FROM users WHERE id = {id}";
        return await db.Database.ExecuteSqlRawAsync(sql, ct);
        """,
        """
        var sql = "DELETE FROM users WHERE id = {0}";
        return await db.Database.ExecuteSqlRawAsync(sql, new object[] { id }, ct);
        """);

    [Fact]
    public Task A_list() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE id IN ({string.Join(",", ids)})").ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE id = ANY({ids})").ToListAsync();""");

    [Fact]
    public Task A_list_alone_is_one_value() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE name NOT IN ('{string.Join("','", names)}')").ToListAsync();""",
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE name <> ALL({{0}})", (object)names).ToListAsync();""");

    [Fact]
    public Task The_same_value_twice_is_one_argument() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE id = {id} OR parent = {id}").ToListAsync();""",
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE id = {{0}} OR parent = {{0}}", id).ToListAsync();""");

    [Fact]
    public Task A_value_with_a_colon() => Fixes(
        """return await db.Users.FromSqlRaw("SELECT * FROM users WHERE id = " + global::System.Math.Max(id, 1)).ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE id = {(global::System.Math.Max(id, 1))}").ToListAsync();""");

    [Fact]
    public Task A_value_that_may_be_null() => Fixes(
        """
        var found = names.FirstOrDefault();
        var sql = $"DELETE FROM users WHERE lower(name) LIKE '{found}'";
        return await db.Database.ExecuteSqlRawAsync(sql);
        """,
        """
        var found = names.FirstOrDefault();
        var sql = "DELETE FROM users WHERE lower(name) LIKE {0}";
        return await db.Database.ExecuteSqlRawAsync(sql, found!);
        """);

    [Fact]
    public Task Two_calls_share_one_text() => Fixes(
        """
        var sql = $"DELETE FROM users WHERE id = {id}";
        await db.Database.ExecuteSqlRawAsync(sql, ct);
        return await db.Database.ExecuteSqlRawAsync(sql);
        """,
        """
        var sql = "DELETE FROM users WHERE id = {0}";
        await db.Database.ExecuteSqlRawAsync(sql, new object[] { id }, ct);
        return await db.Database.ExecuteSqlRawAsync(sql, id);
        """);

    [Fact]
    public Task A_receiver_that_may_be_null() => Fixes(
        """return db?.Database?.ExecuteSqlRaw($"DELETE FROM users WHERE id = {id}");""",
        """return db?.Database?.ExecuteSql($"DELETE FROM users WHERE id = {id}");""");

    [Fact]
    public Task A_format_that_is_appended() => Fixes(
        """
        var sql = new StringBuilder("SELECT * ");
        sql.AppendFormat("FROM {0} WHERE name = '{1}'", order, name);
        return await db.Users.FromSqlRaw(sql.ToString()).ToListAsync();
        """,
        """
        var sql = new StringBuilder("SELECT * ");
        sql.AppendFormat("FROM {0} WHERE name = {{0}}", order);
        return await db.Users.FromSqlRaw(sql.ToString(), name).ToListAsync();
        """);

    [Fact]
    public Task A_verbatim_string_in_an_old_language() => FixesWith(
        "6.0.0",
        """return await db.Users.FromSqlRaw($@"SELECT * FROM users WHERE lower(name) LIKE '%{name}'").ToListAsync();""",
        """return await db.Users.FromSqlInterpolated($@"SELECT * FROM users WHERE lower(name) LIKE {$"%{name}"}").ToListAsync();""");

    [Fact]
    public Task Several_calls() => Fixes(
        """
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM users WHERE id = {id}");
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM {Table} WHERE id = {id}");
        return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE id = {user.Id}").ToListAsync();
        """,
        """
        await db.Database.ExecuteSqlAsync($"DELETE FROM users WHERE id = {id}");
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM {Table} WHERE id = {{0}}", id);
        return await db.Users.FromSql($"SELECT * FROM users WHERE id = {user.Id}").ToListAsync();
        """);

    [Fact]
    public Task One_text_at_columns_of_two_types() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE users.name = '{name}' OR users.key = '{name}'").ToListAsync();""",
        """return await db.Users.FromSqlRaw($"SELECT * FROM {Table} WHERE users.name = {{0}} OR users.key = {{0}}::uuid", name).ToListAsync();""",
        sql: Schema);

    [Fact]
    public Task Quotes_doubled_by_hand() => Fixes(
        """return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE name = '{name.Replace("'", "''")}'").ToListAsync();""",
        """return await db.Users.FromSql($"SELECT * FROM users WHERE name = {name}").ToListAsync();""");

    [Theory]
    [InlineData("Escape(name)")]
    [InlineData("SanitizeSql(name)")]
    public Task Values_that_a_method_escaped(string value) => Refuses(
        $$"""
        string Escape(string text) => text.Replace("'", "''");
        string SanitizeSql(string text) => text.Replace(";", "");
        await Task.WhenAll(Task.FromResult(Escape("")), Task.FromResult(SanitizeSql("")));
        return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE name = '{{{value}}}'").ToListAsync();
        """);

    [Fact]
    public Task A_raw_string() => Fixes(
        """"
        return await db.Users.FromSqlRaw($"""
            SELECT * FROM users
            WHERE name = '{name}' -- "the" name
            """).ToListAsync();
        """",
        """"
        return await db.Users.FromSql($"""
            SELECT * FROM users
            WHERE name = {name} -- "the" name
            """).ToListAsync();
        """");

    [Fact]
    public Task A_raw_string_has_no_room_for_a_brace() => Refuses(
        """"return await db.Users.FromSqlRaw($"""SELECT * FROM {Table} WHERE name = '{name}'""").ToListAsync();"""");

    [Fact]
    public Task A_raw_string_with_two_dollars() => Fixes(
        """"return await db.Users.FromSqlRaw($$"""SELECT * FROM {{Table}} WHERE name = '{{name}}'""").ToListAsync();"""",
        """"return await db.Users.FromSqlRaw($$"""SELECT * FROM {{Table}} WHERE name = {0}""", name).ToListAsync();"""");

    [Fact]
    public Task A_verbatim_string() => Fixes(
        """return await db.Users.FromSqlRaw($@"SELECT ""id"" FROM users WHERE lower(name) LIKE '%{name}'").ToListAsync();""",
        """return await db.Users.FromSql($@"SELECT ""id"" FROM users WHERE lower(name) LIKE {$"%{name}"}").ToListAsync();""");

    [Fact]
    public Task A_format_elsewhere_would_take_the_placeholder() => Refuses(
        """
        var format = $"SELECT * FROM {{0}} WHERE name = '{name}'";
        return await db.Users.FromSqlRaw(string.Format(format, Table)).ToListAsync();
        """);

    [Fact]
    public Task A_sort_column() => FixTest.Refuses(
        Wrap("""return await db.Users.FromSqlRaw($"SELECT * FROM users ORDER BY {order}").ToListAsync();"""), fixer: new CodeFixes.Injection.IdentifierFixer());

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("6.0.0")]
    public Task Before_EF_7(string version) => FixesWith(
        version,
        """
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM users WHERE id = {id}", ct);
        return await db.Users.FromSqlRaw($"SELECT * FROM users WHERE lower(name) LIKE '%{name}%'").ToListAsync();
        """,
        """
        await db.Database.ExecuteSqlInterpolatedAsync($"DELETE FROM users WHERE id = {id}", ct);
        return await db.Users.FromSqlInterpolated($"SELECT * FROM users WHERE lower(name) LIKE {$"%{name}%"}").ToListAsync();
        """);

    [Fact]
    public Task From_EF_7() => FixesWith(
        "7.0.8",
        """return db.Database.ExecuteSqlRaw($"DELETE FROM users WHERE id = {id}");""",
        """return db.Database.ExecuteSql($"DELETE FROM users WHERE id = {id}");""");

    [Fact]
    public Task A_migration_is_left_alone() => FixTest.Refuses("""
        using Microsoft.EntityFrameworkCore.Migrations;

        public class Case
        {
            public void Run(MigrationBuilder migration, string name) => migration.Sql($"UPDATE users SET name = '{name}'");
        }
        """);
}
