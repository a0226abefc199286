namespace DbSafety.Analyzers.Apis;

/// <summary>The library that an API belongs to; it decides the idiom of a fix.</summary>
public enum DbLibrary
{
    /// <summary>The contracts of the base class library (<c>IDbCommand</c>, ..), and every provider that has no rows of its own.</summary>
    AdoNet,

    /// <summary>Npgsql.</summary>
    Npgsql,

    /// <summary>Dapper.</summary>
    Dapper,

    /// <summary>Entity Framework Core, relational.</summary>
    EfCore,

    /// <summary>A method or property of the user's own, named by an option or found to pass its text on.</summary>
    User,
}

/// <summary>How an API treats its text.</summary>
public enum SqlTextForm
{
    /// <summary>The text goes to the database as it is.</summary>
    Plain,

    /// <summary>
    /// The text goes through <c>string.Format</c> first: <c>{0}</c> stands for a parameter, <c>{{</c> for a brace. EF Core does this in its Raw
    /// methods and for <c>ToSqlQuery</c>, also where no parameters are given: a lone <c>{</c> throws FormatException (seen with EF Core 10.0).
    /// </summary>
    CompositeFormat,

    /// <summary>A <c>FormattableString</c> whose holes become parameters: safe, unless it was made from an already formatted text.</summary>
    Formattable,

    /// <summary>The text of an EF Core migration: plain, written by a developer, run when the schema is changed.</summary>
    Migration,
}

/// <summary>The database behind a connection.</summary>
public enum Provider
{
    /// <summary>Nobody knows, or several are possible: rules that depend on the database stay neutral.</summary>
    Undecided,

    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>Microsoft SQL Server.</summary>
    SqlServer,

    /// <summary>SQLite.</summary>
    Sqlite,

    /// <summary>MySQL or MariaDB.</summary>
    MySql,

    /// <summary>Oracle.</summary>
    Oracle,

    /// <summary>Known to be none of the above.</summary>
    Other,
}

/// <summary>One row of the table: an API that takes SQL text.</summary>
/// <param name="Library">The library that it belongs to.</param>
/// <param name="Type">The metadata name of the declaring type; types that derive from it or implement it count too.</param>
/// <param name="Member">The name of the method or property, or <see cref="DbApiTable.Constructor"/>.</param>
/// <param name="SqlParameter">The name of the parameter that takes the text; empty for a property that is set.</param>
/// <param name="Form">
/// How the text is treated. A row for <see cref="SqlTextForm.Formattable"/> means the overloads that take a <c>FormattableString</c>, any other
/// row those that take text.
/// </param>
/// <param name="Effects">What the API itself tells about its effects.</param>
/// <param name="ValuesParameter">The name of the parameter that takes the values for the placeholders, or null where the API has none.</param>
public sealed record DbApi(
    DbLibrary Library,
    string Type,
    string Member,
    string SqlParameter,
    SqlTextForm Form,
    DbEffects Effects,
    string? ValuesParameter = null)
{
    /// <summary>The row is about a constructor.</summary>
    public bool IsConstructor => Member == DbApiTable.Constructor;

    /// <summary>The row is about a property that is set.</summary>
    public bool IsProperty => SqlParameter.Length == 0;
}
