using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;

namespace LessonPlatform.Data;

/// <summary>The tables as EF Core sees them; names and types stand as attributes on the models.</summary>
public sealed class LessonDbContext(DbContextOptions<LessonDbContext> options) : DbContext(options)
{
    public DbSet<UserProfile> UserProfiles => Set<UserProfile>();
    public DbSet<Lesson> Lessons => Set<Lesson>();
    public DbSet<LessonVersion> LessonVersions => Set<LessonVersion>();
    public DbSet<LessonSession> LessonSessions => Set<LessonSession>();
    public DbSet<ConversationSession> ConversationSessions => Set<ConversationSession>();
    public DbSet<ConversationMessage> ConversationMessages => Set<ConversationMessage>();
    public DbSet<ConversationInteraction> ConversationInteractions => Set<ConversationInteraction>();
    public DbSet<LearningPath> LearningPaths => Set<LearningPath>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LessonVersion>().HasIndex(v => new { v.LessonId, v.Version }).IsUnique();
        modelBuilder.Entity<UserProfile>().HasIndex(p => p.Email).IsUnique();
    }
}
