using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.CodeFixes.Transactions;

/// <summary>How new calls are awaited: like the writes, with their token, and on where they go on.</summary>
/// <param name="Token">The token that all writes get; empty where they get none, or several.</param>
/// <param name="Suffix">What all of them say of where they go on.</param>
internal sealed record Awaiting(string Token, string Suffix)
{
    /// <summary>Reads the writes.</summary>
    public static Awaiting Of(FixScope scope, TransactionGap gap, int position)
    {
        var tokens = gap.Writes.Select(write => TokenOf(scope, write, position)).Distinct().ToList();
        var suffixes = gap.Writes.Select(write => SuffixOf(write.Operation)).Distinct().ToList();
        return new Awaiting(tokens.Count == 1 ? tokens[0] : "", suffixes.Count == 1 ? suffixes[0] : "");
    }

    /// <summary>A call, awaited where it is asynchronous.</summary>
    public string Call(string call, bool isAsync) => isAsync ? $"await {call}{Suffix}" : call;

    private static string TokenOf(FixScope scope, UnprotectedWrite write, int position)
    {
        if (write.Operation is not IInvocationOperation call)
        {
            return "";
        }

        var arguments = call.Arguments;
        if (arguments.FirstOrDefault(argument => TransactionEmit.IsDefinition(argument.Parameter?.Type)) is { } definition)
        {
            var value = HoleValues.Strip(definition.Value);
            value = value is ILocalReferenceOperation local && EfQueries.InitialValue(local) is { } initial ? HoleValues.Strip(initial) : value;
            if (value is not IObjectCreationOperation creation)
            {
                return "";
            }

            arguments = creation.Arguments;
        }

        var token = arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit && Outside.IsToken(argument.Parameter?.Type))?.Value;
        return token?.Syntax is { } syntax && HoleValues.Strip(token) is ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation { Member.IsStatic: false } && IsVisible(scope, token, position) ? syntax.ToString() : "";
    }

    private static bool IsVisible(FixScope scope, IOperation token, int position) => token.DescendantsAndSelf().OfType<ILocalReferenceOperation>().All(local =>
        local.Local.DeclaringSyntaxReferences.All(reference => reference.Span.End <= position) && scope.Model.LookupSymbols(position, name: local.Local.Name).Contains(local.Local, SymbolEqualityComparer.Default));

    private static string SuffixOf(IOperation write) => write.Parent is IInvocationOperation { Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } configured } call && EfOperators.Configures(call.TargetMethod.Name)
        ? "." + access.Name + configured.ArgumentList
        : "";
}
