using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Text;

/// <summary>What the text variables of one body hold at each place where they are read, found by one walk over the body.</summary>
public sealed class BodyValues : IValueScope
{
    private readonly Dictionary<SyntaxNode, SqlRope> _reads;
    private readonly Dictionary<SyntaxNode, SqlRope> _targets;

    internal BodyValues(Dictionary<SyntaxNode, SqlRope> reads, Dictionary<SyntaxNode, SqlRope> targets, IReadOnlyList<SqlRope> returns,
        IReadOnlyDictionary<string, SqlRope> exit)
    {
        Exit = exit;
        _reads = reads;
        _targets = targets;
        Returns = returns;
    }

    /// <summary>What the body returns, one text for each return statement of its own.</summary>
    public IReadOnlyList<SqlRope> Returns { get; }

    /// <summary>What parameters hold where the body ends normally, by name: a body that throws unless an argument is allowed proves it so.</summary>
    public IReadOnlyDictionary<string, SqlRope> Exit { get; }

    /// <inheritdoc/>
    public SqlRope? Read(IOperation reference) => _reads.TryGetValue(reference.Syntax, out var text) ? text : null;

    /// <summary>What a property holds behind an assignment to it (<c>=</c> or <c>+=</c>), or null.</summary>
    /// <param name="assignment">The assignment.</param>
    public SqlRope? After(IOperation assignment) => _targets.TryGetValue(assignment.Syntax, out var text) ? text : null;
}
