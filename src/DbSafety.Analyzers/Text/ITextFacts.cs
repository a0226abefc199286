using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Text;

/// <summary>What this room asks of the compilation's memory; <c>Facts</c> implements it, so that nothing is remembered here.</summary>
public interface ITextFacts
{
    /// <summary>The semantic model of a tree of this compilation, or null for a tree of another one.</summary>
    SemanticModel? ModelOf(SyntaxTree tree);

    /// <summary>What the variables of a body hold at each place where they are read.</summary>
    /// <param name="root">The root operation of the body.</param>
    BodyValues ValuesIn(IOperation root);

    /// <summary>The text that a readonly field, a constant or a computed property always holds, or null where nobody knows.</summary>
    SqlRope? TextOfMember(ISymbol member);

    /// <summary>The text that a method of this compilation returns, in terms of its own parameters, or null.</summary>
    SqlRope? TextOfReturn(IMethodSymbol method);

    /// <summary>
    /// The text that all callers together pass to a parameter, where each is closed and nobody outside can call; a hole where they are at
    /// least known to pass no input; null where nobody knows.
    /// </summary>
    SqlRope? TextOfParameter(IParameterSymbol parameter);

    /// <summary>The constants that a readonly collection holds (for a dictionary: its values), or null where nobody knows.</summary>
    /// <param name="member">The field or property.</param>
    /// <param name="keys">For a dictionary: its keys instead.</param>
    IReadOnlyList<SqlRope>? ElementsOfMember(ISymbol member, bool keys);

    /// <summary>What the parameters of a method of this compilation hold where it returns normally, by name; empty where nobody knows.</summary>
    IReadOnlyDictionary<string, SqlRope> ExitOf(IMethodSymbol method);

    /// <summary>The source declaration of a member whose initial value never changes: the operation of its initialiser (of a method: what it returns), or null.</summary>
    IOperation? InitializerOf(ISymbol member);
}

/// <summary>Answers what a reference to a variable holds, at the place where it stands.</summary>
public interface IValueScope
{
    /// <summary>The text that the reference reads, or null where nothing is known about it.</summary>
    SqlRope? Read(IOperation reference);
}
