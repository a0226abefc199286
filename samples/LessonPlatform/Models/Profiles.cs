using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace LessonPlatform.Models;

/// <summary>A learner.</summary>
[Table("user_profiles")]
public sealed class UserProfile
{
    [Key, Column("user_id")] public Guid UserId { get; set; }
    [Column("email")] public string Email { get; set; } = "";
    [Column("display_name")] public string DisplayName { get; set; } = "";
    [Column("native_language", TypeName = "varchar(8)")] public string NativeLanguage { get; set; } = "en";
    [Column("target_level")] public Difficulty TargetLevel { get; set; }
    [Column("birth_date")] public DateOnly? BirthDate { get; set; }
    [Column("daily_goal_minutes")] public int DailyGoalMinutes { get; set; } = 20;
    [Column("average_score", TypeName = "numeric(5,2)")] public decimal? AverageScore { get; set; }
    [Column("is_active")] public bool IsActive { get; set; } = true;
    [Column("learning_goals", TypeName = "jsonb")] public string LearningGoals { get; set; } = "{}";
    [Column("previous_knowledge", TypeName = "jsonb")] public string PreviousKnowledge { get; set; } = "{}";
    [Column("usage_context", TypeName = "jsonb")] public string UsageContext { get; set; } = "{}";
    [Column("created_at")] public DateTime CreatedAt { get; set; }
    [Column("updated_at")] public DateTime UpdatedAt { get; set; }
}

/// <summary>The way that a learner takes through the lessons.</summary>
[Table("learning_paths")]
public sealed class LearningPath
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("user_id")] public Guid UserId { get; set; }
    [Column("name")] public string Name { get; set; } = "";
    [Column("path_data", TypeName = "jsonb")] public string PathData { get; set; } = "{}";
    [Column("progress_data", TypeName = "jsonb")] public string ProgressData { get; set; } = "{}";
    [Column("starts_on")] public DateOnly StartsOn { get; set; }
    [Column("target_date")] public DateOnly? TargetDate { get; set; }
    [Column("is_active")] public bool IsActive { get; set; } = true;
    [Column("created_at")] public DateTime CreatedAt { get; set; }
    [Column("updated_at")] public DateTime UpdatedAt { get; set; }
}
