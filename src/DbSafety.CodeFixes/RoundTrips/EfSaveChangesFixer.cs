using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Puts SaveChanges behind the loop, where nothing in the loop sees what it saved, or goes on without it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EfSaveChangesFixer))]
public sealed class EfSaveChangesFixer() : RoundTripFix(Descriptors.DBS2003_SaveChangesInLoop.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.SaveBehindLoop";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { Saves: true, Execution: not null, Region: { IsData: true, Operation: IForEachLoopOperation { IsAsynchronous: false, Syntax: ForEachStatementSyntax loop } operation }, Operation: IInvocationOperation { Syntax: InvocationExpressionSyntax call } save } ||
            loop is not { Statement: BlockSyntax { Statements: { Count: > 1 } statements }, Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } ||
            statements.Last() is not ExpressionStatementSyntax last || StatementOf(call) != last || loop.Ancestors().TakeWhile(node => node is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(node => node is TryStatementSyntax { Catches.Count: > 0 }))
        {
            return [];
        }

        var work = new SavedWork(scope, repetition, operation, save, cancellation);
        return work.HoldsTheSource() && work.EndsAtTheSave(statements) && work.OnlyTracks() && !work.ReadsWhatWasSaved() && !work.HasChangesBefore()
            ? [new CallFix("Save once, behind the loop: all changes together or none", Key, Changes(scope, loop, last), ImmutableArray.Create(call.Span))]
            : [];
    }

    // await call; await call.ConfigureAwait(false); call;
    private static SyntaxNode? StatementOf(ExpressionSyntax call)
    {
        var whole = call.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax configured } access && EfOperators.Configures(access.Name.Identifier.ValueText) ? configured : call;
        return (whole.Parent is AwaitExpressionSyntax awaited ? awaited : whole).Parent;
    }

    private static ImmutableArray<TextChange> Changes(FixScope scope, ForEachStatementSyntax loop, StatementSyntax last)
    {
        var indent = EfLoop.IndentOf(scope, loop);
        var before = last.GetFirstToken().GetPreviousToken();
        var lines = scope.Text.Lines;
        var start = lines.GetLineFromPosition(before.Span.End).LineNumber;
        TextSpan removed;
        string moved;
        if (start == lines.GetLineFromPosition(last.SpanStart).LineNumber)
        {
            removed = TextSpan.FromBounds(before.Span.End, last.Span.End);
            moved = indent + last;
        }
        else
        {
            // With the comments above it, and the empty line before them.
            var first = start + 1;
            removed = TextSpan.FromBounds(lines[first].Start, lines.GetLineFromPosition(last.Span.End).EndIncludingLineBreak);
            moved = string.Join(scope.NewLine, Enumerable.Range(first, lines.GetLineFromPosition(last.Span.End).LineNumber - first + 1).Select(number => lines[number].ToString())
                .SkipWhile(string.IsNullOrWhiteSpace).Select(line => line.Length == 0 ? line : Moved(line, EfLoop.IndentOf(scope, last), indent)));
        }

        var end = lines.GetLineFromPosition(loop.Span.End);
        var next = loop.GetLastToken().GetNextToken();
        var position = next.IsKind(SyntaxKind.None) || next.SpanStart > end.End ? end.End : loop.Span.End;
        return ImmutableArray.Create(new TextChange(removed, ""), new TextChange(new TextSpan(position, 0), scope.NewLine + moved));
    }

    private static string Moved(string line, string from, string to) => line.StartsWith(from, StringComparison.Ordinal) ? to + line.Substring(from.Length) : line;

    /// <summary>What a loop does beside saving.</summary>
    private sealed class SavedWork(FixScope scope, Repetition repetition, IForEachLoopOperation loop, IInvocationOperation save, CancellationToken cancellation)
    {
        private readonly DbApis _apis = scope.Facts.Apis;

        private readonly HashSet<ISymbol> _changing = scope.Facts.DataOf(repetition.Region).Changing;

        /// <summary>The loop goes through what is there before it: a collection, or one query.</summary>
        public bool HoldsTheSource()
        {
            var source = HoleValues.Strip(loop.Collection);
            return source is not ITranslatedQueryOperation && (EfQueries.IsQuery(source, _apis) ? EfQueries.IsQueryType(source.Type, _apis) : source.Type is { } type && EfLoop.IsCollection(type)) &&
                !save.Arguments.Any(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && !scope.Facts.IsStable(argument.Value, _changing)) &&
                save.Instance is { } context && scope.Facts.IsStable(context, _changing);
        }

        /// <summary>Each iteration that changes something comes to the save: only guards at its head leave it earlier, and none leaves what is behind the loop.</summary>
        public bool EndsAtTheSave(SyntaxList<StatementSyntax> statements)
        {
            var guards = statements.TakeWhile(IsGuard).Count();
            return !statements.Skip(guards).SelectMany(statement => statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
                .Any(node => node is ContinueStatementSyntax or BreakStatementSyntax or ReturnStatementSyntax or GotoStatementSyntax or YieldStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or TryStatementSyntax
                    or LocalFunctionStatementSyntax);
        }

        /// <summary>Nothing else in the loop goes to the database, or may do so, and what is tracked is not removed and added again.</summary>
        public bool OnlyTracks()
        {
            var tracked = new List<string>();
            foreach (var part in loop.Body.Descendants())
            {
                if (part is IForEachLoopOperation inner && scope.Facts.ExecutionOf(inner) is not null)
                {
                    return false;
                }

                if (part is not IInvocationOperation call || call == save)
                {
                    continue;
                }

                if (scope.Facts.ExecutionOf(call) is not null)
                {
                    return false;
                }

                var method = call.TargetMethod;
                if (EfQueries.IsContext(call.Instance?.Type, _apis) || EfQueries.IsQueryType(call.Instance?.Type, _apis))
                {
                    if (!EfOperators.Tracks(method.Name) && !EfOperators.MakesSet(method.Name))
                    {
                        return false;
                    }

                    tracked.Add(method.Name);
                }
                else if (!IsApart(method))
                {
                    return false;
                }
            }

            return !(tracked.Any(EfOperators.Removes) && tracked.Any(name => !EfOperators.Removes(name) && !EfOperators.MakesSet(name)));
        }

        /// <summary>An iteration reads something that an earlier one has made, and that the save may have filled in.</summary>
        public bool ReadsWhatWasSaved()
        {
            foreach (var part in loop.Body.Descendants())
            {
                switch (part)
                {
                    // The key of something other than the element, reached through a navigation.
                    case IPropertyReferenceOperation { Instance: IPropertyReferenceOperation { Type: { IsReferenceType: true, Name: var entity } } } property when EfOperators.IsKeyName(property.Property.Name, entity):
                        return true;
                    case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } or IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation }
                        when part.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } && LoopRegions.SymbolOf(part) is { } symbol && _changing.Contains(symbol) && !IsOfLoop(symbol) &&
                        !EfQueries.IsContext(part.Type, _apis) && !EfQueries.IsQueryType(part.Type, _apis) && !IsFilled(part):
                        return true;
                }
            }

            return false;
        }

        /// <summary>The method tracks something before the loop: where the loop has no element, that was not saved.</summary>
        public bool HasChangesBefore() => FixScope.BodyOf(loop.Syntax).DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
            call.SpanStart < loop.Syntax.SpanStart && call.Expression is MemberAccessExpressionSyntax access && EfOperators.Tracks(access.Name.Identifier.ValueText) &&
            scope.Model.GetOperation(call, cancellation) is IInvocationOperation { Instance.Type: { } type } && (EfQueries.IsContext(type, _apis) || EfQueries.IsQueryType(type, _apis)));

        // if (condition) continue; before anything is changed.
        private bool IsGuard(StatementSyntax statement) => statement is IfStatementSyntax { Else: null, Condition: var condition, Statement: var then } &&
            (then is BlockSyntax { Statements: { Count: 1 } inner } ? inner[0] : then) is ContinueStatementSyntax or BreakStatementSyntax &&
            scope.Model.GetOperation(condition, cancellation) is { } operation && scope.Facts.IsStable(operation, new HashSet<ISymbol>(SymbolEqualityComparer.Default));

        // The base class library, and methods of these sources from which no chain of names leads to the database.
        private bool IsApart(IMethodSymbol method)
        {
            var space = method.ContainingNamespace?.ToDisplayString() ?? "";
            return space.StartsWith("System", StringComparison.Ordinal) || space.StartsWith("Microsoft.Extensions.Logging", StringComparison.Ordinal) ||
                (!method.DeclaringSyntaxReferences.IsEmpty && method is { IsAbstract: false, IsVirtual: false, IsOverride: false, IsAsync: false } && !scope.Facts.MayRun(method.Name));
        }

        private bool IsOfLoop(ISymbol symbol) => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == loop.Syntax.SyntaxTree && loop.Syntax.Span.Contains(reference.Span));

        // made.Add(order);
        private static bool IsFilled(IOperation list) => list.Parent is IInvocationOperation { TargetMethod: { Name: nameof(List<int>.Add), ReturnsVoid: true }, Parent: IExpressionStatementOperation } call && call.Instance == list;
    }
}
