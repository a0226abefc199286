using DbSafety.Analyzers.Apis;

namespace DbSafety.Analyzers.Model;

/// <summary>Writes a completed model as the statements that would create it.</summary>
internal sealed class EfDdl
{
    private readonly EfDeclared _model;
    private readonly EfCompletion _names;
    private readonly EfScriptWriter _sql = new();

    private EfDdl(EfDeclared model, EfCompletion names) => (_model, _names) = (model, names);

    /// <summary>The script of a model.</summary>
    public static EfScript Write(EfDeclared model, EfCompletion names, string name)
    {
        var ddl = new EfDdl(model, names);
        ddl.Write();
        return ddl._sql.ToScript(name);
    }

    private void Write()
    {
        var tables = new Dictionary<(string?, string), List<EfEntity>>();
        var order = new List<(string?, string)>();
        foreach (var entity in _model.Entities.Values)
        {
            if (entity.IsOwnedType || IsMadeElsewhere(entity) || _names.TableOf(entity) is not { } table)
            {
                continue;
            }

            var key = (_names.SchemaOf(entity), table);
            if (!tables.TryGetValue(key, out var sharing))
            {
                tables.Add(key, sharing = []);
                order.Add(key);
            }

            sharing.Add(entity);
        }

        foreach (var schema in order.Select(key => key.Item1).OfType<string>().Distinct())
        {
            var start = _sql.Position;
            _sql.Write("CREATE SCHEMA IF NOT EXISTS ").Name(schema).End(start, default);
        }

        foreach (var (type, label) in _model.EnumLabels)
        {
            var start = _sql.Position;
            _sql.Write("CREATE TYPE ").Write(type).Write(" AS ENUM (").List(label, text => _sql.Text(text)).Write(")").End(start, default);
        }

        foreach (var key in order)
        {
            Table(key.Item1, key.Item2, tables[key]);
        }

        foreach (var key in order)
        {
            Further(key.Item1, key.Item2, tables[key]);
        }

        if (_model.HasMore)
        {
            // Further tables: nothing of those above changes.
            _sql.Write("CREATE TABLE ").Hole().Write(" (").Hole().Write(");\n");
        }
    }

    private static bool IsMadeElsewhere(EfEntity entity) => entity.IsExcluded || entity.Root.IsExcluded || (entity.Ownership is { } ownership && IsMadeElsewhere(ownership.Owner));

    private void Table(string? schema, string table, List<EfEntity> entities)
    {
        var start = _sql.Position;
        _sql.Write("CREATE TABLE ").Name(schema, table).Write(" (");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var isFirst = true;
        foreach (var entity in entities)
        {
            foreach (var property in Own(entity, entities[0]))
            {
                if (_names.ColumnOf(entity, property) is { } column && !EfCompletion.IsSystem(property) && (column.IndexOf(EfDeclared.Unknown[0]) >= 0 || seen.Add(column)))
                {
                    Separate();
                    Column(entity, property, column, entities);
                }
            }

            if (entity.Ownership is { JsonColumn: not null } json && seen.Add(_names.JsonColumn(entity)))
            {
                Separate();
                var from = _sql.Position;
                _sql.Name(_names.JsonColumn(entity)).Write(" ").Write(json.JsonType ?? "jsonb");
                if (json.IsRequired && !json.IsMany && json.Owner.Ownership is null)
                {
                    _sql.Write(" NOT NULL");
                }

                _sql.Mark(from, EfSite.Of(json.Owner.Type is { } type ? EfTypes.PropertyOf(type, json.Navigation) : null).Or(entity.Site));
            }
        }

        var main = entities[0];
        if (!main.IsKeyless && main.Root.PrimaryKey is { } key && !IsJsonPart(main))
        {
            Separate();
            var from = _sql.Position;
            _sql.Write("CONSTRAINT ").Name(NameOf(key.Name, () => Rewrite(EfNaming.PrimaryKey(table)))).Write(" PRIMARY KEY (").Names(Columns(main, key.Properties)).Write(")").Mark(from, key.Site);
        }

        foreach (var entity in entities)
        {
            foreach (var alternate in entity.AlternateKeys)
            {
                Separate();
                var from = _sql.Position;
                var columns = Columns(entity, alternate.Properties);
                _sql.Write("CONSTRAINT ").Name(NameOf(alternate.Name, () => Rewrite(EfNaming.AlternateKey(table, columns)))).Write(" UNIQUE (").Names(columns).Write(")").Mark(from, alternate.Site);
            }

            foreach (var (name, sql, site) in entity.Checks)
            {
                Separate();
                var from = _sql.Position;
                _sql.Write("CONSTRAINT ").Name(name).Write(" CHECK (").Write(sql).Write(")").Mark(from, site);
            }
        }

        if (_model.IsUncertain || _model.HasUnknownNames || entities.Any(entity => entity.IsUncertain || (entity.Type is null && !_model.IsSnapshot && !entity.IsJoin)))
        {
            Separate();
            _sql.Hole();
        }

        _sql.Write(")").End(start, main.Site);

        void Separate()
        {
            _sql.Write(isFirst ? "\n    " : ",\n    ");
            isFirst = false;
        }
    }

    private static bool IsJsonPart(EfEntity entity) => entity.Ownership is { IsJson: true };

    // Of each class its own properties; of a table for each class the key again.
    private static IEnumerable<EfProperty> Own(EfEntity entity, EfEntity main)
    {
        if (IsJsonPart(entity))
        {
            return [];
        }

        if (entity.Base is not null && entity.Root.IsTablePerType)
        {
            return entity.AllProperties.Where(property => entity.Properties.Contains(property) || entity.Root.PrimaryKey?.Properties.Contains(property.Name) == true);
        }

        // The owner's key is written with the owner.
        return EfCompletion.IsInline(entity) && entity != main && entity.Ownership is { IsComplex: false }
            ? entity.Properties.Where(property => entity.PrimaryKey?.Properties.Contains(property.Name) != true) : entity.Properties;
    }

    private void Column(EfEntity entity, EfProperty property, string column, List<EfEntity> sharing)
    {
        var from = _sql.Position;
        _sql.Name(column).Write(" ");
        if (property.IsSerial)
        {
            _sql.Write(_names.TypeOf(property) switch { "bigint" => "bigserial", "smallint" => "smallserial", "integer" => "serial", var other => other });
        }
        else
        {
            _sql.Write(_names.TypeOf(property));
        }

        if (_names.IsNotNull(entity, property))
        {
            _sql.Write(" NOT NULL");
        }
        else if (property.IsUncertain && property.StoreType is not null)
        {
            _sql.Write(" ").Hole();
        }

        if (_names.IsIdentity(entity, property))
        {
            _sql.Write(_model.HasSerials ? " DEFAULT 0" : " GENERATED BY DEFAULT AS IDENTITY");
        }
        else if (property.ComputedSql is { } computed)
        {
            _sql.Write(" GENERATED ALWAYS AS (").Write(computed).Write(") STORED");
        }
        else if (property.HasDefault && property.DefaultSql is { Length: > 0 } value)
        {
            _sql.Write(" DEFAULT ").Write(value is "NULL" ? value : IsSimple(value) ? value : "(" + value + ")");
        }

        _sql.Mark(from, property.Site);
    }

    private static bool IsSimple(string value) => value.IndexOf(EfDeclared.Unknown[0]) >= 0 || value[0] == '\'' || char.IsDigit(value[0]) || value is "TRUE" or "FALSE";

    /// <summary>What stands behind the tables: foreign keys, indexes, rows.</summary>
    private void Further(string? schema, string table, List<EfEntity> entities)
    {
        foreach (var relation in _model.Relations.Where(relation => entities.Contains(relation.Dependent)))
        {
            ForeignKey(schema, table, relation);
        }

        // A class below a table of its own points to the one above by its key.
        foreach (var entity in entities.Where(entity => entity.Base is not null && entity.Root.IsTablePerType && entity.Root.PrimaryKey is not null))
        {
            if (_names.TableOf(entity.Base!) is { } above && above != table)
            {
                var columns = Columns(entity, entity.Root.PrimaryKey!.Properties);
                var start = _sql.Position;
                _sql.Write("ALTER TABLE ").Name(schema, table).Write(" ADD CONSTRAINT ").Name(Rewrite(EfNaming.ForeignKey(table, above, columns))).Write(" FOREIGN KEY (").Names(columns).Write(") REFERENCES ")
                    .Name(_names.SchemaOf(entity.Base!), above).Write(" (").Names(Columns(entity.Base!, entity.Root.PrimaryKey.Properties)).Write(") ON DELETE CASCADE").End(start, entity.Site);
            }
        }

        foreach (var entity in entities)
        {
            foreach (var index in entity.Indexes)
            {
                Index(schema, table, entity, index);
            }

            if (entity.SeededRows is null)
            {
                _sql.Write("INSERT INTO ").Name(schema, table).Write(" SELECT ").Hole().Write(";\n");
            }
            else if (entity.SeededRows > 0)
            {
                _sql.Write("INSERT INTO ").Name(schema, table).Write(" VALUES ").List(Enumerable.Range(0, entity.SeededRows.Value), _ => _sql.Write("(DEFAULT)")).Write(";\n");
            }
        }
    }

    private void ForeignKey(string? schema, string table, EfRelation relation)
    {
        if (EfCompletion.IsInline(relation.Dependent) && relation.Dependent.Ownership is { } ownership && ownership.Owner == relation.Principal)
        {
            return;
        }

        var key = relation.PrincipalKey ?? relation.Principal.Root.PrimaryKey?.Properties;
        if (IsJsonPart(relation.Dependent) || _names.TableOf(relation.Principal) is not { } principal)
        {
            return;
        }

        var start = _sql.Position;
        if (relation.ForeignKey is not { } properties || key is null || relation.IsUncertain)
        {
            _sql.Write("ALTER TABLE ").Name(schema, table).Write(" ").Hole().End(start, relation.Site);
            return;
        }

        var columns = Columns(relation.Dependent, properties);
        // Of a table that two entities share, the key of one is that of the other.
        if (principal == table && _names.SchemaOf(relation.Principal) == schema && columns.SequenceEqual(Columns(relation.Principal, key)))
        {
            return;
        }

        _sql.Write("ALTER TABLE ").Name(schema, table).Write(" ADD CONSTRAINT ").Name(NameOf(relation.ConstraintName, () => Rewrite(EfNaming.ForeignKey(table, principal, columns))))
            .Write(" FOREIGN KEY (").Names(columns).Write(") REFERENCES ").Name(_names.SchemaOf(relation.Principal), principal).Write(" (").Names(Columns(relation.Principal, key)).Write(")");
        var behavior = relation.DeleteBehavior ?? (relation.IsRequired == true ? EfModelNames.Cascade : null);
        if (behavior == EfDeclared.Unknown)
        {
            _sql.Write(" ").Hole();
        }
        else if (behavior is not null && EfModelNames.OnDelete(behavior) is { } action)
        {
            _sql.Write(" ON DELETE ").Write(action);
        }

        _sql.End(start, relation.Site);
    }

    private void Index(string? schema, string table, EfEntity entity, EfIndex index)
    {
        if (IsJsonPart(entity))
        {
            return;
        }

        var start = _sql.Position;
        var columns = Columns(entity, index.Properties);
        _sql.Write(index.IsUnique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").Name(NameOf(index.Name, () => Rewrite(EfNaming.Index(table, columns)))).Write(" ON ").Name(schema, table);
        EfIndexes.Write(_sql, index, columns, index.Include is { } include ? Columns(entity, include) : null);
        _sql.End(start, index.Site);
    }

    private List<string> Columns(EfEntity entity, IEnumerable<string> properties) =>
        properties.Select(name => entity.Find(name) is { } property ? _names.ColumnOf(entity, property) ?? EfDeclared.Unknown : EfDeclared.Unknown).ToList();

    private static string NameOf(string? told, Func<string> made) => told ?? made();

    private string Rewrite(string name) => _names.Rewrite(name);
}

/// <summary>Writes what stands behind the table in CREATE INDEX, for models and migrations alike.</summary>
internal static class EfIndexes
{
    /// <summary>Writes the method, the keys and the clauses of an index.</summary>
    public static void Write(EfScriptWriter sql, EfIndex index, IReadOnlyList<string> columns, IReadOnlyList<string>? include)
    {
        if (index.Method is { } method)
        {
            sql.Write(" USING ").Write(method);
        }

        sql.Write(" (");
        var at = 0;
        sql.List(columns, column =>
        {
            sql.Name(column);
            if (index.Operators is { } operators && at < operators.Count && operators[at].Length > 0)
            {
                sql.Write(" ").Write(operators[at]);
            }

            if (index.Descending is { } descending && (descending.Count == 0 || (at < descending.Count && descending[at])))
            {
                sql.Write(" DESC");
            }

            if (index.NullSortOrder is { } nulls && at < nulls.Count && EfModelNames.Nulls(nulls[at]) is { } order)
            {
                sql.Write(" NULLS ").Write(order);
            }

            at++;
        });
        if (index.IsUncertain)
        {
            sql.Write(columns.Count > 0 ? ", " : "").Hole();
        }

        sql.Write(")");
        if (include is { Count: > 0 })
        {
            sql.Write(" INCLUDE (").Names(include).Write(")");
        }

        if (index.IsNullsNotDistinct)
        {
            sql.Write(" NULLS NOT DISTINCT");
        }

        if (index.Filter is { Length: > 0 } filter)
        {
            sql.Write(" WHERE ").Write(filter);
        }
    }
}
