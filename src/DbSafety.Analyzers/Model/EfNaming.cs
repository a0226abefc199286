using System.Globalization;
using System.Text;

namespace DbSafety.Analyzers.Model;

/// <summary>The names that EF Core gives to what has none, and the rewriters of names of EFCore.NamingConventions.</summary>
internal static class EfNaming
{
    // NAMEDATALEN - 1, which the provider tells EF Core; longer names end with a tilde.
    private const int MaxLength = 63;

    public static string PrimaryKey(string table) => Cut("PK_" + table);

    public static string AlternateKey(string table, IEnumerable<string> columns) => Cut("AK_" + table + "_" + string.Join("_", columns));

    public static string ForeignKey(string table, string principal, IEnumerable<string> columns) => Cut("FK_" + table + "_" + principal + "_" + string.Join("_", columns));

    public static string Index(string table, IEnumerable<string> columns) => Cut("IX_" + table + "_" + string.Join("_", columns));

    /// <summary>Cuts a name as EF Core does.</summary>
    public static string Cut(string name) => name.Length <= MaxLength ? name : name.Substring(0, MaxLength - 1) + "~";

    /// <summary>The name in snake case, as EFCore.NamingConventions writes it.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        UnicodeCategory? previous = null;
        for (var i = 0; i < name.Length; i++)
        {
            var character = name[i];
            if (character == '_')
            {
                text.Append('_');
                previous = null;
                continue;
            }

            var category = char.GetUnicodeCategory(character);
            switch (category)
            {
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter:
                    if (previous is UnicodeCategory.SpaceSeparator or UnicodeCategory.LowercaseLetter ||
                        (previous is not UnicodeCategory.DecimalDigitNumber && previous is not null && i > 0 && i + 1 < name.Length && char.IsLower(name[i + 1])))
                    {
                        text.Append('_');
                    }

                    character = char.ToLowerInvariant(character);
                    break;
                case UnicodeCategory.LowercaseLetter or UnicodeCategory.DecimalDigitNumber:
                    if (previous == UnicodeCategory.SpaceSeparator)
                    {
                        text.Append('_');
                    }

                    break;
                default:
                    if (previous is not null)
                    {
                        previous = UnicodeCategory.SpaceSeparator;
                    }

                    continue;
            }

            text.Append(character);
            previous = category;
        }

        return text.ToString();
    }

    /// <summary>The name with a small first letter.</summary>
    public static string CamelCase(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);
}
