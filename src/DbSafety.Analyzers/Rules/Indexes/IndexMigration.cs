using System.Text;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Schema;

namespace DbSafety.Analyzers.Rules.Indexes;

/// <summary>Writes what a project lacks as one migration. The same findings give the same text, in whatever order they were found.</summary>
internal static class IndexMigration
{
    /// <summary>The text where nothing is to be done.</summary>
    public const string Nothing = "No index is missing.";

    /// <summary>Writes the migration: an index per paragraph, below the places that it serves; what is no statement to run, as comments.</summary>
    /// <param name="notes">The findings.</param>
    /// <param name="catalog">The schema.</param>
    /// <param name="folder">The folder that paths are told from, or null.</param>
    public static string Write(IEnumerable<IndexNote> notes, SchemaCatalog catalog, string? folder)
    {
        var ordered = notes.Select(note => (Note: note, Span: note.Location.GetLineSpan(), Path: Relative(note.Location.GetLineSpan().Path, folder)))
            .OrderBy(item => item.Path, StringComparer.Ordinal).ThenBy(item => item.Span.StartLinePosition).ThenBy(item => item.Note.Descriptor.Id, StringComparer.Ordinal)
            .ThenBy(item => item.Note.Remedy, StringComparer.Ordinal)
            .Select(item => (item.Note, Place: $"{item.Path}:{item.Span.StartLinePosition.Line + 1} ({item.Note.Descriptor.Id})")).ToList();
        var missing = ordered.Where(item => item.Note.Suggestion is not null).ToList();
        var choices = IndexSet.Smallest(missing.Select(item => item.Note.Suggestion!));
        var text = new StringBuilder();
        if (choices.Length > 0)
        {
            var places = missing.Select(item => item.Place).Distinct().Count();
            text.Append($"-- The fewest indexes that serve all queries and foreign keys of the project: {choices.Length}, for {places} {(places == 1 ? "place" : "places")}.\n");
            text.Append("-- Where a table is in use, write CREATE INDEX CONCURRENTLY, and run that statement outside of a transaction.\n");
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var choice in choices)
            {
                var name = choice.Suggestion.Name(catalog, names);
                names.Add(name);
                text.Append('\n');
                foreach (var place in choice.Needs.Select(need => missing[need].Place).Distinct())
                {
                    text.Append("-- ").Append(place).Append('\n');
                }

                text.Append(choice.Suggestion.ToSql(name)).Append(";\n");
            }
        }

        Comment("Served by another form of the condition, not by another index:", item => item.Descriptor != Descriptors.DBS4006_RedundantIndex);
        Comment("Redundant; drop them if nothing else asks for them:", item => item.Descriptor == Descriptors.DBS4006_RedundantIndex);
        if (catalog.Tables.IsEmpty)
        {
            return "No table is known: neither migrations nor a model of EF Core were found.";
        }

        if (catalog.Tables.Where(table => !catalog.IsComplete(table)).Select(table => table.FullName.ToString()).ToList() is { Count: > 0 } unsure)
        {
            text.Append(text.Length == 0 ? "-- " + Nothing + "\n" : "").Append("\n-- Not understood, so that nothing is said about them: ").Append(string.Join(", ", unsure)).Append('\n');
        }

        return text.Length == 0 ? Nothing : text.ToString().TrimEnd('\n');

        void Comment(string title, Func<IndexNote, bool> isMeant)
        {
            var lines = ordered.Where(item => item.Note.Suggestion is null && isMeant(item.Note)).Select(item => $"-- {item.Place}: {OneLine(item.Note.Remedy)}\n").Distinct().ToList();
            if (lines.Count > 0)
            {
                text.Append(text.Length == 0 ? "-- " + Nothing + "\n" : "").Append("\n-- ").Append(title).Append('\n').Append(string.Concat(lines));
            }
        }
    }

    private static string OneLine(string text) => string.Join(" ", text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));

    // From the folder of the project where the file stands there, or beside it.
    private static string Relative(string path, string? folder)
    {
        var parts = path.Replace('\\', '/').Split('/');
        var from = folder?.Replace('\\', '/').TrimEnd('/').Split('/') ?? [];
        var common = 0;
        while (common < from.Length && common < parts.Length - 1 && parts[common] == from[common])
        {
            common++;
        }

        // Nothing but the root in common: another drive, or a path that is relative already.
        return common < 2 ? string.Join("/", parts) : string.Join("/", Enumerable.Repeat("..", from.Length - common).Concat(parts.Skip(common)));
    }
}
