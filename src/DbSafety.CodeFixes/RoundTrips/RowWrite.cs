using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>A parameter whose value is another for each element.</summary>
internal sealed class RowColumn(string name, ElementValue value, AnonymousObjectMemberDeclaratorSyntax? syntax)
{
    /// <summary>The name in the text.</summary>
    public string Name { get; } = name;

    /// <summary>The value of one element.</summary>
    public ElementValue Value { get; } = value;

    /// <summary>Where it is given.</summary>
    public AnonymousObjectMemberDeclaratorSyntax? Syntax { get; } = syntax;

    /// <summary>The values of all, as a member of an anonymous object.</summary>
    public string Array { get; set; } = "";

    /// <summary>Whether the text names it by its number: <c>$1</c>.</summary>
    public bool IsPositional => char.IsDigit(Name[0]);

    /// <summary>Its name as a column.</summary>
    public string Alias => IsPositional ? "value" + Name : Name.ToLowerInvariant();

    /// <summary>
    /// Types of which an array's elements reach the server as the same type as a lone value does. DateTime is none: a lone value is sent by its Kind,
    /// an array by that of its first element.
    /// </summary>
    public static bool IsArrayElement(ITypeSymbol type)
    {
        type = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        return type is
            { TypeKind: not TypeKind.Enum, SpecialType: SpecialType.System_Boolean or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Decimal or
                SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_String } or
            { Name: nameof(Guid), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } };
    }
}

/// <summary>A statement that writes the row of one element, as one that writes those of all.</summary>
internal sealed class RowWrite
{
    private readonly DbCall _call;
    private readonly List<RowColumn> _columns;
    private readonly List<(SqlSpan Span, string Text)> _edits = [];
    private readonly Dictionary<RowColumn, string> _names = [];

    private RowWrite(DbCall call, List<RowColumn> columns)
    {
        _call = call;
        _columns = columns;
        foreach (var column in columns)
        {
            var taken = new HashSet<string>(call.Sql.Parameters.Select(parameter => parameter.Name).Concat(_names.Values), StringComparer.OrdinalIgnoreCase);
            if (column.IsPositional)
            {
                _names.Add(column, column.Name);
                continue;
            }

            var name = char.ToLowerInvariant(column.Name[0]) + column.Name.Substring(1);
            _names.Add(column, Injection.ParameterNames.Unique(LoopSite.Plural(name), taken));
        }
    }

    /// <summary>The name of the parameter that takes the values of all elements.</summary>
    public string NameOf(RowColumn column) => _names[column];

    private string Placeholder(RowColumn column) => (column.IsPositional ? "$" : "@") + NameOf(column);

    /// <summary>The statement for all rows, or null where one statement would not do the same.</summary>
    public static RowWrite? Of(DbCall call, SqlStatement statement, List<RowColumn> columns)
    {
        var write = new RowWrite(call, columns);
        var isSame = statement switch
        {
            InsertStatement insert => write.Insert(insert),
            DeleteStatement { With.IsAbsent: true, Returning.IsAbsent: true, Using.IsAbsent: true, Where.Value.Expression: { } where } => write.Match(where),
            UpdateStatement { With.IsAbsent: true, Returning.IsAbsent: true, From.IsAbsent: true, HasUnknownAssignments: false, Where.Value.Expression: { } where } update =>
                update.Set.All(set => set.Targets.All(target => target.IsWhole) && IsConstant(set.Value)) && write.Match(where),
            _ => false,
        };
        return isSame ? write : null;
    }

    /// <summary>Edits the text.</summary>
    public bool Edit(SqlEdit edit) => _edits.All(change => edit.Find(_call.Text.Variants[0], change.Span) is { } range && edit.Replace(range, change.Text));

    // INSERT INTO t (a, b) SELECT * FROM unnest(@as, @bs)
    private bool Insert(InsertStatement insert)
    {
        if (insert is not { With.IsAbsent: true, Returning.IsAbsent: true, Columns.IsUnknown: false, Query: ValuesQuery { HasUnknownRows: false, Rows: { Length: 1 } rows, Span: var values } query } ||
            !query.With.IsAbsent || !query.OrderBy.IsAbsent || !query.Limit.IsAbsent || !query.Offset.IsAbsent ||
            insert.OnConflict.IsUnknown || insert.OnConflict.Value is { IsDoNothing: false })
        {
            return false;
        }

        var source = _call.Sql.Source;
        var items = new List<string>();
        var used = new List<RowColumn>();
        foreach (var item in rows[0].Items)
        {
            var value = item is CastExpression cast ? cast.Operand : item;
            if (value is ParameterExpression { Parameter: { Style: not ParameterStyle.Question } parameter })
            {
                var column = _columns.Find(candidate => KeyedSelect.IsNamed(parameter, candidate.Name));
                var text = source.ToString(item.Span);
                if (column is not null && column.IsPositional == (parameter.Style == ParameterStyle.Dollar))
                {
                    if (used.Contains(column) || !IsName(column.Alias))
                    {
                        return false;
                    }

                    used.Add(column);
                    text = source.ToString(SqlSpan.FromBounds(item.Span.Start, parameter.Span.Start)) + "item." + column.Alias + source.ToString(SqlSpan.FromBounds(parameter.Span.End, item.Span.End));
                }

                items.Add(text);
            }
            else if (IsConstant(item))
            {
                items.Add(source.ToString(item.Span));
            }
            else
            {
                return false;
            }
        }

        if (used.Count != _columns.Count || items.Any(item => item.IndexOfAny(['"', '\\', '{', '\n']) >= 0) || !rows[0].Items.Any(item => item is ParameterExpression or CastExpression))
        {
            return false;
        }

        var isWhole = rows[0].Items.All(item => item is ParameterExpression) && used.Count == items.Count;
        var arrays = "unnest(" + string.Join(", ", used.Select(Placeholder)) + ")";
        _edits.Add((values, isWhole
            ? "SELECT * FROM " + arrays
            : "SELECT " + string.Join(", ", items) + " FROM " + arrays + " AS item(" + string.Join(", ", used.Select(column => column.Alias)) + ")"));
        return true;
    }

    // WHERE id = ANY(@ids)
    private bool Match(SqlExpression where)
    {
        if (_columns.Count != 1 || KeyedSelect.KeyIn(_call.Sql, where, _columns[0].Name) is not var (_, parameter) || HasQuery(where))
        {
            return false;
        }

        _edits.Add((parameter.Span, "ANY(" + Placeholder(_columns[0]) + ")"));
        return true;
    }

    // The same for each row, and the same when it is said once more: what the row holds does not go into it.
    private static bool IsConstant(SqlExpression value) => value switch
    {
        LiteralExpression literal => !literal.HasHole,
        ParameterExpression => true,
        CastExpression cast => IsConstant(cast.Operand),
        FunctionCall { Name: { Schema: null, Name: "now" or "current_timestamp" or "current_date" or "localtimestamp" }, Arguments.IsEmpty: true, Over: null } => true,
        _ => false,
    };

    private static bool HasQuery(SqlExpression expression) =>
        expression is SubqueryExpression or InExpression { Query: not null } or UnknownExpression || expression.Operands.Any(HasQuery);

    // Can stand without quotes.
    private static bool IsName(string name) => name.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_') &&
        !(Keywords.TryFind(name.ToLowerInvariant(), out _, out var category, out _) && category is KeywordCategory.Reserved or KeywordCategory.TypeOrFunctionName);
}
