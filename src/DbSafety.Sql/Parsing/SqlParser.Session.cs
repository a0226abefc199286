using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Transaction, session and other utility statements.</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseSession(int start)
    {
        if (!At(SqlTokenKind.Word))
        {
            Fail("syntax error: expected a statement");
            return Other(start, "");
        }

        return ParseUnknown(start, Current.Text!.ToUpperInvariant());
    }
}
