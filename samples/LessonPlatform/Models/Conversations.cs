using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace LessonPlatform.Models;

/// <summary>One conversation of a learner with the tutor.</summary>
[Table("conversation_sessions")]
public sealed class ConversationSession
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("user_id")] public Guid UserId { get; set; }
    [Column("lesson_id")] public Guid? LessonId { get; set; }
    [Column("session_type")] public string SessionType { get; set; } = "home";
    [Column("status")] public string Status { get; set; } = "active";
    [Column("title")] public string Title { get; set; } = "";
    [Column("conversation_context", TypeName = "jsonb")] public string ConversationContext { get; set; } = "{}";
    [Column("created_at")] public DateTime CreatedAt { get; set; }
    [Column("updated_at")] public DateTime UpdatedAt { get; set; }
}

/// <summary>One message of a conversation.</summary>
[Table("conversation_messages")]
public sealed class ConversationMessage
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("session_id")] public Guid SessionId { get; set; }
    [Column("role")] public string Role { get; set; } = "user";
    [Column("content")] public string Content { get; set; } = "";
    [Column("message_order")] public int MessageOrder { get; set; }
    [Column("created_at")] public DateTime CreatedAt { get; set; }
    [Column("updated_at")] public DateTime UpdatedAt { get; set; }
}

/// <summary>Something that the learner practised in a conversation.</summary>
[Table("conversation_interactions")]
public sealed class ConversationInteraction
{
    [Key, Column("id")] public Guid Id { get; set; }
    [Column("message_id")] public Guid? MessageId { get; set; }
    [Column("session_id")] public Guid SessionId { get; set; }
    [Column("user_id")] public Guid UserId { get; set; }
    [Column("interaction_type")] public string InteractionType { get; set; } = "";
    [Column("concept_id")] public string ConceptId { get; set; } = "";
    [Column("mastery_level")] public int MasteryLevel { get; set; }
    [Column("confidence_self_reported")] public int? ConfidenceSelfReported { get; set; }
    [Column("next_review_date")] public DateTime? NextReviewDate { get; set; }
    [Column("metadata", TypeName = "jsonb")] public string Metadata { get; set; } = "{}";
    [Column("created_at")] public DateTime CreatedAt { get; set; }
}
