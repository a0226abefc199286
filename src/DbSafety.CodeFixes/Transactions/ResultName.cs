using DbSafety.Analyzers.Apis;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>A name for what a method returns.</summary>
internal static class ResultName
{
    /// <summary>The number of rows is <c>affected</c>; the rest is the result.</summary>
    public static string Of(FixScope scope, ReturnStatementSyntax exit)
    {
        var value = exit.Expression is AwaitExpressionSyntax wait ? wait.Expression : exit.Expression;
        var call = value is null ? null : scope.Model.GetOperation(value) as IInvocationOperation;
        if (call is { Instance: IInvocationOperation inner } && EfOperators.Configures(call.TargetMethod.Name))
        {
            call = inner;
        }

        return call is not null && scope.Facts.ExecutionOf(call) is not null && TransactionEmit.CountsRows(call.TargetMethod.Name) ? "affected" : "result";
    }
}
