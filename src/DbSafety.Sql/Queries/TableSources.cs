using System.Collections.Immutable;
using DbSafety.Sql.Schema;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Queries;

/// <content>What stands in FROM: tables, views, WITH queries, derived tables, functions, joins.</content>
internal sealed partial class StatementReading
{
    /// <summary>Reads an entry of FROM. Its names are added to the scope by the caller, who knows what else is visible.</summary>
    private (JoinNode Node, Namespace Names) ReadSource(TableSource source, Scope scope, Level level)
    {
        if (!Enter())
        {
            return (new ListNode(), new Namespace());
        }

        var result = source switch
        {
            JoinedTable join => ReadJoin(join, scope, level),
            TableReference table => ReadTable(table, scope, level, isTarget: false),
            DerivedTable derived => ReadQuerySource(derived.Query, derived.IsLateral ? scope : Hidden(scope), scope, level, derived.Alias?.Text ?? "", null, scope.Place ?? derived.Span,
                derived.ColumnAliases.Select(name => name.Text).ToList()),
            FunctionTable function => ReadFunction(function, scope, level),
            _ => ReadUnknown(source, scope, level),
        };
        Leave();
        return result;
    }

    /// <summary>The scope without the entries of FROM to the left, which only LATERAL sees.</summary>
    private static Scope Hidden(Scope scope) => new(scope.Outer) { SearchPath = scope.SearchPath, Place = scope.Place };

    private Relation NewRelation(Level level, SqlSpan span, Table? table)
    {
        var relation = new Relation(_relations.Count, level, span) { Table = table, Number = table is null ? -1 : _uses++ };
        _relations.Add(relation);
        level.Relations.Add(relation);
        if (_uses > MaxUses || _relations.Count > 4 * MaxUses)
        {
            GiveUp();
        }

        return relation;
    }

    private (JoinNode, Namespace) Leaf(Relation relation, TableEntry entry)
    {
        entry.Beneath.Add(relation);
        return (new LeafNode(relation), Namespace.Of(entry));
    }

    private (JoinNode, Namespace) ReadUnknown(TableSource source, Scope scope, Level level)
    {
        level.IsUncertain = true;
        var relation = NewRelation(level, scope.Place ?? source.Span, null);
        return Leaf(relation, new TableEntry(source.Alias?.Text ?? "", null) { Open = relation });
    }

    private (JoinNode Node, Namespace Names) ReadTable(TableReference reference, Scope scope, Level level, bool isTarget)
    {
        var span = scope.Place ?? reference.Span;
        var aliases = reference.ColumnAliases.Select(name => name.Text).ToList();
        var alias = reference.Alias?.Text ?? reference.Name.Name;
        var schema = reference.Alias is null ? reference.Name.Schema : null;
        if (!isTarget && reference.Name.Parts.Length == 1 && !reference.Name.HasHole && scope.FindCommonTable(reference.Name.Name) is { } common)
        {
            return ReadCommonTable(common, scope, level, alias, span, aliases);
        }

        var table = scope.FindTable(_catalog, reference.Name);
        var nameSpan = scope.Place ?? reference.Name.Span;
        if (table is { View: { } view, Kind: TableKind.View })
        {
            var inside = new Scope(null) { SearchPath = view.SearchPath, Place = nameSpan };
            var names = table.Columns.IsEmpty ? view.Columns.ToList() : table.Columns.Select(column => column.Name).ToList();
            var read = ReadQuerySource(view.Query, inside, scope, level, alias, schema, nameSpan, Over(aliases, names));
            foreach (var beneath in read.Names.Tables[0].Beneath)
            {
                beneath.IsTarget |= isTarget;
            }

            return read;
        }

        var isKnown = table is { Kind: not (TableKind.View or TableKind.Foreign) };
        var relation = NewRelation(level, nameSpan, isKnown ? table : null);
        relation.IsTarget = isTarget;
        var entry = new TableEntry(alias, schema) { Relation = relation, Open = table is { Columns.IsEmpty: false } && _catalog.IsComplete(table) ? null : relation };
        if (table is not null)
        {
            for (var i = 0; i < table.Columns.Length; i++)
            {
                var column = table.Columns[i];
                entry.Columns.Add(new EntryColumn(i < aliases.Count ? aliases[i] : column.Name, column.Name, relation, _catalog.BaseType(column.Type), null));
            }
        }
        else
        {
            entry.Columns.AddRange(aliases.Select(name => new EntryColumn(name, name, relation, null, null)));
        }

        return Leaf(relation, entry);
    }

    /// <summary>The aliases of the reference, then the names that the query has.</summary>
    private static List<string> Over(List<string> aliases, List<string> names) => aliases.Concat(names.Skip(aliases.Count)).ToList();

    private (JoinNode, Namespace) ReadCommonTable(CommonTableEntry common, Scope scope, Level level, string alias, SqlSpan span, List<string> aliases)
    {
        var names = common.Table.Columns.Select(name => name.Text).ToList();
        if (common.IsInlined && common.Table.Statement is SelectStatement select)
        {
            return ReadQuerySource(select.Query, common.Scope, scope, level, alias, null, span, Over(aliases, names));
        }

        var relation = NewRelation(level, span, null);
        var entry = new TableEntry(alias, null) { Open = common.IsOpen ? relation : null };
        entry.Columns.AddRange(Over(aliases, common.Columns.Count > 0 ? common.Columns : names).Select(name => new EntryColumn(name, name, relation, null, null)));
        return Leaf(relation, entry);
    }

    private (JoinNode, Namespace) ReadFunction(FunctionTable function, Scope scope, Level level)
    {
        var span = scope.Place ?? function.Span;
        var bound = function.Functions.Select(call => Bind(call, scope)).ToList();
        var relation = NewRelation(level, span, null);
        relation.DependsOn.UnionWith(bound.SelectMany(call => FactsOf(call).Relations));
        var name = function.Functions.Length == 1 && function.Functions[0] is FunctionCall { Name.HasHole: false } only ? only.Name.Name : "";
        var alias = function.Alias?.Text ?? name;
        var columns = function.ColumnAliases.IsEmpty ? BuiltinFunctions.Columns(name, alias)?.ToList() : function.ColumnAliases.Select(column => column.Text).ToList();
        var entry = new TableEntry(alias, null) { Open = columns is null ? relation : null };
        entry.Columns.AddRange((columns ?? []).Concat(["ordinality"]).Select(column => new EntryColumn(column, column, relation, null, null)));
        return Leaf(relation, entry);
    }

    /// <summary>A query in FROM: pulled up into the query around, or a relation of its own.</summary>
    /// <param name="query">The query.</param>
    /// <param name="inside">The scope that it sees.</param>
    /// <param name="scope">The scope that it stands in.</param>
    /// <param name="level">The level that it stands in.</param>
    /// <param name="alias">Its name.</param>
    /// <param name="schema">Its schema, for a view.</param>
    /// <param name="span">Where it stands.</param>
    /// <param name="names">The names of its columns, where given.</param>
    private (JoinNode Node, Namespace Names) ReadQuerySource(SqlQuery query, Scope inside, Scope scope, Level level, string alias, string? schema, SqlSpan span, List<string> names)
    {
        var outer = Watch(() => ReadQuery(query, inside), out var plan);
        var entry = new TableEntry(alias, schema);
        JoinNode node;
        if (plan is SelectPlan { IsSimple: true } simple)
        {
            MoveInto(level, simple.Level);
            if (plan.Outputs.Any(output => FactsOf(output.Expression!).HasUnknownFunction))
            {
                // A function of the user may be volatile; then PostgreSQL would not pull the query up.
                simple.Level.Relations.ForEach(beneath => beneath.IsUncertain = true);
            }

            node = simple.Root;
            entry.OpenTables.AddRange(plan.OpenOutputs);
            entry.Columns.AddRange(plan.Outputs.Select((output, i) => new EntryColumn(i < names.Count ? names[i] : output.Name, "", null, null, output.Expression)));
            entry.Beneath.AddRange(simple.Level.Relations);
            return (node, Namespace.Of(entry));
        }

        if (plan is OtherPlan { IsOneRow: true } && plan.Outputs.All(output => FactsOf(output.Expression!) is { IsVolatile: false, HasSet: false, HasSubquery: false, HasUnknownFunction: false }))
        {
            entry.Columns.AddRange(plan.Outputs.Select((output, i) => new EntryColumn(i < names.Count ? names[i] : output.Name, "", null, null, output.Expression)));
            return (new ListNode(), Namespace.Of(entry));
        }

        var relation = NewRelation(level, span, null);
        relation.Plan = plan;
        relation.DependsOn.UnionWith(outer.Select(column => column.Relation));
        entry.Open = plan is OtherPlan { Outputs.Count: 0 } || plan.OpenOutputs.Count > 0 ? relation : null;
        for (var i = 0; i < plan.Outputs.Count; i++)
        {
            var type = plan.Outputs[i].Expression is { } expression ? FactsOf(expression).Type : null;
            entry.Columns.Add(new EntryColumn(i < names.Count ? names[i] : plan.Outputs[i].Name, "#" + i, relation, type, null));
        }

        if (plan.Outputs.Count == 0)
        {
            entry.Columns.AddRange(names.Select(name => new EntryColumn(name, name, relation, null, null)));
        }

        return Leaf(relation, entry);
    }

    /// <summary>What a level has becomes a part of another one.</summary>
    private static void MoveInto(Level level, Level inner)
    {
        foreach (var relation in inner.Relations)
        {
            relation.Level = level;
            relation.IsUncertain |= inner.IsUncertain;
            level.Relations.Add(relation);
        }
    }

    private (JoinNode, Namespace) ReadJoin(JoinedTable join, Scope scope, Level level)
    {
        level.IsUncertain |= join.HasHole;
        var (left, leftNames) = ReadSource(join.Left, scope, level);

        // LATERAL on the right side sees the left one.
        scope.Namespaces.Add(leftNames);
        var (right, rightNames) = ReadSource(join.Right, scope, level);
        scope.Namespaces.RemoveAt(scope.Namespaces.Count - 1);

        if (join.Kind is JoinKind.Left or JoinKind.Full)
        {
            MakeNullable(rightNames);
        }

        if (join.Kind is JoinKind.Right or JoinKind.Full)
        {
            MakeNullable(leftNames);
        }

        var conditions = new List<SqlExpression>();
        var merged = MergeColumns(join, leftNames, rightNames, conditions, scope);
        if (join.On is not null)
        {
            // ON sees both sides, and what stands around the whole FROM.
            var on = new Scope(scope.Outer) { SearchPath = scope.SearchPath, Place = scope.Place };
            on.Namespaces.AddRange(scope.Namespaces);
            on.Namespaces.Insert(0, rightNames);
            on.Namespaces.Insert(0, leftNames);
            if (join.Kind is JoinKind.Inner or JoinKind.Cross)
            {
                var list = new ListNode();
                list.Items.Add(left);
                list.Items.Add(right);
                AddConditions(join.On, on, level, list);
                return (list, Name(join, Namespace.Join(leftNames, rightNames, merged)));
            }

            var bound = Bind(join.On, on);
            conditions.Add(bound);
            MarkHoles(bound, leftNames.Tables.Concat(rightNames.Tables));
        }

        if (join.Kind is JoinKind.Inner or JoinKind.Cross)
        {
            var list = new ListNode();
            list.Items.Add(left);
            list.Items.Add(right);
            list.Conditions.AddRange(conditions);
            return (list, Name(join, Namespace.Join(leftNames, rightNames, merged)));
        }

        var pair = join.Kind switch
        {
            JoinKind.Left => new PairNode(NodeJoin.Left, left, right),
            JoinKind.Right => new PairNode(NodeJoin.Left, right, left),
            _ => new PairNode(NodeJoin.Full, left, right),
        };
        pair.Conditions.AddRange(conditions);
        return (pair, Name(join, Namespace.Join(leftNames, rightNames, merged)));
    }

    /// <summary>An expression that an outer join may null is no expression over its columns any more.</summary>
    private void MakeNullable(Namespace names)
    {
        Change(names.Columns);
        foreach (var table in names.Tables)
        {
            Change(table.Columns);
        }

        void Change(List<EntryColumn> columns)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].Expression is { } expression and not ColumnReference)
                {
                    columns[i] = columns[i] with { Expression = Opaque(expression.Span, FactsOf(expression).Relations.ToList()) };
                }
            }
        }
    }

    /// <summary>The columns of USING and NATURAL: equalities, and names that stand for both sides.</summary>
    private List<EntryColumn> MergeColumns(JoinedTable join, Namespace left, Namespace right, List<SqlExpression> conditions, Scope scope)
    {
        var merged = new List<EntryColumn>();
        var names = join.IsNatural
            ? left.Columns.Select(column => column.Name).Where(name => right.Columns.Any(column => column.Name == name)).Distinct().Select(name => (Name: name, join.Span)).ToList()
            : join.Using.Select(name => (Name: name.Text, name.Span)).ToList();
        if (join.IsNatural && left.Tables.Concat(right.Tables).Any(table => table.IsOpen))
        {
            foreach (var relation in left.Tables.Concat(right.Tables).SelectMany(table => table.Beneath))
            {
                relation.IsUncertain = true;
            }
        }

        foreach (var (name, written) in names)
        {
            var span = scope.Place ?? written;
            var leftColumn = ColumnOf(left);
            var rightColumn = ColumnOf(right);
            conditions.Add(new BinaryExpression(span, "=", leftColumn, rightColumn));
            var visible = join.Kind switch
            {
                JoinKind.Right => rightColumn,
                JoinKind.Full => Opaque(span, FactsOf(leftColumn).Relations.Concat(FactsOf(rightColumn).Relations).ToList()),
                _ => leftColumn,
            };
            merged.Add(new EntryColumn(name, name, null, null, visible));

            SqlExpression ColumnOf(Namespace side)
            {
                foreach (var column in side.Columns)
                {
                    if (column.Name == name)
                    {
                        return Use(column, span);
                    }
                }

                return OpenColumn(side.Tables.SelectMany(table => table.Candidates()).ToList(), name, span, side.Tables.SelectMany(table => table.Beneath));
            }
        }

        return merged;
    }

    /// <summary><c>(a JOIN b ..) AS j (c, d)</c>: the alias hides the names inside.</summary>
    private static Namespace Name(JoinedTable join, Namespace names)
    {
        if (join.Alias is null)
        {
            return names;
        }

        var entry = new TableEntry(join.Alias.Text, null);
        entry.Columns.AddRange(names.Columns.Select((column, i) => i < join.ColumnAliases.Length ? column with { Name = join.ColumnAliases[i].Text } : column));
        entry.OpenTables.AddRange(names.Tables.Where(table => table.IsOpen));
        entry.Beneath.AddRange(names.Tables.SelectMany(table => table.Beneath));
        return Namespace.Of(entry);
    }
}
