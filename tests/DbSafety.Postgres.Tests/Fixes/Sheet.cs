using System.Collections.Immutable;
using System.Text;
using DbSafety.Analyzers.Rules.Injection;
using DbSafety.CodeFixes.Injection;
using Npgsql;

namespace DbSafety.Postgres.Tests.Fixes;

/// <summary>Many methods of one snippet, as they were and as the real fixes make them; each is run in a transaction of its own.</summary>
internal sealed class Sheet : IDisposable
{
    private readonly CompiledSnippet _before;
    private readonly CompiledSnippet _after;

    private Sheet(ImmutableArray<string> methods, string source, string fixedSource, ILookup<string, Offer> offers)
    {
        Methods = methods;
        Source = source;
        FixedSource = fixedSource;
        Offers = offers;
        _before = FixRunner.Compile(source);
        _after = FixRunner.Compile(fixedSource);
    }

    /// <summary>The names of the methods, in order.</summary>
    public ImmutableArray<string> Methods { get; }

    /// <summary>As it was.</summary>
    public string Source { get; }

    /// <summary>As it is now.</summary>
    public string FixedSource { get; }

    /// <summary>What was applied, by method.</summary>
    public ILookup<string, Offer> Offers { get; }

    /// <summary>The real rules and fixes.</summary>
    /// <param name="schema">The DDL that the project has, or null.</param>
    public static FixRunner Runner(string? schema) => new()
    {
        Analyzers = [new SqlValueFromText(), new ScalarInSqlText()],
        Fixes = [new ParameterFixer()],
        AdditionalFiles = schema is null ? [] : [("schema.sql", schema)],
    };

    /// <summary>Every rule about injection, and every fix.</summary>
    public static FixRunner AllRules(string? schema) => new()
    {
        Analyzers = [new SqlValueFromText(), new ScalarInSqlText(), new SqlIdentifierFromText(), new SqlFragmentFromText(), new QuotedParameter()],
        Fixes = [new ParameterFixer(), new IdentifierFixer(), new UtilityTwinFixer(), new QuotedParameterFixer()],
        AdditionalFiles = schema is null ? [] : [("schema.sql", schema)],
    };

    /// <summary>Writes the methods, fixes and compiles them.</summary>
    public static async Task<Sheet> CreateAsync(string? schema, IEnumerable<(string Parameters, string Code)> methods)
    {
        var names = new List<string>();
        var source = new StringBuilder("public static class Snippet\n{\n");
        foreach (var (parameters, code) in methods)
        {
            names.Add($"M{names.Count}");
            source.Append($"    public static async Task<object?> {names[^1]}({parameters})\n    {{\n        {code.Replace("; ", ";\n        ")}\n    }}\n\n");
        }

        source.Append("}\n");
        var (fixedSource, offers) = await Runner(schema).ApplyFixesAsync(source.ToString());
        return new Sheet([.. names], source.ToString(), fixedSource, offers);
    }

    /// <summary>What a method looks like now.</summary>
    public string CodeOf(string method)
    {
        var start = FixedSource.IndexOf($" {method}(", StringComparison.Ordinal);
        var end = FixedSource.IndexOf("    public static", start, StringComparison.Ordinal);
        return FixedSource[start..(end < 0 ? FixedSource.Length : end)].Trim();
    }

    /// <summary>Runs a method as it was.</summary>
    public Task<string> BeforeAsync(string method, object database, object?[] arguments) => RunAsync(_before, method, database, arguments);

    /// <summary>Runs a method as it is now.</summary>
    public Task<string> AfterAsync(string method, object database, object?[] arguments) => RunAsync(_after, method, database, arguments);

    private static async Task<string> RunAsync(CompiledSnippet snippet, string method, object database, object?[] arguments)
    {
        // An enum of the snippet is a type of its own in each assembly.
        var types = snippet.Method(method).GetParameters();
        var values = arguments.Select((value, index) =>
            types[index + 1].ParameterType is { IsEnum: true } type && value is string name ? Enum.Parse(type, name.Split('.')[1]) : value);
        if (database is not NpgsqlConnection connection)
        {
            var result = await snippet.CallAsync(method, [database, .. values]);
            return result.Error ?? result.ToString();
        }

        await using var transaction = await connection.BeginTransactionAsync();
        var outcome = await snippet.CallAsync(method, [connection, .. values]);
        if (outcome.Exception is not null)
        {
            return outcome.Error!;
        }

        await using var effects = new NpgsqlCommand("SELECT md5(string_agg(s::text, '|' ORDER BY id)) FROM samples AS s", connection, transaction);
        return $"{outcome} / {await effects.ExecuteScalarAsync()}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }
}
