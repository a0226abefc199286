using System.Collections.Concurrent;
using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Queries;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Facts;

/// <summary>An index that a query lacks, and where in the source that shows.</summary>
/// <param name="Advice">What is missing.</param>
/// <param name="Location">The condition: inside the SQL text, or in the LINQ query.</param>
/// <param name="Variant">The text that the condition stands in, or null in a LINQ query.</param>
public sealed record IndexFinding(IndexAdvice Advice, Location Location, SqlVariant? Variant)
{
    /// <summary>The name of the index; null where only another form of the condition helps.</summary>
    public string? IndexName { get; init; }

    /// <summary>The statement that creates the index, with its semicolon; null where only another form of the condition helps.</summary>
    public string? Statement => IndexName is { } name ? Advice.Suggestion!.ToSql(name) + ";" : null;

    /// <summary>The table, for messages.</summary>
    public string Table => Advice.Use.Table.FullName.ToString();

    /// <summary>The keys of the index, for messages.</summary>
    public string Columns => string.Join(", ", Advice.Suggestion?.Keys.Select(key => key.Column ?? key.Text) ?? []);

    /// <summary>What to do about it, for messages.</summary>
    public string Remedy => (Statement, Advice.Rewrite) switch
    {
        ({ } statement, null) => statement,
        (null, { } rewrite) => "write " + rewrite,
        ({ } statement, { } rewrite) => "write " + rewrite + (Advice.IsRewriteNeeded ? ", and add " : ", or add ") + statement,
        _ => "compare with a value of the column's own type",
    };
}

/// <summary>What the queries of a compilation ask of the indexes, each query once for all rules.</summary>
internal sealed class IndexFacts(Func<SchemaCatalog> declared, Func<IOperation, DbCall?> callOf, Func<IOperation, LinqSql?> linqOf, WrittenTables written, Lazy<int?> version, bool isTest)
{
    // What the migrations fill with a few rows, and nobody else adds to, is read whole faster than by an index.
    private readonly Lazy<SchemaCatalog> _schema = new(() => declared().WithGrowing(table => written.Contains(table.Name)));

    private readonly ConcurrentDictionary<SyntaxNode, ImmutableArray<IndexFinding>> _findings = new();
    private int _queriesRead;

    /// <summary>How many queries were read: work that tests count.</summary>
    public int QueriesRead => _queriesRead;

    /// <summary>What the query that an operation runs lacks.</summary>
    public ImmutableArray<IndexFinding> Of(IOperation operation, CancellationToken cancellation)
    {
        if (isTest)
        {
            return ImmutableArray<IndexFinding>.Empty;
        }

        var call = callOf(operation) is { Api.Row.Form: not SqlTextForm.Migration, Provider: Provider.PostgreSql or Provider.Undecided } own ? own : null;
        var query = call is null ? linqOf(operation) : null;
        return (call is null && query is null) || _schema.Value.Tables.IsEmpty ? ImmutableArray<IndexFinding>.Empty
            : _findings.TryGetValue(operation.Syntax, out var findings) ? findings
            : _findings.GetOrAdd(operation.Syntax, Read(call, query, cancellation));
    }

    private ImmutableArray<IndexFinding> Read(DbCall? call, LinqSql? query, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _queriesRead);
        var findings = ImmutableArray.CreateBuilder<IndexFinding>();
        for (var i = 0; i < call?.Trees.Length; i++)
        {
            var variant = call.Text.Variants[i];
            Read(call.Trees[i], variant, span => variant.Locate(span) is { } place && place.SourceTree == call.Operation.Syntax.SyntaxTree ? place : (call.Api.SqlArgument ?? call.Operation).Syntax.GetLocation());
        }

        if (query is not null)
        {
            Read(query.Tree, null, query.Locate);
        }

        return findings.ToImmutable();

        void Read(SqlTree tree, SqlVariant? variant, Func<SqlSpan, Location> locate)
        {
            foreach (var statement in tree.Statements)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var advice in IndexAdvisor.Advise(QueryReader.Read(statement, _schema.Value), _schema.Value, tree.Source, version.Value))
                {
                    var finding = new IndexFinding(advice, locate(advice.Span), variant) { IndexName = advice.Suggestion?.Name(_schema.Value) };
                    if (!findings.Any(known => known.Location == finding.Location && known.Advice.Kind == advice.Kind))
                    {
                        findings.Add(finding);
                    }
                }
            }
        }
    }
}
