using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace LessonPlatform.Data;

/// <summary>A version that knows its lesson; EF Core loads the lesson when it is first read.</summary>
[Table("lesson_versions")]
public sealed class HistoryEntry
{
    private readonly ILazyLoader? loader;
    private Lesson? lesson;

    public HistoryEntry()
    {
    }

    private HistoryEntry(ILazyLoader loader) => this.loader = loader;

    [Key, Column("id")] public Guid Id { get; set; }
    [Column("lesson_id")] public Guid LessonId { get; set; }
    [Column("version")] public int Version { get; set; }

    [ForeignKey(nameof(LessonId))]
    public Lesson? Lesson
    {
        get => loader is null ? lesson : loader.Load(this, ref lesson);
        set => lesson = value;
    }
}

/// <summary>The versions of lessons, read only.</summary>
public sealed class HistoryDbContext(DbContextOptions<HistoryDbContext> options) : DbContext(options)
{
    public DbSet<HistoryEntry> Entries => Set<HistoryEntry>();
    public DbSet<Lesson> Lessons => Set<Lesson>();
}

/// <summary>What changed lately, on EF Core.</summary>
public sealed class HistoryRepository(HistoryDbContext db)
{
    // Should list the versions with the titles of their lessons. Its fault: each lesson is loaded by a query of its own.
    public async Task<List<string>> TitlesAsync(CancellationToken ct)
    {
        var titles = new List<string>();
        foreach (var entry in await db.Entries.OrderBy(entry => entry.Version).ToListAsync(ct))
        {
            titles.Add($"{entry.Lesson?.Title} {entry.Version}");
            //            ^^^^^^^^^^^^ DBS2006
        }

        return titles;
    }

    // The same. Clean: the lessons come with the versions.
    public async Task<List<string>> TitlesAtOnceAsync(CancellationToken ct)
    {
        var titles = new List<string>();
        foreach (var entry in await db.Entries.Include(entry => entry.Lesson).OrderBy(entry => entry.Version).ToListAsync(ct))
        {
            titles.Add($"{entry.Lesson?.Title} {entry.Version}");
        }

        return titles;
    }
}
