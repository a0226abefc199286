using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace DbSafety.Benchmarks;

/// <summary>SQL texts to parse: the files *.jsonl.gz of the folder that DBSAFETY_SQL_CORPUS names, else generated statements.</summary>
internal static class SqlCorpus
{
    /// <summary>Each text, without its holes.</summary>
    public static IEnumerable<(string Name, string[] Texts)> Load()
    {
        yield return ("generated", Generate().ToArray());
        var folder = Environment.GetEnvironmentVariable("DBSAFETY_SQL_CORPUS");
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.jsonl.gz").Order(StringComparer.Ordinal))
        {
            yield return (Path.GetFileName(file), Read(file).ToArray());
        }
    }

    private static IEnumerable<string> Read(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.GetProperty("sql").GetString()!;
        }
    }

    private static IEnumerable<string> Generate()
    {
        for (var i = 0; i < 2000; i++)
        {
            yield return $"SELECT o.id, o.total * 1.2 AS gross, c.name FROM orders_{i} o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.status = ANY(@statuses) AND c.name ILIKE '%a{i}%' ORDER BY o.created_at DESC LIMIT 50";
            yield return $"INSERT INTO events_{i} (kind, payload, at) VALUES ('k{i}', '{{\"a\": {i}}}'::jsonb, now()) ON CONFLICT (kind) DO UPDATE SET payload = excluded.payload RETURNING id";
            yield return $"WITH recent AS (SELECT * FROM t{i} WHERE at > now() - interval '1 day') UPDATE s SET n = (SELECT count(*) FROM recent) WHERE id = {i}";
            yield return $"CREATE TABLE t{i} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL CHECK (length(a) < {i + 1}), b int REFERENCES u (id))";
        }
    }
}
