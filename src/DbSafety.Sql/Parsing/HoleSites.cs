using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Parsing;

internal sealed class HoleSites
{
    public static ImmutableArray<HoleSite> Find(SqlSource source, SqlDialect dialect, ImmutableArray<SqlToken> tokens,
        ImmutableArray<SqlStatement> statements, HoleMarks marks) => ImmutableArray<HoleSite>.Empty;
}
