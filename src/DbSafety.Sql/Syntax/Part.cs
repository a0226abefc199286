namespace DbSafety.Sql.Syntax;

/// <summary>What is known about an optional clause. A hole may hold it, so there are three answers, and rules stay quiet on the third.</summary>
public enum Presence
{
    /// <summary>The clause is not there.</summary>
    Absent,

    /// <summary>The clause is there.</summary>
    Present,

    /// <summary>A hole stands where the clause might be.</summary>
    Unknown,
}

/// <summary>An optional clause of a statement: present, absent, or unknown because a hole may hold it.</summary>
/// <typeparam name="T">The node of the clause.</typeparam>
public readonly struct Part<T>
    where T : class
{
    private Part(Presence presence, T? value)
    {
        Presence = presence;
        Value = value;
    }

    /// <summary>The clause is not there.</summary>
    public static Part<T> Absent => default;

    /// <summary>A hole may hold the clause.</summary>
    public static Part<T> Unknown => new(Presence.Unknown, null);

    /// <summary>Which of the three it is.</summary>
    public Presence Presence { get; }

    /// <summary>The node, where present.</summary>
    public T? Value { get; }

    /// <summary>The clause is certainly not there.</summary>
    public bool IsAbsent => Presence == Presence.Absent;

    /// <summary>The clause is there.</summary>
    public bool IsPresent => Presence == Presence.Present;

    /// <summary>Nobody knows: a hole may hold it.</summary>
    public bool IsUnknown => Presence == Presence.Unknown;

    /// <summary>Makes a part that is there.</summary>
    public static Part<T> Of(T value) => new(Presence.Present, value);
}
