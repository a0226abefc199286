using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// When a place in the body of a loop is reached. Only what is known to run counts as certain: whatever kind of code is not named here runs in some cases only.
/// </summary>
internal sealed class ReaderPath
{
    private readonly FixScope _scope;
    private readonly ReaderLoop _loop;
    private readonly List<ReaderUse> _uses;
    private readonly object _key;

    private ReaderPath(FixScope scope, ReaderLoop loop, List<ReaderUse> uses, object key)
    {
        _scope = scope;
        _loop = loop;
        _uses = uses;
        _key = key;
    }

    /// <summary>Each row comes there, but for those that a test of the column for NULL keeps away.</summary>
    public bool IsCertain { get; private set; } = true;

    /// <summary>A test keeps rows away whose column is NULL.</summary>
    public bool IsGuarded { get; private set; }

    /// <summary>The code there runs at another time, or catches what reading throws: it can't be read elsewhere.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>The way to a use.</summary>
    public static ReaderPath To(FixScope scope, ReaderLoop loop, List<ReaderUse> uses, ReaderUse use)
    {
        var path = new ReaderPath(scope, loop, uses, use.Key);
        for (SyntaxNode node = use.Node; node != loop.Loop; node = node.Parent!)
        {
            path.Step(node, node.Parent!);
        }

        return path;
    }

    /// <summary>What a condition tells about a column where it has an outcome: that it is not NULL, and nothing else (true); that, and more (false); not that (null).</summary>
    public static bool? IsNotNullWhen(ExpressionSyntax condition, bool outcome, object key, List<ReaderUse> uses)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parens:
                return IsNotNullWhen(parens.Expression, outcome, key, uses);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                return IsNotNullWhen(not.Operand, !outcome, key, uses);
            case BinaryExpressionSyntax binary when binary.IsKind(outcome ? SyntaxKind.LogicalAndExpression : SyntaxKind.LogicalOrExpression):
                return (IsNotNullWhen(binary.Left, outcome, key, uses) ?? IsNotNullWhen(binary.Right, outcome, key, uses)) is null ? null : false;
            default:
                return !outcome && uses.Any(use => use.IsTest && use.Node == condition && use.Key.Equals(key)) ? true : null;
        }
    }

    private void Step(SyntaxNode node, SyntaxNode parent)
    {
        switch (parent)
        {
            case IfStatementSyntax branch when node == branch.Statement:
                After(IsNotNullWhen(branch.Condition, true, _key, _uses));
                break;
            case IfStatementSyntax branch when node == branch.Else:
                After(IsNotNullWhen(branch.Condition, false, _key, _uses));
                break;
            case ConditionalExpressionSyntax choice when node != choice.Condition:
                After(IsNotNullWhen(choice.Condition, node == choice.WhenTrue, _key, _uses));
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both when node == both.Right:
                After(IsNotNullWhen(both.Left, true, _key, _uses));
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either when node == either.Right:
                After(IsNotNullWhen(either.Left, false, _key, _uses));
                break;
            case BlockSyntax block:
                foreach (var before in block.Statements.TakeWhile(statement => statement != node).Where(_loop.MayContinue))
                {
                    After(before is IfStatementSyntax { Else: null, Statement: var jump } skip && Ends(jump) ? IsNotNullWhen(skip.Condition, false, _key, _uses) : null);
                }

                break;
            case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or QueryExpressionSyntax or CatchClauseSyntax:
            case TryStatementSyntax { Catches.Count: > 0 }:
                IsElsewhere = true;
                break;
            default:
                IsCertain &= Passes(node, parent);
                break;
        }
    }

    private void After(bool? notNull)
    {
        IsGuarded |= notNull is not null;
        IsCertain &= notNull == true;
    }

    private bool Ends(StatementSyntax statement) =>
        statement is ContinueStatementSyntax || (statement is BlockSyntax { Statements: { Count: > 0 } statements } && Ends(statements[statements.Count - 1]));

    private bool Passes(SyntaxNode node, SyntaxNode parent) => parent switch
    {
        BinaryExpressionSyntax binary => node == binary.Left || !binary.IsKind(SyntaxKind.CoalesceExpression),
        AssignmentExpressionSyntax assignment => node == assignment.Left || !assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression),
        ConditionalAccessExpressionSyntax access => node == access.Expression,
        SwitchStatementSyntax selection => node == selection.Expression,
        SwitchExpressionSyntax selection => node == selection.GoverningExpression,
        ForEachStatementSyntax each => node == each.Expression,
        InvocationExpressionSyntax call => _scope.Model.GetSymbolInfo(call).Symbol is IMethodSymbol method && !ReaderMembers.MayBeLeftOut(method),
        InterpolatedStringExpressionSyntax text => _scope.Model.GetTypeInfo(text).ConvertedType?.SpecialType == SpecialType.System_String,
        IfStatementSyntax or ConditionalExpressionSyntax or WhileStatementSyntax => node == (parent as IfStatementSyntax)?.Condition ||
            node == (parent as ConditionalExpressionSyntax)?.Condition || parent == _loop.Loop,
        ExpressionStatementSyntax or LocalDeclarationStatementSyntax or VariableDeclarationSyntax or VariableDeclaratorSyntax or EqualsValueClauseSyntax or ArgumentSyntax or ElseClauseSyntax or
            BaseArgumentListSyntax or MemberAccessExpressionSyntax or BaseObjectCreationExpressionSyntax or InitializerExpressionSyntax or AnonymousObjectCreationExpressionSyntax or
            AnonymousObjectMemberDeclaratorSyntax or AwaitExpressionSyntax or CastExpressionSyntax or ParenthesizedExpressionSyntax or PrefixUnaryExpressionSyntax or
            PostfixUnaryExpressionSyntax or InterpolationSyntax or TupleExpressionSyntax or ElementAccessExpressionSyntax or IsPatternExpressionSyntax or UsingStatementSyntax or
            LockStatementSyntax or CheckedStatementSyntax or CheckedExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax or
            CollectionExpressionSyntax or CollectionElementSyntax or TryStatementSyntax or FinallyClauseSyntax => true,
        _ => false,
    };
}
