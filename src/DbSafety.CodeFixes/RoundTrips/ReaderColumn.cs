using System.Collections.Immutable;
using System.Text;
using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>One value that a row of the list keeps.</summary>
/// <param name="Reads">The uses that it stands for.</param>
/// <param name="Tests">Those that ask whether it is NULL.</param>
/// <param name="IsNullable">It is null where the column is NULL; reading NULL throws, and the body does not do it.</param>
internal sealed record ReaderColumn(List<ReaderUse> Reads, List<ReaderUse> Tests, bool IsNullable)
{
    /// <summary>The first use.</summary>
    public ReaderUse First => Reads.Count > 0 ? Reads[0] : Tests[0];

    /// <summary>The type of the value, without its being nullable.</summary>
    public ITypeSymbol Type => First.Type;

    /// <summary>Whether the value is got by <c>.Value</c>.</summary>
    public bool IsWrapped => IsNullable && Type.IsValueType && Type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;

    /// <summary>The name that a row gives it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>
    /// The values that a list of all rows keeps, each read for each row without a throw that the body did not come to; null where that can't be.
    /// </summary>
    public static List<ReaderColumn>? AllOf(FixScope scope, ReaderLoop loop)
    {
        if (ReaderUse.AllOf(scope, loop) is not { Count: > 0 } uses)
        {
            return null;
        }

        var paths = uses.ToDictionary(use => use, use => ReaderPath.To(scope, loop, uses, use));
        if (paths.Values.Any(path => path.IsElsewhere))
        {
            return null;
        }

        var columns = new List<ReaderColumn>();
        foreach (var column in uses.GroupBy(use => use.Key))
        {
            var tests = column.Where(use => use.IsTest).ToList();
            var isTested = false;
            var ways = new List<List<ReaderUse>>();
            foreach (var read in column.Where(use => !use.IsTest))
            {
                if (ways.FirstOrDefault(way => way[0].IsLike(read)) is { } known)
                {
                    known.Add(read);
                }
                else
                {
                    ways.Add([read]);
                }
            }

            foreach (var reads in ways)
            {
                var isPlain = reads.Any(read => paths[read] is { IsCertain: true, IsGuarded: false });
                if (!isPlain && (ways.Count > 1 || !reads.All(read => paths[read].IsGuarded) || !reads.Any(read => paths[read].IsCertain)))
                {
                    return null;
                }

                // Two reads give two objects, which the body may tell apart.
                if (reads.Count > 1 && reads[0].Type is { IsReferenceType: true, SpecialType: not (SpecialType.System_String or SpecialType.System_Object) })
                {
                    return null;
                }

                columns.Add(new ReaderColumn(reads, isPlain ? [] : tests, !isPlain));
                isTested |= !isPlain;
            }

            if (tests.Count > 0 && !isTested)
            {
                if (!tests.Any(test => paths[test] is { IsCertain: true, IsGuarded: false }))
                {
                    return null;
                }

                columns.Add(new ReaderColumn([], tests, false));
            }
        }

        columns = columns.OrderBy(column => column.First.Key is int place ? place : int.MaxValue).ToList();
        GiveNames(scope, loop, columns);
        return columns;
    }

    /// <summary>The expression that reads it.</summary>
    public string ReadText(FixScope scope, SymbolDisplayFormat format) => !IsNullable ? First.Text
        : $"{Tests[0].Text} ? null : {(IsWrapped && scope.LanguageVersion < LanguageVersion.CSharp9 ? $"({TypeText(scope, format)})" : "")}{First.Text}";

    /// <summary>Its type, as text.</summary>
    public string TypeText(FixScope scope, SymbolDisplayFormat format)
    {
        var position = First.Node.SpanStart;
        var type = Type.ToMinimalDisplayString(scope.Model, position, format);
        return IsWrapped || (IsNullable && Type.IsReferenceType && scope.HasNullableAnnotations(position) && !type.EndsWith("?", StringComparison.Ordinal)) ? type + "?" : type;
    }

    private static void GiveNames(FixScope scope, ReaderLoop loop, List<ReaderColumn> columns)
    {
        var items = scope.Facts.ExecutionOf(loop.Call)?.Call is { Trees.Length: 1, Sql: { Errors.IsEmpty: true, Statements: { Length: 1 } statements } } &&
            statements[0] is SelectStatement { Query: SelectQuery query } ? query.Items : ImmutableArray<SelectItem>.Empty;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var name = column.Reads.Select(VariableOf).FirstOrDefault(variable => variable is not null);
            name ??= column.First.Key switch
            {
                string text => text,
                int place when place >= 0 && place < items.Length && items.Take(place + 1).All(item => item.Expression is not ColumnReference { IsStar: true }) => KeyedSelect.LabelOf(items[place]),
                _ => null,
            };
            name = (Pascal(name) ?? (column.First.Key is int number ? $"Column{number}" : "Column")) + (column.Reads.Count == 0 ? "IsNull" : "");
            var own = name;
            for (var again = 2; !taken.Add(own); again++)
            {
                own = name + again;
            }

            column.Name = own;
        }
    }

    // var id = reader.GetInt32(0);   var id = reader.IsDBNull(0) ? null : reader.GetString(0);
    private static string? VariableOf(ReaderUse read)
    {
        SyntaxNode node = read.Node;
        while (node.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax || (node.Parent is ConditionalExpressionSyntax choice && choice.Condition != node))
        {
            node = node.Parent;
        }

        return node.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } ? declarator.Identifier.ValueText : null;
    }

    // user_id, userId: UserId
    private static string? Pascal(string? text)
    {
        var name = new StringBuilder();
        var isStart = true;
        foreach (var letter in text ?? "")
        {
            if (char.IsLetterOrDigit(letter))
            {
                name.Append(isStart ? char.ToUpperInvariant(letter) : letter);
            }

            isStart = !char.IsLetterOrDigit(letter);
        }

        var found = name.ToString();
        return SyntaxFacts.IsValidIdentifier(found) && !IsOfTuple(found) ? found : null;
    }

    // A tuple has them already.
    private static bool IsOfTuple(string name) => name is "Rest" or "CompareTo" or "Deconstruct" or nameof(Equals) or nameof(GetHashCode) or nameof(ToString) ||
        (name.StartsWith("Item", StringComparison.Ordinal) && name.Length > 4 && name.Skip(4).All(char.IsDigit));
}
