using DbSafety.Sql.Text;

namespace DbSafety.Sql.Syntax;

/// <summary>What a statement of transaction control does.</summary>
public enum TransactionKind
{
    /// <summary>A hole hides which one it is: <c>ROLLBACK {x}</c> may go back to a savepoint.</summary>
    Unknown,

    /// <summary>BEGIN, START TRANSACTION</summary>
    Begin,

    /// <summary>COMMIT, END</summary>
    Commit,

    /// <summary>ROLLBACK, ABORT of the whole transaction</summary>
    Rollback,

    /// <summary>SAVEPOINT</summary>
    Savepoint,

    /// <summary>ROLLBACK TO a savepoint</summary>
    RollbackTo,

    /// <summary>RELEASE of a savepoint</summary>
    Release,

    /// <summary>PREPARE TRANSACTION</summary>
    PrepareTransaction,

    /// <summary>COMMIT PREPARED</summary>
    CommitPrepared,

    /// <summary>ROLLBACK PREPARED</summary>
    RollbackPrepared,

    /// <summary>SET TRANSACTION</summary>
    SetTransaction,
}

/// <summary>An isolation level, as far as a statement tells it.</summary>
public enum TransactionIsolation
{
    /// <summary>The statement names none.</summary>
    NotGiven,

    /// <summary>A hole hides it.</summary>
    Unknown,

    /// <summary>READ UNCOMMITTED, which is READ COMMITTED in PostgreSQL.</summary>
    ReadUncommitted,

    /// <summary>READ COMMITTED</summary>
    ReadCommitted,

    /// <summary>REPEATABLE READ</summary>
    RepeatableRead,

    /// <summary>SERIALIZABLE</summary>
    Serializable,
}

/// <summary>Transaction control (PostgreSQL manual, chapter "SQL Commands"; read in PostgreSQL's dialect only).</summary>
/// <param name="Span">The characters.</param>
/// <param name="Verb">The keywords: <c>BEGIN</c> for START TRANSACTION too, <c>COMMIT</c> for END, <c>ROLLBACK</c> for ABORT, <c>ROLLBACK TO</c>, <c>SET</c>.</param>
/// <param name="Kind">What it does.</param>
public sealed record TransactionStatement(SqlSpan Span, string Verb, TransactionKind Kind) : SqlStatement(Span, Verb)
{
    /// <summary>The savepoint, or null.</summary>
    public SqlName? Savepoint { get; init; }

    /// <summary>The isolation level that it asks for.</summary>
    public TransactionIsolation Isolation { get; init; }

    /// <summary>AND CHAIN: the next transaction begins at once.</summary>
    public Presence Chain { get; init; }

    /// <summary>Whether a transaction that is open before is over behind it, and none is open: COMMIT, ROLLBACK, PREPARE TRANSACTION without AND CHAIN.</summary>
    public bool EndsTransaction => Kind is TransactionKind.Commit or TransactionKind.Rollback or TransactionKind.PrepareTransaction && Chain == Presence.Absent;
}
