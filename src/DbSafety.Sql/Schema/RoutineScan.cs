using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Schema;

/// <summary>
/// Plays the definitions in the body of a DO. Those that certainly run are played, also behind a guard that asks the database whether they ran before; of the others
/// only what they name is known, and that is incomplete then.
/// </summary>
internal sealed class RoutineScan(SchemaSession session, Action<SqlStatement> play)
{
    /// <summary>How deep bodies may nest: a DO that executes a DO, a function that calls another.</summary>
    private const int MaxDepth = 20;

    /// <summary>The functions that the statement at hand calls: each is looked at once.</summary>
    private readonly HashSet<ObjectName> _called = new();
    private int _depth;

    private CatalogState State => session.State;

    /// <summary>Plays a DO.</summary>
    public void Run(RoutineStatement statement)
    {
        if (statement.Body is not { } body || statement.Language is not (null or "plpgsql") || _depth >= MaxDepth)
        {
            State.MayChangeAny = true;
            return;
        }

        var place = session.Place;
        session.Place ??= statement.Span;
        _depth++;
        Run(RoutineBody.Read(body), isCertain: true);
        _depth--;
        session.Place = place;
    }

    /// <summary>What a function of the scripts may do that is called.</summary>
    public void Call(ObjectName name)
    {
        if (_depth == 0)
        {
            _called.Clear();
        }

        if (!State.Routines.TryGetValue(name, out var routine) || !_called.Add(name))
        {
            return;
        }

        _depth++;
        if (routine is null || _depth > MaxDepth)
        {
            State.MayChangeAny = true;
        }
        else if (routine.Body is { } body)
        {
            if (routine.Language == "sql")
            {
                foreach (var statement in SqlParser.Parse(new SqlSource(body)).Statements)
                {
                    Doubt(statement);
                }
            }
            else if (routine.Language == "plpgsql")
            {
                Run(RoutineBody.Read(body), isCertain: false);
            }
        }

        _depth--;
    }

    /// <summary>Runs steps; whether those behind them still certainly run.</summary>
    private bool Run(ImmutableArray<RoutineStep> steps, bool isCertain)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case RoutineStep.Run { Node: var statement }:
                    if (isCertain)
                    {
                        Play(statement);
                    }
                    else
                    {
                        Doubt(statement);
                    }

                    break;
                case RoutineStep.Block block:
                    isCertain = RunBlock(block, isCertain);
                    break;
                case RoutineStep.Perhaps perhaps:
                    Run(perhaps.Steps, isCertain: false);
                    isCertain &= !Leaves(perhaps.Steps);
                    break;
                case RoutineStep.If choice:
                    isCertain = RunIf(choice, isCertain);
                    break;
                case RoutineStep.Leave:
                    return false;
            }
        }

        return isCertain;
    }

    private void Play(SqlStatement statement)
    {
        // INTO names a variable here.
        if (statement is SelectStatement { Query: SelectQuery { Into: not null } query } select)
        {
            statement = select with { Query = query with { Into = null } };
        }

        play(statement);
    }

    private bool RunBlock(RoutineStep.Block block, bool isCertain)
    {
        if (!block.HasHandlers || !isCertain)
        {
            isCertain = Run(block.Steps, isCertain);
            Run(block.Handlers, isCertain: false);
            return isCertain;
        }

        // EXCEPTION WHEN duplicate_object: what is there already stays.
        var skips = session.SkipsExisting;
        session.SkipsExisting = true;
        var goesOn = Run(block.Steps, isCertain: true);
        session.SkipsExisting = skips;
        Run(block.Handlers, isCertain: false);
        return goesOn;
    }

    private bool RunIf(RoutineStep.If choice, bool isCertain)
    {
        var answer = isCertain ? Holds(choice) : null;
        if (answer is { } isTrue)
        {
            return Run(isTrue ? choice.Then : choice.Else, isCertain: true);
        }

        Run(choice.Then, isCertain: false);
        Run(choice.Else, isCertain: false);
        return isCertain && !Leaves(choice.Then) && !Leaves(choice.Else);
    }

    private static bool Leaves(ImmutableArray<RoutineStep> steps) => steps.Any(step => step switch
    {
        RoutineStep.Leave => true,
        RoutineStep.If choice => Leaves(choice.Then) || Leaves(choice.Else),
        RoutineStep.Block block => Leaves(block.Steps) || Leaves(block.Handlers),
        RoutineStep.Perhaps perhaps => Leaves(perhaps.Steps),
        _ => false,
    });

    /// <summary>
    /// Whether the condition of an IF holds, or null: not known. Known are <c>[NOT] EXISTS</c> of the history of EF Core's migrations, of which each runs once, and of the catalogs of
    /// the database where a constant in the condition is the name of what the branch makes or takes away.
    /// </summary>
    private bool? Holds(RoutineStep.If choice)
    {
        var condition = choice.Condition;
        while (condition.Length > 1 && condition[0].Kind == SqlTokenKind.OpenParen && condition[condition.Length - 1].Kind == SqlTokenKind.CloseParen && Closes(condition))
        {
            condition = condition.RemoveAt(condition.Length - 1).RemoveAt(0);
        }

        var isNegated = condition.Length > 0 && condition[0].Is("not");
        var start = isNegated ? 1 : 0;
        if (condition.Length < start + 3 || !condition[start].Is("exists") || !Closes(condition.RemoveRange(0, start + 1)))
        {
            return null;
        }

        if (condition.Any(token => token.Text is { } text && text.EndsWith("EFMigrationsHistory", StringComparison.OrdinalIgnoreCase)))
        {
            return isNegated;
        }

        var asksCatalog = condition.Any(token => token.Kind == SqlTokenKind.Word && token.Text is { } text && (text == "information_schema" || text.StartsWith("pg_", StringComparison.Ordinal)));
        if (!asksCatalog)
        {
            return null;
        }

        foreach (var statement in Statements(choice.Then))
        {
            foreach (var (name, exists) in Names(statement))
            {
                if (choice.Constants.Contains(name))
                {
                    return exists is { } there ? there != isNegated : null;
                }
            }
        }

        return null;
    }

    /// <summary>Whether the first parenthesis is closed by the last token.</summary>
    private static bool Closes(ImmutableArray<SqlToken> tokens)
    {
        var depth = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            depth += tokens[i].Kind == SqlTokenKind.OpenParen ? 1 : tokens[i].Kind == SqlTokenKind.CloseParen ? -1 : 0;
            if (depth == 0)
            {
                return i == tokens.Length - 1;
            }
        }

        return false;
    }

    private static IEnumerable<SqlStatement> Statements(ImmutableArray<RoutineStep> steps) => steps.SelectMany(step => step switch
    {
        RoutineStep.Run run => new[] { run.Node },
        RoutineStep.Block block => Statements(block.Steps),
        _ => Enumerable.Empty<SqlStatement>(),
    });

    /// <summary>What a statement makes, takes away or renames, and whether that is there; null: not known.</summary>
    private IEnumerable<(string Name, bool? Exists)> Names(SqlStatement statement)
    {
        switch (statement)
        {
            case CreateTableStatement { Name.HasHole: false } create:
                yield return (create.Name.Name, State.HasRelation(session.Home(create.Name)));
                break;
            case CreateTypeStatement { Name.HasHole: false } create:
                yield return (create.Name.Name, State.Types.ContainsKey(session.Home(create.Name)));
                break;
            case CreateDomainStatement { Name.HasHole: false } create:
                yield return (create.Name.Name, State.Types.ContainsKey(session.Home(create.Name)));
                break;
            case CreateSchemaStatement { Name: { HasHole: false } schema }:
                yield return (schema.Text, State.Schemas.Contains(schema.Text) || schema.Text == "public");
                break;
            case CreateIndexStatement { Name: { HasHole: false } index } create when session.FindTable(create.Table) is { } table:
                yield return (index.Text, State.HasRelation(new ObjectName(table.Schema, SchemaSession.Text(index))));
                break;
            case CreateTriggerStatement { Name.HasHole: false } create when session.FindTable(create.Table) is { } table:
                yield return (create.Name.Text, table.IsIncomplete ? null : table.Triggers.Any(trigger => trigger.Name == SchemaSession.Text(create.Name)));
                break;
            case WrapperStatement { Name: { HasHole: false } name, Verb: "CREATE VIEW" or "CREATE MATERIALIZED VIEW" or "CREATE TABLE AS" }:
                yield return (name.Name, State.HasRelation(session.Home(name)));
                break;
            case AlterTypeStatement { AddedLabel: { } label } alter when session.FindType(alter.Name) is { } type:
                yield return (label, type.IsIncomplete ? null : type.Labels.Contains(label));
                break;
            case AlterTypeStatement { RenamedLabel: { } label } alter when session.FindType(alter.Name) is { } type:
                yield return (label, type.IsIncomplete ? null : type.Labels.Contains(label));
                break;
            case AlterTypeStatement { NewName: not null } alter when !alter.Name.HasHole:
                yield return (alter.Name.Name, session.FindType(alter.Name) is not null);
                break;
            case DropStatement drop:
                foreach (var name in drop.Names.Where(name => !name.HasHole))
                {
                    var exists = drop.Table is { } owner
                        ? session.FindTable(owner) is { IsIncomplete: false } owning ? owning.Triggers.Any(trigger => trigger.Name == name.Name) : null
                        : (bool?)(session.Find(name, full => State.HasRelation(full) || State.Types.ContainsKey(full)) is not null || State.Schemas.Contains(name.Name));
                    yield return (name.Name, exists);
                }

                break;
            case AlterTableStatement { Name.HasHole: false } alter:
                var altered = session.FindTable(alter.Name);
                foreach (var action in alter.Actions)
                {
                    var name = action.Kind is AlterTableActionKind.AddConstraint ? action.Constraint?.Name : action.Column;
                    if (name is { HasHole: false } && altered is not null)
                    {
                        var own = SchemaSession.Text(name);
                        yield return (own, altered.IsIncomplete ? null : altered.FindColumn(own) is not null || TableConstraints.IsConstraint(altered, own));
                    }
                }

                // IF EXISTS (.. 'old') THEN ALTER TABLE old RENAME TO new
                if (alter.Actions.Any(action => action.Kind is AlterTableActionKind.RenameTable or AlterTableActionKind.SetSchema))
                {
                    yield return (alter.Name.Name, session.Find(alter.Name, State.HasRelation) is not null);
                }

                break;
        }
    }

    /// <summary>A statement that may run, or not: what it names is not certain behind it.</summary>
    public void Doubt(SqlStatement statement)
    {
        switch (statement)
        {
            case CreateTableStatement create:
                var isThere = !create.Name.HasHole && State.HasRelation(session.Home(create.Name));
                if (isThere && create.IfNotExists)
                {
                    break;
                }

                play(create);
                if (!create.Name.HasHole)
                {
                    DoubtTable(create.Name);
                }

                break;
            case WrapperStatement { Verb: "CREATE VIEW" or "CREATE MATERIALIZED VIEW" or "CREATE TABLE AS", Name: { } name, IsTemporary: false }:
                play(statement);
                DoubtTable(name);
                break;
            case AlterTableStatement alter:
                DoubtTable(alter.Name);
                if (session.FindIndex(alter.Name) is var (owner, _) && alter.Verb != "ALTER SEQUENCE")
                {
                    State.Doubt(owner.FullName);
                }

                foreach (var child in alter.Actions.Where(action => action.Other is not null))
                {
                    DoubtTable(child.Other!);
                }

                break;
            case CreateIndexStatement create:
                DoubtTable(create.Table);
                break;
            case CreateTriggerStatement create:
                DoubtTable(create.Table);
                break;
            case DropStatement { Verb: "DROP TABLE" or "DROP VIEW" or "DROP MATERIALIZED VIEW" or "DROP FOREIGN TABLE" } drop:
                foreach (var name in drop.Names)
                {
                    DoubtTable(name);
                }

                break;
            case DropStatement { Verb: "DROP INDEX" } drop:
                foreach (var name in drop.Names)
                {
                    if (name.HasHole)
                    {
                        State.MayChangeAny = true;
                    }
                    else if (session.FindIndex(name) is var (table, _))
                    {
                        State.Doubt(table.FullName);
                    }
                }

                break;
            case DropStatement { Verb: "DROP TRIGGER", Table: { } table }:
                DoubtTable(table);
                break;
            case DropStatement { Verb: "DROP TYPE" or "DROP DOMAIN" or "DROP SCHEMA" or "DROP EXTENSION", IsCascade: true }:
                State.MayChangeAny = true;
                break;
            case CreateTypeStatement or CreateDomainStatement:
                play(statement);
                break;
            case AlterTypeStatement alter when session.FindType(alter.Name) is { } type:
                State.Put(type with { IsIncomplete = true });
                break;
            case AlterDomainStatement alter when session.FindType(alter.Name) is { } type:
                State.Put(type with { IsIncomplete = true });
                break;
            case RenameStatement { Verb: "ALTER SCHEMA" }:
                State.MayChangeAny = true;
                break;
            case RenameStatement { Table: { } owning }:
                DoubtTable(owning);
                break;
            case InsertStatement insert when session.FindTable(insert.Table.Name) is { } table:
                State.Put(table with { SeededRows = null });
                break;
            case RoutineStatement { Verb: "DO" }:
                State.MayChangeAny = true;
                break;
            case CallStatement or OtherStatement { Verb: "" }:
                play(statement);
                break;
            case SelectStatement { Query: SelectQuery query } select:
                // INTO names a variable here.
                play(select with { Query = query with { Into = null } });
                break;
        }
    }

    private void DoubtTable(QualifiedName name)
    {
        if (name.HasHole)
        {
            State.MayChangeAny = true;
        }
        else if (!session.IsTemporary(name) && session.FindTable(name) is { } table)
        {
            State.Doubt(table.FullName);
        }
    }
}
