using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// A statement that takes no parameters, and the function that does the same and takes them: SET and <c>set_config</c>, NOTIFY and
/// <c>pg_notify</c>.
/// </summary>
/// <param name="Site">The value, as if the whole statement up to its end stood in its place.</param>
/// <param name="Before">SQL before the parameter.</param>
/// <param name="After">SQL behind it.</param>
/// <param name="Function">The function.</param>
internal sealed record UtilityTwin(HoleSite Site, string Before, string After, string Function)
{
    private const string Name = "[A-Za-z_][A-Za-z0-9_]*";

    private static readonly Regex s_set = new(
        $@"^\s*SET\s+(?:(?<scope>SESSION|LOCAL)\s+)?(?<name>{Name}(?:\.{Name})*)\s*(?:=|\bTO\b)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex s_notify = new(
        $@"^\s*NOTIFY\s+(?:(?<name>{Name})|""(?<quoted>[A-Za-z0-9_ .:-]+)"")\s*,\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Settings whose value is a list of names, or that are no plain settings.</summary>
    private static readonly ImmutableHashSet<string> s_others = ImmutableHashSet.Create(
        "search_path", "temp_tablespaces", "datestyle", "session_preload_libraries", "shared_preload_libraries", "local_preload_libraries", "log_destination",
        "listen_addresses", "synchronous_standby_names", "unix_socket_directories", "createrole_self_grant", "restrict_nonsystem_relation_kind",
        "wal_consistency_checking", "debug_io_direct", "role", "session_authorization", "session", "local", "transaction_isolation", "transaction_read_only",
        "transaction_deferrable", "names", "schema", "seed", "transaction", "authorization", "characteristics");

    /// <summary>Whether null resets the setting, where the empty text of the pasted null set it.</summary>
    public bool NullDiffers => Function == "set_config";

    /// <summary>The twin of the statement that a value stands in, or null.</summary>
    public static UtilityTwin? Of(DbCall call, DbHole hole)
    {
        var site = hole.Site;
        if (call.Provider != Provider.PostgreSql || call.Api.Row.Effects.HasFlag(DbEffects.Reads) || call.Trees.Length != 1 ||
            site is not { Role: HoleRole.UtilityValue, IsCertain: true, Literal: { TypePrefix: null } literal } ||
            hole.Tree is not { Statements.Length: 1, Errors.Length: 0 })
        {
            return null;
        }

        var text = hole.Tree.Source.Text;
        var head = text.Substring(0, literal.Span.Start);
        if (text.Substring(literal.Span.End).Trim() is not ("" or ";") || head.IndexOf(SqlSource.HoleMark) >= 0)
        {
            return null;
        }

        var start = head.Length - head.TrimStart().Length;
        var whole = new HoleSite
        {
            Hole = site.Hole,
            Span = site.Span,
            Kind = HoleKind.Value,
            Role = HoleRole.StringConstant,
            IsCertain = true,
            Verb = "SELECT",
            TakesParameters = true,
            TokenSpan = site.TokenSpan,
            Literal = literal,
            ValueSpan = SqlSpan.FromBounds(start, literal.Span.End),
            ExpectedType = "text",
        };
        if (s_set.Match(head) is { Success: true } set && set.Groups["name"].Value.ToLowerInvariant() is var setting && !s_others.Contains(setting))
        {
            var isLocal = string.Equals(set.Groups["scope"].Value, "LOCAL", StringComparison.OrdinalIgnoreCase);
            return new UtilityTwin(whole, $"SELECT set_config('{setting}', ", isLocal ? ", true)" : ", false)", "set_config");
        }

        // An unquoted channel was folded to lower case; the function takes it as it is.
        if (s_notify.Match(head) is { Success: true } notify)
        {
            var channel = notify.Groups["quoted"] is { Success: true } quoted ? quoted.Value : notify.Groups["name"].Value.ToLowerInvariant();
            return new UtilityTwin(whole, $"SELECT pg_notify('{channel}', ", ")", "pg_notify");
        }

        return null;
    }
}
