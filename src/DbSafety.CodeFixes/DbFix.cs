using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes;

/// <summary>One edit that a fix offers for one call.</summary>
/// <param name="Title">What the user reads.</param>
/// <param name="Key">The name of the transformation, the same at each site.</param>
/// <param name="Changes">The edit, in one document.</param>
/// <param name="Sites">Where the holes stand that it removes.</param>
public sealed record CallFix(string Title, string Key, ImmutableArray<TextChange> Changes, ImmutableArray<TextSpan> Sites)
{
    /// <summary>Whether FixAll applies it: false where each site wants a person's judgement.</summary>
    public bool IsForAll { get; init; } = true;
}

/// <summary>
/// The base of all fixes. It holds the ceremony: one edit for each call, whatever number of diagnostics it has;
/// nothing is offered that does not compile; FixAll applies the edits of many calls so that they don't collide.
/// </summary>
public abstract class DbFix : CodeFixProvider
{
    private readonly FixAllProvider _fixAll;

    /// <summary>Makes a fix for some ids.</summary>
    protected DbFix(params string[] ids)
    {
        FixableDiagnosticIds = ImmutableArray.Create(ids);
        _fixAll = new FixAllCalls(this);
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => _fixAll;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await FixScope.CreateAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { } scope)
        {
            return;
        }

        foreach (var group in context.Diagnostics.Where(diagnostic => diagnostic.AdditionalLocations.Count > 0)
            .GroupBy(diagnostic => diagnostic.AdditionalLocations[0].SourceSpan))
        {
            foreach (var fix in FindAt(scope, group.Key, context.CancellationToken))
            {
                var fixedHere = group.Where(diagnostic => fix.Sites.Contains(diagnostic.Location.SourceSpan)).ToImmutableArray();
                if (!fixedHere.IsEmpty && scope.Compiles(fix.Changes, context.CancellationToken))
                {
                    context.RegisterCodeFix(
                        CodeAction.Create(fix.Title, _ => Task.FromResult(Apply(scope.Document, scope.Text, fix.Changes)), fix.Key),
                        fixedHere);
                }
            }
        }
    }

    /// <summary>The edits for what stands at a span, the first additional location of a diagnostic; the safest first.</summary>
    protected abstract IEnumerable<CallFix> FindAt(FixScope scope, TextSpan span, CancellationToken cancellation);

    private static Document Apply(Document document, SourceText text, IEnumerable<TextChange> changes) =>
        document.WithText(text.WithChanges(changes.OrderBy(change => change.Span.Start)));

    /// <summary>Fixes many calls of a document: those whose edits don't touch each other at once, the others after them.</summary>
    private sealed class FixAllCalls(DbFix fix) : DocumentBasedFixAllProvider
    {
        /// <summary>Edits that collide wait for the next round; a chain of more calls than this in one place is left to a second run.</summary>
        private const int MaxRounds = 20;

        protected override async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
        {
            var pending = diagnostics.Where(diagnostic => diagnostic.AdditionalLocations.Count > 0)
                .Select(diagnostic => diagnostic.AdditionalLocations[0].SourceSpan).Distinct()
                // A call inside another call's arguments comes before it: the other one moves its text.
                .OrderBy(span => span.End).ToList();
            for (var round = 0; round < MaxRounds && pending.Count > 0; round++)
            {
                if (await FixScope.CreateAsync(document, context.CancellationToken).ConfigureAwait(false) is not { } scope)
                {
                    break;
                }

                var taken = new List<TextChange>();
                var waiting = new List<TextSpan>();
                var members = new HashSet<SyntaxNode>();
                foreach (var span in pending)
                {
                    context.CancellationToken.ThrowIfCancellationRequested();
                    if (fix.FindAt(scope, span, context.CancellationToken).FirstOrDefault(found => found.Key == context.CodeActionEquivalenceKey) is not { IsForAll: true } edit ||
                        !scope.Compiles(edit.Changes, context.CancellationToken))
                    {
                        continue;
                    }

                    // New variables in one body must not get the same name.
                    var declares = edit.Changes.Any(change => change.NewText?.Contains(";") == true);
                    var member = FixScope.MemberOf(scope.Root.FindNode(span, getInnermostNodeForTie: true));
                    if (edit.Changes.Any(change => taken.Any(other => other.Span.IntersectsWith(change.Span))) || (declares && members.Contains(member)))
                    {
                        waiting.Add(span);
                        continue;
                    }

                    taken.AddRange(edit.Changes);
                    if (declares)
                    {
                        members.Add(member);
                    }
                }

                if (taken.Count == 0)
                {
                    break;
                }

                pending = waiting.ConvertAll(span => TextSpan.FromBounds(Moved(span.Start, taken, isEnd: false), Moved(span.End, taken, isEnd: true)));
                document = Apply(scope.Document, scope.Text, taken);
            }

            return document;
        }

        private static int Moved(int position, List<TextChange> changes, bool isEnd)
        {
            var moved = position;
            foreach (var change in changes)
            {
                if (change.Span.End < position || (change.Span.End == position && (isEnd ? change.Span.Start < position : true)))
                {
                    moved += (change.NewText?.Length ?? 0) - change.Span.Length;
                }
            }

            return moved;
        }
    }
}
