using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Rules;

public static partial class Descriptors
{
    /// <summary>Query runs once per iteration.</summary>
    public static readonly DiagnosticDescriptor DBS2001_QueryInLoop = Rule(
        "DBS2001", "QueryInLoop", "Query runs once per iteration",
        "{0} for each '{1}': fetch the rows for all of them with one query before the loop", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "One round trip per element costs more than all the rest of the work; one query for all keys costs one.");

    /// <summary>Write runs once per iteration.</summary>
    public static readonly DiagnosticDescriptor DBS2002_WriteInLoop = Rule(
        "DBS2002", "WriteInLoop", "Write runs once per iteration",
        "{0} for each '{1}': write the rows of all of them with one statement or batch", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "One round trip per row, and without a transaction one commit per row.");

    /// <summary>SaveChanges runs once per iteration.</summary>
    public static readonly DiagnosticDescriptor DBS2003_SaveChangesInLoop = Rule(
        "DBS2003", "SaveChangesInLoop", "SaveChanges runs once per iteration",
        "{0} for each '{1}': call SaveChanges once, behind the loop", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "SaveChanges sends all pending changes in few round trips and one transaction; in a loop it does neither.");

    /// <summary>Query in a loop asks the same each time.</summary>
    public static readonly DiagnosticDescriptor DBS2004_LoopInvariantQuery = Rule(
        "DBS2004", "LoopInvariantQuery", "Query in a loop asks the same each time",
        "{0} in each iteration over '{1}', with the same inputs: run it once, before the loop", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "Nothing that the query is given changes in the loop.");

    /// <summary>Dapper runs the statement once per element.</summary>
    public static readonly DiagnosticDescriptor DBS2005_ListExecute = Rule(
        "DBS2005", "ListExecute", "Dapper runs the statement once per element",
        "Execute with a list sends the {0} once for each element, and each takes effect alone unless a transaction is open: write all rows with one statement",
        Categories.RoundTrips, DiagnosticSeverity.Info,
        "Dapper enumerates a list that is passed as the parameters, and executes the statement for each element on its own.");

    /// <summary>Navigation is loaded lazily in a loop.</summary>
    public static readonly DiagnosticDescriptor DBS2006_LazyLoadInLoop = Rule(
        "DBS2006", "LazyLoadInLoop", "Navigation is loaded lazily in a loop",
        "'{0}' is loaded by a query of its own for each '{1}': load it with the entities, by Include", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "With lazy-loading proxies, reading a navigation property that is not loaded runs a query.");

    /// <summary>Command runs while a reader of its connection is open.</summary>
    public static readonly DiagnosticDescriptor DBS2007_CommandWhileReaderOpen = Rule(
        "DBS2007", "CommandWhileReaderOpen", "Command runs while a reader of its connection is open",
        "{0} runs on '{1}' while {2} still reads from it: Npgsql throws; read the rows into memory first", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "A connection to PostgreSQL runs one command at a time, and Npgsql has no multiple active result sets.");

    /// <summary>Connection or context is used by two operations at once.</summary>
    public static readonly DiagnosticDescriptor DBS2008_ConcurrentConnectionUse = Rule(
        "DBS2008", "ConcurrentConnectionUse", "Connection or context is used by two operations at once",
        "{0} starts while another operation on '{1}' may still be running: await them one after the other", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "Neither an Npgsql connection nor a DbContext allows a second operation before the first has completed.");

    /// <summary>List parameter that PostgreSQL does not take.</summary>
    public static readonly DiagnosticDescriptor DBS2009_UnusableInClause = Rule(
        "DBS2009", "UnusableInClause", "List parameter that PostgreSQL does not take",
        "'{0}' fails at run time: {1}", Categories.RoundTrips, DiagnosticSeverity.Warning,
        "PostgreSQL has no list parameters: a list goes in as one array, compared with = ANY(..).");
}
