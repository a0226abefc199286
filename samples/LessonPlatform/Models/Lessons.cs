using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace LessonPlatform.Models;

/// <summary>The levels of the Common European Framework; the enum type <c>difficulty</c> of the database.</summary>
public enum Difficulty { A1, A2, B1, B2, C1, C2 }

/// <summary>A lesson, compiled from a can-do statement.</summary>
[Table("lessons")]
public sealed class Lesson
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("can_do_id")] public string CanDoId { get; set; } = "";
    [Column("title")] public string Title { get; set; } = "";
    [Column("status")] public string Status { get; set; } = "draft";
    [Column("difficulty")] public Difficulty Difficulty { get; set; }
    [Column("tags")] public string[] Tags { get; set; } = [];
    [Column("estimated_minutes")] public int EstimatedMinutes { get; set; }
    [Column("created_at")] public DateTime CreatedAt { get; set; }
    [Column("updated_at")] public DateTime UpdatedAt { get; set; }
}

/// <summary>One compilation of a lesson.</summary>
[Table("lesson_versions")]
public sealed class LessonVersion
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("lesson_id")] public Guid LessonId { get; set; }
    [Column("version")] public int Version { get; set; }
    [Column("lesson_plan", TypeName = "jsonb")] public string LessonPlan { get; set; } = "{}";
    [Column("change_note")] public string? ChangeNote { get; set; }
    [Column("created_at")] public DateTime CreatedAt { get; set; }
}

/// <summary>One run of a learner through a lesson.</summary>
[Table("lesson_sessions")]
public sealed class LessonSession
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("lesson_id")] public Guid LessonId { get; set; }
    [Column("user_id")] public Guid UserId { get; set; }
    [Column("version")] public int Version { get; set; }
    [Column("completed")] public bool Completed { get; set; }
    [Column("score", TypeName = "numeric(5,2)")] public decimal? Score { get; set; }
    [Column("started_at")] public DateTime StartedAt { get; set; }
    [Column("completed_at")] public DateTime? CompletedAt { get; set; }
}
