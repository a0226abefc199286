using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Definitions of what holds no data: roles, servers, publications, operators, policies. Passed over so far.</content>
public sealed partial class SqlParser
{
    /// <summary>CREATE of anything but relations, types, routines, triggers, schemas and extensions; the parser stands at the keyword of the kind.</summary>
    /// <param name="start">Where the statement begins.</param>
    /// <param name="kind">The word behind CREATE [OR REPLACE] in upper case; empty where none stands there.</param>
    /// <param name="isReplace">OR REPLACE</param>
    private SqlStatement ParseCreateUtility(int start, string kind, bool isReplace)
    {
        if (kind is "DATABASE" or "ROLE" or "USER" or "GROUP")
        {
            Advance();
            var name = ParseQualifiedName(HoleRole.UtilityName);
            return ParseUnknown(start, "CREATE " + kind, name.Parts.ToArray());
        }

        return ParseUnknown(start, kind.Length == 0 ? "CREATE" : "CREATE " + kind);
    }

    /// <summary>The same for ALTER.</summary>
    /// <param name="start">Where the statement begins.</param>
    /// <param name="kind">The word behind ALTER in upper case; empty where none stands there.</param>
    private SqlStatement ParseAlterUtility(int start, string kind) => ParseUnknown(start, kind.Length == 0 ? "ALTER" : "ALTER " + kind);
}
