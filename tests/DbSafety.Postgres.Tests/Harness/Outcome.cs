using System.Collections;
using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DbSafety.Postgres.Tests.Harness;

/// <summary>What a piece of code came to: rows, or an exception. Two outcomes are equal when they print the same.</summary>
public sealed class Outcome
{
    private Outcome(ImmutableArray<object?[]> rows, Exception? exception)
    {
        Rows = rows;
        Exception = exception;
    }

    /// <summary>The rows; empty where it threw.</summary>
    public ImmutableArray<object?[]> Rows { get; }

    /// <summary>What it threw, or null.</summary>
    public Exception? Exception { get; }

    /// <summary>The server's code for what went wrong, or null where it was not the server that refused.</summary>
    public string? SqlState
    {
        get
        {
            for (var exception = Exception; exception is not null; exception = exception.InnerException)
            {
                if (exception is DbException { SqlState: { } state })
                {
                    return state;
                }
            }

            return null;
        }
    }

    /// <summary>The error in short: the SQLSTATE, else the exception's type; null where there was none.</summary>
    public string? Error => SqlState ?? Exception?.GetType().Name;

    /// <summary>Runs work and keeps what it came to.</summary>
    public static async Task<Outcome> OfAsync(Func<Task<object?>> work)
    {
        try
        {
            return new Outcome(ToRows(await work()), null);
        }
        catch (Exception exception)
        {
            while (exception is TargetInvocationException { InnerException: { } inner })
            {
                exception = inner;
            }

            return new Outcome([], exception);
        }
    }

    /// <summary>Reads every row of every result.</summary>
    public static async Task<object?> ReadAsync(DbDataReader reader)
    {
        var rows = new List<object?[]>();
        do
        {
            while (await reader.ReadAsync())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }
        }
        while (await reader.NextResultAsync());
        return rows;
    }

    /// <summary>Rows of one column each: the usual way to state what a test expects.</summary>
    public static string Column(params object?[] values) => new Outcome([.. values.Select(value => new[] { value })], null).ToString();

    /// <summary>The rows or the exception, values with their types.</summary>
    public override string ToString() => Exception is null
        ? Rows.IsEmpty ? "no rows" : string.Join('\n', Rows.Select(row => $"({string.Join(", ", row.Select(Print))})"))
        : $"{Exception.GetType().Name} {SqlState}".TrimEnd();

    private static string Print(object? value) => value switch
    {
        null or DBNull => "null",
        string text => $"'{text}'",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Print))}]",
        IFormattable formattable => $"{value.GetType().Name} {formattable.ToString(value is DateTime or DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture)}",
        _ => $"{value.GetType().Name} {value}",
    };

    private static ImmutableArray<object?[]> ToRows(object? result) => result switch
    {
        null => [[null]],
        string => [[result]],
        Array { Rank: 1 } array when array.GetType().GetElementType()!.IsPrimitive => [[result]],
        IEnumerable<object?[]> rows => [.. rows],
        IDictionary<string, object?> row => [[.. row.Values]],
        IEnumerable items => [.. items.Cast<object?>().Select(ToRow)],
        _ => [ToRow(result)],
    };

    // Dapper's rows are dictionaries in column order; entities are their public properties in order of declaration.
    private static object?[] ToRow(object? item) => item switch
    {
        null => [null],
        IDictionary<string, object?> row => [.. row.Values],
        ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(index => tuple[index])],
        _ when Type.GetTypeCode(item.GetType()) != TypeCode.Object || item is IFormattable || item is IEnumerable => [item],
        _ => [.. item.GetType().GetProperties().Where(property => property.GetIndexParameters() is []).Select(property => property.GetValue(item))],
    };
}
