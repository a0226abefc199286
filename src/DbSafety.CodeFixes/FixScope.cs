using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes;

/// <summary>What a fix sees of one document.</summary>
public sealed class FixScope
{
    private FixScope(Document document, DbFacts facts, SemanticModel model, SyntaxNode root, SourceText text)
    {
        Document = document;
        Facts = facts;
        Model = model;
        Root = root;
        Text = text;
    }

    /// <summary>The document.</summary>
    public Document Document { get; }

    /// <summary>The facts of its compilation.</summary>
    public DbFacts Facts { get; }

    /// <summary>Its semantic model.</summary>
    public SemanticModel Model { get; }

    /// <summary>Its root.</summary>
    public SyntaxNode Root { get; }

    /// <summary>Its text.</summary>
    public SourceText Text { get; }

    /// <summary>The C# version of the project.</summary>
    public LanguageVersion LanguageVersion => ((CSharpParseOptions)Root.SyntaxTree.Options).LanguageVersion;

    /// <summary>The line end that the document uses.</summary>
    public string NewLine => Text.Lines.Count > 1 && Text.Lines[0] is var line && line.EndIncludingLineBreak - line.End == 2 ? "\r\n" : "\n";

    /// <summary>Reads a document; null where it talks to no database.</summary>
    public static async Task<FixScope?> CreateAsync(Document document, CancellationToken cancellation)
    {
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return model is null || root is null || DbFacts.For(model.Compilation, document.Project.AnalyzerOptions) is not { } facts
            ? null
            : new FixScope(document, facts, facts.ModelOf(root.SyntaxTree) ?? model, root, text);
    }

    /// <summary>The call that stands exactly at a span, or null.</summary>
    public DbCall? CallAt(TextSpan span)
    {
        if (span.End > Root.FullSpan.End)
        {
            return null;
        }

        for (var node = Root.FindNode(span, getInnermostNodeForTie: true); node is not null && node.Span == span; node = node.Parent)
        {
            if (Facts.CallAt(node) is { } call && call.Operation.Syntax == node)
            {
                return call;
            }
        }

        return null;
    }

    /// <summary>The trip to the database, repeated by a loop, that stands exactly at a span, or null.</summary>
    public Repetition? RepetitionAt(TextSpan span, CancellationToken cancellation)
    {
        if (span.End > Root.FullSpan.End)
        {
            return null;
        }

        for (var node = Root.FindNode(span, getInnermostNodeForTie: true); node is not null && node.Span == span; node = node.Parent)
        {
            if (Model.GetOperation(node, cancellation) is { } operation && Facts.RepetitionOf(operation, cancellation) is { } repetition)
            {
                return repetition;
            }
        }

        return null;
    }

    /// <summary>The writes without a transaction whose second stands exactly at a span, or null.</summary>
    public TransactionGap? GapAt(TextSpan span, CancellationToken cancellation)
    {
        if (span.End > Root.FullSpan.End)
        {
            return null;
        }

        for (var node = Root.FindNode(span, getInnermostNodeForTie: true); node is not null && node.Span == span; node = node.Parent)
        {
            if (Model.GetOperation(node, cancellation) is { } operation && Facts.GapOf(operation, cancellation) is { } gap)
            {
                return gap;
            }
        }

        return null;
    }

    /// <summary>The innermost operation that stands exactly at a span, or null.</summary>
    public IOperation? OperationAt(TextSpan span, CancellationToken cancellation)
    {
        if (span.End > Root.FullSpan.End)
        {
            return null;
        }

        for (var node = Root.FindNode(span, getInnermostNodeForTie: true); node is not null && node.Span == span; node = node.Parent)
        {
            if (Model.GetOperation(node, cancellation) is { } operation)
            {
                return operation;
            }
        }

        return null;
    }

    /// <summary>The characters of a span.</summary>
    public string TextOf(TextSpan span) => Text.ToString(span);

    /// <summary>Whether nullable annotations are on at a place.</summary>
    public bool HasNullableAnnotations(int position) => Model.GetNullableContext(position).AnnotationsEnabled();

    /// <summary>The member (method, accessor, initialiser ..) around a node: what is edited together.</summary>
    public static SyntaxNode MemberOf(SyntaxNode node)
    {
        for (SyntaxNode? at = node; at is not null; at = at.Parent)
        {
            if (at is MemberDeclarationSyntax or AccessorDeclarationSyntax)
            {
                return at is GlobalStatementSyntax ? at.Parent! : at;
            }
        }

        return node.SyntaxTree.GetRoot();
    }

    /// <summary>The body (lambda, local function or member) whose code runs at once, around a node.</summary>
    public static SyntaxNode BodyOf(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(at => at is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) is { } inner &&
        MemberOf(node).Span.Contains(inner.Span)
            ? inner
            : MemberOf(node);

    /// <summary>Whether a text with changes compiles as well as the text without them.</summary>
    public bool Compiles(IReadOnlyList<TextChange> changes, CancellationToken cancellation)
    {
        var changed = Text.WithChanges(changes.OrderBy(change => change.Span.Start));
        var tree = Root.SyntaxTree.WithChangedText(changed);
        var compilation = Facts.Compilation.ReplaceSyntaxTree(Root.SyntaxTree, tree);
        var first = changes.Min(change => change.Span.Start);
        var last = changes.Max(change => change.Span.End);
        var member = MemberOf(Root.FindToken(first).Parent!);
        var span = TextSpan.FromBounds(Math.Min(first, member.SpanStart), Math.Max(last, member.Span.End));
        var before = Errors(Model, span, cancellation);
        var after = Errors(
            compilation.GetSemanticModel(tree),
            TextSpan.FromBounds(span.Start, Math.Min(changed.Length, span.End + changed.Length - Text.Length)),
            cancellation);
        return after <= before;
    }

    private static int Errors(SemanticModel model, TextSpan span, CancellationToken cancellation) =>
        model.GetDiagnostics(span, cancellation).Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
