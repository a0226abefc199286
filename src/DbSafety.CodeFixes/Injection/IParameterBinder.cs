using System.Collections.Immutable;
using DbSafety.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>How parameters are passed to a list of values.</summary>
internal enum ListIdiom
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary><c>= ANY(@ids)</c> with an array: PostgreSQL.</summary>
    Any,

    /// <summary><c>IN @ids</c>: Dapper writes the list out.</summary>
    Expanded,
}

/// <summary>What an API family can do, as far as it decides the SQL text.</summary>
/// <param name="CanSendUntyped">A text can be sent without a type, so that the server infers it as it does for a quoted literal (Npgsql).</param>
/// <param name="TakesDates">Values of the date types are passed as they are.</param>
/// <param name="Lists">How a list is passed.</param>
internal readonly record struct BinderTraits(bool CanSendUntyped, bool TakesDates, ListIdiom Lists)
{
    /// <summary>The number of the next placeholder where they are numbered (<c>{0}</c>); null where parameters have names.</summary>
    public int? FirstNumber { get; init; }
}

/// <summary>A parameter that a call is to supply.</summary>
/// <param name="Name">Its name in the SQL text, without the mark.</param>
/// <param name="Value">The C# expression of its value.</param>
/// <param name="Type">The type of that expression, or null.</param>
/// <param name="MayBeNull">Whether the expression may be null.</param>
/// <param name="IsUntyped">Whether it is sent without a type; only where <see cref="BinderTraits.CanSendUntyped"/>.</param>
internal sealed record BoundParameter(string Name, string Value, ITypeSymbol? Type, bool MayBeNull, bool IsUntyped)
{
    /// <summary>The number of a positional parameter (<c>$1</c>), or 0.</summary>
    public int Position { get; init; }
}

/// <summary>
/// One API family: how a call of it receives parameters. The plan and the edit of the text are the same for all; only this differs. To add a
/// family, write a class and add it to <see cref="Binders"/>.
/// </summary>
internal interface IParameterBinder
{
    /// <summary>What the family can do for this call, or null where it is not this family's call or can't take parameters.</summary>
    BinderTraits? TraitsOf(FixScope scope, DbCall call);

    /// <summary>Adds the changes that supply the parameters of one call; false where there is no way.</summary>
    bool Bind(FixScope scope, DbCall call, ImmutableArray<BoundParameter> parameters, ICollection<TextChange> changes);
}

/// <summary>The API families.</summary>
internal static class Binders
{
    private static readonly ImmutableArray<IParameterBinder> s_all =
        ImmutableArray.Create<IParameterBinder>(new DapperBinder(), new EfCoreBinder(), new NpgsqlBinder(), new AdoNetBinder());

    /// <summary>The binder of a call, or null.</summary>
    public static (IParameterBinder Binder, BinderTraits Traits)? Of(FixScope scope, DbCall call)
    {
        foreach (var binder in s_all)
        {
            if (binder.TraitsOf(scope, call) is { } traits)
            {
                return (binder, traits);
            }
        }

        return null;
    }
}
