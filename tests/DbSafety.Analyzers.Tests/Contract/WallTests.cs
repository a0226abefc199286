namespace DbSafety.Analyzers.Tests.Contract;

public sealed class WallTests
{
    private static IEnumerable<SourceText> Analyzers => SourceText.OfProject("DbSafety.Analyzers");

    private static IEnumerable<SourceText> CodeFixes => SourceText.OfProject("DbSafety.CodeFixes");

    private static IEnumerable<SourceText> Apis => Analyzers.Where(source => Walls.Room(source.Path) == "Apis");

    [Fact]
    public void A_room_uses_only_the_rooms_below() => Repository.AssertNone(Walls.RoomViolations(Analyzers));

    [Fact]
    public void Names_of_libraries_and_their_members_stand_in_Apis_only() =>
        Repository.AssertNone(Walls.ApiNameViolations(Analyzers.Concat(CodeFixes).Where(source => Walls.Room(source.Path) != "Apis"), Walls.ApiNames(Apis)));

    /// <summary>The rows of the table, resolved once per compilation, are the one exception.</summary>
    [Fact]
    public void Only_Facts_remembers() =>
        Repository.AssertNone(Walls.MemoryViolations(
            Analyzers.Concat(CodeFixes).Where(source => Walls.Room(source.Path) != "Facts" && source.Path != "src/DbSafety.Analyzers/Apis/DbApis.cs")));

    [Fact]
    public void The_SQL_engine_knows_no_Roslyn() =>
        Assert.DoesNotContain(RuleCatalog.Sql.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    [Fact]
    public void The_rules_know_no_workspaces() =>
        Assert.DoesNotContain(RuleCatalog.Analyzers.GetReferencedAssemblies(), name => name.Name!.Contains("Workspaces", StringComparison.Ordinal));

    /// <summary>Which version of it a host brings differs: an assembly without the reference loads everywhere.</summary>
    [Fact]
    public void The_fixes_are_not_bound_to_System_Composition() =>
        Assert.DoesNotContain(RuleCatalog.CodeFixes.GetReferencedAssemblies(), name => name.Name!.StartsWith("System.Composition", StringComparison.Ordinal));

    [Theory]
    [InlineData("Text", "using DbSafety.Analyzers.Rules.Injection;")]
    [InlineData("Text", "using DbSafety.Analyzers.Model;")]
    [InlineData("Apis", "using static DbSafety.Analyzers.Text.SqlText;")]
    [InlineData("Apis", "using Map = DbSafety.Analyzers.Text.SqlText;")]
    [InlineData("Flow", "class A { object o = new DbSafety.Analyzers.Facts.DbFacts(); }")]
    [InlineData("Flow", "class A { global::DbSafety.Analyzers.Facts.DbFacts? o; }")]
    [InlineData("Flow", "namespace DbSafety.Analyzers.Flow; class A { Facts.DbFacts? o; }")]
    [InlineData("Flow", "namespace DbSafety.Analyzers.Flow; class A { int o = Facts.DbFacts.Count; }")]
    [InlineData("Flow", "namespace DbSafety.Analyzers.Flow; class A { List<Analyzers.Facts.DbFacts> o; }")]
    [InlineData("Flow", "namespace DbSafety.Analyzers.Calls;")]
    [InlineData("Elsewhere", "class A;")]
    public void A_use_of_a_room_above_is_seen(string room, string text) => Assert.Single(Walls.RoomViolations(Rooms(room, text)));

    [Theory]
    [InlineData("Rules", "using DbSafety.Analyzers.Facts; using DbSafety.Analyzers.Apis; using DbSafety.Sql.Text;")]
    [InlineData("Facts", "using DbSafety.Analyzers.Text; using DbSafety.Analyzers.Facts;")]
    [InlineData("Apis", "namespace DbSafety.Analyzers.Apis; /* DbSafety.Analyzers.Rules */ class A { string Text; int N => Text.Length; }")]
    [InlineData("Rules", "namespace DbSafety.Analyzers.Rules.Injection; class A { Facts.DbFacts? o; }")]
    public void A_use_of_a_room_below_is_fine(string room, string text) => Assert.Empty(Walls.RoomViolations(Rooms(room, text)));

    [Theory]
    [InlineData("\"Npgsql\"", 1)]
    [InlineData("\"FromSqlRaw\"", 1)]
    [InlineData("\"Npgsql.NpgsqlCommand\"", 1)]
    [InlineData("\"Npgsql.Anything\"", 1)]
    [InlineData("nameof(X.FromSqlRaw)", 1)]
    [InlineData("$\"Npgsql{1}\"", 1)]
    [InlineData("/* Npgsql */ \"the command of Npgsql is fine: prose\"", 0)]
    [InlineData("\"IDbCommand\"", 1)]
    [InlineData("nameof(StringBuilder)", 0)]
    [InlineData("nameof(X.Value)", 0)]
    [InlineData("\"sql\"", 0)]
    [InlineData("\"\"", 0)]
    public void The_name_of_an_API_is_seen(string expression, int count)
    {
        var names = Walls.ApiNames([new("src/DbSafety.Analyzers/Apis/DbApiTable.cs", "class A { object[] o = { \"Npgsql.NpgsqlCommand\", \"FromSqlRaw\", \"sql\", \"Value\", \"System.Text.StringBuilder\", \"System.Data.IDbCommand\" }; }")]);
        Assert.Equal(count, Walls.ApiNameViolations([new("A.cs", $"class B {{ object o = {expression}; }}")], names).Count());
    }

    [Theory]
    [InlineData("static readonly ConditionalWeakTable<object, object> s = new();", 1)]
    [InlineData("static readonly System.Collections.Generic.Dictionary<int, int>? s;", 1)]
    [InlineData("static int s;", 1)]
    [InlineData("readonly ConcurrentDictionary<int, int> s = new();", 1)]
    [InlineData("static Dictionary<int, int> S { get; } = new();", 1)]
    [InlineData("static int S { get; set; }", 1)]
    [InlineData("void M() { var s = new ConditionalWeakTable<object, object>(); }", 1)]
    [InlineData("const int C = 1; static readonly ImmutableArray<int> s; static int S => 1; readonly ConcurrentDictionary<int, int> given; Dictionary<int, int> own = new();", 0)]
    public void A_memory_is_seen(string member, int count) => Assert.Equal(count, Walls.MemoryViolations([new("A.cs", $"class A {{ {member} }}")]).Count());

    [Theory]
    [InlineData("readonly ConcurrentDictionary<int, int> s = new();", 0)]
    [InlineData("static readonly ConcurrentDictionary<int, int> s = new();", 1)]
    public void An_object_of_Apis_may_remember(string member, int count) =>
        Assert.Equal(count, Walls.MemoryViolations([new("src/DbSafety.Analyzers/Apis/A.cs", $"class A {{ {member} }}")]).Count());

    private static SourceText[] Rooms(string room, string text) =>
        [new($"src/DbSafety.Analyzers/{room}/A.cs", text), new("src/DbSafety.Analyzers/Facts/DbFacts.cs", "namespace DbSafety.Analyzers.Facts; class DbFacts;")];
}
