using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>What the text of a hole must be, judged by where the hole stands.</summary>
public enum HoleKind
{
    /// <summary>A value: a parameter could stand there instead.</summary>
    Value,

    /// <summary>An identifier, a part of one, or a keyword.</summary>
    Identifier,

    /// <summary>A clause, several tokens, a whole statement, the inside of a comment or a body.</summary>
    Fragment,
}

/// <summary>Where exactly a hole stands.</summary>
public enum HoleRole
{
    /// <summary>A bare operand: <c>id = {x}</c>, <c>f({x})</c>, <c>VALUES ({x})</c>, <c>SET a = {x}</c>. Kind Value.</summary>
    Operand,

    /// <summary>Inside a string constant, whole or in part: <c>'{x}'</c>, <c>'a{x}b'</c>, <c>DATE '{x}'</c>. Kind Value.</summary>
    StringConstant,

    /// <summary>Inside a string constant that is the pattern of LIKE, ILIKE, SIMILAR TO or <c>~</c>: <c>LIKE '%{x}%'</c>. Kind Value.</summary>
    LikePattern,

    /// <summary>Inside the parentheses of IN, alone or with others: <c>IN ({ids})</c>, <c>IN ('{ids}')</c>. Kind Value.</summary>
    InList,

    /// <summary>The count of LIMIT, OFFSET, FETCH FIRST or TOP. Kind Value.</summary>
    Limit,

    /// <summary>Inside an array constructor or an array constant: <c>ARRAY[{x}]</c>, <c>'{{{x}}}'::int[]</c>. Kind Value.</summary>
    ArrayElement,

    /// <summary>A whole bare name: <c>FROM {t}</c>, <c>{schema}.t</c>, <c>SET {col} = 1</c>, <c>{col} = @p</c>. Kind Identifier.</summary>
    BareName,

    /// <summary>A part of a bare name: <c>orders_{year}</c>. Kind Identifier.</summary>
    BareNamePart,

    /// <summary>Inside a quoted identifier, whole or in part: <c>"{t}"</c>, <c>"t_{x}"</c>. Kind Identifier.</summary>
    QuotedName,

    /// <summary>A sort column or sort expression: <c>ORDER BY {col}</c>, also GROUP BY. Kind Identifier.</summary>
    SortColumn,

    /// <summary>A keyword: <c>ORDER BY a {dir}</c>, <c>EXTRACT({field} FROM ..)</c>, a lone comparison operator <c>a {op} 1</c>. Kind Identifier.</summary>
    Keyword,

    /// <summary>A part of a parameter's name: <c>@p{i}</c>. Kind Identifier.</summary>
    ParameterName,

    /// <summary>A name of a role, a setting, a channel or another object of a statement that takes no parameters. Kind Identifier.</summary>
    UtilityName,

    /// <summary>One or more clauses, a condition, a column list. Kind Fragment.</summary>
    Clause,

    /// <summary>A whole statement, or text at the start of one. Kind Fragment.</summary>
    Statement,

    /// <summary>Inside a comment. Kind Fragment.</summary>
    Comment,

    /// <summary>Inside a dollar-quoted constant. Kind Fragment.</summary>
    DollarBody,

    /// <summary>A value in a statement that takes no parameters (DDL, SET, NOTIFY, COPY ..): <c>SET x = '{v}'</c>. Kind Fragment.</summary>
    UtilityValue,
}

/// <summary>A piece of the content of a string constant: decoded characters, or a hole.</summary>
/// <param name="Text">The decoded characters (escapes and doubled quotes resolved), or null where this is a hole.</param>
/// <param name="Hole">The number of the hole, or -1 where this is text.</param>
public readonly record struct LiteralPart(string? Text, int Hole);

/// <summary>The string constant or quoted identifier in which a hole stands.</summary>
public sealed class HoleLiteral
{
    internal HoleLiteral(SqlSpan span, SqlSpan typedSpan, string? typePrefix, ImmutableArray<LiteralPart> parts)
    {
        Span = span;
        TypedSpan = typedSpan;
        TypePrefix = typePrefix;
        Parts = parts;
    }

    /// <summary>The constant with its quotes and its prefix (<c>E</c>, <c>U&amp;</c>, <c>N</c>, ..).</summary>
    public SqlSpan Span { get; }

    /// <summary>The constant with the type name before it (<c>DATE '..'</c>, <c>interval '..'</c>); equal to <see cref="Span"/> where there is none.</summary>
    public SqlSpan TypedSpan { get; }

    /// <summary>The type name before the constant, as PostgreSQL would print it (<c>date</c>, <c>interval</c>, <c>timestamp with time zone</c>), or null.</summary>
    public string? TypePrefix { get; }

    /// <summary>The content, decoded.</summary>
    public ImmutableArray<LiteralPart> Parts { get; }
}

/// <summary>A column that a value is compared with or written to, as far as the statement tells.</summary>
/// <param name="Schema">The schema of the table, or null.</param>
/// <param name="Table">The table's name with aliases resolved and case folded, or null where it can't be told (several tables, no qualifier).</param>
/// <param name="Column">The column's name, case folded unless quoted.</param>
/// <param name="Candidates">Where <paramref name="Table"/> is null: the tables of the query that could own the column (with schema prefix where written).</param>
public sealed record ColumnTarget(string? Schema, string? Table, string Column, ImmutableArray<string> Candidates);

/// <summary>Where one hole stands: what its text must be, and what a fix must know to replace it.</summary>
public sealed class HoleSite
{
    /// <summary>The number of the hole in <see cref="SqlSource.Holes"/>.</summary>
    public int Hole { get; init; }

    /// <summary>The hole's own character.</summary>
    public SqlSpan Span { get; init; }

    /// <summary>Value, identifier or fragment.</summary>
    public HoleKind Kind { get; init; }

    /// <summary>Where exactly.</summary>
    public HoleRole Role { get; init; }

    /// <summary>
    /// Whether the statement was understood around the hole. False where the site was judged from the neighbouring tokens only, because
    /// the statement has syntax errors or is of another dialect: a rule may still report, a fix is not offered.
    /// </summary>
    public bool IsCertain { get; init; }

    /// <summary>The keyword of the statement, upper case (<c>SELECT</c>, <c>INSERT</c>, <c>CREATE TABLE</c>, <c>SET</c>), or empty.</summary>
    public string Verb { get; init; } = "";

    /// <summary>Whether PostgreSQL takes parameters in this statement: SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES and what they are nested in.</summary>
    public bool TakesParameters { get; init; }

    /// <summary>The token that the hole stands in: the hole itself, the word, the quoted name, the string constant, the comment.</summary>
    public SqlSpan TokenSpan { get; init; }

    /// <summary>The string constant or quoted name around the hole, or null where it is bare.</summary>
    public HoleLiteral? Literal { get; init; }

    /// <summary>
    /// For <see cref="HoleKind.Value"/>: what a parameter takes the place of. The string constant with its quotes and type name, or the hole
    /// itself; where <see cref="IsWholeInList"/>, the content between the parentheses. For <see cref="HoleRole.UtilityValue"/> the value likewise.
    /// </summary>
    public SqlSpan ValueSpan { get; init; }

    /// <summary>For <see cref="HoleRole.InList"/>: from IN, or NOT IN, to the closing parenthesis; otherwise null.</summary>
    public SqlSpan? InSpan { get; init; }

    /// <summary>For <see cref="HoleRole.InList"/>: NOT IN.</summary>
    public bool IsNegated { get; init; }

    /// <summary>For <see cref="HoleRole.InList"/>: whether the parentheses hold nothing but this one hole or the one constant around it.</summary>
    public bool IsWholeInList { get; init; }

    /// <summary>
    /// The type that PostgreSQL expects here where the statement itself tells it, as it would print it, without length (<c>integer</c>, <c>uuid</c>,
    /// <c>text</c>, <c>timestamp with time zone</c>, <c>uuid[]</c>): from a cast, the type before the constant, LIKE, <c>||</c>, a text function,
    /// LIMIT. Null where only the column's type could tell.
    /// </summary>
    public string? ExpectedType { get; init; }

    /// <summary>Whether <see cref="ExpectedType"/> comes from a cast written right around the value (<c>'{x}'::uuid</c>), which stays where it is.</summary>
    public bool HasExplicitCast { get; init; }

    /// <summary>The column that the value is compared with, assigned to or inserted into, or null.</summary>
    public ColumnTarget? Column { get; init; }

    /// <summary>The comparison operator between the value and <see cref="Column"/> (<c>=</c>, <c>&lt;&gt;</c>, <c>LIKE</c>, <c>IN</c>, <c>@></c>, <c>= ANY</c>), or null.</summary>
    public string? Operator { get; init; }

    /// <summary>
    /// A syntax around the value that takes a constant only, so that a parameter needs a rewrite: <c>EXTRACT({x} FROM ..)</c>,
    /// <c>interval '{x}' day</c>, <c>COPY</c>; null where a parameter may simply stand.
    /// </summary>
    public string? NeedsRewrite { get; init; }
}
