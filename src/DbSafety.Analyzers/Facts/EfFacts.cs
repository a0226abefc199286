using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Model;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.Analyzers.Facts;

/// <summary>What one compilation tells of EF Core's models. Nothing is read before it is asked for; generated code is read once for each of its texts, which outlive the compilation.</summary>
internal sealed class EfFacts
{
    private static readonly ConditionalWeakTable<SyntaxTree, Generated> s_generated = new();
    private static readonly ConditionalWeakTable<SourceText, SyntaxTree> s_files = new();
    private static readonly ConditionalWeakTable<MethodDeclarationSyntax, Played> s_played = new();

    private readonly Compilation _compilation;
    private readonly DbApis _apis;
    private readonly Lazy<ImmutableArray<EfGeneratedClass>> _generated;
    private readonly Lazy<ImmutableArray<EfModel>> _models;
    private readonly Lazy<ImmutableArray<EfModel>> _snapshots;
    private readonly Lazy<EntityMaps> _maps;
    private int _reads;

    public EfFacts(Compilation compilation, ImmutableArray<AdditionalText> files, DbApis apis, Func<SyntaxTree, SemanticModel?> models, Func<string, IReadOnlyList<IInvocationOperation>> calls)
    {
        _compilation = compilation;
        _apis = apis;
        var sources = new EfSources(compilation, apis.Types, models, calls);
        _generated = new(() => FindGenerated(files));
        _snapshots = new(() => _generated.Value.Where(part => part.Build is not null).Select(part => Count(EfModel.OfSnapshot(part.Context ?? part.Name, part.Build!, compilation.GetTypeByMetadataName))).ToImmutableArray());
        _models = new(() => Contexts(sources).Select(context => Count(EfModel.Of(context, sources, SnapshotOf(context)))).ToImmutableArray());
        _maps = new(() => HasEf ? new EntityMaps(_models.Value.SelectMany(model => model.ToMaps().Select(map => ((ITypeSymbol?)model.Context, map)))
            .Concat(_snapshots.Value.Where(snapshot => !_models.Value.Any(model => IsOf(snapshot, model.Context))).SelectMany(snapshot => snapshot.ToMaps().Where(map => map.Type is not null).Select(map => ((ITypeSymbol?)null, map))))) : EntityMaps.Empty);
    }

    /// <summary>How many files of generated code, and how many models, were read.</summary>
    public int Reads => _reads;

    /// <summary>How classes are stored.</summary>
    public EntityMaps Maps => _maps.Value;

    private bool HasEf => _apis.Types.DbContext is not null;

    /// <summary>The migrations, in the order in which they run, with what each stands for.</summary>
    public IEnumerable<(EfScript Script, SqlTree Tree)> Migrations() => EfGenerated.Migrations(_generated.Value).Select(migration =>
    {
        var played = s_played.GetValue(migration.Up, up =>
        {
            Interlocked.Increment(ref _reads);
            var script = EfMigrations.Read(migration.Id, up);
            return new Played(script, SqlParser.Parse(script.Source));
        });
        return (played.Script, played.Tree);
    });

    /// <summary>The snapshots, as the statements that would create their models.</summary>
    public IEnumerable<(EfScript Script, SqlTree Tree)> Snapshots() => _snapshots.Value.Select(Parsed);

    /// <summary>The contexts of which neither migrations nor a snapshot are in sight, as the statements that would create their models.</summary>
    public IEnumerable<(EfScript Script, SqlTree Tree)> Models() => HasEf ? _models.Value.Where(model => !IsGenerated(model)).Select(Parsed) : [];

    /// <summary>The contexts of which migrations or a snapshot are in sight, as the statements that would create what they ask for now.</summary>
    public IEnumerable<(EfScript Script, SqlTree Tree)> PendingModels() => HasEf ? _models.Value.Where(IsGenerated).Select(Parsed) : [];

    private bool IsGenerated(EfModel model) => _generated.Value.Any(part => part.Up is not null
        ? part.Context is null && ContextOf(part) is not { } named || ContextOf(part) == model.Context!.Name
        : part.Build is not null && (part.Context is null || part.Context == model.Context!.Name));

    private string? ContextOf(EfGeneratedClass part) => _generated.Value.Where(other => other.Name == part.Name).Select(other => other.Context).FirstOrDefault(context => context is not null);

    private static (EfScript Script, SqlTree Tree) Parsed(EfModel model)
    {
        var script = model.ToScript();
        return (script, SqlParser.Parse(script.Source));
    }

    private EfModel? SnapshotOf(INamedTypeSymbol context) => _snapshots.Value.FirstOrDefault(snapshot => IsOf(snapshot, context));

    private static bool IsOf(EfModel snapshot, INamedTypeSymbol? context) => context is not null && snapshot.Name == context.Name;

    private T Count<T>(T read)
    {
        Interlocked.Increment(ref _reads);
        return read;
    }

    private IEnumerable<INamedTypeSymbol> Contexts(EfSources sources)
    {
        var contexts = EfModel.Contexts(sources).ToList();
        var providers = DbApiTable.EfAssemblies.Where(pair => _apis.ReferencedAssemblies.Any(name => name.Name.Equals(pair.Key, StringComparison.OrdinalIgnoreCase))).Select(pair => pair.Value).Distinct().ToList();
        if (contexts.Count == 0 || providers.Count == 0 || (providers.Count == 1 && providers[0] == Provider.PostgreSql))
        {
            return contexts;
        }

        if (!providers.Contains(Provider.PostgreSql))
        {
            return [];
        }

        // Several providers: a context that is told another one, and not this one, is none of ours.
        var ours = UsersOf([EfModelNames.UsePostgres], sources);
        var others = UsersOf(EfModelNames.UseOthers, sources);
        return contexts.Where(context => ours.Contains(context) || !others.Contains(context));
    }

    private static HashSet<ITypeSymbol> UsersOf(IEnumerable<string> methods, EfSources sources) =>
        new(methods.SelectMany(sources.Calls).Select(EfContexts.ContextOf).OfType<ITypeSymbol>(), SymbolEqualityComparer.Default);

    private ImmutableArray<EfGeneratedClass> FindGenerated(ImmutableArray<AdditionalText> files)
    {
        var trees = new List<SyntaxTree>();
        foreach (var file in files.Where(file => file.Path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)))
        {
            if (file.GetText() is { } text)
            {
                trees.Add(s_files.GetValue(text, key => CSharpSyntaxTree.ParseText(key, path: file.Path)));
            }
        }

        if (HasEf)
        {
            var paths = new HashSet<string>(trees.Select(file => file.FilePath), StringComparer.Ordinal);
            trees.AddRange(_compilation.SyntaxTrees.Where(tree => tree.FilePath.Length == 0 || !paths.Contains(tree.FilePath)));
        }

        return trees.SelectMany(tree => s_generated.GetValue(tree, key => Count(new Generated(EfGenerated.Of(key, CancellationToken.None)))).Parts).ToImmutableArray();
    }

    private sealed record Generated(ImmutableArray<EfGeneratedClass> Parts);

    private sealed record Played(EfScript Script, SqlTree Tree);
}
