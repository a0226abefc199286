namespace DbSafety.Analyzers.Apis;

/// <summary>
/// What a call does to the database as far as the API itself tells; the SQL text may tell more (a <c>Query</c> with INSERT .. RETURNING
/// writes too).
/// </summary>
[Flags]
public enum DbEffects
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>The call runs the text: at least one round trip.</summary>
    Executes = 1 << 0,

    /// <summary>The call only takes the text; another call, or the enumeration of the result, runs it.</summary>
    Deferred = 1 << 1,

    /// <summary>Rows, or a value, come back.</summary>
    Reads = 1 << 2,

    /// <summary>Rows change whatever the text says, as in COPY .. FROM STDIN.</summary>
    Writes = 1 << 3,

    /// <summary>The connection stays busy until the returned reader (or the enumeration) is disposed.</summary>
    OpensReader = 1 << 4,

    /// <summary>The connection is in COPY mode until the returned importer, exporter or stream is completed or disposed.</summary>
    OpensCopy = 1 << 5,

    /// <summary>All pending changes of a context are written, in one transaction.</summary>
    SavesChanges = 1 << 6,

    /// <summary>
    /// The call runs a query only where what it is called on is an EF Core query: the operators of LINQ say nothing of where the elements come from.
    /// </summary>
    OfQuery = 1 << 7,
}
