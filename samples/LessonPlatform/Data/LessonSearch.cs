using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;

namespace LessonPlatform.Data;

/// <summary>Finding lessons, on EF Core's raw SQL.</summary>
public sealed class LessonSearch(LessonDbContext db)
{
    // Should find lessons by a word of their title. Its fault: the word is pasted into a pattern; FromSqlRaw takes the text as it is.
    public Task<List<Lesson>> ByWordAsync(string word, CancellationToken ct) =>
        db.Lessons.FromSqlRaw($"SELECT * FROM lessons WHERE title ILIKE '%{word}%'").AsNoTracking().ToListAsync(ct);
        //                                                                ^^^^^^ DBS1001

    // The same search, clean: FromSql makes a parameter of each hole.
    public Task<List<Lesson>> ByWordSafelyAsync(string word, CancellationToken ct) =>
        db.Lessons.FromSql($"SELECT * FROM lessons WHERE title ILIKE '%' || {word} || '%'").AsNoTracking().ToListAsync(ct);

    // Should find the lessons of a can-do statement. Its fault: {0} is a parameter, but it stands between quotes and is never bound.
    // The answer is always empty.
    public Task<List<Lesson>> ByCanDoAsync(string canDoId, CancellationToken ct) =>
        db.Lessons.FromSqlRaw("SELECT * FROM lessons WHERE can_do_id = '{0}'", canDoId).AsNoTracking().ToListAsync(ct);
        //                                                             ^^^^^ DBS1005

    // The same search, clean: {0} is a placeholder here, not text.
    public Task<List<Lesson>> ByCanDoSafelyAsync(string canDoId, CancellationToken ct) =>
        db.Lessons.FromSqlRaw("SELECT * FROM lessons WHERE can_do_id = {0}", canDoId).AsNoTracking().ToListAsync(ct);

    // Should list the lessons of a status in any order. Its fault: the status is a parameter, the column is pasted.
    public Task<List<Lesson>> SortedAsync(string status, string orderBy, CancellationToken ct)
    {
        var sql = "SELECT * FROM lessons WHERE status = {0} ORDER BY " + orderBy;
        //                                     ^^^^^^^^^^^^ DBS4001
        //                                                               ^^^^^^^ DBS1002
        return db.Lessons.FromSqlRaw(sql, status).AsNoTracking().ToListAsync(ct);
    }

    // Should suggest titles while the user types. Its fault: the prefix is pasted into a pattern.
    public Task<List<string>> SuggestAsync(string prefix, CancellationToken ct) =>
        db.Database.SqlQueryRaw<string>($"SELECT title AS \"Value\" FROM lessons WHERE title ILIKE '{prefix}%'").ToListAsync(ct);
        //                                                                                          ^^^^^^^^ DBS1001

    // The same suggestions, clean.
    public Task<List<string>> SuggestSafelyAsync(string prefix, CancellationToken ct) =>
        db.Database.SqlQuery<string>($"SELECT title AS \"Value\" FROM lessons WHERE title ILIKE {prefix + "%"}").ToListAsync(ct);
}
