using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Loads a navigation together with the rows whose loop reads it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EfIncludeFixer))]
public sealed class EfIncludeFixer() : DbFix(Descriptors.DBS2006_LazyLoadInLoop.Id)
{
    /// <summary>The name of the transformation.</summary>
    public const string Key = "DbSafety.LoadWithRows";

    /// <inheritdoc/>
    protected override IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation)
    {
        // A filter on what the navigation leads to would take away the rows themselves.
        if (span.End > scope.Root.FullSpan.End || scope.Model.GetOperation(scope.Root.FindNode(span, getInnermostNodeForTie: true), cancellation) is not IPropertyReferenceOperation read ||
            scope.Facts.LazyLoadOf(read) is not { } load || load.Set.Syntax.SyntaxTree != scope.Root.SyntaxTree || scope.Facts.Entities.HasFilters)
        {
            return [];
        }

        var row = NewNames.ForRow(scope, load.Set.Syntax.SpanStart, load.Navigation.ContainingType);
        var changes = Directives.For(scope, load.Set.Syntax.SpanStart, [EfEmit.Namespace]).ToList();
        changes.Add(new TextChange(new TextSpan(load.Set.Syntax.Span.End, 0), $".{EfEmit.Include.Member}({row} => {row}.{load.Navigation.Name})"));
        return [new CallFix($"Load '{load.Navigation.Name}' with the rows, by {EfEmit.Include.Member}", Key, ImmutableArray.CreateRange(changes), ImmutableArray.Create(read.Syntax.Span))];
    }
}
