using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
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
}

/// <summary>A statement that writes the row of one element, as one that writes those of all.</summary>
internal sealed class RowWrite
{
    private readonly DapperCall _call;
    private readonly List<RowColumn> _columns;
    private readonly List<(SqlSpan Span, string Text)> _edits = [];
    private readonly Dictionary<RowColumn, string> _names = [];

    private RowWrite(DapperCall call, List<RowColumn> columns)
    {
        _call = call;
        _columns = columns;
        foreach (var column in columns)
        {
            var taken = new HashSet<string>(call.Tree.Parameters.Select(parameter => parameter.Name).Concat(_names.Values), StringComparer.OrdinalIgnoreCase);
            var name = char.ToLowerInvariant(column.Name[0]) + column.Name.Substring(1);
            _names.Add(column, Injection.ParameterNames.Unique(LoopSite.Plural(name), taken));
        }
    }

    /// <summary>The name of the parameter that takes the values of all elements.</summary>
    public string NameOf(RowColumn column) => _names[column];

    /// <summary>The statement for all rows, or null where one statement would not do the same.</summary>
    public static RowWrite? Of(DapperCall call, List<RowColumn> columns)
    {
        var write = new RowWrite(call, columns);
        var isSame = call.Statement switch
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
    public bool Edit(SqlEdit edit) => _edits.All(change => edit.Find(_call.Call.Text.Variants[0], change.Span) is { } range && edit.Replace(range, change.Text));

    // INSERT INTO t (a, b) SELECT * FROM unnest(@as, @bs)
    private bool Insert(InsertStatement insert)
    {
        if (insert is not { With.IsAbsent: true, Returning.IsAbsent: true, Columns.IsUnknown: false, Query: ValuesQuery { HasUnknownRows: false, Rows: { Length: 1 } rows, Span: var values } query } ||
            !query.With.IsAbsent || !query.OrderBy.IsAbsent || !query.Limit.IsAbsent || !query.Offset.IsAbsent ||
            insert.OnConflict.IsUnknown || insert.OnConflict.Value is { IsDoNothing: false })
        {
            return false;
        }

        var source = _call.Tree.Source;
        var items = new List<string>();
        var used = new List<RowColumn>();
        foreach (var item in rows[0].Items)
        {
            var value = item is CastExpression cast ? cast.Operand : item;
            if (value is ParameterExpression { Parameter: { Style: ParameterStyle.At or ParameterStyle.Colon } parameter })
            {
                var column = _columns.Find(candidate => KeyedSelect.IsNamed(parameter, candidate.Name));
                var text = source.ToString(item.Span);
                if (column is not null)
                {
                    if (used.Contains(column) || !IsName(column.Name))
                    {
                        return false;
                    }

                    used.Add(column);
                    text = source.ToString(SqlSpan.FromBounds(item.Span.Start, parameter.Span.Start)) + "item." + column.Name.ToLowerInvariant() + source.ToString(SqlSpan.FromBounds(parameter.Span.End, item.Span.End));
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
        var arrays = "unnest(" + string.Join(", ", used.Select(column => "@" + NameOf(column))) + ")";
        _edits.Add((values, isWhole
            ? "SELECT * FROM " + arrays
            : "SELECT " + string.Join(", ", items) + " FROM " + arrays + " AS item(" + string.Join(", ", used.Select(column => column.Name.ToLowerInvariant())) + ")"));
        return true;
    }

    // WHERE id = ANY(@ids)
    private bool Match(SqlExpression where)
    {
        if (_columns.Count != 1 || KeyedSelect.KeyIn(_call.Tree, where, _columns[0].Name) is not var (_, parameter) || HasQuery(where))
        {
            return false;
        }

        _edits.Add((parameter.Span, "ANY(@" + NameOf(_columns[0]) + ")"));
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
