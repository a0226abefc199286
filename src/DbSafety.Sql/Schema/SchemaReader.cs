using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays DDL in the order of the migrations and keeps what is left.</summary>
public sealed class SchemaReader
{
    private readonly SchemaSession _session = new();
    private readonly TableConstraints _constraints;
    private readonly TableCreation _creation;
    private readonly TableAlteration _alteration;
    private readonly Removal _removal;
    private readonly Renaming _renaming;
    private readonly TypeDefinitions _types;
    private readonly RoutineScan _routines;

    /// <summary>The catalog as it was when the transaction began, and at its savepoints; the first is that of BEGIN.</summary>
    private readonly List<(string? Savepoint, CatalogState State)> _transaction = new();

    /// <summary>The search path to which the end of the transaction goes back, after SET LOCAL.</summary>
    private ImmutableArray<string>? _pathAfter;

    private SchemaReader()
    {
        _constraints = new TableConstraints(_session);
        var partitions = new PartitionTree(_session, _constraints);
        _creation = new TableCreation(_session, _constraints, partitions);
        _removal = new Removal(_session);
        _renaming = new Renaming(_session);
        _alteration = new TableAlteration(_session, _constraints, _creation, partitions, _removal, _renaming);
        _types = new TypeDefinitions(_session, _renaming);
        _routines = new RoutineScan(_session, Play);
    }

    private CatalogState State => _session.State;

    /// <summary>Reads the trees of the migrations, first one first. Each tree begins with the default search_path, as a new session does.</summary>
    /// <param name="trees">The trees, in migration order.</param>
    public static SchemaCatalog Read(IEnumerable<SqlTree> trees)
    {
        var reader = new SchemaReader();
        var script = 0;
        foreach (var tree in trees)
        {
            reader._session.Begin(script++);
            reader._transaction.Clear();
            reader._pathAfter = null;
            foreach (var statement in tree.Statements)
            {
                if (!statement.HasErrors || MayHideDefinitions(tree, statement))
                {
                    reader.Play(statement);
                }
            }
        }

        var state = reader.State;
        return new SchemaCatalog(state);
    }

    /// <summary>
    /// Whether a mistake may hide what happened to the schema. A mistake in a command that has nothing to do with it hides nothing, unless it swallows the text
    /// behind it, as an open quote does.
    /// </summary>
    private static bool MayHideDefinitions(SqlTree tree, SqlStatement statement) =>
        statement.Verb is not ("GRANT" or "REVOKE" or "ALTER DEFAULT" or "CREATE ROLE" or "CREATE USER" or "CREATE GROUP" or "ALTER ROLE" or "ALTER USER"
            or "ALTER GROUP" or "CREATE DATABASE" or "ALTER SYSTEM" or "CREATE POLICY" or "ALTER POLICY" or "CREATE PUBLICATION" or "ALTER PUBLICATION"
            or "CREATE SUBSCRIPTION" or "ALTER SUBSCRIPTION" or "COMMENT" or "VACUUM" or "ANALYZE" or "ANALYSE" or "CLUSTER" or "REINDEX" or "LOCK" or "NOTIFY"
            or "SECURITY" or "REASSIGN")
        || SqlLexer.Lex(tree.Source.Slice(statement.Span), SqlDialect.PostgreSql, out _).Any(token => token.Kind == SqlTokenKind.Bad && token.End - token.Start > 2);

    private void Play(SqlStatement statement)
    {
        if (statement.HasErrors)
        {
            // Half a statement: what it names is no longer certain.
            Forget(statement);
            return;
        }

        switch (statement)
        {
            case TransactionStatement transaction:
                Transact(transaction);
                break;
            case CreateTableStatement create:
                _creation.Create(create);
                break;
            case AlterTableStatement alter:
                _alteration.Alter(alter);
                break;
            case CreateIndexStatement create:
                _constraints.AddIndex(create);
                break;
            case CreateTriggerStatement create:
                _constraints.AddTrigger(create);
                break;
            case DropStatement { Verb: "TRUNCATE" } truncate:
                foreach (var name in truncate.Names)
                {
                    Seed(name, _ => 0);
                }

                break;
            case DropStatement drop:
                _removal.Drop(drop);
                break;
            case CreateTypeStatement create:
                _types.Create(create);
                break;
            case AlterTypeStatement alter:
                _types.Alter(alter);
                break;
            case CreateDomainStatement create:
                _types.Create(create);
                break;
            case AlterDomainStatement alter:
                _types.Alter(alter);
                break;
            case RoutineStatement routine:
                Define(routine);
                break;
            case CreateSchemaStatement create:
                CreateSchema(create);
                break;
            case RenameStatement rename:
                Rename(rename);
                break;
            case WrapperStatement { Name: { } name, Verb: "CREATE TABLE AS" or "CREATE VIEW" or "CREATE MATERIALIZED VIEW" } wrapper:
                CreateFromQuery(wrapper, name);
                break;
            case SelectStatement { Query: SelectQuery { Into: { } into } query } select:
                CreateFromQuery(new WrapperStatement(select.Span, "CREATE TABLE AS", into, select with { Query = query with { Into = null } }) { IsTemporary = query.IsIntoTemporary }, into);
                break;
            case SetStatement { Setting: "search_path" or "schema" } set:
                SetPath(set.Values, set.IsLocal);
                break;
            case SelectStatement select:
                Call(select);
                break;
            case InsertStatement insert:
                Seed(insert.Table.Name, rows => RowsOf(insert.Query) is { } more ? rows + more : null);
                break;
            case CopyStatement { IsFrom: true } copy:
                Seed(copy.Table, _ => null);
                break;
            case CallStatement { Call: FunctionCall call }:
                if (_session.Find(call.Name, State.Routines.ContainsKey) is { } procedure)
                {
                    _routines.Call(procedure);
                }
                else
                {
                    State.MayChangeAny = true;
                }

                break;
            case OtherStatement other:
                PlayOther(other);
                break;
        }
    }

    private void PlayOther(OtherStatement other)
    {
        switch (other.Verb)
        {
            case "" or "CALL" or "EXECUTE" or "DO" or "DROP OWNED" or "CREATE" or "ALTER" or "DROP":
                State.MayChangeAny = true;
                break;
            case "IMPORT" or "IMPORT FOREIGN SCHEMA":
                State.MayHoldMore = true;
                break;
            case "CREATE SEQUENCE" when !other.Names.IsEmpty && !other.Names.Any(name => name.HasHole):
                var sequence = _session.Home(new QualifiedName(other.Span, other.Names));
                if (!State.HasRelation(sequence))
                {
                    State.Sequences = State.Sequences.SetItem(sequence, null);
                }

                break;
            case "RESET" when other.Names.IsEmpty || other.Names[0].Text == "search_path":
                State.Path = SchemaSession.DefaultPath;
                break;
        }
    }

    private void Transact(TransactionStatement transaction)
    {
        switch (transaction.Kind)
        {
            case TransactionKind.Begin when _transaction.Count == 0:
                _transaction.Add((null, State.Clone()));
                break;
            case TransactionKind.Savepoint when _transaction.Count > 0:
                _transaction.Add((transaction.Savepoint?.Text, State.Clone()));
                break;
            case TransactionKind.RollbackTo when _transaction.Count > 0 && transaction.Savepoint is { } savepoint:
                var index = _transaction.FindLastIndex(saved => saved.Savepoint == savepoint.Text);
                if (index > 0)
                {
                    _session.State = _transaction[index].State.Clone();
                    _transaction.RemoveRange(index + 1, _transaction.Count - index - 1);
                }

                break;
            case TransactionKind.Rollback:
                if (_transaction.Count > 0)
                {
                    _session.State = _transaction[0].State;
                }

                EndTransaction(transaction);
                break;
            case TransactionKind.Commit or TransactionKind.PrepareTransaction:
                if (_pathAfter is { } path)
                {
                    State.Path = path;
                }

                EndTransaction(transaction);
                break;
            case TransactionKind.Unknown:
                State.MayChangeAny = true;
                break;
        }
    }

    private void EndTransaction(TransactionStatement transaction)
    {
        _pathAfter = null;
        _transaction.Clear();
        if (!transaction.EndsTransaction)
        {
            _transaction.Add((null, State.Clone()));
        }
    }

    private void SetPath(ImmutableArray<string?> values, bool isLocal)
    {
        if (isLocal && _transaction.Count == 0)
        {
            return;
        }

        if (isLocal)
        {
            _pathAfter ??= State.Path;
        }

        if (values.Any(value => value is null))
        {
            State.MayHoldMore = true;
        }

        var path = values.Where(value => value is not (null or "$user" or "pg_catalog" or "")).Select(value => SchemaNames.Truncate(value!)).ToImmutableArray();
        State.Path = path.IsEmpty || (path.Length == 1 && path[0] == "default") ? SchemaSession.DefaultPath : path;
    }

    /// <summary>
    /// A query that is run for what its functions do: <c>SELECT pg_catalog.set_config('search_path', '', false)</c>, as pg_dump writes it, PostGIS's <c>AddGeometryColumn</c>,
    /// functions of the scripts.
    /// </summary>
    private void Call(SelectStatement select)
    {
        if (select.Query is not SelectQuery query)
        {
            return;
        }

        var calls = query.Items.Select(item => item.Expression)
            .Concat((query.From.Value?.Items ?? ImmutableArray<TableSource>.Empty).OfType<FunctionTable>().SelectMany(table => table.Functions));
        foreach (var call in calls.SelectMany(expression => Calls(expression, 0)))
        {
            var arguments = call.Arguments.Select(argument => CanonicalText.Strip(argument is CastExpression cast ? cast.Operand : argument) is LiteralExpression { Text: { } text } ? text : null).ToList();
            if (_session.Find(call.Name, State.Routines.ContainsKey) is { } routine)
            {
                _routines.Call(routine);
            }
            else if (call.Name.Name == "set_config" && arguments.Count == 3 && arguments[0] == "search_path" && arguments[1] is { } path)
            {
                SetPath(path.Split(',').Select(part => (string?)part.Trim().Trim('"')).ToImmutableArray(), string.Equals(arguments[2], "true", StringComparison.OrdinalIgnoreCase));
            }
            else if (call.Name.Name.ToLowerInvariant() is "addgeometrycolumn" or "dropgeometrycolumn")
            {
                DoubtNamed(arguments);
            }
        }
    }

    /// <summary>The tables that constants name: a table, or a schema and a table.</summary>
    private void DoubtNamed(List<string?> arguments)
    {
        foreach (var table in State.Tables.Keys.Where(name => arguments.Any(argument => argument is not null && (argument == name.Name || argument == name.Schema + "." + name.Name))).ToList())
        {
            State.Doubt(table);
        }
    }

    private static IEnumerable<FunctionCall> Calls(SqlExpression expression, int depth)
    {
        if (expression is FunctionCall own)
        {
            yield return own;
        }

        if (depth < 50)
        {
            foreach (var call in expression.Operands.SelectMany(operand => Calls(operand, depth + 1)))
            {
                yield return call;
            }
        }
    }

    private void Seed(QualifiedName name, Func<int?, int?> change)
    {
        if (!_session.IsTemporary(name) && _session.FindTable(name) is { } table && change(table.SeededRows) is var rows && rows != table.SeededRows)
        {
            State.Put(table with { SeededRows = rows });
        }
    }

    /// <summary>How many rows a query certainly gives; null where nobody knows.</summary>
    private static int? RowsOf(SqlQuery? query) => query switch
    {
        null => 1,
        ValuesQuery { HasUnknownRows: false, Limit.IsAbsent: true } values => values.Rows.Length,
        SelectQuery { From.IsAbsent: true, Where.IsAbsent: true, Limit.IsAbsent: true } select when !select.Items.Any(item => item.Expression is FunctionCall or HoleExpression) => 1,
        SetOperationQuery { Operator: "UNION", IsAll: true } union => RowsOf(union.Left) + RowsOf(union.Right),
        _ => null,
    };

    private void Define(RoutineStatement routine)
    {
        if (routine.Verb == "DO")
        {
            _routines.Run(routine);
        }
        else if (routine.Name is { HasHole: false } name)
        {
            var home = _session.Home(name);
            State.Routines = State.Routines.SetItem(home, routine);
        }
    }

    private void CreateSchema(CreateSchemaStatement create)
    {
        if (create.Name is not { } name)
        {
            return;
        }

        if (name.HasHole)
        {
            State.MayHoldMore = true;
            return;
        }

        var own = SchemaSession.Text(name);
        State.Schemas = State.Schemas.Add(own);
        if (!create.Elements.IsEmpty)
        {
            var path = State.Path;
            State.Path = path.Insert(0, own);
            foreach (var element in create.Elements)
            {
                Play(element);
            }

            State.Path = path;
        }
    }

    private void Rename(RenameStatement rename)
    {
        if (rename.Name.HasHole || rename.NewName.HasHole)
        {
            State.MayChangeAny |= rename.Verb == "ALTER SCHEMA";
            return;
        }

        var to = SchemaSession.Text(rename.NewName);
        switch (rename.Verb)
        {
            case "ALTER SCHEMA":
                _renaming.Schema(SchemaNames.Truncate(rename.Name.Name), to);
                break;
            case "ALTER TRIGGER" when rename.Table is { } owner && _session.FindTable(owner) is { } table:
                _renaming.Trigger(table.FullName, SchemaNames.Truncate(rename.Name.Name), to);
                break;
            case "ALTER FUNCTION" or "ALTER PROCEDURE" or "ALTER ROUTINE" when _session.Find(rename.Name, State.Routines.ContainsKey) is { } routine:
                _renaming.Routine(routine, rename.IsSetSchema ? new ObjectName(to, routine.Name) : new ObjectName(routine.Schema, to));
                break;
        }
    }

    /// <summary>A view, a materialized view or a table that is made from a query.</summary>
    private void CreateFromQuery(WrapperStatement create, QualifiedName name)
    {
        if (create.IsTemporary)
        {
            _session.HideBehindTemporary(name);
            return;
        }

        if (name.HasHole)
        {
            State.MayHoldMore = true;
            return;
        }

        var home = _session.Home(name);
        var isView = create.Verb == "CREATE VIEW";
        if (State.HasRelation(home) && (create.IfNotExists || (_session.SkipsExisting && !isView)))
        {
            return;
        }

        var query = (create.Inner as SelectStatement)?.Query;
        var result = query is null ? default : ViewColumns.Of(query, create.Columns, _session);
        var replaced = State.Find(home);
        State.Put(new Table(home.Schema, home.Name, result.Columns ?? ImmutableArray<Column>.Empty, result.Columns is null || replaced is { Kind: not TableKind.View })
        {
            Kind = create.Verb switch { "CREATE VIEW" => TableKind.View, "CREATE MATERIALIZED VIEW" => TableKind.MaterializedView, _ => TableKind.Table },
            View = query is null || create.Verb == "CREATE TABLE AS" ? null : new ViewDefinition(query, create.Columns.Select(SchemaSession.Text).ToImmutableArray(), State.Path),
            Reads = create.Verb == "CREATE TABLE AS" || result.Reads.IsDefault ? ImmutableArray<ObjectName>.Empty : result.Reads,
            ReadColumns = result.ReadColumns,
            Triggers = isView ? replaced?.Triggers ?? ImmutableArray<Trigger>.Empty : ImmutableArray<Trigger>.Empty,
            SeededRows = create.Verb == "CREATE TABLE AS" ? null : 0,
            Origin = _session.Origin(create.Span),
        });
    }

    private void Forget(SqlStatement statement)
    {
        switch (statement)
        {
            case CreateTableStatement { IsTemporary: false } create:
                if (create.Name.HasHole)
                {
                    State.MayHoldMore = true;
                }
                else
                {
                    _creation.Create(create with { IsIncomplete = true });
                }

                break;
            case CreateTypeStatement create:
                _types.Create(create with { IsIncomplete = true });
                break;
            case AlterTableStatement or CreateIndexStatement or CreateTriggerStatement or AlterTypeStatement or AlterDomainStatement:
                _routines.Doubt(statement);
                break;
            case DropStatement or TransactionStatement or RenameStatement:
                State.MayChangeAny = true;
                break;
            case WrapperStatement { Name: { HasHole: false } name, Verb: "CREATE TABLE AS" or "CREATE VIEW" or "CREATE MATERIALIZED VIEW", IsTemporary: false }:
                State.Remove(_session.Home(name));
                State.UnknownRelations = State.UnknownRelations.Add(_session.Home(name));
                break;
            case RoutineStatement { Verb: not "DO" } or CreateDomainStatement or CommentStatement or SelectStatement or WriteStatement or CopyStatement or WrapperStatement { Verb: "EXPLAIN" }:
                break;
            default:
                State.MayChangeAny = true;
                break;
        }
    }
}
