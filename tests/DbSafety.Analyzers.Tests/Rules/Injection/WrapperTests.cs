using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Rules.Injection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DbSafety.Analyzers.Tests.Rules.Injection;

/// <summary>The user's own methods that pass a text on: they are silent, their callers are reported.</summary>
public sealed class WrapperTests
{
    private const string Callers = """

        public class Caller
        {
            public void Run(NpgsqlConnection pg, Wrapper wrapper, string name)
            {
                CALL;
            }
        }
        """;

    [Theory]
    [InlineData("pg.Run($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public static int Run(this NpgsqlConnection pg, string sql) => pg.Execute(sql);")]
    [InlineData("pg.Run(\"SELECT * FROM users WHERE name = '\" + [|name|] + \"'\")", "public static int Run(this IDbConnection pg, string text, object? values = null) { return pg.Execute(text, values); }")]
    [InlineData("Extensions.Run(pg, $\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public static int Run(this IDbConnection pg, string text) { using var c = pg.CreateCommand(); c.CommandText = text; return c.ExecuteNonQuery(); }")]
    [InlineData("pg.Run($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public static async Task<int> Run(this NpgsqlConnection pg, string sql) { await using var command = new NpgsqlCommand(sql, pg); return await command.ExecuteNonQueryAsync(); }")]
    [InlineData("pg.Outer($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public static int Outer(this NpgsqlConnection pg, string sql) => pg.Run(sql); public static int Run(this NpgsqlConnection pg, string sql) => pg.Execute(sql);")]
    [InlineData("pg.Run($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public static int Run(this NpgsqlConnection pg, string sql) { ArgumentNullException.ThrowIfNull(sql); if (sql.Length == 0) return 0; Console.WriteLine(sql); return pg.Execute(sql); }")]
    [InlineData("pg.Run<int>($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public static IEnumerable<T> Run<T>(this NpgsqlConnection pg, string sql) => pg.Query<T>(sql);")]
    public Task Reports_the_caller_of_an_extension_method(string call, string method) => Verify.CSharp(
        $"public class Wrapper {{ }} public static class Extensions {{ {method} }}" + Callers.Replace("CALL", call).Replace("[|", "{|DBS1001:").Replace("|]", "|}"));

    [Theory]
    [InlineData("wrapper.CreateCommand($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "private readonly NpgsqlConnection _pg = new(); public NpgsqlCommand CreateCommand(string sql) => new(sql, _pg);")]
    [InlineData("wrapper.Set($\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "private readonly NpgsqlCommand _command = new(); public void Set(string sql) { _command.CommandText = sql; }")]
    [InlineData("wrapper.Run(sql: $\"SELECT * FROM users WHERE name = '[|{name}|]'\", pg: pg)", "public void Run(NpgsqlConnection pg, string sql) { var text = sql; pg.Execute(text); }")]
    [InlineData("wrapper.Run(pg, $\"SELECT * FROM users WHERE name = '[|{name}|]'\")", "public void Run(NpgsqlConnection pg, string sql) { Execute(sql); void Execute(string text) => pg.Execute(text); }")]
    public Task Reports_the_caller_of_an_own_type(string call, string member) => Verify.CSharp(
        $"public class Wrapper {{ {member} }}" + Callers.Replace("CALL", call).Replace("[|", "{|DBS1001:").Replace("|]", "|}"));

    [Fact]
    public Task Reports_the_caller_of_a_constructor() => Verify<SqlValueFromText>.CSharp("""
        public class Query
        {
            private readonly NpgsqlCommand _command;
            public Query(string sql) { _command = new NpgsqlCommand(sql); }
        }
        public class Special(string sql) : NpgsqlBatch { public NpgsqlBatchCommand Command { get; } = new(sql); }
        public class Derived : Query { public Derived(string name) : base($"SELECT * FROM users WHERE name = '[|{name}|]'") { } }
        public class Case
        {
            public void Run(string name) => _ = new Query($"SELECT * FROM users WHERE name = '[|{name}|]'");
        }
        """);

    [Fact]
    public Task Reports_the_caller_of_an_interface_with_an_implementation() => Verify<SqlValueFromText>.CSharp("""
        public interface IStore { int Run(string text); }
        public class Store(NpgsqlConnection pg) : IStore { public int Run(string sql) => pg.Execute(sql); }
        public abstract class Base { public abstract int Go(string text); }
        public class Derived(NpgsqlConnection pg) : Base { public override int Go(string sql) => pg.Execute(sql); }
        public class Case
        {
            public void Run(IStore store, Base other, string name)
            {
                store.Run($"SELECT * FROM users WHERE name = '[|{name}|]'");
                other.Go($"SELECT * FROM users WHERE name = '[|{name}|]'");
            }
        }
        """);

    [Fact]
    public Task Is_silent_for_the_pass_through_itself() => Verify.CSharp("""
        public static class Wrappers
        {
            public static int Run(this NpgsqlConnection pg, string sql) => pg.Execute(sql);
            public static int Run(this NpgsqlConnection pg, string sql, int id) => pg.Execute(sql + " LIMIT 10", new { id });
            public static int Loop(this NpgsqlConnection pg, string sql) => sql.Length > 5 ? Loop(pg, sql) : pg.Execute(sql);
            public static int Mutual(this NpgsqlConnection pg, string sql) => Back(pg, sql);
            public static int Back(this NpgsqlConnection pg, string sql) => Mutual(pg, sql);
        }
        """);

    [Fact]
    public Task Is_silent_for_constants_and_other_parameters() => Verify.CSharp("""
        public static class Wrappers
        {
            public static int Run(this NpgsqlConnection pg, string sql, string label) { Console.WriteLine(label); return pg.Execute(sql); }
        }
        public class Case
        {
            public void Run(NpgsqlConnection pg, string name)
            {
                pg.Run("SELECT 1", $"label of '{name}'");
                pg.Run(label: name, sql: "SELECT * FROM users WHERE name = 'a'");
            }
        }
        """);

    [Theory]
    [InlineData("[System.Diagnostics.CodeAnalysis.StringSyntax(\"Sql\")]")]
    [InlineData("[System.Diagnostics.CodeAnalysis.StringSyntax(\"sql\")]")]
    [InlineData("[JetBrains.Annotations.LanguageInjection(\"sql\")]")]
    public Task Reports_the_caller_of_a_method_that_is_marked(string attribute) => Verify<SqlValueFromText>.CSharp($$"""
        namespace JetBrains.Annotations { public class LanguageInjectionAttribute(string language) : Attribute { public string Language => language; } }
        public interface IDriver { void Send({{attribute}} string text, string other); }
        public class Case
        {
            public void Run(IDriver driver, string name)
            {
                driver.Send($"SELECT * FROM users WHERE name = '[|{name}|]'", "");
                driver.Send("SELECT 1", $"SELECT * FROM users WHERE name = '{name}'");
            }
        }
        """);

    private const string Library = """
        using System.Diagnostics.CodeAnalysis;
        namespace Library.Data
        {
            public class Driver(Npgsql.NpgsqlConnection pg)
            {
                public void Send([StringSyntax("Sql")] string text) => System.Console.WriteLine(text + pg);
                public void Plain(string text) => new Npgsql.NpgsqlCommand(text, pg).ExecuteNonQuery();
            }
        }
        """;

    private const string UsesLibrary = """
        public class Case
        {
            public void Run(Library.Data.Driver driver, string name)
            {
                driver.Send($"SELECT * FROM users WHERE name = '[|{name}|]'");
            }
        }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Reports_the_caller_of_a_marked_method_of_another_project(bool asMetadata)
    {
        var library = CSharpCompilation.Create(
            "Library.Data", [CSharpSyntaxTree.ParseText(Library, cancellationToken: TestContext.Current.CancellationToken)], References.Newest, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return Verify<SqlValueFromText>.CSharp(UsesLibrary, test => test.TestState.AdditionalReferences.Add(asMetadata ? Image(library) : library.ToMetadataReference()));
    }

    /// <summary>Another project's bodies can't be read: as metadata there are none, as a compilation its trees are not this one's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Is_silent_where_the_wrapper_is_unknown_because_another_project_holds_it(bool asMetadata)
    {
        var library = CSharpCompilation.Create(
            "Library.Data", [CSharpSyntaxTree.ParseText(Library, cancellationToken: TestContext.Current.CancellationToken)], References.Newest, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return Verify<SqlValueFromText>.CSharp(
            UsesLibrary.Replace("Send", "Plain").Replace("[|", "").Replace("|]", ""),
            test => test.TestState.AdditionalReferences.Add(asMetadata ? Image(library) : library.ToMetadataReference()));
    }

    private static PortableExecutableReference Image(CSharpCompilation library)
    {
        using var stream = new MemoryStream();
        Assert.True(library.Emit(stream, cancellationToken: TestContext.Current.CancellationToken).Success);
        return MetadataReference.CreateFromImage(stream.ToArray().ToImmutableArray());
    }

    [Theory]
    [InlineData("M:Own.Send(System.String,System.String)->text", "own.Send(\"a\", $\"SELECT * FROM users WHERE name = '[|{name}|]'\"); own.Send($\"SELECT * FROM users WHERE name = '{name}'\", \"SELECT 1\");")]
    [InlineData("M:Own.Run(System.String)", "own.Run($\"SELECT * FROM users WHERE name = '[|{name}|]'\");")]
    [InlineData("P:Own.Text", "own.Text = $\"SELECT * FROM users WHERE name = '[|{name}|]'\";")]
    [InlineData("M:Own..ctor(System.String)", "_ = new Own($\"SELECT * FROM users WHERE name = '[|{name}|]'\");")]
    [InlineData("M:Nothing.At.All | M:Own.Run(System.String)", "own.Run($\"SELECT * FROM users WHERE name = '[|{name}|]'\");")]
    [InlineData("M:Nothing.At.All", "own.Run($\"SELECT * FROM users WHERE name = '{name}'\");")]
    public Task Reports_the_caller_of_a_method_that_an_option_names(string sink, string statement) => Verify<SqlValueFromText>.CSharp(
        $$"""
        public class Own
        {
            public Own(string text) => Text = text;
            public string Text { get; set; }
            public void Send(string target, string text) { }
            public void Run(string text) { }
        }
        public class Case { public void Run(Own own, string name) { {{statement}} } }
        """,
        test => test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", $"root = true\n[*.cs]\n{Options.SqlSinksKey} = {sink}\n")));
}
