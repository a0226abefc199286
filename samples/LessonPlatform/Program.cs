using System.Data;
using System.Text.Json.Serialization;
using Dapper;
using LessonPlatform.Data;
using LessonPlatform.Models;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Npgsql.NameTranslation;

var builder = WebApplication.CreateBuilder(args);

// From appsettings.json, or from the environment: ConnectionStrings__LessonPlatform.
var connectionString = builder.Configuration.GetConnectionString("LessonPlatform")
    ?? throw new InvalidOperationException("The connection string 'LessonPlatform' is missing.");

DefaultTypeMap.MatchNamesWithUnderscores = true;
var enumNames = new NpgsqlNullNameTranslator();
var dataSourceBuilder = new NpgsqlDataSourceBuilder(connectionString);
dataSourceBuilder.MapEnum<Difficulty>("difficulty", enumNames);
await using var dataSource = dataSourceBuilder.Build();

builder.Services.AddSingleton(dataSource);
builder.Services.AddScoped<IDbConnection>(services => services.GetRequiredService<NpgsqlDataSource>().CreateConnection());
builder.Services.AddDbContext<LessonDbContext>(options =>
    options.UseNpgsql(dataSource, npgsql => npgsql.MapEnum<Difficulty>("difficulty", nameTranslator: enumNames)));
builder.Services.AddScoped<SessionRepository>();
builder.Services.AddScoped<MessageRepository>();
builder.Services.AddScoped<InteractionRepository>();
builder.Services.AddScoped<LessonRepository>();
builder.Services.AddScoped<LessonSearch>();
builder.Services.AddScoped<ProfileRepository>();
builder.Services.AddScoped<LearningPathRepository>();
builder.Services.AddScoped<ReportRepository>();
builder.Services.AddScoped<Maintenance>();
builder.Services.AddScoped<LessonCompiler>();
builder.Services.AddHttpClient();
builder.Services.AddScoped<LessonOverview>();
builder.Services.AddScoped<LearningAnalytics>();
builder.Services.AddScoped<ReviewQueue>();
builder.Services.AddScoped<JsonSearch>();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

var app = builder.Build();
await Migrator.ApplyAsync(dataSource, app.Logger);

// Where two routes do the same, the one that ends in "/safe" is written as it should be.

var sessions = app.MapGroup("/sessions");
sessions.MapGet("/", (Guid userId, SessionRepository r, CancellationToken ct) => r.ListAsync(userId, ct));
sessions.MapGet("/sorted", (Guid userId, string? sort, SessionRepository r, CancellationToken ct) => r.SortedAsync(userId, sort, ct));
sessions.MapGet("/some", (Guid[] id, SessionRepository r, CancellationToken ct) => r.ByIdsAsync(id, ct));
sessions.MapGet("/by-status", (string status, SessionRepository r, CancellationToken ct) => r.ByStatusAsync(status, ct));
sessions.MapGet("/by-type", (string type, SessionRepository r, CancellationToken ct) => r.ByTypeAsync(type, ct));
sessions.MapGet("/newest", (string limit, SessionRepository r, CancellationToken ct) => r.NewestAsync(limit, ct));
sessions.MapGet("/search", (string title, string? status, SessionRepository r, CancellationToken ct) =>
    r.SearchAsync(title, status, 20, ct));
sessions.MapGet("/search/safe", (string title, string? status, SessionRepository r, CancellationToken ct) =>
    r.SearchSafelyAsync(title, status, 20, ct));
sessions.MapGet("/{id:guid}", async (Guid id, SessionRepository r, CancellationToken ct) =>
    await r.GetAsync(id, ct) is { } session ? Results.Ok(session) : Results.NotFound());
sessions.MapPost("/", async (NewSession session, SessionRepository r, CancellationToken ct) =>
    Results.Created($"/sessions/{await r.CreateAsync(session, ct)}", null));
sessions.MapPost("/{id:guid}/topic", (Guid id, string topic, SessionRepository r, CancellationToken ct) => r.SetTopicAsync(id, topic, ct));
sessions.MapPost("/{id:guid}/close", (Guid id, string status, SessionRepository r, CancellationToken ct) => r.CloseAsync(id, status, ct));

var messages = sessions.MapGroup("/{sessionId:guid}/messages");
messages.MapGet("/", (Guid sessionId, bool? newestFirst, MessageRepository r) => r.ListAsync(sessionId, newestFirst ?? false));
messages.MapGet("/ordered", (Guid sessionId, string direction, MessageRepository r) => r.OrderedAsync(sessionId, direction));
messages.MapGet("/page", (Guid sessionId, int page, int size, MessageRepository r) => r.PageAsync(sessionId, page, size));
messages.MapGet("/by-role", (Guid sessionId, string role, MessageRepository r) => r.ByRoleAsync(sessionId, role));
messages.MapGet("/search", (Guid sessionId, string term, MessageRepository r) => r.Search(sessionId, term));
messages.MapGet("/count", (Guid sessionId, string? role, MessageRepository r) => r.Count(sessionId, role));
messages.MapGet("/count/safe", (Guid sessionId, string? role, MessageRepository r) => r.CountSafely(sessionId, role));
messages.MapPost("/", (Guid sessionId, NewMessage message, MessageRepository r) => r.Add(sessionId, message));
messages.MapPost("/{id:guid}", (Guid sessionId, Guid id, NewMessage message, MessageRepository r) => r.Edit(id, message.Content));

app.MapGet("/interactions", (Guid userId, InteractionRepository r, CancellationToken ct) => r.ListAsync(userId, ct));
app.MapGet("/interactions/due", (DateTime until, InteractionRepository r, CancellationToken ct) => r.DueAsync(until, ct));
app.MapGet("/interactions/by-concept", (string concept, InteractionRepository r, CancellationToken ct) => r.ByConceptAsync(concept, ct));
app.MapPost("/sessions/{sessionId:guid}/interactions", (Guid sessionId, NewInteraction interaction, InteractionRepository r, CancellationToken ct) =>
    r.AddAsync(sessionId, interaction, ct));
app.MapPost("/interactions/forget", (Guid userId, [FromQuery] string[] type, InteractionRepository r, CancellationToken ct) =>
    r.ForgetAsync(userId, type, ct));

var lessons = app.MapGroup("/lessons");
lessons.MapGet("/", (string? sort, LessonRepository r) => r.ListAsync(sort ?? "title"));
lessons.MapGet("/{id:guid}", async (Guid id, LessonRepository r) =>
    await r.GetAsync(id) is { } lesson ? Results.Ok(lesson) : Results.NotFound());
lessons.MapGet("/sorted", (string sort, LessonRepository r) => r.SortedAsync(sort));
lessons.MapGet("/by-title", (string title, LessonRepository r) => r.ByTitleAsync(title));
lessons.MapGet("/by-status", (string[] status, LessonRepository r) => r.ByStatusesAsync(status));
lessons.MapGet("/by-status/safe", (string[] status, LessonRepository r) => r.ByStatusesSafelyAsync(status));
lessons.MapGet("/by-tag", (string tag, LessonRepository r, CancellationToken ct) => r.ByTagAsync(tag, ct));
lessons.MapGet("/by-difficulty", (Difficulty difficulty, LessonRepository r) => r.ByDifficultyAsync(difficulty));
lessons.MapGet("/{id:guid}/versions", (Guid id, LessonRepository r) => r.VersionsAsync(id));
lessons.MapGet("/{id:guid}/versions/{version:int}", async (Guid id, int version, LessonRepository r) =>
    await r.VersionAsync(id, version) is { } found ? Results.Ok(found) : Results.NotFound());
lessons.MapPost("/", async (NewLesson lesson, LessonRepository r) => Results.Created($"/lessons/{await r.CreateAsync(lesson)}", null));

var compiler = app.MapGroup("/compiler");
compiler.MapPost("/", async (CompiledLesson lesson, LessonCompiler c) => Results.Created($"/lessons/{await c.CompileAsync(lesson)}", null));
compiler.MapPost("/safe", async (CompiledLesson lesson, LessonCompiler c) => Results.Created($"/lessons/{await c.CompileSafelyAsync(lesson)}", null));
compiler.MapPost("/{id:guid}/publish", (Guid id, LessonCompiler c, CancellationToken ct) => c.PublishAsync(id, ct));
compiler.MapPost("/{id:guid}/versions", (Guid id, int version, string plan, LessonCompiler c) => c.AddVersionAsync(id, version, plan));
compiler.MapPost("/{id:guid}/title", (Guid id, string title, LessonCompiler c) => c.RenameAsync(id, title));
compiler.MapPost("/{id:guid}/archive", (Guid id, LessonCompiler c) => c.ArchiveAsync(id));
compiler.MapPost("/versions", (LessonVersion[] versions, LessonCompiler c) => c.ImportVersionsAsync(versions));
compiler.MapPost("/{id:guid}/talks", (Guid id, Guid to, LessonCompiler c) => c.MoveTalksAsync(id, to));
compiler.MapPost("/swap", (Lesson[] lessons, LessonCompiler c) => c.SwapTitlesAsync(lessons[0], lessons[1]));
compiler.MapPost("/{id:guid}/start", (Guid id, Guid userId, LessonCompiler c) => c.StartAsync(id, userId));
compiler.MapPost("/clean", (DateTime before, LessonCompiler c) => c.DeleteOldAsync(before));
compiler.MapPost("/import", (Lesson[] lessons, LessonCompiler c, CancellationToken ct) => c.ImportAsync(lessons, ct));
compiler.MapPost("/take", (LessonCompiler c) => c.TakeDraftAsync());
compiler.MapPost("/{id:guid}/review", (Guid id, Uri reviewer, LessonCompiler c) => c.ReviewAsync(id, reviewer));
compiler.MapPost("/{id:guid}/bump", (Guid id, LessonCompiler c) => c.BumpAsync(id));

var search = app.MapGroup("/search/lessons");
search.MapGet("/", (string word, LessonSearch s, CancellationToken ct) => s.ByWordAsync(word, ct));
search.MapGet("/safe", (string word, LessonSearch s, CancellationToken ct) => s.ByWordSafelyAsync(word, ct));
search.MapGet("/can-do", (string id, LessonSearch s, CancellationToken ct) => s.ByCanDoAsync(id, ct));
search.MapGet("/can-do/safe", (string id, LessonSearch s, CancellationToken ct) => s.ByCanDoSafelyAsync(id, ct));
search.MapGet("/sorted", (string status, string orderBy, LessonSearch s, CancellationToken ct) => s.SortedAsync(status, orderBy, ct));
search.MapGet("/suggest", (string prefix, LessonSearch s, CancellationToken ct) => s.SuggestAsync(prefix, ct));
search.MapGet("/suggest/safe", (string prefix, LessonSearch s, CancellationToken ct) => s.SuggestSafelyAsync(prefix, ct));

var profiles = app.MapGroup("/profiles");
profiles.MapGet("/{userId:guid}", async (Guid userId, ProfileRepository r, CancellationToken ct) =>
    await r.GetAsync(userId, ct) is { } profile ? Results.Ok(profile) : Results.NotFound());
profiles.MapGet("/by-email", async (string email, ProfileRepository r) =>
    await r.ByEmailAsync(email) is { } profile ? Results.Ok(profile) : Results.NotFound());
profiles.MapGet("/by-email/safe", async (string email, ProfileRepository r) =>
    await r.ByEmailSafelyAsync(email) is { } profile ? Results.Ok(profile) : Results.NotFound());
profiles.MapGet("/with-goals", (string goals, ProfileRepository r) => r.WithGoalsAsync(goals));
profiles.MapGet("/scoring", (bool active, decimal minimum, ProfileRepository r, CancellationToken ct) =>
    r.ScoringAsync(active, minimum, ct));
profiles.MapPost("/", async (NewProfile profile, ProfileRepository r, CancellationToken ct) =>
    Results.Created($"/profiles/{await r.CreateAsync(profile, ct)}", null));
profiles.MapPost("/{userId:guid}/name", (Guid userId, string name, ProfileRepository r, CancellationToken ct) =>
    r.RenameAsync(userId, name, ct));
profiles.MapPost("/{userId:guid}/name/safe", (Guid userId, string name, ProfileRepository r, CancellationToken ct) =>
    r.RenameSafelyAsync(userId, name, ct));

var paths = app.MapGroup("/learning-paths");
paths.MapGet("/", (Guid userId, LearningPathRepository r, CancellationToken ct) => r.ListAsync(userId, ct));
paths.MapGet("/ending", (DateOnly before, LearningPathRepository r, CancellationToken ct) => r.EndingAsync(before, ct));
paths.MapGet("/with-data", (string key, string value, LearningPathRepository r, CancellationToken ct) => r.WithDataAsync(key, value, ct));
paths.MapGet("/count", (string name, LearningPathRepository r, CancellationToken ct) => r.CountAsync(name, ct));
paths.MapPost("/", async (NewLearningPath path, LearningPathRepository r, CancellationToken ct) =>
    Results.Created($"/learning-paths/{await r.CreateAsync(path, ct)}", null));
paths.MapPost("/{id:guid}/progress", (Guid id, string progress, LearningPathRepository r, CancellationToken ct) =>
    r.SetProgressAsync(id, progress, ct));

var reports = app.MapGroup("/reports");
reports.MapGet("/rows", (string table, ReportRepository r, CancellationToken ct) => r.RowsAsync(table, ct));
reports.MapGet("/rows/safe", async (string table, ReportRepository r, CancellationToken ct) =>
    await r.RowsSafelyAsync(table, ct) is { } rows ? Results.Ok(rows) : Results.NotFound());
reports.MapGet("/lessons-by", (string column, ReportRepository r, CancellationToken ct) => r.LessonsByAsync(column, ct));
reports.MapGet("/lessons-by/safe", (string column, ReportRepository r, CancellationToken ct) => r.LessonsBySafelyAsync(column, ct));
reports.MapGet("/profiles-by", (string column, ReportRepository r, CancellationToken ct) => r.ProfilesByAsync(column, ct));
reports.MapGet("/activity", (string part, ReportRepository r) => r.ActivityAsync(part));
reports.MapGet("/activity/safe", (ActivityPart part, ReportRepository r) => r.ActivitySafelyAsync(part));
reports.MapGet("/filtered", (string filter, ReportRepository r) => r.FilteredAsync(filter));
reports.MapGet("/top-learners", (string requestedBy, ReportRepository r) => r.TopLearnersAsync(requestedBy));
reports.MapGet("/finished", (string timeout, ReportRepository r, CancellationToken ct) => r.FinishedAsync(timeout, ct));
reports.MapGet("/export", async (string status, ReportRepository r, CancellationToken ct) =>
    Results.Text(await r.ExportAsync(status, ct), "text/csv"));
reports.MapPost("/run", (ReportRequest request, ReportRepository r, CancellationToken ct) => r.RunAsync(request, ct));
reports.MapPost("/explain", (ReportRequest request, ReportRepository r) => r.ExplainAsync(request));

var analytics = app.MapGroup("/analytics");
analytics.MapGet("/sessions", (Guid userId, string type, LearningAnalytics a, CancellationToken ct) => a.SessionsOfTypeAsync(userId, type, ct));
analytics.MapGet("/sessions/count", (Guid userId, string status, LearningAnalytics a) => a.CountInStatusAsync(userId, status));
analytics.MapGet("/messages/count", (string role, LearningAnalytics a, CancellationToken ct) => a.CountOfRoleAsync(role, ct));
analytics.MapGet("/messages/newest", (LearningAnalytics a, CancellationToken ct) => a.NewestMessagesAsync(ct));
analytics.MapGet("/mastery", (Guid userId, string concept, LearningAnalytics a) => a.MasteryAsync(userId, concept));
analytics.MapGet("/lessons/{id:guid}/runs", (Guid id, LearningAnalytics a, CancellationToken ct) => a.LastRunsAsync(id, ct));
analytics.MapGet("/lessons/{id:guid}/talks", (Guid id, LearningAnalytics a) => a.CountTalksAsync(id));
analytics.MapGet("/lessons/{id:guid}/versions/{version:int}", async (Guid id, int version, LearningAnalytics a, CancellationToken ct) =>
    await a.VersionAsync(id, version, ct) is { } found ? Results.Ok(found) : Results.NotFound());

var reviews = app.MapGroup("/reviews");
reviews.MapGet("/", (ReviewQueue q) => q.DueAsync());
reviews.MapGet("/of", (Guid userId, DateTime until, ReviewQueue q, CancellationToken ct) => q.DueForAsync(userId, until.ToUniversalTime(), ct));
reviews.MapGet("/last", (Guid sessionId, ReviewQueue q) => q.LastAsync(sessionId));
reviews.MapPost("/postpone", (Guid sessionId, int days, ReviewQueue q) => q.PostponeAsync(sessionId, days));

var json = app.MapGroup("/json");
json.MapGet("/profiles/knowing", (string knowledge, JsonSearch s) => s.KnowingAsync(knowledge));
json.MapGet("/profiles/needing", (string context, JsonSearch s, CancellationToken ct) => s.NeedingAsync(context, ct));
json.MapGet("/paths", (string data, JsonSearch s, CancellationToken ct) => s.PathsWithAsync(data, ct));
json.MapGet("/paths/reached", (string key, JsonSearch s, CancellationToken ct) => s.CountReachedAsync(key, ct));
json.MapGet("/paths/of-level", (string level, JsonSearch s, CancellationToken ct) => s.OfLevelAsync(level, ct));
json.MapGet("/versions", (string step, JsonSearch s) => s.WithStepAsync(step));
json.MapGet("/sessions", (string context, JsonSearch s) => s.WithContextAsync(context));
json.MapGet("/sessions/about", (string topic, JsonSearch s) => s.AboutAsync(topic));
json.MapGet("/interactions", (string metadata, JsonSearch s) => s.TaggedAsync(metadata));
json.MapGet("/lessons", (string[] tag, JsonSearch s) => s.WithTagsAsync(tag));

var admin = app.MapGroup("/admin");
admin.MapPost("/publish", (string message, Maintenance m, CancellationToken ct) => m.PublishAsync(message, ct));
admin.MapPost("/publish/safe", (string message, Maintenance m, CancellationToken ct) => m.PublishSafelyAsync(message, ct));
admin.MapPost("/default-status", (string status, Maintenance m) => m.SetDefaultStatusAsync(status));
admin.MapPost("/abandon", (string age, Maintenance m) => m.AbandonOlderThan(age));
admin.MapPost("/vacuum", (Maintenance m) => m.VacuumAsync());
admin.MapPost("/analyze", (Maintenance m, CancellationToken ct) => m.AnalyzeLessonsAsync(ct));

await app.RunAsync();
