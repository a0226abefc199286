using DbSafety.Sql.Parsing;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Npgsql;
using Table = DbSafety.Sql.Schema.Table;

namespace DbSafety.Postgres.Tests.Catalog;

/// <summary>What a catalog holds, one entry a line, by a key: from a server's <c>pg_catalog</c>, and from the catalog of the scripts.</summary>
internal static class CatalogLines
{
    private const string Relations = """
        SELECT n.nspname, c.relname, c.relkind::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    private const string Columns = """
        SELECT n.nspname, c.relname, a.attname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.atthasdef OR a.attidentity <> '', a.attidentity <> '', a.attgenerated <> '',
               CASE WHEN a.attcollation NOT IN (0, t.typcollation) THEN (SELECT collname FROM pg_collation WHERE oid = a.attcollation) END,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND c.relpersistence <> 't' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = c.reltype AND d.deptype = 'e')
        """;

    private const string Indexes = """
        SELECT n.nspname, c.relname, i.relname, pg_get_indexdef(x.indexrelid), x.indisvalid, coalesce(k.contype::text, ''), coalesce(k.condeferrable, false), am.amname
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am am ON am.oid = i.relam
        LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')
        WHERE c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    private const string Constraints = """
        SELECT n.nspname, c.relname, k.conname, k.contype::text, k.convalidated, k.connoinherit,
               (SELECT coalesce(array_agg(a.attname::text ORDER BY u.i), '{}') FROM unnest(k.conkey) WITH ORDINALITY u (num, i) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
               fn.nspname, f.relname,
               (SELECT coalesce(array_agg(a.attname::text ORDER BY u.i), '{}') FROM unnest(k.confkey) WITH ORDINALITY u (num, i) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num),
               k.confdeltype::text, k.confupdtype::text
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
        LEFT JOIN pg_constraint above ON above.oid = k.conparentid
        WHERE k.contype IN ('c', 'f') AND (above.oid IS NULL OR above.conrelid <> k.conrelid) AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    private const string Triggers = """
        SELECT n.nspname, c.relname, t.tgname, t.tgtype::int, p.proname, t.tgenabled::text, t.tgqual IS NOT NULL, t.tgconstraint <> 0,
               (SELECT coalesce(array_agg(a.attname::text ORDER BY u.i), '{}') FROM unnest(t.tgattr) WITH ORDINALITY u (num, i) JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = u.num)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        """;

    private const string Types = """
        SELECT n.nspname, t.typname, t.typtype::text, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, t.typnotnull, t.typdefault IS NOT NULL,
               (SELECT coalesce(array_agg(e.enumlabel::text ORDER BY e.enumsortorder), '{}') FROM pg_enum e WHERE e.enumtypid = t.oid),
               (SELECT coalesce(array_agg(k.conname || CASE WHEN k.convalidated THEN '' ELSE ' not valid' END ORDER BY k.conname), '{}') FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE (t.typtype IN ('e', 'd') OR (t.typtype = 'c' AND c.relkind = 'c')) AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = t.typrelid AND d.deptype = 'e')
        """;

    /// <summary>An entry. The owner is the table or type whose completeness decides.</summary>
    public sealed record Entry(string Key, string Owner, string Text)
    {
        /// <summary>The type of a column, which may be unknown to the scripts; null where it is.</summary>
        public string? Type { get; init; }

        /// <summary>Expressions in their one form, with the columns that they name as another form.</summary>
        public IReadOnlyList<(string? Text, string Columns)> Expressions { get; init; } = [];
    }

    /// <summary>What the server holds.</summary>
    public static async Task<Dictionary<string, Entry>> OfAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var command = new NpgsqlCommand("SET search_path TO public", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        var entries = new Dictionary<string, Entry>();
        await foreach (var row in RowsAsync(connection, Relations))
        {
            Add(entries, new Entry($"table {row[0]}.{row[1]}", $"{row[0]}.{row[1]}", (string)row[2]!));
        }

        await foreach (var row in RowsAsync(connection, Columns))
        {
            var type = Bare((string)row[4]!);
            var value = row[10] is string text && !(bool)row[8]! && Expression(text) is { } parsed ? Constant(parsed, type) : null;

            // The server keeps a NULL that it had to make fit the length of the type.
            var hasDefault = (bool)row[6]! && (row[10] as string)?.StartsWith("NULL::", StringComparison.Ordinal) != true;
            Add(entries, new Entry($"column {row[0]}.{row[1]}.{row[2]}", $"{row[0]}.{row[1]}", $"#{row[3]} notnull={row[5]} default={hasDefault} identity={row[7]} generated={row[8]} collation={row[9]} value={value}")
            {
                Type = type,
            });
        }

        await foreach (var row in RowsAsync(connection, Indexes))
        {
            var definition = (string)row[3]!;
            var create = (CreateIndexStatement)SqlParser.Parse(new SqlSource(definition)).Statements[0];
            var keys = create.Elements.Select(element => Key(element.Expression, element.OperatorClass?.Name, element.Collation?.Name, element.IsDescending, element.IsNullsFirst ?? element.IsDescending)).ToList();
            var include = string.Join(",", create.Include.Select(element => ((ColumnReference)element.Expression).Column));
            Add(entries, new Entry(
                $"index {row[0]}.{row[2]}", $"{row[0]}.{row[1]}",
                $"on {row[1]} {row[7]} unique={create.IsUnique} valid={row[4]} constraint={row[5]} deferrable={row[6]} nullsnotdistinct={create.IsNullsNotDistinct} keys={string.Join(",", keys.Select(key => key.Text))} include={include} partial={create.Where.IsPresent}")
            {
                Expressions = [.. create.Elements.Where(element => !IsColumn(element.Expression)).Select(element => Forms(element.Expression)), .. create.Where.Value is { } where ? [Forms(where.Expression)] : Array.Empty<(string?, string)>()],
            });
        }

        await foreach (var row in RowsAsync(connection, Constraints))
        {
            var columns = (string[])row[6]!;
            var text = (string)row[3]! == "c"
                ? $"check valid={row[4]} noinherit={row[5]} columns={string.Join(",", columns.Order(StringComparer.Ordinal))}"
                : $"foreign key valid={row[4]} {string.Join(",", columns)} -> {row[7]}.{row[8]} ({string.Join(",", (string[])row[9]!)}) delete={row[10]} update={row[11]}";
            Add(entries, new Entry($"constraint {row[0]}.{row[1]}.{row[2]}", $"{row[0]}.{row[1]}", text));
        }

        await foreach (var row in RowsAsync(connection, Triggers))
        {
            var type = (int)row[3]!;
            var timing = (type & 2) != 0 ? "BEFORE" : (type & 64) != 0 ? "INSTEAD OF" : "AFTER";
            var events = string.Concat((type & 8) != 0 ? "d" : "", (type & 4) != 0 ? "i" : "", (type & 32) != 0 ? "t" : "", (type & 16) != 0 ? "u" : "");
            Add(entries, new Entry(
                $"trigger {row[0]}.{row[1]}.{row[2]}", $"{row[0]}.{row[1]}",
                $"{timing} {events} row={(type & 1) != 0} {row[4]} enabled={(string)row[5]! is "O" or "A"} when={row[6]} constraint={row[7]} of={string.Join(",", ((string[])row[8]!).Order(StringComparer.Ordinal))}"));
        }

        await foreach (var row in RowsAsync(connection, Types))
        {
            var kind = (string)row[2]!;
            var text = kind switch
            {
                "e" => "enum " + string.Join(",", (string[])row[6]!),
                "d" => $"domain {Bare((string)row[3]!)} notnull={row[4]} default={row[5]} checks={string.Join(",", ((string[])row[7]!).Order(StringComparer.Ordinal))}",
                _ => "composite",
            };
            Add(entries, new Entry($"type {row[0]}.{row[1]}", $"{row[0]}.{row[1]}", text));
        }

        return entries;
    }

    /// <summary>What the scripts make.</summary>
    public static Dictionary<string, Entry> Of(SchemaCatalog catalog)
    {
        var entries = new Dictionary<string, Entry>();
        foreach (var table in catalog.Tables)
        {
            var owner = $"{table.Schema}.{table.Name}";
            Add(entries, new Entry($"table {owner}", owner, table.Kind switch
            {
                TableKind.Partitioned => "p",
                TableKind.View => "v",
                TableKind.MaterializedView => "m",
                TableKind.Foreign => "f",
                _ => "r",
            }));
            AddColumns(entries, owner, table.Columns);
            foreach (var index in table.Indexes)
            {
                Add(entries, Index(table, index, owner));
            }

            foreach (var check in table.Checks)
            {
                Add(entries, new Entry(
                    $"constraint {owner}.{check.Name}", owner,
                    $"check valid={check.IsValid} noinherit={check.IsNoInherit} columns={string.Join(",", (check.Expression.Columns() ?? []).Order(StringComparer.Ordinal))}"));
            }

            foreach (var key in table.ForeignKeys)
            {
                Add(entries, new Entry(
                    $"constraint {owner}.{key.Name}", owner,
                    $"foreign key valid={key.IsValid} {string.Join(",", key.Columns)} -> {key.ReferencedTable.Schema}.{key.ReferencedTable.Name} ({string.Join(",", key.ReferencedColumns)}) delete={Action(key.OnDelete)} update={Action(key.OnUpdate)}"));
            }

            foreach (var trigger in table.Triggers)
            {
                var events = string.Concat(trigger.Events.Select(name => name[..1].ToLowerInvariant()).Order(StringComparer.Ordinal));
                Add(entries, new Entry(
                    $"trigger {owner}.{trigger.Name}", owner,
                    $"{trigger.Timing} {events} row={trigger.IsForEachRow} {trigger.Function.Name} enabled={trigger.IsEnabled} when={trigger.HasCondition} constraint={trigger.IsConstraint} of={string.Join(",", trigger.UpdateColumns.Order(StringComparer.Ordinal))}"));
            }
        }

        foreach (var type in catalog.Types.Where(type => type.Kind != UserTypeKind.Other))
        {
            var owner = $"{type.Schema}.{type.Name}";
            Add(entries, new Entry($"type {owner}", owner, type.Kind switch
            {
                UserTypeKind.Enum => "enum " + string.Join(",", type.Labels),
                UserTypeKind.Domain => $"domain {TypeText(type.BaseType, type.Modifiers)} notnull={type.IsNotNull} default={type.Default is not null} checks={string.Join(",", type.Checks.Select(check => check.Name + (check.IsValid ? "" : " not valid")).Order(StringComparer.Ordinal))}",
                _ => "composite",
            }));
            AddColumns(entries, owner, type.Attributes);
        }

        return entries;
    }

    private static void AddColumns(Dictionary<string, Entry> entries, string owner, IReadOnlyList<Column> columns)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            var value = column.Default is { } expression ? Constant(expression.Node, column.Type) : null;
            Add(entries, new Entry(
                $"column {owner}.{column.Name}", owner,
                $"#{i + 1} notnull={column.IsNotNull} default={column.HasDefault} identity={column.IsIdentity} generated={column.Generated is not null} collation={column.Collation} value={value}")
            {
                Type = TypeText(column.Type, column.Modifiers),
            });
        }
    }

    private static Entry Index(Table table, TableIndex index, string owner)
    {
        // Of a constraint pg_get_indexdef tells nothing of its operators.
        var keys = index.Keys.Select(key => Key(
            key.Expression?.Node ?? new ColumnReference(default, [new SqlName(default, key.Column!, true, false)], false), key.OperatorClass, key.Collation, key.IsDescending, key.IsNullsFirst)).ToList();
        var constraint = index.Constraint switch { IndexConstraint.PrimaryKey => "p", IndexConstraint.Unique => "u", IndexConstraint.Exclude => "x", _ => "" };
        return new Entry(
            $"index {table.Schema}.{index.Name}", owner,
            $"on {table.Name} {index.Method} unique={index.IsUnique} valid={index.IsValid} constraint={constraint} deferrable={index.IsDeferrable} nullsnotdistinct={index.IsNullsNotDistinct} keys={string.Join(",", keys.Select(key => key.Text))} include={string.Join(",", index.Include)} partial={index.Predicate is not null}")
        {
            Expressions = [.. index.Keys.Where(key => key.Expression is not null).Select(key => Forms(key.Expression!, table)), .. index.Predicate is { } where ? [Forms(where, table)] : Array.Empty<(string?, string)>()],
        };
    }

    private static (string Text, bool IsExpression) Key(SqlExpression expression, string? operatorClass, string? collation, bool isDescending, bool isNullsFirst) =>
        ((IsColumn(expression) ? ((ColumnReference)expression).Column : "(..)") + $" {operatorClass} {collation} {isDescending} {isNullsFirst}", !IsColumn(expression));

    private static bool IsColumn(SqlExpression expression) => expression is ColumnReference;

    private static (string? Text, string Columns) Forms(SqlExpression expression) =>
        (CanonicalText.Of(expression, column => column.Column, _ => "text"), Names(new SchemaExpression(expression)));

    private static (string? Text, string Columns) Forms(SchemaExpression expression, Table table) => (expression.TextIn(table), Names(expression));

    private static string Names(SchemaExpression expression) => string.Join(",", (expression.Columns() ?? []).Order(StringComparer.Ordinal));

    private static char Action(string? action) => action switch
    {
        "CASCADE" => 'c',
        "RESTRICT" => 'r',
        "SET NULL" => 'n',
        "SET DEFAULT" => 'd',
        _ => 'a',
    };

    private static string? TypeText(string? type, IReadOnlyList<string> modifiers)
    {
        if (type is null || modifiers.Count == 0)
        {
            return type;
        }

        var array = type.EndsWith("[]", StringComparison.Ordinal) ? "[]" : "";
        var element = type[..^array.Length];
        var text = "(" + string.Join(",", modifiers) + ")";
        return (element.EndsWith(" time zone", StringComparison.Ordinal) ? element.Insert(element.IndexOf(' '), text) : element + text) + array;
    }

    /// <summary>A type without the quotes of names that need some.</summary>
    private static string Bare(string type) => type == "\"char\"" ? type : type.Replace("\"", "", StringComparison.Ordinal);

    /// <summary>A default that is a constant, or now(); else null. A time may be written in many ways.</summary>
    private static string? Constant(SqlExpression expression, string? type)
    {
        if (type is null || type.StartsWith("timestamp", StringComparison.Ordinal) || type.StartsWith("interval", StringComparison.Ordinal) || type.StartsWith("time", StringComparison.Ordinal))
        {
            return null;
        }

        while (CanonicalText.Strip(expression) is CastExpression cast)
        {
            expression = cast.Operand;
        }

        return CanonicalText.Strip(expression) switch
        {
            LiteralExpression { Kind: LiteralKind.Boolean, Text: { } text } => text.ToLowerInvariant(),
            LiteralExpression { Kind: LiteralKind.String or LiteralKind.Number, Type: null or { Name: "boolean" }, Text: { } text } => text switch { "t" => "true", "f" => "false", _ => text },
            UnaryExpression { Operator: "-", Operand: LiteralExpression { Kind: LiteralKind.Number, Text: { } text } } => "-" + text,
            FunctionCall { Name.Name: "now" } => "now()",
            _ => null,
        };
    }

    private static SqlExpression? Expression(string text) =>
        SqlParser.Parse(new SqlSource("SELECT " + text)).Statements is [SelectStatement { Query: SelectQuery { Items: [var item] } }] ? item.Expression : null;

    private static void Add(Dictionary<string, Entry> entries, Entry entry) => entries[entry.Key] = entry;

    private static async IAsyncEnumerable<object?[]> RowsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var values = new object?[reader.FieldCount];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            yield return values;
        }
    }
}
