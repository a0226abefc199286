namespace LessonPlatform.Models;

public sealed record NewSession(Guid UserId, string SessionType, string Title);

public sealed record NewMessage(string Role, string Content);

public sealed record NewInteraction(Guid UserId, string InteractionType, string ConceptId, int MasteryLevel);

public sealed record NewLesson(string CanDoId, string Title, Difficulty Difficulty, string[] Tags, string LessonPlan);

public sealed record CompiledLesson(string CanDoId, string Title, string Plan);

public sealed record NewProfile(string Email, string DisplayName, string NativeLanguage);

public sealed record NewLearningPath(Guid UserId, string Name, string PathData);

/// <summary>A statement that an administrator typed into the report page.</summary>
public sealed record ReportRequest(string Statement);

/// <summary>One line of a report.</summary>
public sealed class ReportRow
{
    public string? Name { get; set; }
    public long Total { get; set; }
}

/// <summary>The fields of a timestamp that activity can be grouped by.</summary>
public enum ActivityPart { Hour, Day, Month, Year }
