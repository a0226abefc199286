using Dapper;
using LessonPlatform.Models;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LessonPlatform.Data;

/// <summary>Learners' profiles: EF Core where it is handy, Dapper where it is not.</summary>
public sealed class ProfileRepository(LessonDbContext db, NpgsqlDataSource dataSource)
{
    // Loads one profile. Clean.
    public Task<UserProfile?> GetAsync(Guid userId, CancellationToken ct) =>
        db.UserProfiles.AsNoTracking().FirstOrDefaultAsync(p => p.UserId == userId, ct);

    // Adds a profile. Clean.
    public async Task<Guid> CreateAsync(NewProfile profile, CancellationToken ct)
    {
        var created = new UserProfile
        {
            Email = profile.Email,
            DisplayName = profile.DisplayName,
            NativeLanguage = profile.NativeLanguage,
            CreatedAt = DateTime.UtcNow,
            UpdatedAt = DateTime.UtcNow,
        };
        db.UserProfiles.Add(created);
        await db.SaveChangesAsync(ct);
        return created.UserId;
    }

    // Should find a learner by mail address. Its fault: one hole in a raw string of several lines.
    public async Task<UserProfile?> ByEmailAsync(string email)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<UserProfile>($"""
            SELECT user_id, email, display_name, native_language, target_level, learning_goals, created_at, updated_at
            FROM user_profiles
            WHERE lower(email) = lower('{email}')
            """);
        // DBS1001@-2: {email}
        // DBS4005@-3: lower(email) = lower('{email}')
    }

    // The same look-up, the text clean. Its fault: the unique index holds the address as it was written, and not in lower case.
    public async Task<UserProfile?> ByEmailSafelyAsync(string email)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<UserProfile>("""
            SELECT user_id, email, display_name, native_language, target_level, learning_goals, created_at, updated_at
            FROM user_profiles
            WHERE lower(email) = lower(@email)
            """, new { email });
        // DBS4005@-2: lower(email) = lower(@email)
    }

    // Should list learners with a goal. Its fault: the JSON to contain is the request's text, pasted.
    public async Task<IEnumerable<UserProfile>> WithGoalsAsync(string goals)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return await connection.QueryAsync<UserProfile>($"SELECT * FROM user_profiles WHERE learning_goals @> '{goals}'::jsonb");
        //                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ DBS4002
        //                                                                                                     ^^^^^^^ DBS1001
    }

    // Should list active, or inactive, learners with at least a score. Its faults: a bool and a decimal are pasted.
    public Task<List<UserProfile>> ScoringAsync(bool active, decimal minimum, CancellationToken ct) =>
        db.UserProfiles
            .FromSqlRaw($"SELECT * FROM user_profiles WHERE is_active = {active} AND average_score >= {minimum}")
            //                                                          ^^^^^^^^ DBS1004
            //                                                                                        ^^^^^^^^^ DBS1004
            .AsNoTracking()
            .ToListAsync(ct);

    // Should rename a learner. Its fault: the id is a parameter, the name is not.
    public Task<int> RenameAsync(Guid userId, string name, CancellationToken ct) =>
        db.Database.ExecuteSqlRawAsync(
            $"UPDATE user_profiles SET display_name = '{name}', updated_at = now() WHERE user_id = {{0}}", [userId], ct);
            //                                         ^^^^^^ DBS1001

    // The same, clean: ExecuteSqlAsync makes parameters of both holes.
    public Task<int> RenameSafelyAsync(Guid userId, string name, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"UPDATE user_profiles SET display_name = {name}, updated_at = now() WHERE user_id = {userId}", ct);
}
