using System.Collections.Immutable;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Schema;

/// <summary>What the statements of a script share while they are played: the catalog so far, and what names mean in it.</summary>
internal sealed class SchemaSession
{
    /// <summary>The search path of a new session.</summary>
    public static readonly ImmutableArray<string> DefaultPath = ImmutableArray.Create("public");

    /// <summary>The temporary tables of the script: they hide others of their name, and are kept out of the catalog.</summary>
    private readonly HashSet<string> _temporary = new(StringComparer.Ordinal);

    /// <summary>The catalog so far.</summary>
    public CatalogState State { get; set; } = new();

    /// <summary>The number of the script.</summary>
    public int Script { get; private set; }

    /// <summary>Whether what is there already is left alone, as IF NOT EXISTS does.</summary>
    public bool SkipsExisting { get; set; }

    /// <summary>The place of a statement inside a body of a DO: its parts have no place of their own.</summary>
    public SqlSpan? Place { get; set; }

    /// <summary>Begins a script, as a new session does.</summary>
    public void Begin(int script)
    {
        Script = script;
        State.Path = DefaultPath;
        _temporary.Clear();
    }

    public SchemaOrigin Origin(SqlSpan span) => new(Script, Place ?? span);

    public static string Text(SqlName name) => SchemaNames.Truncate(name.Text);

    /// <summary>Where a new object with this name comes to stand.</summary>
    public ObjectName Home(QualifiedName name) => new(SchemaNames.Truncate(name.Schema ?? State.Path[0]), SchemaNames.Truncate(name.Name));

    public void HideBehindTemporary(QualifiedName name) => _temporary.Add(SchemaNames.Truncate(name.Name));

    /// <summary>Whether a name means a temporary table; forgets it where it is dropped.</summary>
    public bool IsTemporary(QualifiedName name, bool isDropped = false) =>
        name.Schema is null or "pg_temp" && (isDropped ? _temporary.Remove(SchemaNames.Truncate(name.Name)) : _temporary.Contains(SchemaNames.Truncate(name.Name)));

    /// <summary>Which existing object a name means; null where there is none that is known.</summary>
    public ObjectName? Find(QualifiedName name, Func<ObjectName, bool> exists)
    {
        if (name.HasHole)
        {
            return null;
        }

        var own = SchemaNames.Truncate(name.Name);
        if (name.Schema is { } schema)
        {
            var full = new ObjectName(SchemaNames.Truncate(schema), own);
            return exists(full) ? full : null;
        }

        if (_temporary.Contains(own))
        {
            return null;
        }

        foreach (var candidate in State.Path)
        {
            var full = new ObjectName(candidate, own);
            if (exists(full))
            {
                return full;
            }
        }

        return null;
    }

    /// <summary>The table or view that a name means.</summary>
    public Table? FindTable(QualifiedName name) =>
        Find(name, full => State.Tables.ContainsKey(full) || State.UnknownRelations.Contains(full)) is { } found ? State.Find(found) : null;

    public UserType? FindType(QualifiedName name) => Find(name, State.Types.ContainsKey) is { } found ? State.Types[found] : null;

    /// <summary>The index that a name means, with its table.</summary>
    public (Table Table, TableIndex Index)? FindIndex(QualifiedName name) => Find(name, State.IndexTables.ContainsKey) is { } found ? IndexOf(found) : null;

    public (Table Table, TableIndex Index)? IndexOf(ObjectName name) =>
        State.IndexTables.TryGetValue(name, out var owner) && State.Find(owner) is { } table && table.Indexes.FirstOrDefault(index => index.Name == name.Name) is { } found
            ? (table, found)
            : null;

    /// <summary>The name of a type as the catalog writes it: of a known type with its schema, unless that is <c>public</c>.</summary>
    public string? TypeText(TypeName? type)
    {
        if (type?.Name is not { } name)
        {
            return null;
        }

        var element = type.IsArray ? name.Substring(0, name.Length - 2) : name;
        var array = type.IsArray ? "[]" : "";
        if (type.Schema is { } schema)
        {
            return (schema is "public" or "pg_catalog" ? element : schema + "." + element) + array;
        }

        foreach (var candidate in State.Path)
        {
            if (State.Types.ContainsKey(new ObjectName(candidate, element)))
            {
                return new ObjectName(candidate, element) + array;
            }
        }

        return element + array;
    }

    /// <summary>The domain that a type name means, or null.</summary>
    public UserType? FindBase(TypeName type)
    {
        if (TypeText(type) is not { } text || type.IsArray)
        {
            return null;
        }

        var dot = text.IndexOf('.');
        return State.Types.TryGetValue(dot < 0 ? new ObjectName("public", text) : new ObjectName(text.Substring(0, dot), text.Substring(dot + 1)), out var found) ? found : null;
    }

    /// <summary>The modifiers of a type as PostgreSQL keeps them.</summary>
    public static ImmutableArray<string> Modifiers(TypeName? type)
    {
        var element = type?.Name is { } name && type.IsArray ? name.Substring(0, name.Length - 2) : type?.Name;
        if (type is null || element is null or "real" or "double precision")
        {
            return ImmutableArray<string>.Empty;
        }

        if (type.Modifiers.IsEmpty)
        {
            return element is "character" or "bit" ? ImmutableArray.Create("1") : ImmutableArray<string>.Empty;
        }

        var modifiers = type.Modifiers.Select(modifier => modifier switch
        {
            LiteralExpression { Text: { } text } => text,
            UnaryExpression { Operator: "-", Operand: LiteralExpression { Text: { } text } } => "-" + text,
            ColumnReference { IsStar: false, HasHole: false } word => word.Column,
            _ => null,
        }).ToList();
        if (modifiers.Contains(null))
        {
            return ImmutableArray<string>.Empty;
        }

        if (element == "numeric" && modifiers.Count == 1)
        {
            modifiers.Add("0");
        }

        return modifiers.ToImmutableArray()!;
    }

    /// <summary>The collation that a clause names, without its schema; null for the default one.</summary>
    public static string? Collation(QualifiedName? name) => name is null || name.HasHole || name.Name == "default" ? null : name.Name;

    /// <summary>A name that no relation of the schema has, and no constraint either where <paramref name="isConstraint"/> says so.</summary>
    public string ChooseRelationName(string schema, string name1, string? name2, string label, bool isConstraint) =>
        Choose(name1, name2, label, name => State.HasRelation(new ObjectName(schema, name)) || (isConstraint && State.HasConstraint(new ObjectName(schema, name))));

    /// <summary>A name that no constraint of the schema has.</summary>
    public string ChooseConstraintName(string schema, string name1, string? name2, string label, ICollection<string> others) =>
        Choose(name1, name2, label, name => others.Contains(name) || State.HasConstraint(new ObjectName(schema, name)));

    private static string Choose(string name1, string? name2, string label, Func<string, bool> isTaken)
    {
        var own = label;
        for (var number = 1; ; number++)
        {
            var name = SchemaNames.Make(name1, name2, own);
            if (!isTaken(name))
            {
                return name;
            }

            own = label + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
