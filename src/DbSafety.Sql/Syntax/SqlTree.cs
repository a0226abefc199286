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
