using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Model;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Migrations;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Facts;

/// <summary>
/// The memory of one compilation: every fact is computed once, for all rules and fixes, when the first of them asks. Thread-safe.
/// </summary>
public sealed class DbFacts
{
    private static readonly ConditionalWeakTable<Compilation, Entry> s_facts = new();

    private readonly ConcurrentDictionary<SyntaxNode, Lazy<DbCall>> _calls = new();
    private readonly ConcurrentDictionary<SyntaxTree, Dictionary<SyntaxNode, SyntaxNode>> _owners = new();
    private readonly Lazy<SchemaFacts> _schema;
    private readonly IndexFacts _indexes;
    private readonly EfFacts _ef;
    private readonly LinqFacts _linq;
    private readonly Lazy<bool> _mayWrapConnections;
    private readonly Lazy<bool> _mayHandleCollections;
    private readonly Lazy<bool> _retriesTransactions;
    private readonly TextFacts _texts;
    private readonly WrapperFacts _wrappers;
    private readonly FlowFacts _flow;
    private int _callsCreated;

    private DbFacts(Compilation compilation, AnalyzerOptions options, Options settings, DbApis apis)
    {
        Compilation = compilation;
        Options = settings;
        Apis = apis;
        var indexes = new TreeIndexes(compilation);
        _texts = new TextFacts(compilation, indexes);
        _wrappers = new WrapperFacts(compilation, apis, indexes, _texts, operation => CallOf(operation));
        _mayWrapConnections = new(apis.MayWrapConnections);
        _mayHandleCollections = new(apis.MayHandleCollections);
        _retriesTransactions = new(() => ConnectionMembers.RetrySettings.Any(name => indexes.All.Any(tree => tree.Index.MayUse(name))));
        var queryMethods = UserMethods.Of(settings.QueryMethods(compilation.SyntaxTrees), compilation);
        _flow = new FlowFacts(
            apis, _texts.ModelOf, operation => CallOf(operation), new CallTargets(compilation, apis, indexes, queryMethods.Keys.Select(method => method.Name).ToImmutableHashSet()), queryMethods,
            () => Providers!, name => indexes.All.Any(tree => tree.Index.MayUse(name)), name => CallsByName.Of(name, indexes, _texts.ModelOf),
            () => settings.UnitOfWorkTypes(compilation.SyntaxTrees).SelectMany(name => compilation.GetTypesByMetadataName(name)).ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default));
        _ef = new EfFacts(compilation, options.AdditionalFiles, apis, _texts.ModelOf, name => CallsByName.Of(name, indexes, _texts.ModelOf));
        _schema = new(() => SchemaFacts.Of(options.AdditionalFiles, settings.MigrationOptions(compilation, name => indexes.All.Any(tree => tree.Index.MayUse(name))), _ef, compilation));
        _linq = new LinqFacts(apis, () => Maps, _texts.ModelOf, name => indexes.All.Any(tree => tree.Index.MayUse(name)));
        _indexes = new IndexFacts(() => Schema, operation => CallOf(operation), LinqOf, new WrittenTables(indexes), new(() => settings.PostgresVersion(compilation.SyntaxTrees.FirstOrDefault())), TestFrameworks.AreUsedBy(compilation));
        Entities = new EntityModel(
            compilation, apis, name => CallsByName.Of(name, indexes, _texts.ModelOf), name => indexes.All.Any(tree => tree.Index.MayUse(name)));
        Providers = new Providers(apis, settings.Provider(compilation.SyntaxTrees.FirstOrDefault()), _texts.ModelOf);
    }

    /// <summary>The compilation.</summary>
    public Compilation Compilation { get; }

    /// <summary>The user's options.</summary>
    public Options Options { get; }

    /// <summary>The table of APIs, resolved.</summary>
    public DbApis Apis { get; }

    /// <summary>Which database calls talk to.</summary>
    public Providers Providers { get; }

    /// <summary>The model of EF Core that the sources declare.</summary>
    public EntityModel Entities { get; }

    /// <summary>How the classes of EF Core's contexts are stored; read when first asked for.</summary>
    public EntityMaps Maps => _ef.Maps;

    /// <summary>
    /// Whether a list that a call passes certainly reaches PostgreSQL as one array. Dapper writes it out where it does not see that the connection is
    /// Npgsql's: it asks for the name of the connection's type, and a wrapper has another.
    /// </summary>
    public bool PassesArrays(DbCall call) => call.Provider == Provider.PostgreSql && (call.Api.Row.Library != DbLibrary.Dapper ||
        (call.Api.Connection is { } connection && Providers.OfType(HoleValues.Strip(connection).Type) == Provider.PostgreSql) || !_mayWrapConnections.Value);

    /// <summary>Whether a collection that a call passes may be written by a handler of the user's own, so that nobody knows as what.</summary>
    public bool MayHandleCollections(DbCall call) => call.Api.Row.Library == DbLibrary.Dapper && _mayHandleCollections.Value;

    /// <summary>Whether contexts of this compilation repeat what fails, so that a transaction of the user's own has to be part of what is repeated.</summary>
    public bool RetriesTransactions => _retriesTransactions.Value;

    /// <summary>How many calls were read: work that tests count.</summary>
    internal int CallsCreated => _callsCreated;

    /// <summary>How many bodies were read for what they do at the database: work that tests count.</summary>
    internal int BodiesRead => _flow.BodiesRead;

    /// <summary>How many members were read for their transactions and writes: work that tests count.</summary>
    internal int TransactionsRead => _flow.TransactionsRead;

    /// <summary>The schema that the project's SQL files, EF Core's migrations and its model declare; empty where there are none.</summary>
    public SchemaCatalog Schema => _schema.Value.Catalog;

    /// <summary>The schema, and where each part of it is declared.</summary>
    public SchemaFacts SchemaFacts => _schema.Value;

    /// <summary>The statements that EF Core's migrations, snapshots and models stand for, as far as they count for <see cref="Schema"/>.</summary>
    public ImmutableArray<EfScript> EfScripts => _schema.Value.EfScripts;

    /// <summary>Where something of <see cref="Schema"/> was declared: in an SQL file, or in C#; null where nobody knows.</summary>
    public Location? LocationOf(SchemaOrigin origin) => _schema.Value.LocationOf(origin);

    /// <summary>How many files of generated code, and how many contexts, were read for EF Core's model: work that tests count.</summary>
    internal int ModelsRead => _ef.Reads;

    /// <summary>How many queries were read for the indexes they need: work that tests count.</summary>
    internal int QueriesRead => _indexes.QueriesRead;

    /// <summary>The indexes that the query which an operation is lacks.</summary>
    public ImmutableArray<IndexFinding> IndexFindingsOf(IOperation operation, CancellationToken cancellation) => _indexes.Of(operation, cancellation);

    /// <summary>The facts of a compilation, or null where it references no database library: then there is nothing to know.</summary>
    public static DbFacts? For(Compilation compilation, AnalyzerOptions options)
    {
        if (s_facts.TryGetValue(compilation, out var entry))
        {
            return entry.Facts;
        }

        return s_facts.GetValue(compilation, key => new Entry(Create(key, options))).Facts;
    }

    private static DbFacts? Create(Compilation compilation, AnalyzerOptions options)
    {
        if (!DbApis.MayUseDatabase(compilation))
        {
            return null;
        }

        var settings = new Options(options.AnalyzerConfigOptionsProvider);
        return DbApis.Create(compilation, settings.SqlSinks(compilation.SyntaxTrees)) is { } apis
            ? new DbFacts(compilation, options, settings, apis)
            : null;
    }

    /// <summary>The semantic model of a tree of this compilation, or null for a tree of another one.</summary>
    public SemanticModel? ModelOf(SyntaxTree tree) => _texts.ModelOf(tree);

    /// <summary>The use of an API that takes SQL text that an operation is, or null. Any other member name costs one hash look-up.</summary>
    /// <param name="operation">An invocation, an object creation or an assignment.</param>
    public DbCall? CallOf(IOperation operation)
    {
        var match = Apis.Match(operation) ?? _wrappers.Match(operation);
        return match?.SqlArgument is null ? null : Remember(match);
    }

    // In a method of its own: what the lambda captures is allocated where it is declared, and most operations get nowhere near.
    private DbCall Remember(DbApiMatch match) => (_calls.TryGetValue(match.Operation.Syntax, out var call)
        ? call
        : _calls.GetOrAdd(match.Operation.Syntax, new Lazy<DbCall>(() => CreateCall(match)))).Value;

    /// <summary>The use of an API at a syntax node, or null; the entry point of fixes.</summary>
    public DbCall? CallAt(SyntaxNode node) => ModelOf(node.SyntaxTree)?.GetOperation(node) is { } operation ? CallOf(operation) : null;

    /// <summary>Whether a method of this name, called, may go to the database, by itself or through what it calls. One look-up.</summary>
    public bool MayRun(string name) => _flow.IsCandidate(name);

    /// <summary>What an operation does at the database, or null where it does not go there.</summary>
    /// <param name="operation">An invocation, or a <c>foreach</c> loop over a query.</param>
    public DbExecution? ExecutionOf(IOperation operation) => _flow.ExecutionOf(operation);

    /// <summary>
    /// The query of EF Core that an operation runs, as SQL; null where it runs none, or nobody can tell which. Any other member name costs one look-up.
    /// </summary>
    /// <param name="operation">An invocation, or a <c>foreach</c> loop over a query.</param>
    public LinqSql? LinqOf(IOperation operation) => ExecutionOf(operation) is { Library: DbLibrary.EfCore, Call: null } execution ? _linq.Of(execution) : null;

    /// <summary>What a call of a method certainly does at the database, as far as this compilation and the user's options tell.</summary>
    public CallSummary SummaryOf(IMethodSymbol method, CancellationToken cancellation) => _flow.SummaryOf(method, cancellation);

    /// <summary>The trip to the database that an operation is and that a loop repeats needlessly, or null.</summary>
    public Repetition? RepetitionOf(IOperation operation, CancellationToken cancellation) => _flow.RepetitionOf(operation, cancellation);

    /// <summary>What runs, in the body around an operation, on a connection whose reader is open, by the syntax of what runs.</summary>
    public ImmutableDictionary<SyntaxNode, ReaderConflict> ReaderConflictsAround(IOperation operation, CancellationToken cancellation) =>
        _flow.ReaderConflictsAround(operation, cancellation);

    /// <summary>What starts, in the body around an operation, while something else may run on its connection, by the syntax of what starts.</summary>
    public ImmutableDictionary<SyntaxNode, Overlap> OverlapsAround(IOperation operation, CancellationToken cancellation) => _flow.OverlapsAround(operation, cancellation);

    /// <summary>Whether a method of this name, called, may write to the database, by itself or through what it calls. One look-up.</summary>
    public bool MayWrite(string name) => _flow.MayWrite(name);

    /// <summary>The writes without a transaction of which an operation is the one that follows, or null.</summary>
    public TransactionGap? GapOf(IOperation operation, CancellationToken cancellation) => _flow.GapsAround(operation, cancellation).TryGetValue(operation.Syntax, out var gap) ? gap : null;

    /// <summary>The transactions and writes of the member around an operation.</summary>
    public BodyTransactions TransactionsAround(IOperation operation, CancellationToken cancellation) => _flow.TransactionsAround(operation, cancellation);

    /// <summary>What the facts about the states of a transaction are read from.</summary>
    public ITransactionFacts Transactions => _flow;

    /// <summary>What a call does outside the transaction that is open around it, or null.</summary>
    public OutsideWrite? OutsideWriteOf(IInvocationOperation call, CancellationToken cancellation) => OutsideWrites.Of(call, _flow, cancellation);

    /// <summary>The write that a call is, in a scope that began when its connection was open already; or null.</summary>
    public LateScope? LateScopeOf(IInvocationOperation call, CancellationToken cancellation) => LateScopes.Of(call, _flow, cancellation);

    /// <summary>The transaction that an operation begins and whose commands an execution strategy refuses, or null.</summary>
    public RefusedTransaction? RefusedTransactionOf(IOperation begin, CancellationToken cancellation) => RefusedTransactions.Of(begin, _flow, cancellation);

    /// <summary>What the delegate that a call gives to an execution strategy applies twice.</summary>
    public IEnumerable<TrackedRetry> TrackedRetriesOf(IInvocationOperation call) => TrackedRetries.Of(call, _flow);

    /// <summary>The calls of a member that keep a transaction open while they wait, told at its first begin.</summary>
    public IEnumerable<HeldTransaction> HeldTransactionsOf(IOperation begin, CancellationToken cancellation) => HeldTransactions.Of(begin, _flow, cancellation);

    /// <summary>The transaction that an operation begins and that nothing runs again when it is refused, or null.</summary>
    public UnrepeatedTransaction? UnrepeatedTransactionOf(IOperation begin, CancellationToken cancellation) => UnrepeatedTransactions.Of(begin, _flow, cancellation);

    /// <summary>The command that a call repeats inside a transaction that it has aborted, or null.</summary>
    public InnerRetry? InnerRetryOf(IInvocationOperation call, CancellationToken cancellation) => UnrepeatedTransactions.InnerOf(call, _flow, cancellation);

    /// <summary>Whether an operation may begin a transaction. Cheap.</summary>
    public bool MayBegin(IOperation operation) => operation switch
    {
        IInvocationOperation call => TransactionMembers.MayBegin(call.TargetMethod.Name) || MayWrite(call.TargetMethod.Name),
        IObjectCreationOperation creation => Apis.Types.IsScope(creation.Type),
        _ => false,
    };

    /// <summary>The connections of the member around an operation.</summary>
    public BodyConnections ConnectionsAround(IOperation operation) => _flow.ConnectionsOf(HoleValues.RootOf(operation));

    /// <summary>The database that an execution talks to.</summary>
    public Provider ProviderOf(DbExecution execution) => _flow.ProviderOf(execution);

    /// <summary>How values move in a loop.</summary>
    public LoopData DataOf(LoopRegion region) => _flow.DataOf(region);

    /// <summary>The load of a navigation in a loop that a read of a property is, or null.</summary>
    public LazyLoad? LazyLoadOf(IPropertyReferenceOperation read) => LazyLoads.Of(read, _flow, Entities);

    /// <summary>Whether a value is the same in every iteration: made of nothing among what changes there, and of calls that only compute.</summary>
    public bool IsStable(IOperation value, HashSet<ISymbol> changing) => Invariants.IsStable(value, changing, Apis);

    /// <summary>Whether anything in a loop may write to the database, or may do something that such a write waits for; what nobody knows may.</summary>
    /// <param name="region">The loop.</param>
    /// <param name="except">A call that is not asked.</param>
    /// <param name="cancellation">Ends the look.</param>
    public bool MayWrite(LoopRegion region, IOperation except, CancellationToken cancellation) =>
        LoopUnits.MayWrite(region, _flow, cancellation) || LoopUnits.HasForeignEffect(except, region, _flow, cancellation);

    private DbCall CreateCall(DbApiMatch match)
    {
        Interlocked.Increment(ref _callsCreated);
        var values = new LazyScope(() => _texts.ValuesIn(HoleValues.RootOf(match.Operation)));
        var builder = new SqlTextBuilder(_texts, values);
        var (text, form) = TextOf(match, builder, values);
        return new DbCall(match, new SqlText(builder.WithCallers(text), form), Providers.Of(match));
    }

    private (SqlRope Text, SqlTextForm Form) TextOf(DbApiMatch match, SqlTextBuilder builder, LazyScope values)
    {
        var argument = HoleValues.Strip(match.SqlArgument!);
        if (match.Operation is IAssignmentOperation assignment)
        {
            return (values.After(assignment) ?? (match.IsAppend ? Unknown(assignment) : SqlRope.Empty).Append(builder.BuildAt(argument, argument.Syntax)), match.Row.Form);
        }

        // FormattableStringFactory.Create(text, arguments): the text is what it is, its {0} are parameters.
        if (match.Row.Form == SqlTextForm.Formattable && argument is IInvocationOperation factory &&
            SymbolEqualityComparer.Default.Equals(factory.TargetMethod.ContainingType, Apis.Types.FormattableStringFactory) &&
            factory.Arguments.FirstOrDefault(candidate => candidate.Parameter?.Ordinal == 0) is { } format)
        {
            return (builder.BuildAt(format.Value, HoleValues.Strip(format.Value).Syntax), SqlTextForm.CompositeFormat);
        }

        return (builder.BuildAt(argument, argument.Syntax), match.Row.Form);
    }

    private static SqlRope Unknown(IAssignmentOperation assignment) =>
        SqlRope.Of(new HolePiece(assignment.Target, assignment.Target.Syntax, HoleValue.Closed));

    /// <summary>
    /// Whether a hole is to be reported at this call: several calls may share the text in which it stands, and the first of them speaks.
    /// </summary>
    public bool Owns(DbCall call, DbHole hole)
    {
        var site = hole.Piece.Site;
        var syntax = call.Operation.Syntax;
        if (site.SyntaxTree != syntax.SyntaxTree || syntax.Span.Contains(site.Span))
        {
            return true;
        }

        var owners = _owners.GetOrAdd(syntax.SyntaxTree, FindOwners);
        return !owners.TryGetValue(site, out var owner) || owner == syntax;
    }

    private Dictionary<SyntaxNode, SyntaxNode> FindOwners(SyntaxTree tree)
    {
        var owners = new Dictionary<SyntaxNode, SyntaxNode>();
        if (ModelOf(tree) is not { } model)
        {
            return owners;
        }

        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (!MayBeCall(node) || model.GetOperation(node) is not { } operation || CallOf(operation) is not { } call)
            {
                continue;
            }

            foreach (var hole in call.Holes)
            {
                // A call that contains the text itself comes before one that only uses it.
                if (!owners.ContainsKey(hole.Piece.Site) || node.Span.Contains(hole.Piece.Site.Span))
                {
                    owners[hole.Piece.Site] = node;
                }
            }
        }

        return owners;
    }

    private bool MayBeCall(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => MayBe(access.Name.Identifier.ValueText),
        InvocationExpressionSyntax { Expression: SimpleNameSyntax name } => MayBe(name.Identifier.ValueText),
        InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax binding } => MayBe(binding.Name.Identifier.ValueText),
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } => true,
        ConstructorInitializerSyntax => true,
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax access } => MayBe(access.Name.Identifier.ValueText),
        AssignmentExpressionSyntax { Left: SimpleNameSyntax name } => MayBe(name.Identifier.ValueText),
        _ => false,
    };

    private bool MayBe(string name) => Apis.IsCandidate(name) || _wrappers.IsCandidate(name);

    private sealed class Entry(DbFacts? facts)
    {
        public DbFacts? Facts { get; } = facts;
    }

    /// <summary>Walks a body only when a variable of it is asked for.</summary>
    private sealed class LazyScope(Func<BodyValues> values) : IValueScope
    {
        private BodyValues? _values;

        public SqlRope? Read(IOperation reference) => (_values ??= values()).Read(reference);

        public SqlRope? After(IOperation assignment) => (_values ??= values()).After(assignment);
    }
}
