using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Rules;

public static partial class Descriptors
{
    /// <summary>Several writes without a transaction.</summary>
    public static readonly DiagnosticDescriptor DBS3001_WritesWithoutTransaction = Rule(
        "DBS3001", "WritesWithoutTransaction", "Several writes without a transaction",
        "{0} without a transaction: if it fails, {1}", Categories.Transactions, DiagnosticSeverity.Warning,
        "Each statement takes effect alone; a failure between two of them leaves half of the work in the database.");

    /// <summary>Write outside the open transaction.</summary>
    public static readonly DiagnosticDescriptor DBS3002_WriteOutsideTransaction = Rule(
        "DBS3002", "WriteOutsideTransaction", "Write outside the open transaction",
        "{0} does not take part in the transaction '{1}': {2}", Categories.Transactions, DiagnosticSeverity.Warning,
        "What runs on another connection stays when the transaction is rolled back.");

    /// <summary>Transaction is never committed.</summary>
    public static readonly DiagnosticDescriptor DBS3003_TransactionNotCommitted = Rule(
        "DBS3003", "TransactionNotCommitted", "Transaction is never committed",
        "'{0}' is never committed: what is written in it is lost without an error", Categories.Transactions, DiagnosticSeverity.Warning,
        "Disposing a transaction that was not committed rolls it back, silently.");

    /// <summary>Transaction begins inside another on the same connection.</summary>
    public static readonly DiagnosticDescriptor DBS3004_NestedTransaction = Rule(
        "DBS3004", "NestedTransaction", "Transaction begins inside another on the same connection",
        "{0} throws: the transaction '{1}' is open {2}", Categories.Transactions, DiagnosticSeverity.Warning,
        "A connection to PostgreSQL has one transaction at a time; within it there are savepoints.");

    /// <summary>Work goes on after a database error inside a transaction.</summary>
    public static readonly DiagnosticDescriptor DBS3005_ContinueAfterError = Rule(
        "DBS3005", "ContinueAfterError", "Work goes on after a database error inside a transaction",
        "If {0} fails, the transaction '{1}' is aborted, and {2}: set a savepoint before it, or let the error end the transaction", Categories.Transactions, DiagnosticSeverity.Warning,
        "After an error PostgreSQL refuses every command of the transaction (25P02), and Commit rolls back without an exception.");

    /// <summary>TransactionScope without asynchronous flow.</summary>
    public static readonly DiagnosticDescriptor DBS3006_ScopeWithoutAsyncFlow = Rule(
        "DBS3006", "ScopeWithoutAsyncFlow", "TransactionScope without asynchronous flow",
        "This TransactionScope does not follow the await inside it, and throws when it is disposed: pass TransactionScopeAsyncFlowOption.Enabled",
        Categories.Transactions, DiagnosticSeverity.Warning,
        "Without the option the ambient transaction belongs to one thread, and code behind an await may run on another.");

    /// <summary>Connection was opened before the scope.</summary>
    public static readonly DiagnosticDescriptor DBS3007_ConnectionOpenedBeforeScope = Rule(
        "DBS3007", "ConnectionOpenedBeforeScope", "Connection was opened before the TransactionScope",
        "'{0}' was opened before the TransactionScope, so {1} is not part of it: open the connection inside", Categories.Transactions, DiagnosticSeverity.Warning,
        "A connection enlists in the ambient transaction when it is opened, and only then.");

    /// <summary>Own transaction under a retrying execution strategy.</summary>
    public static readonly DiagnosticDescriptor DBS3008_RetryWithUserTransaction = Rule(
        "DBS3008", "RetryWithUserTransaction", "Own transaction under a retrying execution strategy",
        "{0}", Categories.Transactions, DiagnosticSeverity.Warning,
        "A strategy that retries must be able to repeat the whole transaction, from a state in which nothing of the first attempt is left.");

    /// <summary>Statement is not allowed in a transaction.</summary>
    public static readonly DiagnosticDescriptor DBS3009_StatementNotAllowedInTransaction = Rule(
        "DBS3009", "StatementNotAllowedInTransaction", "Statement is not allowed in a transaction",
        "{0} cannot run {1}: PostgreSQL refuses it (25001)", Categories.Transactions, DiagnosticSeverity.Warning,
        "Some statements commit on their own, or leave the transaction, and are refused inside one.");

    /// <summary>Binary import is never completed.</summary>
    public static readonly DiagnosticDescriptor DBS3010_CopyNotCompleted = Rule(
        "DBS3010", "CopyNotCompleted", "Binary import is never completed",
        "'{0}' is never completed: its rows are lost without an error; call {1}", Categories.Transactions, DiagnosticSeverity.Warning,
        "Disposing a binary importer that was not completed cancels the import.");

    /// <summary>Row lock outside a transaction.</summary>
    public static readonly DiagnosticDescriptor DBS3011_LockWithoutTransaction = Rule(
        "DBS3011", "LockWithoutTransaction", "Row lock outside a transaction",
        "{0} outside a transaction locks nothing: the lock is released when the statement ends", Categories.Transactions, DiagnosticSeverity.Info,
        "Row locks are held until the end of the transaction, and a statement alone is a transaction of its own.");

    /// <summary>Transaction is held open over I/O.</summary>
    public static readonly DiagnosticDescriptor DBS3012_TransactionHeldOverIo = Rule(
        "DBS3012", "TransactionHeldOverIo", "Transaction is held open over I/O",
        "{0} keeps the transaction '{1}' and its locks open while it waits", Categories.Transactions, DiagnosticSeverity.Info,
        "Row locks, a connection of the pool and the horizon of VACUUM wait with it.");

    /// <summary>Serializable transaction without a retry.</summary>
    public static readonly DiagnosticDescriptor DBS3013_SerializableWithoutRetry = Rule(
        "DBS3013", "SerializableWithoutRetry", "Serializable transaction without a retry",
        "{0}", Categories.Transactions, DiagnosticSeverity.Info,
        "PostgreSQL ends such a transaction with 40001 when it conflicts with another one, and expects the whole of it to be run again.");
}
