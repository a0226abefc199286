using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>Which of the user's own methods pass a text on to the database, found once per compilation.</summary>
internal sealed class WrapperFacts
{
    // An assembly's marked methods depend on nothing else, so they outlive the compilation.
    private static readonly ConditionalWeakTable<IAssemblySymbol, HashSet<string>> s_marked = new();

    private readonly Compilation _compilation;
    private readonly DbApis _apis;
    private readonly TextFacts _texts;
    private readonly Func<IOperation, DbCall?> _callOf;
    private readonly TreeIndexes _indexes;
    private readonly Lazy<HashSet<string>> _names;
    private readonly ConcurrentDictionary<ISymbol, DbApi?> _rows = new(SymbolEqualityComparer.Default);
    private readonly ThreadLocal<HashSet<ISymbol>> _computing = new(() => new HashSet<ISymbol>(SymbolEqualityComparer.Default));

    public WrapperFacts(Compilation compilation, DbApis apis, TreeIndexes indexes, TextFacts texts, Func<IOperation, DbCall?> callOf)
    {
        _compilation = compilation;
        _apis = apis;
        _texts = texts;
        _callOf = callOf;
        _indexes = indexes;
        _names = new(FindNames);
    }

    /// <summary>Whether a method of this name may pass a text on.</summary>
    public bool IsCandidate(string name) => _names.Value.Contains(name);

    /// <summary>The use of a wrapper that an operation is, or null.</summary>
    public DbApiMatch? Match(IOperation operation)
    {
        var method = operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IObjectCreationOperation { Constructor: { } constructor } => constructor,
            _ => null,
        };
        if (method is null || !IsCandidate(method.Name))
        {
            return null;
        }

        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return RowOf(method) is { } row ? DbApiMatch.ForCall(row, operation) : null;
    }

    private DbApi? RowOf(IMethodSymbol method)
    {
        if (_rows.TryGetValue(method, out var known))
        {
            return known;
        }

        var computing = _computing.Value!;
        if (!computing.Add(method))
        {
            return null;
        }

        try
        {
            return _rows.GetOrAdd(method, FindRow(method));
        }
        finally
        {
            computing.Remove(method);
        }
    }

    private DbApi? FindRow(IMethodSymbol method)
    {
        if (WrapperSinks.Marked(method) is { } marked)
        {
            return new DbApi(DbLibrary.User, method.ContainingType.MetadataName, method.Name, marked.Name, SqlTextForm.Plain, DbEffects.None);
        }

        if (method.IsAbstract || method.ContainingType.TypeKind == TypeKind.Interface)
        {
            return OfImplementation(method);
        }

        if (method.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        var declaration = method.DeclaringSyntaxReferences[0].GetSyntax();
        if (_texts.ModelOf(declaration.SyntaxTree)?.GetOperation(declaration) is not { } body || WrapperSinks.Passed(method, body, _callOf) is not { } passed)
        {
            return null;
        }

        return passed.Row with { Library = DbLibrary.User, Member = method.Name, SqlParameter = passed.Parameter.Name, ValuesParameter = null };
    }

    // An interface's method passes a text on if an implementation in this compilation does.
    private DbApi? OfImplementation(IMethodSymbol method)
    {
        foreach (var (_, index) in _indexes.All)
        {
            foreach (var candidate in index.Candidates)
            {
                if (candidate.Name != method.Name || _texts.ModelOf(candidate.Declaration.SyntaxTree)?.GetDeclaredSymbol(candidate.Declaration) is not IMethodSymbol { ContainingType: { } type } declared)
                {
                    continue;
                }

                var implements = method.ContainingType.TypeKind == TypeKind.Interface
                    ? type.AllInterfaces.Any(contract => SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, method.ContainingType))
                    : SymbolEqualityComparer.Default.Equals(declared.OverriddenMethod?.OriginalDefinition, method);
                if (implements && declared.Parameters.Length == method.Parameters.Length && RowOf(declared) is { } row)
                {
                    var ordinal = declared.Parameters.First(parameter => parameter.Name == row.SqlParameter).Ordinal;
                    return row with { SqlParameter = method.Parameters[ordinal].Name };
                }
            }
        }

        return null;
    }

    private HashSet<string> FindNames()
    {
        var names = WrapperSinks.Names(_indexes.All.Select(entry => entry.Index).ToList(), _apis);
        foreach (var assembly in _compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (_apis.IsUserAssembly(assembly))
            {
                names.UnionWith(s_marked.GetValue(assembly, MarkedIn));
            }
        }

        return names;
    }

    private static HashSet<string> MarkedIn(IAssemblySymbol assembly)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<INamespaceOrTypeSymbol>();
        pending.Push(assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            foreach (var member in pending.Pop().GetMembers())
            {
                switch (member)
                {
                    case INamespaceSymbol space:
                        pending.Push(space);
                        break;
                    case INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public or Accessibility.Internal } type:
                        pending.Push(type);
                        break;
                    case IMethodSymbol method when WrapperSinks.Marked(method) is not null:
                        names.Add(method.Name);
                        break;
                }
            }
        }

        return names;
    }
}
