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
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// For a command that a loop makes and runs to read one value: one command in front of the loop reads those of all keys into a dictionary. It holds just
/// what the call would give, NULL included, so casts and tests around the call mean what they meant.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CommandQueryInLoopFixer))]
public sealed class CommandQueryInLoopFixer() : RoundTripFix(Descriptors.DBS2001_QueryInLoop.Id)
{
    private const string Indent = "    ";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> Find(FixScope scope, Repetition repetition, CancellationToken cancellation)
    {
        if (repetition is not { OnlyReads: true, IsDependent: true } || scope.LanguageVersion < LanguageVersion.CSharp8 || LoopSite.Of(scope, repetition) is not { } site || LoopCommand.Of(scope, repetition, site) is not { } command ||
            !CommandMembers.IsScalar(command.Execution.TargetMethod.Name) || command.Last is ExpressionStatementSyntax last && last.Expression == command.Whole ||
            !command.Execution.Arguments.All(argument => site.IsInvariant(argument.Value)) || Write(scope, site, command, cancellation) is not { } changes)
        {
            yield break;
        }

        yield return new CallFix(QueryInLoopFixer.Title, QueryInLoopFixer.Key, changes, ImmutableArray.Create(repetition.Operation.Syntax.Span));
    }

    private static ImmutableArray<TextChange>? Write(FixScope scope, LoopSite site, LoopCommand command, CancellationToken cancellation)
    {
        if (KeyOf(site, command) is not var (value, key) || KeyedSelect.Of(command.Call.Sql, command.Statement, value.Name) is not { Query.Items: { Length: 1 } items } select ||
            items[0].Expression is ColumnReference { IsStar: true } || Miss(select) is not { } miss || !IsKey(scope, select, key.Type) ||
            !LoopEffects.LeavesQueryAlone(scope.Facts, site, command.Execution, command.Holds) || !LoopEffects.OnlyReadsResult(scope.Facts, site.Region, command.Execution, cancellation) ||
            Removed(site, command) is not { } removed)
        {
            return null;
        }

        var statements = new List<string>();
        var changes = new List<TextChange>();
        if (site.Again(statements, changes) is not { } source)
        {
            return null;
        }

        // The parameter gets the plural of its name; so does the variable, where it is free.
        var isPositional = char.IsDigit(value.Name[0]);
        var names = new HashSet<string>(command.Call.Sql.Parameters.Select(parameter => parameter.Name), StringComparer.OrdinalIgnoreCase);
        var parameter = isPositional ? value.Name : ParameterNames.Unique(LoopSite.Plural(value.Name), names);
        var edit = new SqlEdit(scope, FixScope.MemberOf(command.Syntax));
        if (!LookupShape.Edit(edit, command.Call, select, "ANY(" + (isPositional ? "$" : "@") + parameter + ")", addsKey: true) || command.Changes(scope, edit) is not { } edits)
        {
            return null;
        }

        var kept = command.Settings.Prepend<StatementSyntax>(command.Declaration).ToList();
        var outside = edits.FindAll(change => !kept.Exists(statement => statement.Span.Contains(change.Span)));
        if (outside.Exists(change => site.Loop.Span.Contains(change.Span)))
        {
            return null;
        }

        var projection = key.Expression == site.VariableText ? "" : $".Select({site.VariableText} => {key.Expression})";
        var distinct = $"{source}{projection}.Distinct().ToArray()";
        var keys = site.DeclaredInFront(distinct);
        if (keys is null)
        {
            var wanted = LoopSite.Plural(ParameterNames.Of(key.Source, null));
            keys = site.NewName(wanted);
            keys = keys == wanted ? keys : site.NewName("distinct" + char.ToUpperInvariant(wanted[0]) + wanted.Substring(1));
            statements.Add($"var {keys} = {distinct};");
        }

        edits.Add(new TextChange(value.Syntax.Span, keys));
        if (!isPositional && value.Renamed(parameter) is { } renamed)
        {
            edits.Add(renamed);
        }

        var label = KeyedSelect.LabelOf(items[0]) is { Length: > 0 } named ? named : "value";
        var lookup = site.NewName(LookupShape.NameOf(label, select));
        var type = key.Type.WithNullableAnnotation(NullableAnnotation.None).ToMinimalDisplayString(scope.Model, site.Loop.SpanStart);
        statements.Add($"var {lookup} = new Dictionary<{type}, object>();");
        statements.AddRange(Read(scope, site, command, edits, lookup, type));
        changes.AddRange(Directives.For(scope, site.Loop.SpanStart, [typeof(Dictionary<,>).Namespace!, Emit.LinqNamespace]));
        changes.AddRange(outside);
        changes.Add(site.InFront(statements));
        changes.AddRange(removed);
        changes.Add(new TextChange(command.Whole.Span, $"{lookup}.GetValueOrDefault({value.Syntax}{miss})"));
        return changes.ToImmutableArray();
    }

    // The command in a block of its own, with the loop over its rows; a blank line.
    private static IEnumerable<string> Read(FixScope scope, LoopSite site, LoopCommand command, List<TextChange> edits, string lookup, string type)
    {
        var declaration = command.Declaration.Declaration;
        var made = LoopCommand.Moved(scope, declaration, edits, site.Loop);
        var reader = site.NewName("reader");
        var (awaits, tail) = command.IsAsync ? ("await ", scope.TextOf(TextSpan.FromBounds(command.Syntax.Span.End, command.Whole.Span.End))) : ("", "");
        var arguments = command.Syntax.ArgumentList.ToString();
        yield return $"{(command.Declaration.AwaitKeyword.RawKind == 0 ? "" : "await ")}using ({made})";
        yield return "{";
        foreach (var setting in command.Settings)
        {
            yield return Indent + LoopCommand.Moved(scope, setting, edits, site.Loop).Replace("\n", "\n" + Indent);
        }

        yield return $"{Indent}{awaits}using var {reader} = {awaits}{command.Local.Name}.{CommandMembers.Reader(command.IsAsync)}{arguments}{tail};";
        yield return $"{Indent}while ({awaits}{reader}.{CommandMembers.Read(command.IsAsync)}{arguments}{tail})";
        yield return Indent + "{";
        yield return $"{Indent}{Indent}{lookup}.TryAdd({reader}.{CommandMembers.Field(type, 1)}, {reader}.{CommandMembers.Value(0)});";
        yield return Indent + "}";
        yield return "}" + scope.NewLine;
    }

    // The one parameter that depends on the iteration, by the element alone.
    private static (CommandValue Value, ElementValue Key)? KeyOf(LoopSite site, LoopCommand command)
    {
        var changing = command.Values?.FindAll(value => !site.IsInvariant(value.Value));
        return changing is { Count: 1 } && site.Of(changing[0].Value, site.IsAlwaysReached(command.Declaration)) is { } key ? (changing[0], key) : null;
    }

    // What the call gives where there is no row: nothing; of an aggregate, what it is of no rows. Null where that is not known.
    private static string? Miss(KeyedSelect select) => select switch
    {
        { Aggregate: null } => "",
        { Aggregate.Name.Name: not "count" } => $", {Emit.DBNull.Type.Substring(Emit.DBNull.Type.LastIndexOf('.') + 1)}.{Emit.DBNull.Member}",
        _ => select.Query.Items[0].Expression is FunctionCall ? ", 0L" : null,
    };

    // A value that is read from the column as the type that the parameter has.
    private static bool IsKey(FixScope scope, KeyedSelect select, ITypeSymbol type)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T || !LookupShape.IsComparable(scope, select, type))
        {
            return false;
        }

        var column = select.OnlyTable is { } table ? scope.Facts.Schema.FindTable(table.Name.Schema, table.Name.Name)?.FindColumn(select.Key.Column)?.Type : null;
        return type.SpecialType is not (SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64) || column is null or "integer" or "bigint" or "smallint" or "int" or "int2" or "int4" or "int8" or "numeric" or "decimal";
    }

    // The command's statements leave the loop: whole lines, without comments.
    private static List<TextChange>? Removed(LoopSite site, LoopCommand command)
    {
        var block = (BlockSyntax)site.Loop.Statement;
        var removed = new List<TextChange>();
        foreach (var statement in command.Settings.Prepend<StatementSyntax>(command.Declaration))
        {
            if (statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia()).Concat(statement.DescendantTrivia()).Any(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
            {
                return null;
            }

            removed.Add(new TextChange(statement.FullSpan, ""));
        }

        // A blank line that would be the first of the block.
        var first = block.Statements.First(statement => statement != command.Declaration && !command.Settings.Contains(statement));
        if (block.Statements[0] == command.Declaration)
        {
            var start = first.FullSpan.Start;
            var lines = first.GetLeadingTrivia().TakeWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia) || trivia.IsKind(SyntaxKind.WhitespaceTrivia)).ToList();
            var blank = lines.Take(lines.FindLastIndex(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) + 1).Sum(trivia => trivia.FullSpan.Length);
            if (blank > 0)
            {
                removed.Add(new TextChange(new TextSpan(start, blank), ""));
            }
        }

        return removed;
    }
}
