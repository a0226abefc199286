using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Flow;
using DbSafety.Analyzers.Rules;
using DbSafety.CodeFixes.Injection;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// For a loop that does nothing but make and run a command for each element: the same statements in one batch, or one statement for all. The batch
/// comes first: it runs just what the loop ran.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CommandWriteInLoopFixer))]
public sealed class CommandWriteInLoopFixer() : RoundTripFix(Descriptors.DBS2002_WriteInLoop.Id)
{
    /// <summary>The name of the transformation into a batch.</summary>
    public const string BatchKey = "DbSafety.WriteInBatch";

    /// <summary>What the user reads of the batch.</summary>
    public const string BatchTitle = "Write all rows in one batch (one round trip, all or none)";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { Writes: true, IsDependent: true } || LoopSite.Of(scope, repetition) is not { } site || LoopCommand.Of(scope, repetition, site) is not { } command ||
            !CommandMembers.IsNonQuery(command.Execution.TargetMethod.Name) || command.Statement is not (InsertStatement or UpdateStatement or DeleteStatement) || !IsAlone(site, command) ||
            !command.Execution.Arguments.All(argument => site.IsInvariant(argument.Value)))
        {
            yield break;
        }

        // Whether some rows may stay when others fail is for a person to say.
        var sites = ImmutableArray.Create(repetition.Operation.Syntax.Span);
        if (Batch(scope, site, command) is { } batch)
        {
            yield return new CallFix(BatchTitle, BatchKey, batch, sites) { IsForAll = false };
        }

        if (OneStatement(scope, site, command) is { } statement)
        {
            yield return new CallFix(WriteInLoopFixer.Title, WriteInLoopFixer.Key, statement, sites) { IsForAll = false };
        }
    }

    // The command runs last, its result is dropped, and nothing else is done, but for locals that name what is written.
    private static bool IsAlone(LoopSite site, LoopCommand command)
    {
        var statements = ((BlockSyntax)site.Loop.Statement).Statements;
        return statements.Last() == command.Last && command.Last is ExpressionStatementSyntax last && last.Expression == command.Whole &&
            statements.Count == command.Settings.Count + command.Locals.Count + 2 && command.Locals.TrueForAll(local => local.UsingKeyword.RawKind == 0);
    }

    private static ImmutableArray<TextChange>? Batch(FixScope scope, LoopSite site, LoopCommand command)
    {
        var (connection, transaction) = command.MadeWith();
        var isOfSource = CommandMembers.IsDataSource(connection?.Type);
        var initializer = (command.CreationSyntax as BaseObjectCreationExpressionSyntax)?.Initializer;
        if (connection is null || command.HasOwnSettings || !Emit.NpgsqlBatch.IsAvailable(scope.Facts.Apis) || (isOfSource && command.Transaction is not null) || (transaction is not null && command.Transaction is not null) ||
            scope.LanguageVersion < LanguageVersion.CSharp8 || !Computed(site, command).All(value => LoopEffects.IsComputed(scope.Facts, value)))
        {
            return null;
        }

        var batch = site.NewName("batch");
        var position = site.Loop.SpanStart;
        var made = isOfSource
            ? $"{CSharpText.Operand((ExpressionSyntax)connection.Syntax)}.{CommandMembers.CreateBatch}()"
            : $"new {CommandBinder.NameOf(scope, Emit.NpgsqlBatch, position)}({string.Join(", ", new[] { connection.Syntax, transaction?.Syntax ?? command.Transaction?.Value }.Where(part => part is not null))})";
        var text = command.Call.Api.Argument is { } argument && command.CreationSyntax.Span.Contains(argument.Syntax.Span) ? argument.Value.Syntax.ToString() : "";
        var declared = $"var {command.Declaration.Declaration.Variables[0].Identifier.Text} = new {CommandBinder.NameOf(scope, Emit.NpgsqlBatchCommand, position)}({text})" + (initializer is null ? "" : " " + initializer);
        var indentation = CSharpText.Indentation(scope, site.Loop);
        var receiver = ((MemberAccessExpressionSyntax)command.Syntax.Expression).Expression;
        var executed = LoopCommand.Moved(scope, command.Last, [new TextChange(receiver.Span, batch)], site.Loop);
        var changes = ImmutableArray.CreateBuilder<TextChange>();
        changes.Add(site.InFront([$"{command.Using}var {batch} = {made};"]));
        changes.Add(new TextChange(TextSpan.FromBounds(command.Declaration.SpanStart, command.CreationSyntax.Span.End), declared));
        if (command.Transaction is { Statement: var statement })
        {
            changes.Add(new TextChange(statement.FullSpan, ""));
        }

        changes.Add(new TextChange(command.Whole.Span, $"{batch}.{CommandMembers.BatchCommands}.Add({receiver})"));
        changes.Add(new TextChange(new TextSpan(site.Loop.Span.End, 0), scope.NewLine + scope.NewLine + indentation + executed));
        return HasComment(command.Transaction?.Statement) ? null : changes.ToImmutable();
    }

    // What was computed between two commands, and is now before all of them.
    private static IEnumerable<IOperation> Computed(LoopSite site, LoopCommand command) => site.Operations().Where(operation =>
        (operation is IArgumentOperation && command.Holds(operation) && operation.Parent is IInvocationOperation { Instance.Type: { } owner } && CommandMembers.IsParameters(owner)) ||
        (operation is ISimpleAssignmentOperation && command.Holds(operation)) ||
        (operation is IVariableInitializerOperation && command.Locals.Exists(local => local.Span.Contains(operation.Syntax.Span))))
        .Select(operation => operation is ISimpleAssignmentOperation assignment ? assignment.Value : operation);

    private static ImmutableArray<TextChange>? OneStatement(FixScope scope, LoopSite site, LoopCommand command)
    {
        if (command.Values is not { } values || HasComment(site.Loop) || command.Locals.Exists(local => local.DescendantNodes().Any(node =>
                node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or AwaitExpressionSyntax or AssignmentExpressionSyntax)))
        {
            return null;
        }

        var columns = new List<(RowColumn Column, CommandValue Value)>();
        foreach (var value in values.Where(value => !site.IsInvariant(value.Value)))
        {
            if (site.Of(value.Bare, isAlways: true) is not { } element || !RowColumn.IsArrayElement(element.Type))
            {
                return null;
            }

            columns.Add((new RowColumn(value.Name, element, null), value));
        }

        var edit = new SqlEdit(scope, FixScope.MemberOf(command.Syntax));
        var statements = new List<string>();
        var sources = new List<TextChange>();
        if (columns.Count == 0 || RowWrite.Of(command.Call, command.Statement, columns.ConvertAll(column => column.Column)) is not { } write || !write.Edit(edit) || command.Changes(scope, edit) is not { } changes ||
            (columns.Count == 1 ? CSharpText.Operand(site.Loop.Expression) : site.Again(statements, sources)) is not { } source)
        {
            return null;
        }

        var kept = command.Settings.Prepend<StatementSyntax>(command.Declaration).Append(command.Last).ToList();
        if (changes.Exists(change => site.Loop.Span.Contains(change.Span) && !kept.Exists(statement => statement.Span.Contains(change.Span))))
        {
            return null;
        }

        foreach (var (column, value) in columns)
        {
            var projection = column.Value.Expression == site.VariableText ? "" : $".Select({site.VariableText} => {column.Value.Expression})";
            var distinct = command.Statement is InsertStatement ? "" : ".Distinct()";
            var isArray = projection.Length + distinct.Length == 0 && site.Region.Source?.Type is IArrayTypeSymbol;
            changes.Add(new TextChange(value.Syntax.Span, isArray ? source : $"{source}{projection}{distinct}.ToArray()"));
            if (value.Renamed(write.NameOf(column)) is { } renamed)
            {
                changes.Add(renamed);
            }
        }

        changes.AddRange(command.Renamed(NameBehind(site, command)));
        statements.AddRange(kept.Select(statement => LoopCommand.Moved(scope, statement, changes, site.Loop)));
        changes.RemoveAll(change => site.Loop.Span.Contains(change.Span));
        changes.Add(new TextChange(site.Loop.Span, string.Join(scope.NewLine + CSharpText.Indentation(scope, site.Loop), statements)));
        LinqUsing.AddTo(changes, scope, site.Loop.SpanStart);
        return changes.ToImmutableArray();
    }

    // The variable leaves the loop: another of its name may be there.
    private static string NameBehind(LoopSite site, LoopCommand command) =>
        FixScope.MemberOf(site.Loop).DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == command.Local.Name && !site.Loop.Span.Contains(token.Span))
            ? site.NewName(command.Local.Name)
            : command.Local.Name;

    private static bool HasComment(SyntaxNode? node) => node?.DescendantTrivia().Any(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia) &&
        (node is not ForEachStatementSyntax || node.Span.Contains(trivia.Span))) == true;
}
