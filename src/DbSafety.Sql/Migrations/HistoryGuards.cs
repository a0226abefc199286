using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Migrations;

/// <summary>
/// The scripts that <c>dotnet ef migrations script --idempotent</c> writes: each statement stands in a DO block behind
/// <c>IF NOT EXISTS (SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '..') THEN</c>. In a replay from nothing each of them runs, once.
/// </summary>
public static class HistoryGuards
{
    /// <summary>The statements of a body of PL/pgSQL that stand behind the question whether their migration has run yet.</summary>
    /// <param name="body">The body, without the quotes around it.</param>
    /// <returns>For each such question the characters between THEN and END IF, in order; empty for any other body.</returns>
    public static ImmutableArray<SqlSpan> Find(SqlSource body)
    {
        if (body.Text.IndexOf("MigrationId", StringComparison.Ordinal) < 0)
        {
            return ImmutableArray<SqlSpan>.Empty;
        }

        var tokens = SqlLexer.Lex(body, SqlDialect.PostgreSql, out _);
        var found = ImmutableArray.CreateBuilder<SqlSpan>();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (GuardEnd(tokens, i) is not (> 0 and var then))
            {
                continue;
            }

            var end = then;
            while (end + 1 < tokens.Length && !(tokens[end].Is("end") && tokens[end + 1].Is("if")))
            {
                end++;
            }

            if (end + 1 >= tokens.Length)
            {
                break;
            }

            found.Add(SqlSpan.FromBounds(tokens[then].End, tokens[end].Start));
            i = end + 1;
        }

        return found.ToImmutable();
    }

    /// <summary>The index of the THEN of a question that begins here, or -1.</summary>
    private static int GuardEnd(ImmutableArray<SqlToken> tokens, int start)
    {
        var i = start;
        if (!(Is("if") && Is("not") && Is("exists") && Kind(SqlTokenKind.OpenParen) && Is("select") && Kind(SqlTokenKind.Integer) && Is("from")))
        {
            return -1;
        }

        if (!Name())
        {
            return -1;
        }

        if (tokens[i].Kind == SqlTokenKind.Dot)
        {
            i++;
            if (!Name())
            {
                return -1;
            }
        }

        if (!(Is("where") && tokens[i].Kind == SqlTokenKind.QuotedName && tokens[i].Text == "MigrationId"))
        {
            return -1;
        }

        i++;
        if (!tokens[i].IsOperator("="))
        {
            return -1;
        }

        i++;
        return Kind(SqlTokenKind.String) && Kind(SqlTokenKind.CloseParen) && Is("then") ? i - 1 : -1;

        // The last token, the end, is none of these, so the index stays within the tokens.
        bool Is(string word) => tokens[i].Is(word) && i++ >= 0;
        bool Kind(SqlTokenKind kind) => tokens[i].Kind == kind && i++ >= 0;
        bool Name() => tokens[i].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && i++ >= 0;
    }
}
