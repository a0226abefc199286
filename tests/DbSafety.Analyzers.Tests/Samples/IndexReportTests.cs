using System.Text.RegularExpressions;
using System.Xml.Linq;
using DbSafety.Analyzers.Tests.Contract;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Tests.Samples;

/// <summary><c>dotnet build -t:DbSafetyIndexes</c>, in a project that lists its target frameworks, references another one and whose warnings are errors.</summary>
public sealed class IndexReportTests
{
    private const string Expected = """
        -- The fewest indexes that serve all queries and foreign keys of the project: 2, for 5 places.
        -- Where a table is in use, write CREATE INDEX CONCURRENTLY, and run that statement outside of a transaction.

        -- Sessions.cs:7 (DBS4001)
        -- Sessions.cs:8 (DBS4001)
        -- Sessions.cs:9 (DBS4001)
        -- migrations/0001_init.sql:2 (DBS4003)
        CREATE INDEX idx_sessions_user_id_status_created_at ON sessions (user_id, status, created_at DESC);

        -- Sessions.cs:10 (DBS4001)
        CREATE INDEX "idx_sessions_a ""b; $(c) %41" ON sessions ("a ""b; $(c) %41");
        """;

    [Fact]
    public async Task The_target_prints_and_writes_the_fewest_indexes()
    {
        var root = Directory.CreateTempSubdirectory("dbsafety-indexes-");
        try
        {
            var app = Path.Combine(root.FullName, "App");
            Write(root.FullName, "Lib/Lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
            Write(root.FullName, "Lib/Names.cs", "public class Names;");
            Write(root.FullName, "App/App.csproj", Project());
            Write(root.FullName, "App/migrations/0001_init.sql", """
                CREATE TABLE users (id bigint PRIMARY KEY);
                CREATE TABLE sessions (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id), status text NOT NULL, "a ""b; $(c) %41" text, created_at timestamptz NOT NULL);
                """);
            Write(root.FullName, "App/Sessions.cs", """"
                using Dapper;
                using Npgsql;
                public static class Sessions
                {
                    public static void Run(NpgsqlConnection pg, long u, string s, Names names)
                    {
                        pg.Query<long>("SELECT id FROM sessions WHERE user_id = @u", new { u });
                        pg.Query<long>("SELECT id FROM sessions WHERE user_id = @u AND status = @s", new { u, s });
                        pg.Query<long>("SELECT id FROM sessions WHERE status = @s AND user_id = @u ORDER BY created_at DESC LIMIT 20", new { u, s });
                        pg.Query<long>("""SELECT id FROM sessions WHERE "a ""b; $(c) %41" = @s""", new { s });
                    }
                }
                """");

            var output = await RunAsync(app);
            Assert.Contains(Normal(Expected), Regex.Replace(Normal(output), "^  ", "", RegexOptions.Multiline), StringComparison.Ordinal);
            Assert.DoesNotContain("warning", Normal(output).Split("Build succeeded")[0], StringComparison.Ordinal);
            var file = Path.Combine(app, "obj", "dbsafety-indexes.sql");
            Assert.Equal(Normal(Expected) + "\n", Normal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
            Assert.Contains(file, output, StringComparison.Ordinal);

            // What other builds leave is as it was, here and in the other project.
            var made = root.EnumerateFiles("*.dll", SearchOption.AllDirectories).Select(made => Path.GetRelativePath(root.FullName, made.FullName).Replace('\\', '/')).ToList();
            Assert.All(made.Where(path => path.StartsWith("App/obj/", StringComparison.Ordinal)), path => Assert.Contains("/dbsafety/", path, StringComparison.Ordinal));
            Assert.DoesNotContain(made, path => path.StartsWith("Lib/", StringComparison.Ordinal) && path.Contains("dbsafety", StringComparison.Ordinal));

            // Written where the user wants it, it is a migration like the others, and nothing is missing any more.
            await RunAsync(app, "-p:DbSafetyIndexFile=migrations/0002_indexes.sql");
            output = await RunAsync(app, "-p:DbSafetyIndexFile=migrations/0002_indexes.sql");
            Assert.Contains("No index is missing.", output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(app, "migrations", "0002_indexes.sql")) && !File.Exists(file));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_the_report_says_is_not_said_twice()
    {
        var targets = XDocument.Load(Path.Combine(Repository.Root, "nuget", "buildTransitive", "DbSafety.Analyzers.targets"));
        var silenced = targets.Descendants("MSBuildWarningsAsMessages").Single().Value.Split(';').Skip(1);
        Assert.Equal(RuleCatalog.Rules.Where(rule => rule.Descriptor.Category == "Indexes").Select(rule => rule.Id), silenced);
    }

    private static Task<string> RunAsync(string app, params string[] more) =>
        Builds.RunAsync(app, ["build", app, "-t:DbSafetyIndexes", "-nologo", "-v:m", "-nodeReuse:false", "--tl:off", .. more]);

    private static string Project()
    {
        var nuget = Path.Combine(Repository.Root, "nuget");
        string Library(string name) => $"<Reference Include=\"{((PortableExecutableReference)References.Newer(name)).FilePath}\" />";
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFrameworks>net10.0</TargetFrameworks>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NoWarn>NU1801</NoWarn>
              </PropertyGroup>
              <Import Project="{nuget}/buildTransitive/DbSafety.Analyzers.props" />
              <ItemGroup>
                {Library("Npgsql")}
                {Library("Dapper")}
                <Analyzer Include="{AppContext.BaseDirectory}/DbSafety.Sql.dll;{AppContext.BaseDirectory}/DbSafety.Analyzers.dll" />
                <ProjectReference Include="../Lib/Lib.csproj" />
              </ItemGroup>
              <Import Project="{nuget}/buildTransitive/DbSafety.Analyzers.targets" Condition="'$(TargetFramework)' != ''" />
              <Import Project="{nuget}/buildMultiTargeting/DbSafety.Analyzers.targets" Condition="'$(TargetFramework)' == ''" />
            </Project>
            """;
    }

    private static string Normal(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    private static void Write(string root, string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
