using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays DDL in the order of the migrations and keeps what is left.</summary>
public sealed class SchemaReader
{
    private static readonly ImmutableArray<string> DefaultPath = ImmutableArray.Create("public");

    private readonly Dictionary<(string Schema, string Name), Table> _tables = new();
    private readonly Dictionary<(string Schema, string Name), ImmutableArray<string>> _enums = new();
    private readonly Dictionary<(string Schema, string Name), string?> _domains = new();
    private readonly HashSet<(string Schema, string Name)> _unknownRelations = new();
    private ImmutableArray<string> _path = DefaultPath;
    private bool _isIncomplete;

    private SchemaReader()
    {
    }

    /// <summary>Reads the trees of the migrations, first one first. Each tree begins with the default search_path, as a new session does.</summary>
    /// <param name="trees">The trees, in migration order.</param>
    public static SchemaCatalog Read(IEnumerable<SqlTree> trees)
    {
        var reader = new SchemaReader();
        foreach (var tree in trees)
        {
            reader._path = DefaultPath;
            reader._isIncomplete |= tree.Statements.Any(statement => MayHideDefinitions(tree, statement));
            foreach (var statement in tree.Statements)
            {
                reader.Play(statement);
            }
        }

        return new SchemaCatalog(
            reader._tables.ToImmutableDictionary(),
            reader._enums.ToImmutableDictionary(),
            reader._domains.ToImmutableDictionary(),
            reader._unknownRelations.ToImmutableHashSet(),
            DefaultPath,
            reader._isIncomplete);
    }

    /// <summary>
    /// Whether a mistake, or a hole, may hide what happened to the schema. A mistake in a command that has nothing to do with it hides nothing, unless it swallows
    /// the text behind it, as an open quote does; and a table remembers itself that it is half read.
    /// </summary>
    private static bool MayHideDefinitions(SqlTree tree, SqlStatement statement)
    {
        if (!statement.HasErrors || (tree.Errors.IsEmpty && statement is CreateTableStatement or AlterTableStatement))
        {
            return false;
        }

        return statement.Verb is not ("GRANT" or "REVOKE" or "ALTER DEFAULT" or "CREATE ROLE" or "CREATE USER" or "CREATE GROUP" or "ALTER ROLE" or "ALTER USER"
                or "ALTER GROUP" or "CREATE DATABASE" or "ALTER SYSTEM" or "CREATE POLICY" or "ALTER POLICY" or "CREATE PUBLICATION" or "ALTER PUBLICATION"
                or "CREATE SUBSCRIPTION" or "ALTER SUBSCRIPTION" or "COMMENT" or "VACUUM" or "ANALYZE" or "ANALYSE" or "CLUSTER" or "REINDEX" or "LOCK" or "NOTIFY"
                or "SECURITY" or "REASSIGN")
            || SqlLexer.Lex(tree.Source.Slice(statement.Span), SqlDialect.PostgreSql, out _).Any(token => token.Kind == SqlTokenKind.Bad && token.End - token.Start > 2);
    }

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
            case CreateTableStatement create:
                Create(create);
                break;
            case AlterTableStatement alter:
                Alter(alter);
                break;
            case DropStatement drop when drop.Verb != "TRUNCATE":
                Drop(drop);
                break;
            case CreateTypeStatement type:
                CreateType(type);
                break;
            case AlterTypeStatement type:
                AlterType(type);
                break;
            case CreateDomainStatement domain when !domain.Name.HasHole:
                _domains[Home(domain.Name)] = TypeText(domain.Type);
                break;
            case WrapperStatement { Verb: "CREATE TABLE AS" or "CREATE VIEW" or "CREATE MATERIALIZED VIEW", Name: { HasHole: false } name }:
                // Columns of a query: the types are not known here.
                _unknownRelations.Add(Home(name));
                _tables.Remove(Home(name));
                break;
            case SelectStatement { Query: SelectQuery { Into: { HasHole: false } into } }:
                _unknownRelations.Add(Home(into));
                break;
            case SetStatement { Setting: "search_path" } set:
                SetPath(set.Values);
                break;
            case SelectStatement select:
                SetConfig(select);
                break;
            case OtherStatement { Verb: "DO" or "CALL" or "EXECUTE" or "" } or RoutineStatement { Verb: "DO" } or CallStatement:
                _isIncomplete = true;
                break;
        }
    }

    private void SetPath(ImmutableArray<string?> values)
    {
        if (values.Any(value => value is null))
        {
            _isIncomplete = true;
        }

        var path = values.Where(value => value is not (null or "$user" or "pg_catalog" or "")).Select(value => value!).ToImmutableArray();
        _path = path.IsEmpty || (path.Length == 1 && path[0] == "default") ? DefaultPath : path;
    }

    /// <summary><c>SELECT pg_catalog.set_config('search_path', '', false)</c>, as pg_dump writes it.</summary>
    private void SetConfig(SelectStatement select)
    {
        if (select.Query is SelectQuery { Items: { Length: 1 } items }
            && items[0].Expression is FunctionCall { Name.Name: "set_config", Arguments: { Length: 3 } arguments }
            && arguments[0] is LiteralExpression { Text: "search_path" }
            && arguments[1] is LiteralExpression { Text: { } value })
        {
            SetPath(value.Split(',').Select(part => (string?)part.Trim().Trim('"')).ToImmutableArray());
        }
    }

    /// <summary>Where a new object with this name comes to stand.</summary>
    private (string Schema, string Name) Home(QualifiedName name) => (name.Schema ?? _path[0], name.Name);

    /// <summary>Which existing object a name means.</summary>
    private (string Schema, string Name)? Find<T>(Dictionary<(string, string), T> objects, QualifiedName name)
    {
        if (name.HasHole)
        {
            _isIncomplete = true;
            return null;
        }

        if (name.Schema is not null)
        {
            return objects.ContainsKey((name.Schema, name.Name)) ? (name.Schema, name.Name) : null;
        }

        foreach (var schema in _path)
        {
            if (objects.ContainsKey((schema, name.Name)))
            {
                return (schema, name.Name);
            }
        }

        return null;
    }

    private void Forget(SqlStatement statement)
    {
        var name = statement switch
        {
            CreateTableStatement create => create.Name,
            AlterTableStatement alter => alter.Name,
            _ => null,
        };
        if (name is not null && Find(_tables, name) is { } key)
        {
            _tables[key] = _tables[key] with { IsIncomplete = true };
        }
        else if (statement is CreateTableStatement { Name.HasHole: false } create)
        {
            Create(create with { IsIncomplete = true });
        }
    }

    private void Create(CreateTableStatement create)
    {
        if (create.Name.HasHole)
        {
            _isIncomplete = true;
            return;
        }

        var key = Home(create.Name);
        if (create.IsTemporary || (create.IfNotExists && _tables.ContainsKey(key)))
        {
            return;
        }

        var keys = new HashSet<string>(create.PrimaryKey.Select(name => name.Text), StringComparer.Ordinal);
        var columns = create.Columns.Where(column => !column.Name.HasHole)
            .Select(ToColumn)
            .Select(column => keys.Contains(column.Name) ? column with { IsNotNull = true } : column)
            .ToImmutableArray();
        _tables[key] = new Table(key.Schema, key.Name, columns, create.IsIncomplete || !create.Likes.IsEmpty || !create.Inherits.IsEmpty || create.PartitionOf is not null || create.OfType is not null || columns.Length < create.Columns.Length);
        _unknownRelations.Remove(key);
    }

    private Column ToColumn(ColumnDefinition definition) =>
        new(definition.Name.Text, definition.Type is null ? null : TypeText(definition.Type), definition.IsNotNull, definition.HasDefault);

    /// <summary>The name of a type; a user's type with its schema, unless that is public.</summary>
    private string? TypeText(TypeName type)
    {
        if (type.Name is null)
        {
            return null;
        }

        if (type.Schema is not (null or "public" or "pg_catalog"))
        {
            return type.Schema + "." + type.Name;
        }

        if (type.Schema is null && _path[0] != "public")
        {
            // A type found along a search_path of its own keeps the schema, because queries run with another path.
            var element = type.IsArray ? type.Name.Substring(0, type.Name.Length - 2) : type.Name;
            foreach (var schema in _path)
            {
                if (schema != "public" && (_enums.ContainsKey((schema, element)) || _domains.ContainsKey((schema, element))))
                {
                    return schema + "." + type.Name;
                }
            }
        }

        return type.Name;
    }

    private void Alter(AlterTableStatement alter)
    {
        if (Find(_tables, alter.Name) is not { } key)
        {
            return;
        }

        var table = _tables[key];
        foreach (var action in alter.Actions)
        {
            table = Apply(table, action);
        }

        if (table.Schema != key.Schema || table.Name != key.Name)
        {
            _tables.Remove(key);
        }

        _tables[(table.Schema, table.Name)] = table;
    }

    private Table Apply(Table table, AlterTableAction action)
    {
        if (action.Column is { HasHole: true } || action.NewName is { HasHole: true })
        {
            return table with { IsIncomplete = true };
        }

        switch (action.Kind)
        {
            case AlterTableActionKind.AddColumn:
                var added = ToColumn(action.Definition!);
                return table.FindColumn(added.Name) is null
                    ? table with { Columns = table.Columns.Add(added) }
                    : action.IsConditional ? table : Change(table, added.Name, _ => added);
            case AlterTableActionKind.DropColumn:
                return table with { Columns = table.Columns.RemoveAll(column => column.Name == action.Column!.Text) };
            case AlterTableActionKind.AlterType:
                var type = TypeText(action.Type!);
                return Change(table, action.Column!.Text, column => column with { Type = type });
            case AlterTableActionKind.SetNotNull:
                return Change(table, action.Column!.Text, column => column with { IsNotNull = true });
            case AlterTableActionKind.DropNotNull:
                return Change(table, action.Column!.Text, column => column with { IsNotNull = false });
            case AlterTableActionKind.RenameColumn:
                return Change(table, action.Column!.Text, column => column with { Name = action.NewName!.Text });
            case AlterTableActionKind.RenameTable:
                return table with { Name = action.NewName!.Text };
            case AlterTableActionKind.SetSchema:
                return table with { Schema = action.NewName!.Text };
            case AlterTableActionKind.Unknown:
                return table with { IsIncomplete = true };
            default:
                return table;
        }
    }

    private static Table Change(Table table, string name, Func<Column, Column> change) =>
        table with { Columns = table.Columns.Select(column => column.Name == name ? change(column) : column).ToImmutableArray() };

    private void Drop(DropStatement drop)
    {
        foreach (var name in drop.Names)
        {
            switch (drop.Verb)
            {
                case "DROP TABLE":
                    Remove(_tables, name);
                    break;
                case "DROP VIEW" or "DROP MATERIALIZED VIEW":
                    _unknownRelations.Remove(Home(name));
                    break;
                case "DROP TYPE":
                    Remove(_enums, name);
                    Remove(_domains, name);
                    break;
                case "DROP DOMAIN":
                    Remove(_domains, name);
                    break;
                case "DROP SCHEMA" when !name.HasHole:
                    RemoveSchema(_tables, name.Name);
                    RemoveSchema(_enums, name.Name);
                    RemoveSchema(_domains, name.Name);
                    break;
            }
        }
    }

    private void Remove<T>(Dictionary<(string, string), T> objects, QualifiedName name)
    {
        if (Find(objects, name) is { } key)
        {
            objects.Remove(key);
        }
    }

    private static void RemoveSchema<T>(Dictionary<(string Schema, string Name), T> objects, string schema)
    {
        foreach (var key in objects.Keys.Where(key => key.Schema == schema).ToList())
        {
            objects.Remove(key);
        }
    }

    private void CreateType(CreateTypeStatement type)
    {
        if (type.Name.HasHole)
        {
            _isIncomplete = true;
        }
        else if (type.IsEnum)
        {
            _enums[Home(type.Name)] = type.Labels;
        }
    }

    private void AlterType(AlterTypeStatement type)
    {
        if (Find(_enums, type.Name) is not { } key)
        {
            return;
        }

        var labels = _enums[key];
        if (type.AddedLabel is not null)
        {
            _enums[key] = labels.Contains(type.AddedLabel) ? labels : labels.Add(type.AddedLabel);
        }
        else if (type.RenamedLabel is not null && type.NewName is not null)
        {
            _enums[key] = labels.Select(label => label == type.RenamedLabel ? type.NewName : label).ToImmutableArray();
        }
        else if (type.NewName is not null)
        {
            _enums.Remove(key);
            var renamed = type.IsSetSchema ? (type.NewName, key.Name) : (key.Schema, type.NewName);
            _enums[renamed] = labels;
            RenameType(key, renamed);
        }
    }

    /// <summary>Columns follow their type to its new name.</summary>
    private void RenameType((string Schema, string Name) from, (string Schema, string Name) to)
    {
        foreach (var (key, table) in _tables.Select(pair => (pair.Key, pair.Value)).ToList())
        {
            _tables[key] = table with
            {
                Columns = table.Columns.Select(column => column with { Type = Rename(column.Type) }).ToImmutableArray(),
            };
        }

        string? Rename(string? type) =>
            type == Text(from) ? Text(to) : type == Text(from) + "[]" ? Text(to) + "[]" : type;

        static string Text((string Schema, string Name) name) => name.Schema == "public" ? name.Name : name.Schema + "." + name.Name;
    }
}
