using DbSafety.Sql.Text;

namespace DbSafety.Sql.Lexing;

/// <summary>The lexical classes of PostgreSQL (manual, chapter 4.1), plus the hole.</summary>
public enum SqlTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A keyword or an unquoted identifier; a hole may be a part of it (<c>orders_{x}</c>).</summary>
    Word,

    /// <summary><c>"name"</c>, <c>U&amp;"name"</c>; of other dialects <c>[name]</c> and <c>`name`</c>.</summary>
    QuotedName,

    /// <summary><c>'text'</c> with its prefixes <c>E</c>, <c>N</c>, <c>U&amp;</c>, and its continuations on further lines.</summary>
    String,

    /// <summary><c>$$text$$</c></summary>
    DollarString,

    /// <summary><c>B'01'</c>, <c>X'1F'</c></summary>
    BitString,

    /// <summary>An integer without point and exponent.</summary>
    Integer,

    /// <summary>A number with point or exponent.</summary>
    Decimal,

    /// <summary><c>@name</c>, <c>:name</c>, <c>$1</c>, in other dialects <c>?</c></summary>
    Parameter,

    /// <summary>An operator, also <c>=</c>, <c>*</c> and the other single characters that PostgreSQL's grammar names.</summary>
    Operator,

    /// <summary><c>(</c></summary>
    OpenParen,

    /// <summary><c>)</c></summary>
    CloseParen,

    /// <summary><c>[</c></summary>
    OpenBracket,

    /// <summary><c>]</c></summary>
    CloseBracket,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary><c>;</c></summary>
    Semicolon,

    /// <summary><c>.</c></summary>
    Dot,

    /// <summary><c>:</c></summary>
    Colon,

    /// <summary><c>::</c></summary>
    TypeCast,

    /// <summary><c>:=</c></summary>
    ColonEquals,

    /// <summary><c>=></c></summary>
    EqualsGreater,

    /// <summary>A bare hole.</summary>
    Hole,

    /// <summary>Characters that are no token: an unterminated constant or comment, trailing junk.</summary>
    Bad,
}

/// <summary>One token. A class, because tokens lie on the stack of a deep recursion.</summary>
public sealed class SqlToken
{
    internal SqlToken(SqlTokenKind kind, int start, int end, string? text = null, KeywordCategory category = KeywordCategory.None,
        bool isKeyword = false, bool isBareLabel = true)
    {
        Kind = kind;
        Start = start;
        End = end;
        Text = text;
        Category = category;
        IsKeyword = isKeyword;
        IsBareLabel = isBareLabel;
    }

    /// <summary>The lexical class.</summary>
    public SqlTokenKind Kind { get; }

    /// <summary>The first character.</summary>
    public int Start { get; }

    /// <summary>The position behind the last character.</summary>
    public int End { get; }

    /// <summary>Words folded to lower case, operators as written, the decoded name of a quoted identifier; else null.</summary>
    public string? Text { get; }

    /// <summary>The category, where this is a keyword.</summary>
    public KeywordCategory Category { get; }

    /// <summary>Whether the word is in PostgreSQL's list of keywords.</summary>
    public bool IsKeyword { get; }

    /// <summary>Whether the word can be a column label without AS.</summary>
    public bool IsBareLabel { get; }

    /// <summary>The characters of the token.</summary>
    public SqlSpan Span => SqlSpan.FromBounds(Start, End);

    /// <summary>Whether this is the unquoted word, given in lower case.</summary>
    public bool Is(string word) => Kind == SqlTokenKind.Word && string.Equals(Text, word, StringComparison.Ordinal);

    /// <summary>Whether this is the operator.</summary>
    public bool IsOperator(string op) => Kind == SqlTokenKind.Operator && string.Equals(Text, op, StringComparison.Ordinal);
}
