using System.Collections.Immutable;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>How a parameter is written.</summary>
public enum ParameterStyle
{
    /// <summary><c>@name</c></summary>
    At,

    /// <summary><c>:name</c></summary>
    Colon,

    /// <summary><c>$1</c></summary>
    Dollar,

    /// <summary><c>?</c> or <c>?name</c> (other databases; in PostgreSQL an operator)</summary>
    Question,
}

/// <summary>A parameter that the text already uses.</summary>
/// <param name="Name">The name without its mark; the digits for <c>$1</c>; empty for <c>?</c>.</param>
/// <param name="Style">How it is written.</param>
/// <param name="Span">Where it stands, with its mark.</param>
public sealed record SqlParameter(string Name, ParameterStyle Style, SqlSpan Span);

/// <summary>A syntax error: where PostgreSQL's own parser would stop too.</summary>
/// <param name="Position">The character at which parsing stopped.</param>
/// <param name="Message">What was expected, for people.</param>
public sealed record SqlSyntaxError(int Position, string Message);

/// <summary>A string constant whose whole content is one parameter's name: <c>'@name'</c>. It is text, never bound.</summary>
/// <param name="Span">The constant with its quotes.</param>
/// <param name="Name">The name without its mark.</param>
/// <param name="Style">How it is written.</param>
public sealed record QuotedParameter(SqlSpan Span, string Name, ParameterStyle Style);

/// <summary>How a parameter stands where a list of values is compared.</summary>
public enum ListForm
{
    /// <summary><c>IN @ids</c>: no SQL; some libraries write the list in its place.</summary>
    Bare,

    /// <summary><c>IN (@ids)</c>, alone in the parentheses: one value.</summary>
    Parenthesized,

    /// <summary><c>= ANY (@ids)</c>, <c>&lt;&gt; ALL (@ids)</c>, also with a cast behind the parameter: an array.</summary>
    Array,
}

/// <summary>A parameter in the place of a list of values.</summary>
/// <param name="Span">From IN, or NOT IN, to the end of the list; for an array the parameter.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Form">How it stands there.</param>
/// <param name="IsNegated">NOT IN</param>
/// <param name="Operand">What is compared with the list.</param>
public sealed record ListParameter(SqlSpan Span, SqlParameter Parameter, ListForm Form, bool IsNegated, SqlExpression Operand);

/// <summary>What the parser made of a text.</summary>
public sealed class SqlTree
{
    internal SqlTree(
        SqlSource source,
        ImmutableArray<SqlStatement> statements,
        ImmutableArray<SqlSyntaxError> errors,
        ImmutableArray<SqlParameter> parameters,
        ImmutableArray<HoleSite> holeSites,
        ImmutableArray<QuotedParameter> quotedParameters,
        ImmutableArray<ListParameter> listParameters)
    {
        Source = source;
        Statements = statements;
        Errors = errors;
        Parameters = parameters;
        HoleSites = holeSites;
        QuotedParameters = quotedParameters;
        ListParameters = listParameters;
    }

    /// <summary>The text.</summary>
    public SqlSource Source { get; }

    /// <summary>The statements, in order; empty ones are left out.</summary>
    public ImmutableArray<SqlStatement> Statements { get; }

    /// <summary>The syntax errors, at most one for each statement.</summary>
    public ImmutableArray<SqlSyntaxError> Errors { get; }

    /// <summary>The parameters that the text uses, in order.</summary>
    public ImmutableArray<SqlParameter> Parameters { get; }

    /// <summary>Where the holes stand: exactly one site for each hole, in order.</summary>
    public ImmutableArray<HoleSite> HoleSites { get; }

    /// <summary>The string constants whose whole content is one parameter's name.</summary>
    public ImmutableArray<QuotedParameter> QuotedParameters { get; }

    /// <summary>The parameters in the place of a list of values, in order.</summary>
    public ImmutableArray<ListParameter> ListParameters { get; }
}
