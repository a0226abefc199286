using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

/// <content>Definitions: CREATE, ALTER and DROP, as far as the catalog needs them; the others are passed over.</content>
public sealed partial class SqlParser
{
    private SqlStatement ParseCreate(int start)
    {
        return ParseUnknown(start, "CREATE");
    }

    private SqlStatement ParseAlter(int start)
    {
        return ParseUnknown(start, "ALTER");
    }

    private SqlStatement ParseDrop(int start)
    {
        return ParseUnknown(start, "DROP");
    }
}
