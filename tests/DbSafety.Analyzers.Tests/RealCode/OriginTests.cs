namespace DbSafety.Analyzers.Tests.RealCode;

/// <summary>Where names and clauses come from in real code: options, callers, attributes, calls that no input goes into.</summary>
public sealed class OriginTests
{
    [Fact]
    public async Task A_schema_from_an_options_object_is_configuration() => Assert.Empty(await Findings.In("""
        class StoreOptions { public string SchemaName { get; set; } = ""; }
        class Installer
        {
            static void Install(IDbConnection c, StoreOptions options) => c.Execute($"DELETE FROM \"{options.SchemaName}\".jobs");
            static void Create(NpgsqlConnectionStringBuilder parts, IDbConnection c) => c.Execute($"CREATE DATABASE {parts.Database}");
        }
        """));

    [Fact]
    public async Task A_sort_column_in_an_options_object_is_input() => Assert.Equal(["DBS1002 {options.SortBy}"], await Findings.In("""
        class QueryOptions { public string SortBy { get; set; } = ""; }
        class Reader
        {
            static void Read(IDbConnection c, QueryOptions options) => c.Query($"SELECT * FROM jobs ORDER BY {options.SortBy}");
        }
        """));

    [Fact]
    public async Task A_private_methods_name_that_all_callers_hold_is_configuration() => Assert.Empty(await Findings.In("""
        class Store(string prefix)
        {
            private readonly string _published = prefix + "published";
            private readonly string _received = prefix + "received";
            public void A(IDbConnection c) => Count(c, _published);
            public void B(IDbConnection c) => Count(c, _received);
            private void Count(IDbConnection c, string table) => c.Execute($"SELECT count(*) FROM {table}");
        }
        """));

    [Fact]
    public async Task A_public_methods_name_that_callers_here_take_from_constants_is_silent() => Assert.Empty(await Findings.In("""
        public class Store
        {
            public void Count(IDbConnection c, string table) => c.Execute($"SELECT count(*) FROM {table}");
        }
        class Caller { void Run(Store store, IDbConnection c) { store.Count(c, "jobs"); store.Count(c, "locks"); } }
        """));

    [Fact]
    public async Task A_name_that_one_caller_was_given_stays_reported() => Assert.Equal(["DBS1002 {table}"], await Findings.In("""
        public class Store
        {
            public void Count(IDbConnection c, string table) => c.Execute($"SELECT count(*) FROM {table}");
        }
        public class Caller { public void Run(Store store, IDbConnection c, string asked) { store.Count(c, "jobs"); store.Count(c, asked); } }
        """));

    [Fact]
    public async Task A_name_passed_through_an_interface_is_followed() => Assert.Equal(["DBS1002 {table}"], await Findings.In("""
        public interface IStore { void Count(IDbConnection c, string table); }
        public class Store : IStore
        {
            public void Count(IDbConnection c, string table) => c.Execute($"SELECT count(*) FROM {table}");
        }
        public class Caller
        {
            public void Known(Store store, IDbConnection c) => store.Count(c, "jobs");
            public void Asked(IStore store, IDbConnection c, string asked) => store.Count(c, asked);
        }
        """));

    [Fact]
    public async Task A_method_passed_as_a_delegate_has_unknown_callers() => Assert.Equal(["DBS1002 {table}"], await Findings.In("""
        public class Store
        {
            private void Count(IDbConnection c, string table) => c.Execute($"SELECT count(*) FROM {table}");
            public void Known(IDbConnection c) => Count(c, "jobs");
            public Action<IDbConnection, string> Escape() => Count;
        }
        """));

    [Fact]
    public async Task A_value_that_callers_here_take_from_constants_stays_reported_where_others_may_call() => Assert.Equal(["DBS1001 {name}"], await Findings.In("""
        public class Store
        {
            public void Find(IDbConnection c, string name) => c.Execute($"SELECT * FROM jobs WHERE name = '{name}'");
        }
        class Caller { void Run(Store store, IDbConnection c) => store.Find(c, "a"); }
        """));

    [Fact]
    public async Task Names_in_attributes_are_constants() => Assert.Empty(await Findings.In("""
        using System.Reflection;
        sealed class TableAttribute(string name) : Attribute { public string Name { get; } = name; }
        class Saga<T>
        {
            void Load(IDbConnection c) => c.Query($"SELECT * FROM {Table()} WHERE id = @id", new { id = 1 });
            static string Table() => typeof(T).GetCustomAttribute<TableAttribute>()?.Name ?? typeof(T).Name;
        }
        """));

    [Fact]
    public async Task A_clause_that_a_call_makes_of_no_text_is_nobodys_input() => Assert.Empty(await Findings.In("""
        abstract class Filter { public abstract string Clause(); }
        class Reader
        {
            static (string Where, object Values) Translate(Func<int, bool> condition) => default;
            static void A(IDbConnection c, Filter filter) => c.Query($"SELECT * FROM jobs WHERE id > @id AND {filter.Clause()}", new { id = 1 });
            static void B(IDbConnection c, Func<int, bool> condition)
            {
                var (where, values) = Translate(condition);
                c.Query($"SELECT * FROM jobs {where}", values);
            }
            static void C(IDbConnection c)
            {
                foreach (var table in c.Query<string>("SELECT tablename FROM pg_tables"))
                {
                    c.Execute($"TRUNCATE {table}");
                }
            }
        }
        """));

    [Fact]
    public async Task A_clause_that_a_call_makes_of_a_text_is_input() => Assert.Equal(["DBS1002 {Pick(sort)}", "DBS1002 {names[0]}"], await Findings.In("""
        abstract class Reader
        {
            protected abstract string Pick(string text);
            public void A(IDbConnection c, string sort) => c.Query($"SELECT * FROM jobs ORDER BY {Pick(sort)}");
            public void B(IDbConnection c, string sort)
            {
                var names = sort.Split(',');
                c.Query($"SELECT * FROM jobs ORDER BY {names[0]}");
            }
        }
        """));

    [Fact]
    public async Task A_lambda_over_constants_sees_constants() => Assert.Empty(await Findings.In("""
        class Cleaner
        {
            void Run(IDbConnection c) => _ = new[] { "series", "lists" }.SelectMany(name => Used(c, name)).ToList();
            private IEnumerable<int> Used(IDbConnection c, string table) => c.Query<int>($"SELECT tag FROM \"{table}\"");
        }
        """));

    [Fact]
    public async Task An_array_field_needs_no_new() => Assert.Empty(await Findings.In("""
        class Cleaner
        {
            private static readonly string[] Tables = { "series", "lists" };
            void Run(IDbConnection c, Action<Action> retry)
            {
                foreach (var table in Tables)
                {
                    retry(() => c.Execute($"DELETE FROM \"{table}\""));
                }
            }
        }
        """));

    [Fact]
    public async Task Numbers_joined_by_an_extension_method_are_numbers() => Assert.Equal(["DBS1004 rows.Select(row => row.ToString()).Glue(\", \")"], await Findings.In("""
        static class Texts { public static string Glue(this IEnumerable<string> values, string separator) => string.Join(separator, values); }
        class Cleaner
        {
            void Run(IDbConnection c, List<int> rows)
            {
                var ids = rows.Select(row => row.ToString()).Glue(", ");
                c.Execute($"DELETE FROM jobs WHERE id IN ({ids})");
            }
        }
        """));

    [Fact]
    public async Task Code_that_does_not_bind_is_not_judged() => Assert.Empty(await Findings.InBroken("""
        class Tests : MissingBase
        {
            void Run(IDbConnection c) => c.Execute($"UPDATE {Store.Events.Schema}.progress SET name = '{Missing.Name}'");
        }
        """));

    [Fact]
    public async Task A_bare_text_of_the_class_itself_is_an_expression_and_a_quoted_one_a_value() => Assert.Equal(["DBS1001 {_owner}"], await Findings.In("""
        abstract class Journal(string owner)
        {
            private readonly string _owner = owner.Trim();
            protected abstract string CurrentUser { get; }
            void A(IDbConnection c) => c.Execute($"INSERT INTO journal (id, who) VALUES (@id, {CurrentUser})", new { id = 1 });
            void B(IDbConnection c) => c.Execute($"INSERT INTO journal (id, who) VALUES (@id, '{_owner}')", new { id = 1 });
        }
        """));

    [Fact]
    public async Task A_bare_text_that_a_caller_gives_stays_reported() => Assert.Equal(["DBS1001 {id}"], await Findings.In("""
        public class Journal
        {
            public void A(IDbConnection c, string id) => c.Execute($"DELETE FROM journal WHERE id = {id}");
        }
        """));

    [Fact]
    public async Task Names_in_a_migration_are_the_developers() => Assert.Equal(["DBS1001 {text}"], await Findings.In("""
        using Microsoft.EntityFrameworkCore.Migrations;
        interface INames { string Schema { get; } }
        static class Steps
        {
            public static void Fill(MigrationBuilder m, INames names, string text) => m.Sql($"UPDATE {names.Schema}.jobs SET state = '{text}'");
        }
        """));

    [Fact]
    public async Task An_object_that_is_a_statement_was_made_by_code_and_a_request_was_not() => Assert.Equal(["DBS1003 request.Sql"], await Findings.In("""
        public class PagedQuery { public string Sql { get; set; } = ""; }
        public class ReportRequest { public string Sql { get; set; } = ""; }
        public class Runner
        {
            public void A(IDbConnection c, PagedQuery query) => c.Execute(query.Sql);
            public void B(IDbConnection c, ReportRequest request) => c.Execute(request.Sql);
        }
        """));

    [Fact]
    public async Task A_list_of_names_is_followed_to_its_callers() => Assert.Equal(["DBS1002 {name}"], await Findings.In("""
        public class Shards
        {
            public void Known(IDbConnection c) => Create(c, Enumerable.Range(0, 4).Select(i => $"shard{i}").ToArray());
            private static void Create(IDbConnection c, string[] names)
            {
                foreach (var shard in names)
                {
                    c.Execute($"CREATE DATABASE \"{shard}\"");
                }
            }

            public void Asked(IDbConnection c, string[] asked) => Drop(c, asked);
            private static void Drop(IDbConnection c, string[] names)
            {
                foreach (var name in names)
                {
                    c.Execute($"DROP DATABASE \"{name}\"");
                }
            }
        }
        """));

    [Fact]
    public async Task Configuration_in_the_quotes_of_a_statement_that_is_not_understood_may_be_a_name() => Assert.Empty(await Findings.In("""
        class Installer(string schema)
        {
            private readonly string _schema = schema;
            void Run(IDbConnection c) => c.Execute($"IF NOT EXISTS (SELECT 1 FROM sys.schemas) BEGIN EXEC sp_executesql N'CREATE SCHEMA {_schema}' END");
        }
        """));

    [Fact]
    public async Task Names_that_a_query_with_configuration_gives_are_nobodys_input() => Assert.Equal(["DBS1001 {_schema}"], await Findings.In("""
        class Cleaner(IDbConnection c, string schema)
        {
            private readonly string _schema = schema;
            void Run()
            {
                foreach (var name in c.Query<string>($"SELECT relname FROM pg_class WHERE relnamespace = '{_schema}'::regnamespace"))
                {
                    c.Execute($"DROP TABLE {_schema}.{name}");
                }
            }
        }
        """));

    [Fact]
    public async Task A_variable_that_feeds_itself_ends() => Assert.Empty(await Findings.In("""
        abstract class Walker
        {
            protected abstract bool Next(object from, out string name);
            protected abstract string Step(string name);
            void Run(IDbConnection c, object start)
            {
                string name = "a", other = "b";
                Action later = () => { name = Step(other); other = Step(name); };
                later();
                while (Next(name, out name))
                {
                    foreach (var part in Step(name + other).Split(Step(name)[0]))
                    {
                        c.Execute($"TRUNCATE {name} /* */; ANALYZE {part}");
                    }
                }
            }
        }
        """));
}
