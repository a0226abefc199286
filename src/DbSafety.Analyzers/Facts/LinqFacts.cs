using System.Collections.Concurrent;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Model;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Facts;

/// <summary>The queries of EF Core as SQL: each read once per compilation, when first asked for.</summary>
internal sealed class LinqFacts(DbApis apis, Func<EntityMaps> maps, Func<SyntaxTree, SemanticModel?> models, Func<string, bool> mentions)
{
    private readonly ConcurrentDictionary<SyntaxNode, LinqSql?> _queries = new();
    private readonly ConcurrentDictionary<string, bool> _mentions = new(StringComparer.Ordinal);

    /// <summary>The query that an execution runs, or null where nobody can tell.</summary>
    public LinqSql? Of(DbExecution execution) => _queries.TryGetValue(execution.Operation.Syntax, out var known) ? known : _queries.GetOrAdd(execution.Operation.Syntax, LinqReader.Read(execution, Context));

    private LinqContext Context => new(apis, maps(), models, name => _mentions.GetOrAdd(name, mentions));
}
