using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>A list of rows that a call passes in the place of its parameters: the statement runs once for each.</summary>
/// <param name="Value">The list, without conversions around it.</param>
/// <param name="Element">The type of its elements.</param>
public sealed record SuppliedRows(IOperation Value, ITypeSymbol Element)
{
    /// <summary>
    /// The rows that a call certainly passes, or null. Dapper's Execute takes any sequence for rows, except text, a dictionary from names to values,
    /// and what adds its parameters itself (2.1.86, SqlMapper.GetMultiExec).
    /// </summary>
    public static SuppliedRows? Of(DbCall call) =>
        call.Api is { Row: { Library: DbLibrary.Dapper, Effects: DbEffects.Executes }, Parameters: { } parameters } &&
        HoleValues.Strip(parameters) is { Type: { } type } value && HoleValues.ElementType(type) is { } element &&
        !ParameterBags.AddsItself(type) && !ParameterBags.IsDictionary(type)
            ? new SuppliedRows(value, element)
            : null;

    /// <summary>How many rows there are where they are written out, or null; to a list in a variable more may be added.</summary>
    public int? Count => Value is IObjectCreationOperation { Initializer.Initializers.Length: var listed, Arguments.IsEmpty: true } ? listed
        : ListUses.Origin(Value) is IArrayCreationOperation { Initializer.ElementValues.Length: var length } ? length
        : null;
}
