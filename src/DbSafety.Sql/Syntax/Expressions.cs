using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>A node of the syntax tree: immutable, with the characters it covers.</summary>
/// <param name="Span">The characters.</param>
public abstract record SqlNode(SqlSpan Span);

/// <summary>An identifier.</summary>
/// <param name="Span">The characters, with quotes.</param>
/// <param name="Text">The name: folded to lower case unless quoted, unescaped; a hole appears as <see cref="SqlSource.HoleMark"/>.</param>
/// <param name="IsQuoted">Whether it stands in quotes.</param>
/// <param name="HasHole">Whether a hole is the name or a part of it, so that <paramref name="Text"/> is not known.</param>
public sealed record SqlName(SqlSpan Span, string Text, bool IsQuoted, bool HasHole) : SqlNode(Span);

/// <summary>A name with qualifiers: <c>schema.table</c>.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Parts">The names, at least one.</param>
public sealed record QualifiedName(SqlSpan Span, ImmutableArray<SqlName> Parts) : SqlNode(Span)
{
    /// <summary>The last name.</summary>
    public string Name => Parts[Parts.Length - 1].Text;

    /// <summary>The name before the last, or null.</summary>
    public string? Schema => Parts.Length > 1 ? Parts[Parts.Length - 2].Text : null;

    /// <summary>Whether a hole is a part of it.</summary>
    public bool HasHole => Parts.Any(part => part.HasHole);
}

/// <summary>The name of a type.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">As PostgreSQL prints it, without length (<c>integer</c>, <c>timestamp with time zone</c>, <c>uuid[]</c>); null where a hole is a part of it.</param>
/// <param name="Schema">The schema, or null.</param>
/// <param name="Modifiers">The expressions in parentheses: length, precision, scale.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="IsSetOf">SETOF</param>
public sealed record TypeName(SqlSpan Span, string? Name, string? Schema, ImmutableArray<SqlExpression> Modifiers, bool IsArray, bool IsSetOf)
    : SqlNode(Span);

/// <summary>An expression.</summary>
/// <param name="Span">The characters.</param>
public abstract record SqlExpression(SqlSpan Span) : SqlNode(Span)
{
    /// <summary>The expressions directly inside, in order of the text; queries inside are not among them.</summary>
    public virtual ImmutableArray<SqlExpression> Operands => ImmutableArray<SqlExpression>.Empty;
}

/// <summary>The kind of a constant.</summary>
public enum LiteralKind
{
    /// <summary>A string constant, in single quotes or dollar quotes.</summary>
    String,

    /// <summary>A bit string.</summary>
    BitString,

    /// <summary>A number.</summary>
    Number,

    /// <summary>TRUE or FALSE</summary>
    Boolean,

    /// <summary>NULL</summary>
    Null,
}

/// <summary>A constant.</summary>
/// <param name="Span">The characters, with the type name before it.</param>
/// <param name="Kind">Which kind.</param>
/// <param name="ValueSpan">The characters without the type name.</param>
/// <param name="Parts">The decoded content of a string constant: text and holes; for the others its text.</param>
/// <param name="Type">The type name before it (<c>DATE '..'</c>), or null.</param>
/// <param name="HasIntervalFields">Whether fields follow: <c>interval '1' day</c>.</param>
public sealed record LiteralExpression(
    SqlSpan Span, LiteralKind Kind, SqlSpan ValueSpan, ImmutableArray<LiteralPart> Parts, TypeName? Type = null, bool HasIntervalFields = false)
    : SqlExpression(Span)
{
    /// <summary>The content, or null where a hole is a part of it.</summary>
    public string? Text
    {
        get
        {
            foreach (var part in Parts)
            {
                if (part.Text is null)
                {
                    return null;
                }
            }

            return Parts.Length == 1 ? Parts[0].Text : string.Concat(Parts.Select(part => part.Text));
        }
    }

    /// <summary>Whether a hole is inside.</summary>
    public bool HasHole => Parts.Any(part => part.Text is null);
}

/// <summary>A bare hole where an expression is expected.</summary>
/// <param name="Span">The hole's character.</param>
/// <param name="Hole">Its number.</param>
public sealed record HoleExpression(SqlSpan Span, int Hole) : SqlExpression(Span);

/// <summary>A parameter.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Parameter">Its name and style.</param>
public sealed record ParameterExpression(SqlSpan Span, SqlParameter Parameter) : SqlExpression(Span);

/// <summary>A column: <c>a</c>, <c>t.a</c>, <c>t.*</c>, <c>*</c>.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Parts">The names; empty for a lone <c>*</c>.</param>
/// <param name="IsStar">Whether it ends in <c>*</c>.</param>
public sealed record ColumnReference(SqlSpan Span, ImmutableArray<SqlName> Parts, bool IsStar) : SqlExpression(Span)
{
    /// <summary>The column's name; empty for a lone <c>*</c>.</summary>
    public string Column => IsStar || Parts.IsEmpty ? "" : Parts[Parts.Length - 1].Text;

    /// <summary>Whether a hole is a part of it.</summary>
    public bool HasHole => Parts.Any(part => part.HasHole);
}

/// <summary>A field or a subscript behind an expression: <c>(x).field</c>, <c>a[1]</c>, <c>a[1:2]</c>.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">What it is taken of.</param>
/// <param name="Field">The field (<c>*</c> for all), or null.</param>
/// <param name="Subscripts">The index, or the bounds that are written.</param>
public sealed record IndirectionExpression(SqlSpan Span, SqlExpression Operand, SqlName? Field, ImmutableArray<SqlExpression> Subscripts) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => Subscripts.Insert(0, Operand);
}

/// <summary>A prefix operator or NOT.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Operator">The operator, or <c>NOT</c>.</param>
/// <param name="Operand">Its operand.</param>
public sealed record UnaryExpression(SqlSpan Span, string Operator, SqlExpression Operand) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Operand);
}

/// <summary>An infix operator, a comparison, <c>IS DISTINCT FROM</c>, <c>AT TIME ZONE</c>, <c>OVERLAPS</c>.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Operator">The operator in upper case (<c>=</c>, <c>&lt;&gt;</c>, <c>IS DISTINCT FROM</c>); empty where a hole is the operator.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand.</param>
public sealed record BinaryExpression(SqlSpan Span, string Operator, SqlExpression Left, SqlExpression Right) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Left, Right);

    /// <summary>Whether the operator compares: <c>= &lt;&gt; &lt; &gt; &lt;= &gt;=</c> or IS [NOT] DISTINCT FROM.</summary>
    public bool IsComparison => Operator is "=" or "<>" or "<" or ">" or "<=" or ">=" or "IS DISTINCT FROM" or "IS NOT DISTINCT FROM";
}

/// <summary>Conditions joined by AND, or by OR.</summary>
/// <param name="Span">The characters.</param>
/// <param name="IsAnd">AND, else OR.</param>
/// <param name="Conditions">The conditions, two or more.</param>
public sealed record LogicalExpression(SqlSpan Span, bool IsAnd, ImmutableArray<SqlExpression> Conditions) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => Conditions;
}

/// <summary><c>a [NOT] BETWEEN low AND high</c></summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">What is compared.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="IsNegated">NOT BETWEEN</param>
public sealed record BetweenExpression(SqlSpan Span, SqlExpression Operand, SqlExpression Low, SqlExpression High, bool IsNegated) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Operand, Low, High);

    /// <summary>SYMMETRIC</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>Whether a hole stands in the place of NOT.</summary>
    public bool IsNegationUnknown { get; init; }
}

/// <summary><c>a [NOT] IN (..)</c></summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">What is searched.</param>
/// <param name="Items">The list; empty for a query.</param>
/// <param name="Query">The query, or null.</param>
/// <param name="IsNegated">NOT IN</param>
/// <param name="InSpan">From IN, or NOT IN, to the closing parenthesis.</param>
/// <param name="ListSpan">What stands between the parentheses.</param>
public sealed record InExpression(
    SqlSpan Span, SqlExpression Operand, ImmutableArray<SqlExpression> Items, SqlQuery? Query, bool IsNegated, SqlSpan InSpan, SqlSpan ListSpan)
    : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => Items.Insert(0, Operand);

    /// <summary>Whether a hole stands in the place of NOT.</summary>
    public bool IsNegationUnknown { get; init; }
}

/// <summary><c>a [NOT] LIKE pattern [ESCAPE x]</c>, also ILIKE and SIMILAR TO.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Operator"><c>LIKE</c>, <c>ILIKE</c> or <c>SIMILAR TO</c>, with <c>NOT</c> before it.</param>
/// <param name="Operand">What is matched.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Escape">The escape character, or null.</param>
public sealed record LikeExpression(SqlSpan Span, string Operator, SqlExpression Operand, SqlExpression Pattern, SqlExpression? Escape) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands =>
        Escape is null ? ImmutableArray.Create(Operand, Pattern) : ImmutableArray.Create(Operand, Pattern, Escape);

    /// <summary>Whether a hole stands in the place of NOT.</summary>
    public bool IsNegationUnknown { get; init; }
}

/// <summary><c>a IS [NOT] NULL</c>, TRUE, UNKNOWN, JSON, DOCUMENT, NORMALIZED.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">What is tested.</param>
/// <param name="Test">The test in upper case without NOT: <c>NULL</c>, <c>TRUE</c>, <c>JSON</c>.</param>
/// <param name="IsNegated">IS NOT</param>
public sealed record IsExpression(SqlSpan Span, SqlExpression Operand, string Test, bool IsNegated) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Operand);
}

/// <summary><c>a = ANY (..)</c>, SOME or ALL, over an array or a query.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Operator">The operator in upper case.</param>
/// <param name="IsAll">ALL, else ANY or SOME.</param>
/// <param name="Right">The array, or a <see cref="SubqueryExpression"/>.</param>
public sealed record QuantifiedExpression(SqlSpan Span, SqlExpression Left, string Operator, bool IsAll, SqlExpression Right) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Left, Right);
}

/// <summary><c>x::type</c>, <c>CAST(x AS type)</c>, <c>TREAT(x AS type)</c></summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">What is cast.</param>
/// <param name="Type">To what.</param>
public sealed record CastExpression(SqlSpan Span, SqlExpression Operand, TypeName Type) : SqlExpression(Span)
{
    /// <summary>Whether the type stands before a hole (<c>DATE {x}</c>), which must hold a constant then.</summary>
    public bool IsTypePrefix { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Operand);
}

/// <summary><c>x COLLATE c</c></summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">The operand.</param>
/// <param name="Collation">The collation.</param>
public sealed record CollateExpression(SqlSpan Span, SqlExpression Operand, QualifiedName Collation) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Operand);
}

/// <summary>An expression in parentheses.</summary>
/// <param name="Span">The characters, with the parentheses.</param>
/// <param name="Operand">What stands inside.</param>
public sealed record ParenthesizedExpression(SqlSpan Span, SqlExpression Operand) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => ImmutableArray.Create(Operand);
}

/// <summary>A function call, also the ones with a syntax of their own (COALESCE, EXTRACT, CURRENT_DATE).</summary>
/// <param name="Span">The characters.</param>
/// <param name="Name">The function; for those with their own syntax the keyword in lower case.</param>
/// <param name="Arguments">The arguments, in order of the text.</param>
public sealed record FunctionCall(SqlSpan Span, QualifiedName Name, ImmutableArray<SqlExpression> Arguments) : SqlExpression(Span)
{
    /// <summary>ORDER BY inside the parentheses or in WITHIN GROUP.</summary>
    public ImmutableArray<SortItem> OrderBy { get; init; } = ImmutableArray<SortItem>.Empty;

    /// <summary>FILTER (WHERE ..), or null.</summary>
    public SqlExpression? Filter { get; init; }

    /// <summary>OVER, or null.</summary>
    public WindowSpecification? Over { get; init; }

    /// <summary>DISTINCT</summary>
    public bool IsDistinct { get; init; }

    /// <summary><c>count(*)</c></summary>
    public bool IsStar { get; init; }

    /// <summary>Whether the call has the plain form <c>name(a, b)</c>.</summary>
    public bool IsPlain { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => Filter is null ? Arguments : Arguments.Add(Filter);
}

/// <summary><c>CASE [x] WHEN a THEN b .. [ELSE c] END</c></summary>
/// <param name="Span">The characters.</param>
/// <param name="Operand">What is compared with each WHEN, or null.</param>
/// <param name="Branches">The branches.</param>
/// <param name="Else">ELSE, or null.</param>
public sealed record CaseExpression(SqlSpan Span, SqlExpression? Operand, ImmutableArray<CaseBranch> Branches, SqlExpression? Else) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands
    {
        get
        {
            var all = ImmutableArray.CreateBuilder<SqlExpression>();
            if (Operand is not null)
            {
                all.Add(Operand);
            }

            foreach (var branch in Branches)
            {
                all.Add(branch.When);
                all.Add(branch.Then);
            }

            if (Else is not null)
            {
                all.Add(Else);
            }

            return all.ToImmutable();
        }
    }
}

/// <summary><c>WHEN a THEN b</c></summary>
/// <param name="When">The condition or the value.</param>
/// <param name="Then">The result.</param>
public readonly record struct CaseBranch(SqlExpression When, SqlExpression Then);

/// <summary>How a query stands in an expression.</summary>
public enum SubqueryKind
{
    /// <summary><c>(SELECT ..)</c></summary>
    Scalar,

    /// <summary><c>EXISTS (SELECT ..)</c></summary>
    Exists,

    /// <summary><c>ARRAY(SELECT ..)</c></summary>
    Array,
}

/// <summary>A query as an expression.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Kind">How it stands here.</param>
/// <param name="Query">The query.</param>
public sealed record SubqueryExpression(SqlSpan Span, SubqueryKind Kind, SqlQuery Query) : SqlExpression(Span);

/// <summary><c>ROW(a, b)</c> or <c>(a, b)</c></summary>
/// <param name="Span">The characters.</param>
/// <param name="Items">The fields.</param>
public sealed record RowExpression(SqlSpan Span, ImmutableArray<SqlExpression> Items) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => Items;
}

/// <summary><c>ARRAY[a, b]</c>, or an inner <c>[a, b]</c> of one.</summary>
/// <param name="Span">The characters.</param>
/// <param name="Items">The elements.</param>
public sealed record ArrayExpression(SqlSpan Span, ImmutableArray<SqlExpression> Items) : SqlExpression(Span)
{
    /// <inheritdoc/>
    public override ImmutableArray<SqlExpression> Operands => Items;
}

/// <summary>DEFAULT as a value.</summary>
/// <param name="Span">The keyword.</param>
public sealed record DefaultExpression(SqlSpan Span) : SqlExpression(Span);

/// <summary>What could not be understood.</summary>
/// <param name="Span">Where.</param>
public sealed record UnknownExpression(SqlSpan Span) : SqlExpression(Span);
