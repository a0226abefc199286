using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Analyzers.Flow;

/// <summary>The temporary tables of one member: what is written to them is gone with the session, so it is no write that could be half done.</summary>
internal sealed class TemporaryTables
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes the temporary tables that a text creates.</summary>
    public void Add(DbCall? call)
    {
        foreach (var statement in call?.Sql.Statements ?? System.Collections.Immutable.ImmutableArray<SqlStatement>.Empty)
        {
            var name = statement switch { CreateTableStatement table => table.Name, WrapperStatement { Verb: "CREATE TABLE AS" } copy => copy.Name, _ => null };
            if (name is not null && IsTemporary(call!.Sql.Source.ToString(SqlSpan.FromBounds(statement.Span.Start, name.Span.Start))))
            {
                _names.Add(name.Name);
            }
        }
    }

    /// <summary>Whether all that a text writes is in temporary tables.</summary>
    public bool HoldAll(DbCall? call)
    {
        if (call is null)
        {
            return false;
        }

        var any = false;
        foreach (var statement in call.Sql.Statements)
        {
            if ((StatementEffects.Of(statement) & SqlEffects.Writes) != 0)
            {
                any = true;
                if (TableOf(statement) is not { } name || !(_names.Contains(name.Name) || name.Schema == "pg_temp" || IsNamedSo(name)))
                {
                    return false;
                }
            }
        }

        return any;
    }

    private static QualifiedName? TableOf(SqlStatement statement) => statement switch
    {
        WriteStatement write when write.With.IsAbsent => write.Table.Name,
        CopyStatement copy => copy.Table,
        DropStatement { Names: { Length: 1 } names } => names[0],
        _ => null,
    };

    // Created elsewhere, and called so.
    private static bool IsNamedSo(QualifiedName name) => name.Schema is null &&
        (name.Name.StartsWith("tmp", StringComparison.OrdinalIgnoreCase) || name.Name.StartsWith("temp_", StringComparison.OrdinalIgnoreCase) || name.Name.EndsWith("_tmp", StringComparison.OrdinalIgnoreCase) ||
            name.Name.EndsWith("_temp", StringComparison.OrdinalIgnoreCase));

    private static bool IsTemporary(string head) => head.IndexOf(" TEMP ", StringComparison.OrdinalIgnoreCase) >= 0 || head.IndexOf(" TEMPORARY ", StringComparison.OrdinalIgnoreCase) >= 0;
}
