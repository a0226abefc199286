using DbSafety.Sql.Schema;

namespace DbSafety.Sql.Tests.Schema;

/// <summary>Short texts of what a catalog holds.</summary>
internal static class CatalogText
{
    /// <summary>The catalog of scripts, in order.</summary>
    public static SchemaCatalog Read(params string[] scripts) => SchemaReader.Read(scripts.Select(text => Sql.Parse(text)));

    /// <summary><c>name(keys)</c> with what differs from the plain form.</summary>
    public static string Indexes(Table table) => string.Join("; ", table.Indexes.Select(index => Text(index, table)));

    public static string Text(TableIndex index, Table table)
    {
        var keys = index.Keys.Select(key => (key.Column ?? key.Expression!.TextIn(table)) + (key.OperatorClass is null ? "" : " " + key.OperatorClass)
            + (key.IsDescending ? " desc" : "") + (key.IsNullsFirst != key.IsDescending ? key.IsNullsFirst ? " nulls first" : " nulls last" : ""));
        return index.Name + "(" + string.Join(", ", keys) + ")"
            + (index.Constraint == IndexConstraint.None ? index.IsUnique ? " unique" : "" : " " + index.Constraint)
            + (index.Method == "btree" ? "" : " " + index.Method)
            + (index.Include.IsEmpty ? "" : " include " + string.Join(", ", index.Include))
            + (index.Predicate is null ? "" : " where " + index.Predicate.TextIn(table))
            + (index.IsValid ? "" : " invalid") + (index.IsIncomplete ? " .." : "");
    }

    public static string Keys(Table table) => string.Join("; ", table.ForeignKeys.Select(key =>
        $"{key.Name}({string.Join(", ", key.Columns)}) -> {key.ReferencedTable}({string.Join(", ", key.ReferencedColumns)})" + (key.OnDelete is null ? "" : " " + key.OnDelete) + (key.IsValid ? "" : " not valid")));

    public static string Checks(Table table) => string.Join("; ", table.Checks.Select(check => $"{check.Name}: {check.Expression.TextIn(table)}" + (check.IsValid ? "" : " not valid")));

    public static string Columns(Table table) => string.Join(", ", table.Columns.Select(column => $"{column.Name} {column.Type ?? "?"}{(column.Modifiers.IsEmpty ? "" : $"({string.Join(",", column.Modifiers)})")}{(column.IsNotNull ? "!" : "")}{(column.HasDefault ? "=" : "")}"))
        + (table.IsIncomplete ? ", .." : "");
}
