using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using DbSafety.Analyzers.Text;
using DbSafety.CodeFixes.Injection;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Moves the declaration of a variable that holds the answer of a query, the same in each iteration, in front of the loop.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LoopInvariantQueryFixer))]
public sealed class LoopInvariantQueryFixer() : RoundTripFix(Descriptors.DBS2004_LoopInvariantQuery.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.InvariantBeforeLoop";

    /// <summary>What the user reads.</summary>
    public const string Title = "Run the query once, before the loop";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { OnlyReads: true, IsDependent: false, Execution: { Effects: var effects } execution, Operation: IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } call } ||
            (effects & (DbEffects.OpensReader | DbEffects.Deferred)) != 0 || repetition.Region.Operation.Syntax is not StatementSyntax loop || BodyOf(loop) is not { } body ||
            loop.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax) || loop.ContainsDirectives || FixScope.BodyOf(loop) != FixScope.BodyOf(syntax))
        {
            yield break;
        }

        if (syntax.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { Parent: var parent, UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } variables } declaration || parent != body ||
            variables[0].Initializer?.Value is not { } value || scope.Model.GetDeclaredSymbol(variables[0], cancellation) is not ILocalSymbol local ||
            !AnswersAlways(execution, call, value, syntax) || IsAssigned(repetition.Region, local) || !LoopEffects.OnlyReadsResult(scope.Facts, repetition.Region, call, cancellation) ||
            !IsFree(scope, repetition.Region, value))
        {
            yield break;
        }

        var changes = ImmutableArray.CreateBuilder<TextChange>();
        var next = scope.NewLine + CSharpText.Indentation(scope, loop);
        changes.Add(new TextChange(new TextSpan(loop.SpanStart, 0), TextOf(scope, declaration, loop) + next));
        changes.Add(new TextChange(LinesOf(scope, declaration), ""));

        yield return new CallFix(Title, Key, changes.ToImmutable(), ImmutableArray.Create(syntax.Span));
    }

    private static BlockSyntax? BodyOf(StatementSyntax loop) => loop switch
    {
        CommonForEachStatementSyntax each => each.Statement as BlockSyntax,
        ForStatementSyntax counting => counting.Statement as BlockSyntax,
        WhileStatementSyntax loopWhile => loopWhile.Statement as BlockSyntax,
        DoStatementSyntax loopDo => loopDo.Statement as BlockSyntax,
        _ => null,
    };

    // Over no elements the query did not run, and must not throw now: what answers always, and nothing around it that throws.
    private static bool AnswersAlways(DbExecution execution, IInvocationOperation call, ExpressionSyntax value, InvocationExpressionSyntax syntax)
    {
        var isCount = false;
        var answers = execution.Library switch
        {
            DbLibrary.Dapper => DapperMethod.Of(call.TargetMethod.Name) is { } method && method.Result != DapperResult.Affected &&
                ((method.TakesNoRows && (method.Result == DapperResult.Scalar || TakesNull(call))) || IsOneRow(execution.Call, call, out isCount)),
            DbLibrary.EfCore => DbMemberTable.AnswersAlways(call.TargetMethod.Name),
            DbLibrary.Npgsql or DbLibrary.AdoNet => DbMemberTable.GivesOneValue(call.TargetMethod.Name),
            _ => false,
        };
        if (!answers)
        {
            return false;
        }

        IsOneRow(execution.Call, call, out isCount);
        for (SyntaxNode at = syntax; at != value; at = at.Parent!)
        {
            var passes = at.Parent switch
            {
                AwaitExpressionSyntax or ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } => true,
                MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } => name == "ConfigureAwait" || DbMemberTable.Lists(name),
                InvocationExpressionSyntax outer => outer.Expression == at,
                CastExpressionSyntax cast => isCount || cast.Type is NullableTypeSyntax or PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword },
                _ => false,
            };
            if (!passes)
            {
                return false;
            }
        }

        return true;
    }

    // An aggregate of all rows is one row, whatever rows there are; count is never NULL.
    private static bool IsOneRow(DbCall? call, IInvocationOperation invocation, out bool isCount)
    {
        isCount = false;
        if (call is not { Trees.Length: 1, Sql: { Errors.IsEmpty: true, Statements: { Length: 1 } statements } } ||
            statements[0] is not SelectStatement { Query: SelectQuery { GroupBy.IsAbsent: true, Having.IsAbsent: true, Limit.IsAbsent: true, Offset.IsAbsent: true } query } ||
            KeyedSelect.AggregateOf(query) is not { Over: null } aggregate)
        {
            return false;
        }

        isCount = aggregate.Name.Name == "count";
        return isCount || TakesNull(invocation);
    }

    // NULL as the value of a type that can't be null throws.
    private static bool TakesNull(IInvocationOperation invocation) =>
        invocation.TargetMethod.TypeArguments.All(type => type.IsReferenceType || type.IsTupleType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T);

    private static bool IsAssigned(LoopRegion region, ILocalSymbol local) => region.Body.SelectMany(body => body.DescendantsAndSelf()).Any(operation => operation switch
    {
        IAssignmentOperation assignment => assignment.Target.DescendantsAndSelf().Any(target => Is(target, local)),
        IIncrementOrDecrementOperation increment => Is(increment.Target, local),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Is(argument.Value, local),
        _ => false,
    });

    private static bool Is(IOperation value, ILocalSymbol local) => value is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local);

    // Nothing of the loop goes into it, and it calls nothing but what asks the database.
    private static bool IsFree(FixScope scope, LoopRegion region, ExpressionSyntax value)
    {
        var data = scope.Facts.DataOf(region);
        var loop = region.Operation.Syntax;
        return scope.Model.GetOperation(value) is { } operation && operation.DescendantsAndSelf().All(part => part switch
        {
            ILocalReferenceOperation { Local: var local } => IsInside(local, value) || (!IsInside(local, loop) && !data.Changing.Contains(local)),
            IParameterReferenceOperation { Parameter: var parameter } => IsInside(parameter, value) || !data.Changing.Contains(parameter),
            IMemberReferenceOperation { Instance: not IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }, Member: var member } => !data.Changing.Contains(member),
            IInvocationOperation call => scope.Facts.ExecutionOf(call) is not null || IsAskedWith(call),
            _ => true,
        });
    }

    private static bool IsAskedWith(IInvocationOperation call) => call.TargetMethod.ContainingNamespace?.ToDisplayString() is { } space &&
        (DbApiTable.BuildsQueries(space) || DbApiTable.OnlyComputes(space));

    private static bool IsInside(ISymbol symbol, SyntaxNode node) => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == node.SyntaxTree && node.Span.Contains(reference.Span));

    // The statement with the comments right above it, and behind it on its line.
    private static string TextOf(FixScope scope, StatementSyntax statement, StatementSyntax loop)
    {
        var span = TextSpan.FromBounds(StartOf(statement), EndOf(scope, statement));
        return DapperCall.Reindented(scope, statement, scope.TextOf(span).TrimEnd(), loop);
    }

    private static int StartOf(StatementSyntax statement)
    {
        var comments = statement.GetLeadingTrivia().Where(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        return comments.Count > 0 ? comments[0].SpanStart : statement.SpanStart;
    }

    private static int EndOf(FixScope scope, StatementSyntax statement)
    {
        var line = scope.Text.Lines.GetLineFromPosition(statement.Span.End);
        return statement.GetTrailingTrivia().FullSpan.End >= line.End ? line.End : statement.Span.End;
    }

    // Whole lines where nothing else stands on them, and the empty line behind where the statement was the first.
    private static TextSpan LinesOf(FixScope scope, StatementSyntax statement)
    {
        var (start, end) = (StartOf(statement), EndOf(scope, statement));
        var (first, last) = (scope.Text.Lines.GetLineFromPosition(start), scope.Text.Lines.GetLineFromPosition(end));
        if (scope.TextOf(TextSpan.FromBounds(first.Start, start)).Trim().Length > 0 || end != last.End)
        {
            while (end < scope.Text.Length && scope.Text[end] == ' ')
            {
                end++;
            }

            return TextSpan.FromBounds(start, end);
        }

        end = last.EndIncludingLineBreak;
        var isFirst = first.LineNumber > 0 && scope.Text.Lines[first.LineNumber - 1].ToString().TrimEnd().EndsWith("{", StringComparison.Ordinal);
        if (isFirst && end < scope.Text.Length && scope.Text.Lines.GetLineFromPosition(end) is var empty && empty.ToString().Trim().Length == 0)
        {
            end = empty.EndIncludingLineBreak;
        }

        return TextSpan.FromBounds(first.Start, end);
    }
}
