using System.Globalization;

namespace DbSafety.Sql.Migrations;

/// <summary>Paths and the numbers in names.</summary>
internal static class FileName
{
    /// <summary>The path with forward slashes only, without <c>.</c> and <c>..</c> where they can be resolved.</summary>
    public static string Normalize(string path)
    {
        path = path.Replace('\\', '/');
        if (path.IndexOf("./", StringComparison.Ordinal) < 0 && path.IndexOf("//", StringComparison.Ordinal) < 0 && !path.EndsWith(".", StringComparison.Ordinal))
        {
            return path;
        }

        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] is not (".." or ""))
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != "." && (part.Length > 0 || parts.Count == 0))
            {
                parts.Add(part);
            }
        }

        return string.Join("/", parts);
    }

    /// <summary>The folder of a path, without the slash at its end; empty for a name alone.</summary>
    public static string Folder(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path.Substring(0, slash);
    }

    /// <summary>The last part of a path.</summary>
    public static string Name(string path) => path.Substring(path.LastIndexOf('/') + 1);

    /// <summary>A path in a folder.</summary>
    public static string Join(string folder, string name) => folder.Length == 0 ? name : folder.EndsWith("/", StringComparison.Ordinal) ? folder + name : folder + "/" + name;

    /// <summary>Whether a path is in a folder, however deep, or is that folder.</summary>
    public static bool IsIn(string path, string folder) =>
        folder.Length == 0 || (path.StartsWith(folder, StringComparison.OrdinalIgnoreCase)
            && (path.Length == folder.Length || path[folder.Length] == '/' || folder[folder.Length - 1] == '/'));

    /// <summary>The path within a folder that it is in.</summary>
    public static string Within(string path, string folder) =>
        folder.Length == 0 ? path : path.Length <= folder.Length ? "" : path.Substring(folder.Length).TrimStart('/');

    /// <summary>The name without <c>.sql</c>.</summary>
    public static string Stem(string name) => name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) ? name.Substring(0, name.Length - 4) : name;

    public static bool Is(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <summary>How many digits stand at a position.</summary>
    public static int Digits(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsDigit(text[end]))
        {
            end++;
        }

        return end - start;
    }

    /// <summary>
    /// Where the number of a name begins: at its start, or behind one word (<c>Script0001</c>, <c>V12_x</c>, <c>patch-3</c>); -1 for a name without a number.
    /// </summary>
    public static int NumberStart(string name)
    {
        var i = 0;
        while (i < name.Length && (name[i] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')))
        {
            i++;
        }

        if (i > 0 && i < name.Length && name[i] is '-' or '_' or ' ' or '.')
        {
            i++;
        }

        return i < name.Length && IsDigit(name[i]) ? i : -1;
    }

    /// <summary>Compares paths so that numbers count as numbers (2 before 10), folder by folder.</summary>
    public static int CompareNumbered(string left, string right)
    {
        int i = 0, k = 0;
        while (i < left.Length && k < right.Length)
        {
            if (IsDigit(left[i]) && IsDigit(right[k]))
            {
                int a = Digits(left, i), b = Digits(right, k);
                var order = CompareNumbers(left.Substring(i, a), right.Substring(k, b));
                if (order != 0)
                {
                    return order;
                }

                i += a;
                k += b;
                continue;
            }

            var c = Rank(left[i]);
            var d = Rank(right[k]);
            if (c != d)
            {
                return c - d;
            }

            i++;
            k++;
        }

        var rest = (left.Length - i) - (right.Length - k);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);

        // A folder's name ends before any other character, so that a and a/b come before a b.
        static int Rank(char c) => c == '/' ? 0 : char.ToUpperInvariant(c);
    }

    /// <summary>Compares two rows of digits of any length.</summary>
    public static int CompareNumbers(string left, string right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(left, right);
    }

    /// <summary>Compares versions part by part, as numbers: 1.9 before 1.10; 1 is 1.0. The parts are separated by dots or underscores.</summary>
    public static int CompareVersions(string left, string right)
    {
        var a = left.Split('.', '_');
        var b = right.Split('.', '_');
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var order = CompareNumbers(i < a.Length ? a[i] : "", i < b.Length ? b[i] : "");
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>The form of a point in time that a row of digits is (<c>yyyyMMddHHmmss</c>), or null for a counted number.</summary>
    public static string? TimeFormat(string digits)
    {
        var format = digits.Length switch
        {
            8 => "yyyyMMdd",
            10 => "yyyyMMddHH",
            12 => "yyyyMMddHHmm",
            14 => "yyyyMMddHHmmss",
            17 => "yyyyMMddHHmmssfff",
            20 => "yyyyMMddHHmmssffffff",
            _ => null,
        };
        return format is not null && DateTime.TryParseExact(digits, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year is >= 1990 and < 2100
            ? format
            : null;
    }
}
