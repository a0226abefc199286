using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The members that tell in which state a transaction is: savepoints, what a scope is made with, which errors a handler knows.</summary>
public static class SavepointMembers
{
    private const string Async = "Async";

    /// <summary>The code of a violated unique constraint.</summary>
    public const string UniqueViolation = "23505";

    /// <summary>The method of a transaction that sets a savepoint, as its type has it; null where it has none.</summary>
    public static string? Set(ITypeSymbol? holder, bool isAsync) => Find(holder, isAsync, "Save", "CreateSavepoint");

    /// <summary>The method that goes back to one.</summary>
    public static string? RollBack(ITypeSymbol? holder, bool isAsync) => Find(holder, isAsync, "Rollback", "RollbackToSavepoint");

    /// <summary>The method that forgets one, and keeps what was done since.</summary>
    public static string? Release(ITypeSymbol? holder, bool isAsync) => Find(holder, isAsync, "Release", "ReleaseSavepoint");

    /// <summary>The method that commits a transaction.</summary>
    public static string Commit(bool isAsync) => isAsync ? "CommitAsync" : "Commit";

    /// <summary>Whether a method begins a transaction of its connection or context, and takes part in no other.</summary>
    public static bool Begins(IMethodSymbol method) => method.Name is "BeginTransaction" or "BeginTransactionAsync";

    /// <summary>Whether a method of this name may commit something, by a library or by hand.</summary>
    public static bool MayCommit(string member) => member.IndexOf("Commit", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether a method of this name may end a transaction.</summary>
    public static bool MayEnd(string member) => MayCommit(member) || member.IndexOf("Rollback", StringComparison.OrdinalIgnoreCase) >= 0 || member.IndexOf("Dispose", StringComparison.Ordinal) >= 0;

    /// <summary>Whether a method is the end of a transaction's or a connection's life.</summary>
    public static bool Disposes(string member) => ConnectionMembers.Closes(member);

    /// <summary>Whether a method of this name rolls back.</summary>
    public static bool RollsBack(string member) => member is "Rollback" or "RollbackAsync";

    /// <summary>Whether a method forgets a savepoint.</summary>
    public static bool Forgets(string member) => member is "Release" or "ReleaseAsync" or "ReleaseSavepoint" or "ReleaseSavepointAsync";

    /// <summary>Whether a call gives the transaction of ADO.NET under one of EF Core.</summary>
    public static bool IsUnderlying(IMethodSymbol method) => method.Name == "GetDbTransaction";

    /// <summary>Whether a property is that of a context that tells its transaction.</summary>
    public static bool IsCurrent(ISymbol property) => property.Name == "CurrentTransaction";

    /// <summary>Whether a scope is certainly one in whose transaction connections take part: not a suppressing one.</summary>
    public static bool TakesPart(IObjectCreationOperation scope) => scope.Arguments.All(argument =>
        argument.Parameter?.Type.Name is not "TransactionScopeOption" || argument.Value is IFieldReferenceOperation { Field.Name: "Required" or "RequiresNew" });

    /// <summary>Whether a scope asks for a transaction of its own.</summary>
    public static bool IsOfItsOwn(IObjectCreationOperation scope) => scope.Arguments.Any(argument => argument.Value is IFieldReferenceOperation { Field.Name: "RequiresNew" });

    /// <summary>Whether an assignment takes away the savepoint that SaveChanges sets.</summary>
    public static bool DropsSavepoints(IAssignmentOperation assignment) =>
        assignment is { Target: IPropertyReferenceOperation { Property.Name: "AutoSavepointsEnabled" }, Value.ConstantValue: { HasValue: true, Value: false } };

    /// <summary>Whether a handler for a type of exceptions gets what the server answers to a command.</summary>
    public static bool CatchesErrors(ITypeSymbol? type) => type?.ToDisplayString() is null or "object" or "System.Exception" or "System.SystemException" or "System.Runtime.InteropServices.ExternalException" or
        "System.Data.Common.DbException" or "Npgsql.NpgsqlException" or "Npgsql.PostgresException";

    /// <summary>Whether it gets nothing but that.</summary>
    public static bool CatchesOnlyErrors(ITypeSymbol? type) => type?.Name is "DbException" or "NpgsqlException" or "PostgresException";

    /// <summary>Whether a handler for a type of exceptions gets what SaveChanges throws.</summary>
    public static bool CatchesFailedSaves(ITypeSymbol? type) => type?.ToDisplayString() is null or "object" or "System.Exception" or "Microsoft.EntityFrameworkCore.DbUpdateException";

    /// <summary>Whether a condition on an exception asks what the server answered: its code, what constraint it was, whether a retry may help, the type of the answer.</summary>
    public static bool AsksForError(IOperation condition) => condition.DescendantsAndSelf().Any(part => part switch
    {
        IPropertyReferenceOperation property => property.Property.Name is "SqlState" or "IsTransient" or "ConstraintName" or "ErrorCode",
        ITypePatternOperation type => CatchesOnlyErrors(type.MatchedType),
        IDeclarationPatternOperation declaration => CatchesOnlyErrors(declaration.MatchedType),
        IRecursivePatternOperation pattern => CatchesOnlyErrors(pattern.MatchedType),
        IIsTypeOperation type => CatchesOnlyErrors(type.TypeOperand),
        _ => false,
    });

    /// <summary>The codes of the server that a piece of code names.</summary>
    public static IEnumerable<string> CodesIn(IOperation code) => code.DescendantsAndSelf()
        .Where(part => part is ILiteralOperation or IFieldReferenceOperation && part.ConstantValue is { HasValue: true, Value: string { Length: 5 } })
        .Select(part => (string)part.ConstantValue.Value!).Where(text => text.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z')));

    /// <summary>Whether a code says that the transaction lost against another one, and the whole of it should be run again.</summary>
    public static bool AsksForRetry(string code) => code is "40001" or "40P01";

    /// <summary>Whether a call writes to a log.</summary>
    public static bool Logs(IMethodSymbol method) => method.Name.StartsWith("Log", StringComparison.Ordinal) || method.ContainingType is { Name: nameof(Console) or nameof(System.Diagnostics.Debug) or nameof(System.Diagnostics.Trace) or "Log" };

    /// <summary>Whether an attribute marks a test: it undoes what it did.</summary>
    public static bool MarksTest(ITypeSymbol? attribute) => attribute?.ContainingNamespace?.ToDisplayString() is { } space &&
        (space.StartsWith("Xunit", StringComparison.Ordinal) || space.StartsWith("NUnit.", StringComparison.Ordinal) || space.StartsWith("TUnit.", StringComparison.Ordinal) ||
        space.StartsWith("Microsoft.VisualStudio.TestTools", StringComparison.Ordinal));

    /// <summary>The parameter of a migration's text that keeps it out of the transaction.</summary>
    public const string SuppressTransaction = "suppressTransaction";

    /// <summary>Whether a method is asynchronous by its name.</summary>
    public static bool IsAsync(string member) => member.EndsWith(Async, StringComparison.Ordinal);

    private static string? Find(ITypeSymbol? holder, bool isAsync, params string[] names)
    {
        foreach (var name in names)
        {
            var wanted = isAsync ? name + Async : name;
            for (var type = holder; type is not null; type = type.BaseType)
            {
                if (Has(type, wanted))
                {
                    return wanted;
                }
            }

            if (holder is not null && holder.AllInterfaces.Any(contract => Has(contract, wanted)))
            {
                return wanted;
            }
        }

        return null;
    }

    private static bool Has(ITypeSymbol type, string name) =>
        type.GetMembers(name).Any(member => member is IMethodSymbol { Parameters: { Length: > 0 } parameters } && parameters[0].Type.SpecialType == SpecialType.System_String);
}
