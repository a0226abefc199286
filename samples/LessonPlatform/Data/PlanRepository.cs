using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;

namespace LessonPlatform.Data;

/// <summary>Changes of many learning paths at once, on EF Core.</summary>
public sealed class PlanRepository(LessonDbContext db)
{
    // Should begin all paths of a learner anew. Its fault: each path is saved on its own, so a failure leaves some of them as they were.
    public async Task RestartAsync(Guid userId, DateOnly start, CancellationToken ct)
    {
        var paths = await db.LearningPaths.Where(path => path.UserId == userId).ToListAsync(ct);
        foreach (var path in paths)
        {
            path.StartsOn = start;
            path.ProgressData = "{}";
            await db.SaveChangesAsync(ct);
            //    ^^^^^^^^^^^^^^^^^^^^^^^ DBS2003
            //    ^^^^^^^^^^^^^^^^^^^^^^^ DBS3001
        }
    }

    // Ends the paths of a learner. Clean: all changes are saved together.
    public async Task EndAsync(Guid userId, CancellationToken ct)
    {
        var paths = await db.LearningPaths.Where(path => path.UserId == userId && path.IsActive).ToListAsync(ct);
        foreach (var path in paths)
        {
            path.IsActive = false;
        }

        await db.SaveChangesAsync(ct);
    }
}
