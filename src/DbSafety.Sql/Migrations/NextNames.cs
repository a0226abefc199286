using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>Names new files as the files of a set are named.</summary>
internal static class NextNames
{
    public static MigrationDraft? Next(MigrationSet set, string slug, DateTime now, bool inTransaction)
    {
        if (set.Versioned.IsEmpty || set.Tool == MigrationTool.Unordered || set.Tool == MigrationTool.Sqitch)
        {
            // sqitch orders by its plan, which a file of SQL alone does not enter.
            return null;
        }

        var newest = FileName.Normalize(set.Newest!);
        var isFolder = set.Tool is MigrationTool.Diesel or MigrationTool.Hasura or MigrationTool.Prisma;
        var unit = isFolder ? FileName.Folder(newest) : newest;
        var name = FileName.Name(unit);
        var ending = isFolder ? "" : set.Tool == MigrationTool.UpDown ? name.Substring(name.Length - ".up.sql".Length) : name.Substring(FileName.Stem(name).Length);
        var stem = name.Substring(0, name.Length - ending.Length);
        var dot = stem.LastIndexOf('.');
        if (dot > 0 && ToolRules.IsPostgreSql(stem.Substring(dot + 1).ToLowerInvariant()))
        {
            // 1_x.postgres.up.sql: without that word the file would run on the other databases too.
            ending = stem.Substring(dot) + ending;
            stem = stem.Substring(0, dot);
        }

        var units = set.Versioned.Select(file => FileName.Normalize(file.Path)).Select(path => FileName.Name(isFolder ? FileName.Folder(path) : path)).ToList();
        if (NextStem(stem, units, slug, now) is not { } next || !MigrationOrder.ComesLast(set.Tool, next + ending, units))
        {
            return null;
        }

        var path = FileName.Join(FileName.Folder(unit), next + ending);
        if (set.Newest!.IndexOf('\\') >= 0)
        {
            path = path.Replace('/', '\\');
        }

        return Draft(set.Tool, path, !inTransaction);
    }

    /// <summary>The name behind the newest one: what stands before its number stays, the number grows, the description is new.</summary>
    private static string? NextStem(string stem, List<string> names, string slug, DateTime now)
    {
        var start = FileName.NumberStart(stem);
        if (start < 0)
        {
            return null;
        }

        // 2023-01-02-030405: a point in time with separators.
        if (FileName.Digits(stem, start) == 4 && Spelled(stem, start) is { } spelled)
        {
            var description = stem.Substring(start + spelled.Length);

            // diesel writes -0000 behind the time, which tells files of one second apart.
            var zeros = description.StartsWith("-0000_", StringComparison.Ordinal) ? "-0000" : "";
            description = description.Substring(zeros.Length);
            return Later(spelled.Text, spelled.Format, now) is { } time ? stem.Substring(0, start) + time + zeros + Described(description, names, slug) : null;
        }

        // The version is all numbers that dots or underscores hold together; the last of them grows.
        var end = start + FileName.Digits(stem, start);
        var last = start;
        while (end + 1 < stem.Length && stem[end] is '.' or '_' && FileName.IsDigit(stem[end + 1]) && EndsAsNumber(stem, end + 1))
        {
            last = end + 1;
            end = last + FileName.Digits(stem, last);
        }

        var digits = stem.Substring(last, end - last);
        var number = NextNumber(digits, names.Select(name => NumberAt(name, stem.Substring(0, last))).OfType<string>().ToList(), now);
        return number is null ? null : stem.Substring(0, last) + number + Described(stem.Substring(end), names, slug);
    }

    /// <summary>Whether digits are a number of their own, not the begin of a word (<c>1_2fa</c>).</summary>
    private static bool EndsAsNumber(string stem, int start)
    {
        var end = start + FileName.Digits(stem, start);
        return end >= stem.Length || !char.IsLetter(stem[end]);
    }

    private static string? NumberAt(string name, string before) =>
        name.StartsWith(before, StringComparison.Ordinal) && FileName.Digits(name, before.Length) is var length and > 0 ? name.Substring(before.Length, length) : null;

    private static string? NextNumber(string digits, List<string> all, DateTime now)
    {
        if (FileName.TimeFormat(digits) is { } format)
        {
            return Later(digits, format, now);
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == long.MaxValue)
        {
            return null;
        }

        // Seconds or milliseconds since 1970, as far as they are of this century.
        var since1970 = (now - new DateTime(1970, 1, 1)).TotalMilliseconds;
        if (digits.Length is 10 or 13 && digits[0] == '1')
        {
            var time = (long)(digits.Length == 10 ? since1970 / 1000 : since1970);
            return Math.Max(time, number + 1).ToString(CultureInfo.InvariantCulture);
        }

        var numbers = all.Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0).ToList();
        var step = numbers.Count > 1 && numbers.TrueForAll(value => value % 100 == 0) ? 100 : numbers.Count > 1 && numbers.TrueForAll(value => value % 10 == 0) ? 10 : 1;
        var next = Math.Max(number, numbers.Count == 0 ? 0 : numbers.Max()) + step;
        return next.ToString(CultureInfo.InvariantCulture).PadLeft(digits.Length, '0');
    }

    /// <summary>Now, or just behind a time that lies in the future.</summary>
    private static string? Later(string text, string format, DateTime now)
    {
        if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var newest))
        {
            return null;
        }

        var next = now.ToString(format, CultureInfo.InvariantCulture);
        if (string.CompareOrdinal(next, text) > 0)
        {
            return next;
        }

        var step = format.EndsWith("f", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(1) : format.EndsWith("s", StringComparison.Ordinal) ? TimeSpan.FromSeconds(1)
            : format.EndsWith("m", StringComparison.Ordinal) ? TimeSpan.FromMinutes(1) : format.EndsWith("H", StringComparison.Ordinal) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        return newest.Year < 9000 ? (newest + step).ToString(format, CultureInfo.InvariantCulture) : null;
    }

    private static (string Text, string Format, int Length)? Spelled(string stem, int start)
    {
        foreach (var format in new[] { "yyyy-MM-dd-HHmmss", "yyyy-MM-dd-HH-mm-ss", "yyyy_MM_dd_HHmmss", "yyyy-MM-dd" })
        {
            if (start + format.Length <= stem.Length
                && stem.Substring(start, format.Length) is var text
                && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                return (text, format, format.Length);
            }
        }

        return null;
    }

    /// <summary>The description in the manner of those that are there, with what separates it from the number.</summary>
    private static string Described(string description, List<string> names, string slug)
    {
        var separator = 0;
        while (separator < description.Length && !char.IsLetterOrDigit(description[separator]))
        {
            separator++;
        }

        // One word alone does not show how words are put together: an older name may.
        var text = description.Substring(separator);
        for (var i = names.Count - 1; i >= 0 && text.Length > 0 && IsOneWord(text); i--)
        {
            var name = FileName.Stem(names[i].EndsWith(".up.sql", StringComparison.OrdinalIgnoreCase) ? names[i].Substring(0, names[i].Length - 7) : names[i]);
            var start = Math.Max(0, FileName.NumberStart(name));
            while (start < name.Length && !char.IsLetter(name[start]))
            {
                start++;
            }

            text = IsOneWord(name.Substring(start)) ? text : name.Substring(start);
        }

        var words = slug.Split(['_', ' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            words = ["migration"];
        }

        var isCapital = text.Length > 0 && char.IsUpper(text[0]);
        var between = text.IndexOf(' ') >= 0 ? " " : text.IndexOf('_') >= 0 ? "_" : text.IndexOf('-') >= 0 ? "-" : isCapital && HasInnerCapital(text) ? "" : "_";
        var written = new StringBuilder(separator == 0 && description.Length == 0 ? "_" : description.Substring(0, separator));
        var isEach = isCapital && (between.Length == 0 || HasInnerCapital(text));
        for (var i = 0; i < words.Length; i++)
        {
            written.Append(i == 0 ? "" : between);
            written.Append(isEach || (i == 0 && isCapital) ? char.ToUpperInvariant(words[i][0]) + words[i].Substring(1) : words[i]);
        }

        return written.ToString();
    }

    private static bool IsOneWord(string text) => text.IndexOfAny([' ', '_', '-']) < 0 && !HasInnerCapital(text);

    private static bool HasInnerCapital(string text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsUpper(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static MigrationDraft Draft(MigrationTool tool, string path, bool leaves)
    {
        var separator = path.IndexOf('\\') >= 0 ? "\\" : "/";
        var stem = FileName.Stem(path);
        return tool switch
        {
            MigrationTool.Goose => Make(path, (leaves ? "-- +goose NO TRANSACTION\n" : "") + "-- +goose Up\n", "\n-- +goose Down\n"),
            MigrationTool.SqlMigrate => Make(path, leaves ? "-- +migrate Up notransaction\n" : "-- +migrate Up\n", leaves ? "\n-- +migrate Down notransaction\n" : "\n-- +migrate Down\n"),
            MigrationTool.Dbmate => Make(path, leaves ? "-- migrate:up transaction:false\n" : "-- migrate:up\n", leaves ? "\n-- migrate:down transaction:false\n" : "\n-- migrate:down\n"),
            MigrationTool.Liquibase => Make(
                path, "--liquibase formatted sql\n\n--changeset dbsafety:" + FileName.Stem(FileName.Name(path.Replace('\\', '/'))).Replace(' ', '-') + (leaves ? " runInTransaction:false" : "") + "\n", ""),
            MigrationTool.Tern => Make(path, leaves ? "---- tern: disable-tx ----\n" : "", "\n---- create above / drop below ----\n"),
            MigrationTool.NodePgMigrate => Make(path, "-- Up Migration\n", "\n-- Down Migration\n"),
            MigrationTool.MyBatis => Make(path, "", "\n-- //@UNDO\n"),
            MigrationTool.Evolve => Make(path, leaves ? "-- evolve-tx-off\n" : "", ""),
            MigrationTool.Flyway when leaves => Make(path, "", "", (path + ".conf", "executeInTransaction=false\n")),
            MigrationTool.UpDown => Make(path, "", "", (stem.Substring(0, stem.Length - 2) + "down.sql", "")),
            MigrationTool.Diesel when leaves => Make(
                path + separator + "up.sql", "", "", (path + separator + "down.sql", ""), (path + separator + "metadata.toml", "run_in_transaction = false\n")),
            MigrationTool.Diesel or MigrationTool.Hasura => Make(path + separator + "up.sql", "", "", (path + separator + "down.sql", "")),
            MigrationTool.Prisma => Make(path + separator + "migration.sql", "", ""),
            _ => Make(path, "", ""),
        };

        static MigrationDraft Make(string path, string head, string tail, params (string, string)[] companions) => new(path, head, tail, companions.ToImmutableArray());
    }
}
