using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Facts;

/// <summary>Which methods of this compilation a call may land in, and which of them may reach the database at all.</summary>
internal sealed class CallTargets
{
    private readonly Compilation _compilation;
    private readonly DbApis _apis;
    private readonly TreeIndexes _indexes;
    private readonly Lazy<HashSet<string>> _names;
    private readonly Lazy<HashSet<string>> _writers;
    private readonly Lazy<ILookup<INamedTypeSymbol, INamedTypeSymbol>> _implementations;
    private readonly IEnumerable<string> _userNames;

    public CallTargets(Compilation compilation, DbApis apis, TreeIndexes indexes, IEnumerable<string> userNames)
    {
        _compilation = compilation;
        _apis = apis;
        _indexes = indexes;
        _userNames = userNames;
        _names = new(() => FindNames(Runs));
        _writers = new(() => FindNames(Writes));
        _implementations = new(FindImplementations);
    }

    /// <summary>Whether a method of this name may go to the database: a chain of names leads from it to an API that does.</summary>
    public bool MayRun(string name) => _names.Value.Contains(name);

    /// <summary>Whether a method of this name may write to the database: a chain of names leads from it to an API that may.</summary>
    public bool MayWrite(string name) => _writers.Value.Contains(name) || Writes(name);

    /// <summary>
    /// The methods with a body in this compilation that a call of a method may run; empty where there is one without a body in sight.
    /// </summary>
    public IReadOnlyList<IMethodSymbol> Of(IMethodSymbol method)
    {
        var isInterface = method.ContainingType?.TypeKind == TypeKind.Interface;
        if (!method.IsAbstract && !method.IsVirtual && !method.IsOverride && !isInterface)
        {
            return IsHere(method) ? [method] : [];
        }

        if (method.ContainingType is not { } declaring || method.MethodKind is not MethodKind.Ordinary)
        {
            return IsHere(method) && !method.IsAbstract ? [method] : [];
        }

        var targets = new List<IMethodSymbol>();
        if (!method.IsAbstract && IsHere(method))
        {
            targets.Add(method);
        }

        if (method.IsSealed || declaring.IsSealed)
        {
            return targets;
        }

        foreach (var type in _implementations.Value[declaring.OriginalDefinition])
        {
            if (Implementation(method, type) is { IsAbstract: false } found && IsHere(found) && !targets.Contains(found, SymbolEqualityComparer.Default))
            {
                targets.Add(found);
            }
        }

        return targets;
    }

    private static IMethodSymbol? Implementation(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            foreach (var contract in type.AllInterfaces)
            {
                if (SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, method.ContainingType.OriginalDefinition))
                {
                    var member = contract.GetMembers(method.Name).FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, method.OriginalDefinition));
                    return member is null ? null : (type.FindImplementationForInterfaceMember(member) as IMethodSymbol)?.OriginalDefinition;
                }
            }

            return null;
        }

        foreach (var member in type.GetMembers(method.Name))
        {
            for (var overridden = (member as IMethodSymbol)?.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
            {
                if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                {
                    return (IMethodSymbol)member;
                }
            }
        }

        return null;
    }

    private bool IsHere(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _compilation.Assembly) && method.DeclaringSyntaxReferences.Length > 0;

    // Each type of this compilation by what it implements and derives from.
    private ILookup<INamedTypeSymbol, INamedTypeSymbol> FindImplementations()
    {
        var pairs = new List<(INamedTypeSymbol Base, INamedTypeSymbol Type)>();
        var pending = new Stack<INamespaceOrTypeSymbol>();
        pending.Push(_compilation.Assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            foreach (var member in pending.Pop().GetMembers())
            {
                switch (member)
                {
                    case INamespaceSymbol space:
                        pending.Push(space);
                        break;
                    case INamedTypeSymbol type:
                        pending.Push(type);
                        if (type.TypeKind is TypeKind.Class or TypeKind.Struct)
                        {
                            pairs.AddRange(type.AllInterfaces.Select(contract => (contract.OriginalDefinition, type)));
                            for (var parent = type.BaseType; parent is { SpecialType: SpecialType.None }; parent = parent.BaseType)
                            {
                                pairs.Add((parent.OriginalDefinition, type));
                            }
                        }

                        break;
                }
            }
        }

        return pairs.ToLookup<(INamedTypeSymbol Base, INamedTypeSymbol Type), INamedTypeSymbol, INamedTypeSymbol>(pair => pair.Base, pair => pair.Type, SymbolEqualityComparer.Default);
    }

    private bool Runs(string name) => _apis.IsCandidate(name) || DbApis.IsMemberCandidate(name) || _userNames.Contains(name);

    // An API that takes text may write whatever its name is.
    private bool Writes(string name) => _apis.IsCandidate(name) || DbApis.MayWrite(name) || _userNames.Contains(name);

    private HashSet<string> FindNames(Func<string, bool> isSink)
    {
        var byCallee = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reached = new Queue<string>();
        foreach (var (_, index) in _indexes.All)
        {
            foreach (var (name, callees) in index.Methods)
            {
                foreach (var callee in callees)
                {
                    if (isSink(callee))
                    {
                        if (names.Add(name))
                        {
                            reached.Enqueue(name);
                        }
                    }
                    else
                    {
                        if (!byCallee.TryGetValue(callee, out var callers))
                        {
                            byCallee.Add(callee, callers = []);
                        }

                        callers.Add(name);
                    }
                }
            }
        }

        while (reached.Count > 0)
        {
            if (byCallee.TryGetValue(reached.Dequeue(), out var callers))
            {
                foreach (var caller in callers)
                {
                    if (names.Add(caller))
                    {
                        reached.Enqueue(caller);
                    }
                }
            }
        }

        names.UnionWith(_userNames);
        return names;
    }
}
