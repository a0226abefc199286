using System.Collections.Immutable;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Schema;

/// <summary>Plays CREATE and ALTER of enums, composite types and domains.</summary>
internal sealed class TypeDefinitions(SchemaSession session, Renaming renaming)
{
    private CatalogState State => session.State;

    public void Create(CreateTypeStatement create)
    {
        if (create.Name.HasHole)
        {
            State.MayHoldMore = true;
            return;
        }

        var home = session.Home(create.Name);
        var isThere = State.Types.ContainsKey(home);
        if (isThere && session.SkipsExisting)
        {
            return;
        }

        State.Put(new UserType(home.Schema, home.Name, create.IsEnum ? UserTypeKind.Enum : create.IsComposite ? UserTypeKind.Composite : UserTypeKind.Other)
        {
            Labels = create.Labels,
            Attributes = create.Attributes.Where(attribute => !attribute.Name.HasHole).Select(attribute => TableCreation.ToColumn(session, attribute)).ToImmutableArray(),
            IsIncomplete = create.IsIncomplete || isThere,
            Origin = session.Origin(create.Span),
        });
    }

    public void Create(CreateDomainStatement create)
    {
        if (create.Name.HasHole)
        {
            State.MayHoldMore = true;
            return;
        }

        var home = session.Home(create.Name);
        if (State.Types.ContainsKey(home) && session.SkipsExisting)
        {
            return;
        }

        var written = create.Constraints.LastOrDefault(constraint => constraint.Kind == ConstraintKind.Default)?.Expression;
        State.Put(new UserType(home.Schema, home.Name, UserTypeKind.Domain)
        {
            BaseType = session.TypeText(create.Type),
            Modifiers = SchemaSession.Modifiers(create.Type),
            IsNotNull = create.IsNotNull,
            Default = written is null ? session.FindBase(create.Type)?.Default
                : CanonicalText.Strip(written) is LiteralExpression { Kind: LiteralKind.Null } ? null : new SchemaExpression(written),
            Collation = SchemaSession.Collation(create.Collation),
            IsIncomplete = create.Constraints.Any(constraint => constraint.Name is { HasHole: true }),
            Origin = session.Origin(create.Span),
        });
        foreach (var check in create.Constraints.Where(constraint => constraint.Kind == ConstraintKind.Check))
        {
            AddCheck(home, check);
        }
    }

    private void AddCheck(ObjectName domain, ConstraintDefinition check)
    {
        if (check.Expression is not { } expression || check.Name is { HasHole: true })
        {
            return;
        }

        var type = State.Types[domain];
        var name = check.Name is { } written ? SchemaSession.Text(written) : session.ChooseConstraintName(domain.Schema, domain.Name, null, "check", Array.Empty<string>());
        State.Put(type with
        {
            Checks = type.Checks.Add(new CheckConstraint(name, new SchemaExpression(expression)) { IsValid = !check.IsNotValid, Origin = session.Origin(check.Span) }),
        });
    }

    public void Alter(AlterTypeStatement alter)
    {
        if (session.FindType(alter.Name) is not { } type)
        {
            State.MayChangeAny |= alter.Name.HasHole;
            return;
        }

        if (alter.AddedLabel is { } label)
        {
            if (!type.Labels.Contains(label))
            {
                var neighbour = alter.Neighbour is null ? -1 : type.Labels.IndexOf(alter.Neighbour);
                State.Put(type with { Labels = neighbour < 0 ? type.Labels.Add(label) : type.Labels.Insert(neighbour + (alter.IsAfter ? 1 : 0), label) });
            }
        }
        else if (alter.RenamedLabel is not null && alter.NewName is not null)
        {
            State.Put(type with { Labels = type.Labels.Select(old => old == alter.RenamedLabel ? alter.NewName : old).ToImmutableArray() });
            renaming.Label(type.FullName, alter.RenamedLabel, alter.NewName);
        }
        else if (alter.NewName is not null)
        {
            Rename(type, alter.NewName, alter.IsSetSchema);
        }
        else
        {
            foreach (var action in alter.Attributes)
            {
                Apply(type.FullName, action);
            }

            foreach (var table in State.Tables.Values.Where(table => table.OfType == type.FullName && !alter.Attributes.IsEmpty).ToList())
            {
                // With CASCADE its columns follow.
                State.Doubt(table.FullName);
            }
        }
    }

    private void Rename(UserType type, string name, bool isSetSchema) =>
        renaming.Type(type.FullName, isSetSchema ? new ObjectName(SchemaNames.Truncate(name), type.Name) : new ObjectName(type.Schema, SchemaNames.Truncate(name)));

    private void Apply(ObjectName name, AlterTableAction action)
    {
        var type = State.Types[name];
        var attribute = action.Column is null ? "" : SchemaSession.Text(action.Column);
        if (action.Column is { HasHole: true } || action.NewName is { HasHole: true })
        {
            State.Put(type with { IsIncomplete = true });
            return;
        }

        switch (action.Kind)
        {
            case AlterTableActionKind.AddColumn:
                State.Put(type with { Attributes = type.Attributes.Add(TableCreation.ToColumn(session, action.Definition!)) });
                break;
            case AlterTableActionKind.DropColumn:
                State.Put(type with { Attributes = type.Attributes.RemoveAll(other => other.Name == attribute) });
                break;
            case AlterTableActionKind.AlterType:
                Change(type, attribute, old => old with { Type = session.TypeText(action.Type), Modifiers = SchemaSession.Modifiers(action.Type) });
                break;
            case AlterTableActionKind.RenameColumn when action.NewName is not null:
                Change(type, attribute, old => old with { Name = SchemaSession.Text(action.NewName) });
                break;
            case AlterTableActionKind.Unknown:
                State.Put(type with { IsIncomplete = true });
                break;
        }
    }

    private void Change(UserType type, string attribute, Func<Column, Column> change) =>
        State.Put(type with { Attributes = type.Attributes.Select(other => other.Name == attribute ? change(other) : other).ToImmutableArray() });

    public void Alter(AlterDomainStatement alter)
    {
        if (session.FindType(alter.Name) is not { } type)
        {
            State.MayChangeAny |= alter.Name.HasHole;
            return;
        }

        var action = alter.Action;
        var constraint = action.Column is null ? "" : SchemaSession.Text(action.Column);
        switch (action.Kind)
        {
            case AlterTableActionKind.SetNotNull or AlterTableActionKind.DropNotNull:
                State.Put(type with { IsNotNull = action.Kind == AlterTableActionKind.SetNotNull });
                break;
            case AlterTableActionKind.SetDefault:
                State.Put(type with { Default = action.Expression is null ? null : new SchemaExpression(action.Expression) });
                break;
            case AlterTableActionKind.DropDefault:
                State.Put(type with { Default = null });
                break;
            case AlterTableActionKind.AddConstraint when action.Constraint is { Kind: ConstraintKind.Check } check:
                AddCheck(type.FullName, check);
                break;
            case AlterTableActionKind.AddConstraint when action.Constraint is { Kind: ConstraintKind.NotNull }:
                State.Put(type with { IsNotNull = true });
                break;
            case AlterTableActionKind.DropConstraint:
                State.Put(type with { Checks = type.Checks.RemoveAll(check => check.Name == constraint) });
                break;
            case AlterTableActionKind.ValidateConstraint:
                State.Put(type with { Checks = type.Checks.Select(check => check.Name == constraint ? check with { IsValid = true } : check).ToImmutableArray() });
                break;
            case AlterTableActionKind.RenameConstraint when action.NewName is not null:
                State.Put(type with { Checks = type.Checks.Select(check => check.Name == constraint ? check with { Name = SchemaSession.Text(action.NewName) } : check).ToImmutableArray() });
                break;
            case AlterTableActionKind.RenameTable when action.NewName is not null:
                Rename(type, action.NewName.Text, isSetSchema: false);
                break;
            case AlterTableActionKind.SetSchema when action.NewName is not null:
                Rename(type, action.NewName.Text, isSetSchema: true);
                break;
            case AlterTableActionKind.Unknown:
                State.Put(type with { IsIncomplete = true });
                break;
        }
    }
}
