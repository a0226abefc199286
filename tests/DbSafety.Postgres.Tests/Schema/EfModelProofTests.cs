using System.Collections.Immutable;
using System.Text;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Model;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Postgres.Tests.Models;

/// <summary>
/// The schema and the mapping that are read from the sources of a context are those that EF Core itself makes of it: its own script, read into a catalog, and its own model.
/// </summary>
public sealed partial class EfModelProofTests(ITestOutputHelper output)
{
    private const string Common = """
        using System.ComponentModel.DataAnnotations;
        using System.ComponentModel.DataAnnotations.Schema;
        using System.Linq.Expressions;
        using Microsoft.EntityFrameworkCore.Metadata.Builders;
        using Microsoft.EntityFrameworkCore.Metadata;
        using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

        """;

    private const string Main = """

        public static class Snippet
        {
            public static Task Run() => Task.CompletedTask;

            public static string Script()
            {
                using var context = new Db();
                return context.Database.GenerateCreateScript();
            }

            public static string Model()
            {
                using var context = new Db();
                var text = new StringBuilder();
                foreach (var entity in context.Model.GetEntityTypes())
                {
                    if (entity.IsOwned() || entity.HasSharedClrType)
                    {
                        continue;
                    }

                    var name = entity.ClrType.FullName;
                    text.Append($"{name}|table {entity.GetSchema() ?? "public"}.{entity.GetTableName()}|view {entity.GetViewName()}|filter {entity.GetDeclaredQueryFilters().Any() || entity.GetRootType().GetDeclaredQueryFilters().Any()}\n");
                    text.Append($"{name}|key {string.Join(",", entity.FindPrimaryKey()?.Properties.Select(p => p.Name) ?? [])}\n");
                    foreach (var property in entity.GetProperties())
                    {
                        if (property.IsShadowProperty() && property.Name == "xmin") continue;
                        text.Append($"{name}.{property.Name}|{property.GetColumnName()}|{(entity.GetTableName() is { } t && entity.GetMappingStrategy() != "TPT" ? !property.IsColumnNullable(StoreObjectIdentifier.Table(t, entity.GetSchema())) : !property.IsNullable)}\n");
                    }

                    foreach (var navigation in entity.GetNavigations().Where(n => !n.TargetEntityType.IsOwned()))
                    {
                        var pairs = navigation.ForeignKey.Properties.Zip(navigation.ForeignKey.PrincipalKey.Properties, (f, p) => navigation.IsOnDependent ? $"{f.Name}={p.Name}" : $"{p.Name}={f.Name}");
                        text.Append($"{name}.{navigation.Name}|to {navigation.TargetEntityType.ClrType.FullName}|{string.Join(",", pairs)}|many {navigation.IsCollection}|dependent {navigation.IsOnDependent}\n");
                    }

                    foreach (var navigation in entity.GetSkipNavigations().Where(n => n.PropertyInfo is not null))
                    {
                        text.Append($"{name}.{navigation.Name}|to {navigation.TargetEntityType.ClrType.FullName}|join {navigation.JoinEntityType.GetTableName()}|{string.Join(",", navigation.ForeignKey.Properties.Select(p => p.GetColumnName()))}|{string.Join(",", navigation.Inverse.ForeignKey.Properties.Select(p => p.GetColumnName()))}\n");
                    }
                }

                return text.ToString();
            }
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp12);

    internal static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !new[] { "DbSafety.", "Microsoft.Data.Sqlite", "xunit.", "Microsoft.CodeAnalysis", "Microsoft.TestPlatform", "Microsoft.VisualStudio", "Microsoft.Testing" }
                .Any(prefix => Path.GetFileName(path).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_sources_tell_what_EF_Core_makes(string name, int incomplete)
    {
        var source = Common + Sources[name] + Main;
        using var snippet = FixRunner.Compile(source);
        var script = (string)snippet.Method("Script").Invoke(null, [])!;
        var model = (string)snippet.Method("Model").Invoke(null, [])!;
        var expected = SchemaReader.Read([SqlParser.Parse(new SqlSource(script))]);
        Assert.NotEmpty(expected.Tables);
        Assert.DoesNotContain(expected.Tables, table => !expected.IsComplete(table));

        var compilation = CSharpCompilation.Create(
            "Read", [CSharpSyntaxTree.ParseText(Prelude.Source.Replace("SamplesContext", "Unused", StringComparison.Ordinal), ParseOptions, cancellationToken: Cancellation), CSharpSyntaxTree.ParseText(source, ParseOptions, cancellationToken: Cancellation)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var own = facts.EfScripts.Where(one => one.Name == "Db").Select(one => SqlParser.Parse(one.Source)).ToList();
        var actual = SchemaReader.Read(own);
        foreach (var error in own.SelectMany(tree => tree.Errors))
        {
            output.WriteLine("ERROR " + error);
        }

        var unsure = actual.Tables.Where(table => !actual.IsComplete(table)).Select(table => table.FullName).ToHashSet();
        var wrong = Difference(Lines(expected, unsure), Lines(actual, unsure)).ToList();
        wrong.RemoveAll(line => actual.IsIncomplete && line.StartsWith("- ", StringComparison.Ordinal) && !actual.Tables.Any(table => line.Contains(table.FullName + " ", StringComparison.Ordinal)));
        var maps = Difference(model.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !IsUnsure(facts.Maps, line)), Lines(facts.Maps)).ToList();
        output.WriteLine(string.Join("\n", wrong.Concat(maps)));
        output.WriteLine(script);
        output.WriteLine(string.Join("\n", facts.EfScripts.Where(one => one.Name == "Db").Select(one => one.Source.Text)));
        Assert.Empty(wrong.Concat(maps));
        Assert.Equal(incomplete, unsure.Count);
    }

    internal static IEnumerable<string> Difference(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (left, right) = (expected.ToHashSet(), actual.ToHashSet());
        return left.Except(right).Select(line => "- " + line).Concat(right.Except(left).Select(line => "+ " + line)).OrderBy(line => line[2..], StringComparer.Ordinal);
    }

    internal static IEnumerable<string> Lines(SchemaCatalog catalog, HashSet<ObjectName> except)
    {
        foreach (var type in catalog.Types)
        {
            yield return $"type {type.FullName} ({string.Join(",", catalog.EnumLabels(type.FullName.ToString()))})";
        }

        foreach (var table in catalog.Tables.Where(table => !except.Contains(table.FullName)))
        {
            var name = table.FullName + " ";
            yield return name + "table";
            foreach (var column in table.Columns)
            {
                yield return $"{name}column {column.Name} {column.Type}({string.Join(",", column.Modifiers)}) {(column.IsNotNull ? "not null" : "null")}{(column.IsIdentity ? " identity" : "")}{(column.HasDefault ? " default" : "")}";
            }

            foreach (var index in table.Indexes)
            {
                var keys = index.Keys.Select(key => $"{key.Column} {key.OperatorClass}{(key.IsDescending ? " desc" : "")}{(key.IsNullsFirst ? " first" : "")}");
                yield return $"{name}{index.Constraint} {index.Name} {index.Method} unique {index.IsUnique} ({string.Join(",", keys)}) include ({string.Join(",", index.Include)}) where {index.Predicate?.TextIn(table)} {index.IsNullsNotDistinct}";
            }

            foreach (var key in table.ForeignKeys)
            {
                yield return $"{name}foreign key {key.Name} ({string.Join(",", key.Columns)}) to {key.ReferencedTable} ({string.Join(",", key.ReferencedColumns)}) {key.OnDelete}";
            }

            foreach (var check in table.Checks)
            {
                yield return $"{name}check {check.Name} {check.Expression.TextIn(table)}";
            }
        }
    }

    private static EntityMap? MapOf(EntityMaps maps, string name) => maps.All.FirstOrDefault(map => !map.IsOwned && map.Name == name);

    private static bool IsUnsure(EntityMaps maps, string line)
    {
        var subject = line.Split('|')[0];
        var map = MapOf(maps, subject) ?? MapOf(maps, subject[..Math.Max(0, subject.LastIndexOf('.'))]);
        return map is { IsUncertain: true } || (map?.Navigation(subject[(subject.LastIndexOf('.') + 1)..]) is { IsUncertain: true });
    }

    private static IEnumerable<string> Lines(EntityMaps maps)
    {
        foreach (var map in maps.All.Where(map => !map.IsOwned && map.Type is not null && !map.IsUncertain && map.Name.IndexOf("Sample", StringComparison.Ordinal) < 0))
        {
            yield return $"{map.Name}|table {map.Table?.Schema ?? "public"}.{map.Table?.Name}|view {map.View?.Name}|filter {map.HasQueryFilter}";
            yield return $"{map.Name}|key {string.Join(",", map.Key.Select(key => key.Name))}";
            foreach (var property in map.Properties)
            {
                yield return $"{map.Name}.{property.Name}|{property.Column}|{property.IsRequired}";
            }

            foreach (var navigation in map.Navigations.Where(navigation => !navigation.IsOwned && !navigation.IsUncertain))
            {
                yield return navigation.Join is { } join
                    ? $"{map.Name}.{navigation.Name}|to {navigation.Target.Name}|join {join.Table.Name}|{string.Join(",", join.Here.Select(pair => pair.Column))}|{string.Join(",", join.There.Select(pair => pair.Column))}"
                    : $"{map.Name}.{navigation.Name}|to {navigation.Target.Name}|{string.Join(",", navigation.Pairs.Select(pair => pair.Here.Name + "=" + pair.There.Name))}|many {navigation.IsCollection}|dependent {navigation.IsDependent}";
            }
        }
    }
}
