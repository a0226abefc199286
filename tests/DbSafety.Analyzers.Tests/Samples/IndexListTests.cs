using System.Text.RegularExpressions;
using DbSafety.Analyzers.Tests.Contract;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Analyzers.Tests.Samples;

/// <summary>The indexes that a review of the sample's backend by hand asked for: the rules find each of them, or the schema has it.</summary>
public sealed partial class IndexListTests
{
    private const string Missing = """
        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_user_id ON conversation_sessions(user_id);
        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_status ON conversation_sessions(status);
        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_session_type ON conversation_sessions(session_type);
        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_created_at ON conversation_sessions(created_at DESC);
        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_user_type ON conversation_sessions(user_id, session_type);

        CREATE INDEX IF NOT EXISTS idx_conversation_messages_session_id ON conversation_messages(session_id);
        CREATE INDEX IF NOT EXISTS idx_conversation_messages_role ON conversation_messages(role);
        CREATE INDEX IF NOT EXISTS idx_conversation_messages_created_at ON conversation_messages(created_at DESC);
        CREATE INDEX IF NOT EXISTS idx_conversation_messages_session_order ON conversation_messages(session_id, message_order);

        CREATE INDEX IF NOT EXISTS idx_conversation_interactions_user_id ON conversation_interactions(user_id);
        CREATE INDEX IF NOT EXISTS idx_conversation_interactions_concept_id ON conversation_interactions(concept_id);
        CREATE INDEX IF NOT EXISTS idx_conversation_interactions_next_review ON conversation_interactions(next_review_date) WHERE next_review_date IS NOT NULL;
        CREATE INDEX IF NOT EXISTS idx_conversation_interactions_user_concept ON conversation_interactions(user_id, concept_id);

        CREATE INDEX IF NOT EXISTS idx_lessons_status ON lessons(status);
        """;

    private const string MissingJson = """
        CREATE INDEX IF NOT EXISTS idx_user_profiles_learning_goals_gin ON user_profiles USING GIN (learning_goals);
        CREATE INDEX IF NOT EXISTS idx_user_profiles_previous_knowledge_gin ON user_profiles USING GIN (previous_knowledge);
        CREATE INDEX IF NOT EXISTS idx_user_profiles_usage_context_gin ON user_profiles USING GIN (usage_context);

        CREATE INDEX IF NOT EXISTS idx_learning_paths_path_data_gin ON learning_paths USING GIN (path_data);
        CREATE INDEX IF NOT EXISTS idx_learning_paths_progress_data_gin ON learning_paths USING GIN (progress_data);

        CREATE INDEX IF NOT EXISTS idx_lesson_versions_lesson_plan_gin ON lesson_versions USING GIN (lesson_plan);

        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_context_gin ON conversation_sessions USING GIN (conversation_context);

        CREATE INDEX IF NOT EXISTS idx_conversation_interactions_metadata_gin ON conversation_interactions USING GIN (metadata);
        """;

    private const string MissingComposites = """
        CREATE INDEX IF NOT EXISTS idx_conversation_sessions_user_status ON conversation_sessions(user_id, status);
        CREATE INDEX IF NOT EXISTS idx_conversation_messages_session_role ON conversation_messages(session_id, role);
        """;

    [Fact]
    public Task Each_missing_index_is_suggested() => AssertSuggestedAsync(Missing, 14, "DBS4001", "DBS4004");

    [Fact]
    public Task Each_missing_JSONB_index_is_suggested() => AssertSuggestedAsync(MissingJson, 8, "DBS4002");

    [Fact]
    public Task Each_missing_composite_index_is_suggested() => AssertSuggestedAsync(MissingComposites, 2, "DBS4001", "DBS4004");

    // The list names the columns, to be checked; one of them has its index.
    [Fact]
    public async Task Each_foreign_key_without_an_index_is_suggested()
    {
        await AssertSuggestedAsync(
            """
            CREATE INDEX ON conversation_messages(session_id);
            CREATE INDEX ON conversation_interactions(message_id);
            CREATE INDEX ON conversation_interactions(user_id);
            CREATE INDEX ON lesson_sessions(user_id);
            """,
            4, "DBS4003");
        Assert.Contains("CREATE INDEX x ON conversation_interactions (session_id)", Existing());
        Assert.DoesNotContain("CREATE INDEX x ON conversation_interactions (session_id)", await SuggestedAsync("DBS4003"));
    }

    // The list asks for lesson_versions(lesson_id, version), and says elsewhere that the unique index has it: the query by both is silent.
    [Fact]
    public async Task What_a_unique_index_serves_is_not_suggested()
    {
        const string index = "CREATE INDEX x ON lesson_versions (lesson_id, version)";
        Assert.Contains(index, Existing());
        Assert.DoesNotContain(index, await SuggestedAsync("DBS4001", "DBS4003", "DBS4004"));

        var lines = await File.ReadAllLinesAsync(Path.Combine(SampleBuild.Project, "Data", "LearningAnalytics.cs"), TestContext.Current.CancellationToken);
        var query = 1 + Assert.Single(Enumerable.Range(0, lines.Length), i => lines[i].Contains("v.LessonId == lessonId && v.Version == version", StringComparison.Ordinal));
        Assert.DoesNotContain(await SampleBuild.FindingsAsync(), finding => finding.Place.StartsWith($"Data/LearningAnalytics.cs({query},", StringComparison.Ordinal));
    }

    private static async Task AssertSuggestedAsync(string indexes, int count, params string[] rules)
    {
        var wanted = Read(indexes);
        Assert.Equal(count, wanted.Count);
        var suggested = await SuggestedAsync(rules);
        Repository.AssertNone(wanted.Except(suggested).Select(index => "not suggested: " + index));
    }

    private static async Task<HashSet<string>> SuggestedAsync(params string[] rules) =>
        (await SampleBuild.FindingsAsync()).Where(finding => rules.Contains(finding.Id)).SelectMany(finding => Statement().Matches(finding.Message)).SelectMany(match => Read(match.Value)).ToHashSet();

    // All in one form, and of one name: the table, the method, the keys in their order with their directions, the predicate.
    private static List<string> Read(string indexes)
    {
        var source = new SqlSource(indexes);
        return SqlParser.Parse(source).Statements.Select(statement => IndexSuggestionReader.Read(Assert.IsType<CreateIndexStatement>(statement), source).ToSql("x")).ToList();
    }

    private static HashSet<string> Existing()
    {
        var files = Repository.Files(Path.Combine(SampleBuild.Project, "migrations"), ".sql").Select(file => SqlParser.Parse(new SqlSource(File.ReadAllText(file))));
        return SchemaReader.Read(files).Tables
            .SelectMany(table => table.Indexes.Where(index => index.IsValid && index.Predicate is null && index.Keys.All(key => key.Column is not null))
                .Select(index => $"CREATE INDEX x ON {table.Name} ({string.Join(", ", index.Keys.Select(key => key.Column))})"))
            .ToHashSet();
    }

    [GeneratedRegex("CREATE INDEX [^;]+;")]
    private static partial Regex Statement();
}
