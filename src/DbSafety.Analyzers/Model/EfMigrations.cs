using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <summary>
/// Writes what a migration does as statements, by its syntax alone: it is generated code, often of another project. What it does in loops, behind conditions or by helpers of the
/// user's own becomes a hole, after which the schema is not certain.
/// </summary>
internal sealed class EfMigrations
{
    private readonly EfScriptWriter _sql = new();
    private readonly EfValues _values = new(null);
    private readonly string _builder;

    private EfMigrations(string builder, SyntaxNode up)
    {
        _builder = builder;

        // Constants of the method and its class.
        var constants = (up.Parent?.ChildNodes().OfType<FieldDeclarationSyntax>().Where(field => field.Modifiers.Any(SyntaxKind.ConstKeyword)).SelectMany(field => field.Declaration.Variables) ?? [])
            .Concat(up.DescendantNodes().OfType<LocalDeclarationStatementSyntax>().SelectMany(local => local.Declaration.Variables))
            .Where(variable => variable.Initializer is not null && !up.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => assignment.Left is IdentifierNameSyntax name && name.Identifier.ValueText == variable.Identifier.ValueText))
            .GroupBy(variable => variable.Identifier.ValueText).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First().Initializer!.Value, StringComparer.Ordinal);
        _values.Locals = name => constants.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>The statements of a migration.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="up">The method that migrates.</param>
    public static EfScript Read(string id, MethodDeclarationSyntax up)
    {
        var reader = new EfMigrations(up.ParameterList.Parameters[0].Identifier.ValueText, up);
        if (up.Body is { } body)
        {
            reader.Statements(body.Statements);
        }
        else if (up.ExpressionBody is { } arrow)
        {
            reader.Expression(arrow.Expression);
        }

        return reader._sql.ToScript(id);
    }

    private void Statements(IEnumerable<StatementSyntax> statements)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case BlockSyntax block:
                    Statements(block.Statements);
                    break;
                case ExpressionStatementSyntax expression:
                    Expression(expression.Expression);
                    break;
                // if (migrationBuilder.IsNpgsql())
                case IfStatementSyntax { Condition: InvocationExpressionSyntax call } choice when EfCalls.Of(EfValues.LastName(call.Expression) ?? "") == EfCall.IsNpgsql:
                    Statements([choice.Statement]);
                    break;
                default:
                    if (Uses(statement))
                    {
                        Unknown(statement);
                    }

                    break;
            }
        }
    }

    private bool Uses(SyntaxNode node) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == _builder);

    private void Unknown(SyntaxNode site)
    {
        var start = _sql.Position;
        _sql.Hole().End(start, EfSite.Of(site));
    }

    private void Expression(ExpressionSyntax expression)
    {
        // migrationBuilder.CreateIndex(..).Annotation("Npgsql:IndexMethod", "gin"): the operation stands innermost.
        var annotations = new List<(string Name, ExpressionSyntax Value)>();
        while (expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call)
        {
            var name = EfCalls.Of(access.Name.Identifier.ValueText);
            if (access.Expression is IdentifierNameSyntax receiver && receiver.Identifier.ValueText == _builder)
            {
                Operation(name, call, annotations);
                return;
            }

            if (name == EfCall.Annotation && call.ArgumentList.Arguments is { Count: 2 } arguments && _values.Text(arguments[0].Expression) is { } annotation)
            {
                annotations.Add((annotation, arguments[1].Expression));
            }
            else if (name != EfCall.OldAnnotation)
            {
                break;
            }

            expression = access.Expression;
        }

        if (Uses(expression))
        {
            Unknown(expression);
        }
    }

    private void Operation(EfCall operation, InvocationExpressionSyntax call, List<(string Name, ExpressionSyntax Value)> annotations)
    {
        var arguments = new EfArguments(call, _values);
        var start = _sql.Position;
        var (schema, table) = (arguments.Text("schema"), arguments.Text("table") ?? "");
        var name = arguments.Text("name", 0) ?? "";
        switch (operation)
        {
            case EfCall.CreateTable:
                CreateTable(arguments);
                break;
            case EfCall.DropTable:
                _sql.Write("DROP TABLE ").Name(schema, name);
                break;
            case EfCall.RenameTable:
                var newSchema = arguments.Text("newSchema");
                if (arguments.Text("newName") is { } newName && newName != name)
                {
                    _sql.Write("ALTER TABLE ").Name(schema, name).Write(" RENAME TO ").Name(newName);
                    if (newSchema is not null && newSchema != schema)
                    {
                        _sql.Write(";\nALTER TABLE ").Name(schema, newName).Write(" SET SCHEMA ").Name(newSchema);
                    }
                }
                else if (newSchema is not null && newSchema != schema)
                {
                    _sql.Write("ALTER TABLE ").Name(schema, name).Write(" SET SCHEMA ").Name(newSchema);
                }

                break;
            case EfCall.AddColumn:
                _sql.Write("ALTER TABLE ").Name(schema, table).Write(" ADD ");
                Column(arguments, name, annotations);
                break;
            case EfCall.DropColumn:
                _sql.Write("ALTER TABLE ").Name(schema, table).Write(" DROP COLUMN ").Name(name);
                break;
            case EfCall.RenameColumn:
                _sql.Write("ALTER TABLE ").Name(schema, table).Write(" RENAME COLUMN ").Name(name).Write(" TO ").Name(arguments.Text("newName", 2) ?? EfDeclared.Unknown);
                break;
            case EfCall.AlterColumn:
                AlterColumn(arguments, schema, table, name, annotations);
                break;
            case EfCall.CreateIndex:
                CreateIndex(arguments, schema, table, name, annotations, call);
                break;
            case EfCall.DropIndex:
                _sql.Write("DROP INDEX ").Name(schema, name);
                break;
            case EfCall.RenameIndex:
                _sql.Write("ALTER INDEX ").Name(schema, name).Write(" RENAME TO ").Name(arguments.Text("newName", 1) ?? EfDeclared.Unknown);
                break;
            case EfCall.AddForeignKey or EfCall.AddPrimaryKey or EfCall.AddUniqueConstraint or EfCall.AddCheckConstraint:
                _sql.Write("ALTER TABLE ").Name(schema, table).Write(" ADD ");
                Constraint(operation, arguments, name, null);
                break;
            case EfCall.DropForeignKey or EfCall.DropPrimaryKey or EfCall.DropUniqueConstraint or EfCall.DropCheckConstraint:
                _sql.Write("ALTER TABLE ").Name(schema, table).Write(" DROP CONSTRAINT ").Name(name);
                break;
            case EfCall.EnsureSchema:
                _sql.Write("CREATE SCHEMA IF NOT EXISTS ").Name(name);
                break;
            case EfCall.DropSchema:
                _sql.Write("DROP SCHEMA ").Name(name);
                break;
            case EfCall.CreateSequence:
                _sql.Write("CREATE SEQUENCE ").Name(schema, name);
                break;
            case EfCall.DropSequence:
                _sql.Write("DROP SEQUENCE ").Name(schema, name);
                break;
            case EfCall.RenameSequence or EfCall.AlterSequence or EfCall.RestartSequence or EfCall.AlterTable or EfCall.UpdateData or EfCall.DeleteData or EfCall.EnsurePostgresExtension or EfCall.IsNpgsql:
                return;
            case EfCall.AlterDatabase:
                Enums(call, annotations);
                return;
            case EfCall.InsertData:
                InsertData(arguments, schema, table);
                break;
            case EfCall.Sql:
                _sql.Write(arguments.Text("sql", 0) ?? EfDeclared.Unknown);
                break;
            default:
                _sql.Hole();
                break;
        }

        if (_sql.Position > start)
        {
            _sql.End(start, EfSite.Of(call));
        }
    }

    private void CreateTable(EfArguments arguments)
    {
        _sql.Write("CREATE TABLE ").Name(arguments.Text("schema"), arguments.Text("name", 0) ?? EfDeclared.Unknown).Write(" (");
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        var isFirst = true;
        if (arguments["columns", 1] is LambdaExpressionSyntax { Body: AnonymousObjectCreationExpressionSyntax anonymous })
        {
            foreach (var part in anonymous.Initializers)
            {
                var member = part.NameEquals?.Name.Identifier.ValueText ?? "";
                Separate();
                var from = _sql.Position;
                var annotations = new List<(string, ExpressionSyntax)>();
                if (Innermost(part.Expression, EfCall.Column, annotations) is { } column)
                {
                    var inner = new EfArguments(column, _values);
                    columns[member] = inner.Text("name") ?? member;
                    Column(inner, columns[member], annotations);
                }
                else
                {
                    columns[member] = member;
                    _sql.Hole();
                }

                _sql.Mark(from, EfSite.Of(part));
            }
        }
        else
        {
            Separate();
            _sql.Hole();
        }

        if (arguments["constraints", 3] is LambdaExpressionSyntax constraints)
        {
            var statements = constraints.Body is BlockSyntax block ? block.Statements.Select(statement => (statement as ExpressionStatementSyntax)?.Expression) : [constraints.Body as ExpressionSyntax];
            foreach (var statement in statements)
            {
                Separate();
                var from = _sql.Position;
                var call = statement is null ? null : Innermost(statement, EfCall.PrimaryKey, []) ?? Innermost(statement, EfCall.ForeignKey, []) ?? Innermost(statement, EfCall.UniqueConstraint, []) ?? Innermost(statement, EfCall.CheckConstraint, []);
                if (call is not null)
                {
                    var inner = new EfArguments(call, _values);
                    Constraint(EfCalls.Of(EfValues.LastName(call.Expression)!), inner, inner.Text("name", 0) ?? EfDeclared.Unknown, columns);
                    _sql.Mark(from, EfSite.Of(call));
                }
                else
                {
                    _sql.Hole();
                }
            }
        }

        _sql.Write(")");

        void Separate()
        {
            _sql.Write(isFirst ? "\n    " : ",\n    ");
            isFirst = false;
        }
    }

    // table.Column<int>(..).Annotation(..)
    private InvocationExpressionSyntax? Innermost(ExpressionSyntax expression, EfCall name, List<(string, ExpressionSyntax)> annotations)
    {
        while (expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call)
        {
            var called = EfCalls.Of(access.Name.Identifier.ValueText);
            if (called == name)
            {
                return call;
            }

            if (called == EfCall.Annotation && call.ArgumentList.Arguments is { Count: 2 } arguments && _values.Text(arguments[0].Expression) is { } annotation)
            {
                annotations.Add((annotation, arguments[1].Expression));
            }
            else if (called != EfCall.OldAnnotation)
            {
                return null;
            }

            expression = access.Expression;
        }

        return null;
    }

    private void Column(EfArguments arguments, string name, List<(string Name, ExpressionSyntax Value)> annotations)
    {
        _sql.Name(name).Write(" ");
        var type = TypeOf(arguments);
        var strategy = annotations.Where(annotation => EfModelNames.AnnotationOf(annotation.Name) == EfAnnotation.ValueGeneration).Select(annotation => EfValues.LastName(annotation.Value) ?? "").FirstOrDefault();
        if (strategy is not null && EfModelNames.IsSerial(strategy))
        {
            type = type switch { "bigint" => "bigserial", "smallint" => "smallserial", "integer" => "serial", _ => type };
        }

        _sql.Write(type);
        if (arguments["nullable"] is not { } nullable || _values.Flag(nullable) == false)
        {
            _sql.Write(" NOT NULL");
        }
        else if (_values.Flag(nullable) is null)
        {
            _sql.Write(" ").Hole();
        }

        if (strategy is not null && EfModelNames.IsIdentity(strategy))
        {
            _sql.Write(" GENERATED BY DEFAULT AS IDENTITY");
        }
        else if (arguments.Has("computedColumnSql"))
        {
            _sql.Write(" GENERATED ALWAYS AS (").Write(arguments.Text("computedColumnSql") ?? EfDeclared.Unknown).Write(") STORED");
        }
        else if (annotations.Any(annotation => EfModelNames.AnnotationOf(annotation.Name) == EfAnnotation.TextSearch))
        {
            _sql.Write(" GENERATED ALWAYS AS (").Hole().Write(") STORED");
        }
        else
        {
            Default(arguments);
        }
    }

    private void Default(EfArguments arguments)
    {
        if (arguments.Text("defaultValueSql") is { Length: > 0 } sql)
        {
            _sql.Write(" DEFAULT (").Write(sql).Write(")");
        }
        else if (arguments["defaultValue"] is { } value && !(_values.TryGet(value, out var given) && given is null))
        {
            _sql.Write(" DEFAULT ").Write(_values.TryGet(value, out var known) ? EfFluent.Sql(known) : EfDeclared.Unknown);
        }
    }

    private string TypeOf(EfArguments arguments)
    {
        if (arguments.Has("type"))
        {
            return arguments.Text("type") ?? EfDeclared.Unknown;
        }

        var property = new EfProperty("") { Clr = arguments.Type, MaxLength = _values.Number(arguments["maxLength"]), IsFixedLength = arguments["fixedLength"] is { } length && _values.Flag(length) == true };
        if (_values.Number(arguments["precision"]) is { } precision)
        {
            property.Precision = (precision, _values.Number(arguments["scale"]));
        }

        return property.Clr is null ? EfDeclared.Unknown : EfTypes.StoreType(property, new EfDeclared()) ?? EfDeclared.Unknown;
    }

    private void AlterColumn(EfArguments arguments, string? schema, string table, string name, List<(string Name, ExpressionSyntax Value)> annotations)
    {
        _sql.Write("ALTER TABLE ").Name(schema, table).Write(" ALTER COLUMN ").Name(name).Write(" TYPE ").Write(TypeOf(arguments));
        var isNullable = arguments["nullable"] is { } nullable ? _values.Flag(nullable) : false;
        Action(isNullable switch { true => "DROP NOT NULL", false => "SET NOT NULL", _ => EfDeclared.Unknown });
        if (arguments.Has("defaultValue") || arguments.Has("defaultValueSql"))
        {
            // EF Core writes the default that a NOT NULL column needs to be filled with; it stays.
            Action("SET");
            Default(arguments);
        }
        else if (arguments.Has("oldDefaultValue") || arguments.Has("oldDefaultValueSql"))
        {
            Action("DROP DEFAULT");
        }

        foreach (var annotation in annotations.Where(annotation => EfModelNames.AnnotationOf(annotation.Name) == EfAnnotation.ValueGeneration && EfModelNames.IsIdentity(EfValues.LastName(annotation.Value) ?? "")))
        {
            Action("ADD GENERATED BY DEFAULT AS IDENTITY");
        }

        void Action(string what) => _sql.Write(", ALTER COLUMN ").Name(name).Write(" ").Write(what);
    }

    private void CreateIndex(EfArguments arguments, string? schema, string table, string name, List<(string Name, ExpressionSyntax Value)> annotations, SyntaxNode site)
    {
        var columns = arguments.Names("columns", "column", 2);
        var index = new EfIndex([], EfSite.Of(site))
        {
            Filter = arguments.Has("filter") ? arguments.Text("filter") : null,
            IsUncertain = columns is null || (arguments["unique"] is { } isUnique && _values.Flag(isUnique) is null),
            IsUnique = arguments["unique"] is { } unique && _values.Flag(unique) == true,
            Descending = arguments["descending"] is { } descending ? EfValues.Elements(descending)?.Select(value => _values.Flag(value) == true).ToList() : null,
        };
        List<string>? include = null;
        foreach (var (annotation, value) in annotations)
        {
            var each = EfValues.Elements(value)?.ToList() ?? [value];
            switch (EfModelNames.AnnotationOf(annotation))
            {
                case EfAnnotation.Method:
                    index.Method = _values.Text(value);
                    break;
                case EfAnnotation.Operators:
                    index.Operators = each.Select(item => _values.Text(item) ?? "").ToList();
                    break;
                case EfAnnotation.Include:
                    include = each.Select(item => _values.Text(item) ?? EfDeclared.Unknown).ToList();
                    break;
                case EfAnnotation.NullsDistinct:
                    index.IsNullsNotDistinct = _values.Flag(value) == false;
                    break;
                case EfAnnotation.NullSortOrder:
                    index.NullSortOrder = each.Select(item => EfValues.LastName(item) ?? "").ToList();
                    break;
                case EfAnnotation.SortOrder:
                    index.Descending = each.Select(item => EfModelNames.IsDescendingOrder(EfValues.LastName(item) ?? "")).ToList();
                    break;
                case EfAnnotation.TextSearch:
                    index.IsUncertain = true;
                    columns = [];
                    break;
            }
        }

        _sql.Write(index.IsUnique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").Name(name).Write(" ON ").Name(schema, table);
        EfIndexes.Write(_sql, index, columns ?? [], include);
    }

    private void Constraint(EfCall kind, EfArguments arguments, string name, Dictionary<string, string>? members)
    {
        _sql.Write("CONSTRAINT ").Name(name);
        switch (kind)
        {
            case EfCall.PrimaryKey or EfCall.AddPrimaryKey:
                _sql.Write(" PRIMARY KEY (").Names(Columns()).Write(")");
                break;
            case EfCall.UniqueConstraint or EfCall.AddUniqueConstraint:
                _sql.Write(" UNIQUE (").Names(Columns()).Write(")");
                break;
            case EfCall.CheckConstraint or EfCall.AddCheckConstraint:
                _sql.Write(" CHECK (").Write(arguments.Text("sql", members is null ? 2 : 1) ?? EfDeclared.Unknown).Write(")");
                break;
            default:
                _sql.Write(" FOREIGN KEY (").Names(Columns()).Write(") REFERENCES ").Name(arguments.Text("principalSchema"), arguments.Text("principalTable", members is null ? 3 : 2) ?? EfDeclared.Unknown);
                if (arguments.Names("principalColumns", "principalColumn", members is null ? -1 : 3) is { Count: > 0 } principal)
                {
                    _sql.Write(" (").Names(principal).Write(")");
                }

                Behavior(arguments["onUpdate"], " ON UPDATE ");
                Behavior(arguments["onDelete"], " ON DELETE ");
                break;
        }

        IEnumerable<string> Columns()
        {
            if (members is null)
            {
                return arguments.Names("columns", "column", 2) ?? [EfDeclared.Unknown];
            }

            return (_values.Members(arguments["columns", 1] ?? arguments["column", 1]!) ?? [EfDeclared.Unknown]).Select(member => members.TryGetValue(member, out var column) ? column : EfDeclared.Unknown);
        }

        void Behavior(ExpressionSyntax? value, string words)
        {
            if (value is not null && EfValues.LastName(value) is { } behavior && EfModelNames.OnDelete(behavior) is { } action)
            {
                _sql.Write(words).Write(action);
            }
        }
    }

    private void Enums(InvocationExpressionSyntax call, List<(string Name, ExpressionSyntax Value)> annotations)
    {
        var old = OldEnums(call);
        foreach (var (name, value) in Enumerable.Reverse(annotations).Where(annotation => EfModelNames.AnnotationOf(annotation.Name) == EfAnnotation.Enum))
        {
            var start = _sql.Position;
            var full = EfModelNames.EnumOf(name);
            var dot = full.IndexOf('.');
            var (schema, type) = dot < 0 ? (null, full) : (full.Substring(0, dot), full.Substring(dot + 1));
            var labels = (_values.Text(value) ?? "").Split(',').Where(label => label.Length > 0).ToList();
            if (old.TryGetValue(name, out var before))
            {
                foreach (var label in labels.Where(label => !before.Contains(label)))
                {
                    start = _sql.Position;
                    _sql.Write("ALTER TYPE ").Name(schema, type).Write(" ADD VALUE ").Text(label).End(start, EfSite.Of(value));
                }
            }
            else
            {
                _sql.Write("CREATE TYPE ").Name(schema, type).Write(" AS ENUM (").List(labels, label => _sql.Text(label)).Write(")").End(start, EfSite.Of(value));
            }
        }
    }

    private Dictionary<string, List<string>> OldEnums(InvocationExpressionSyntax call)
    {
        var old = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var outer in call.Ancestors().OfType<InvocationExpressionSyntax>())
        {
            if (EfCalls.Of(EfValues.LastName(outer.Expression) ?? "") == EfCall.OldAnnotation && outer.ArgumentList.Arguments is { Count: 2 } arguments && _values.Text(arguments[0].Expression) is { } name)
            {
                old[name] = (_values.Text(arguments[1].Expression) ?? "").Split(',').ToList();
            }
        }

        return old;
    }

    private void InsertData(EfArguments arguments, string? schema, string table)
    {
        // One row: a value or an array of values; rows: an array of two ranks.
        var rows = arguments["values"] switch
        {
            ArrayCreationExpressionSyntax { Type.RankSpecifiers: { Count: > 0 } ranks } array when ranks[0].Rank == 2 => array.Initializer?.Expressions.Count,
            ImplicitArrayCreationExpressionSyntax { Commas.Count: 1 } array => array.Initializer.Expressions.Count,
            { } values when arguments.Has("columns") && EfValues.Elements(values) is not null => 1,
            { } values when arguments.Has("column") => EfValues.Elements(values)?.Count,
            _ => arguments.Has("value") ? 1 : null,
        };
        if (rows is { } count and > 0)
        {
            _sql.Write("INSERT INTO ").Name(schema, arguments.Text("table", 0) ?? table).Write(" VALUES ").List(Enumerable.Range(0, count), _ => _sql.Write("(DEFAULT)"));
        }
        else
        {
            _sql.Write("INSERT INTO ").Name(schema, arguments.Text("table", 0) ?? table).Write(" SELECT ").Hole();
        }
    }
}

/// <summary>The arguments of a call in generated code: by name, else by place.</summary>
internal readonly struct EfArguments(InvocationExpressionSyntax call, EfValues values)
{
    /// <summary>The type argument, or null.</summary>
    public TypeSyntax? Type => call.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax { TypeArgumentList.Arguments: { Count: > 0 } types } } ? types[0] : null;

    /// <summary>An argument by its name, or at a place where it has none.</summary>
    public ExpressionSyntax? this[string name, int place = -1]
    {
        get
        {
            var arguments = call.ArgumentList.Arguments;
            for (var i = 0; i < arguments.Count; i++)
            {
                if (arguments[i].NameColon is { } named ? named.Name.Identifier.ValueText == name : i == place)
                {
                    return arguments[i].Expression;
                }
            }

            return null;
        }
    }

    /// <summary>Whether an argument of the name is given.</summary>
    public bool Has(string name) => this[name] is not null;

    /// <summary>The text of an argument; null where it is not given, or null.</summary>
    public string? Text(string name, int place = -1) => this[name, place] is { } expression ? values.Text(expression) : null;

    /// <summary>The names that one of two arguments tells; null where they are not known.</summary>
    public List<string>? Names(string many, string one, int place)
    {
        if ((this[many] ?? this[one, place]) is not { } expression)
        {
            return null;
        }

        var reader = values;
        var names = (EfValues.Elements(expression) ?? [expression]).Select(item => reader.TryGet(item, out var value) ? value as string : null).ToList();
        return names.All(name => name is not null) ? names.OfType<string>().ToList() : null;
    }
}
