using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Parsing;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;

namespace DbSafety.Sql.Schema;

/// <summary>A step of a body in PL/pgSQL, as far as definitions are concerned.</summary>
internal abstract record RoutineStep
{
    /// <summary>A statement of SQL, also that of EXECUTE, where what is not constant in it is a hole.</summary>
    /// <param name="Node">The statement.</param>
    public sealed record Run(SqlStatement Node) : RoutineStep;

    /// <summary>IF: the condition, what follows where it holds, and where it does not.</summary>
    /// <param name="Condition">The tokens of the condition.</param>
    /// <param name="Then">What runs where it holds.</param>
    /// <param name="Else">What runs otherwise, ELSIF too.</param>
    public sealed record If(ImmutableArray<SqlToken> Condition, ImmutableArray<RoutineStep> Then, ImmutableArray<RoutineStep> Else) : RoutineStep
    {
        /// <summary>The string constants in the condition.</summary>
        public ImmutableHashSet<string> Constants { get; init; } = ImmutableHashSet<string>.Empty;
    }

    /// <summary>A block with handlers.</summary>
    /// <param name="Steps">What it does.</param>
    /// <param name="Handlers">What its handlers do.</param>
    public sealed record Block(ImmutableArray<RoutineStep> Steps, ImmutableArray<RoutineStep> Handlers) : RoutineStep
    {
        /// <summary>Whether it has EXCEPTION.</summary>
        public bool HasHandlers { get; init; }
    }

    /// <summary>A loop, or the branches of a CASE: nobody knows what runs, and how often.</summary>
    /// <param name="Steps">What may run.</param>
    public sealed record Perhaps(ImmutableArray<RoutineStep> Steps) : RoutineStep;

    /// <summary>RETURN, EXIT, CONTINUE: what follows may not run.</summary>
    public sealed record Leave : RoutineStep;
}

/// <summary>Reads a body in PL/pgSQL: its blocks, branches and loops, and the statements of SQL in them. Never fails: what it does not understand it passes over.</summary>
internal sealed class RoutineBody
{
    private const int MaxDepth = 50;

    private readonly SqlSource _source;
    private readonly ImmutableArray<SqlToken> _tokens;
    private int _index;
    private int _depth;

    private RoutineBody(string text)
    {
        _source = new SqlSource(text);
        _tokens = SqlLexer.Lex(_source, SqlDialect.PostgreSql, out _);
    }

    private SqlToken Current => _tokens[Math.Min(_index, _tokens.Length - 1)];

    private bool AtEnd => Current.Kind == SqlTokenKind.End;

    /// <summary>The steps of a body.</summary>
    public static ImmutableArray<RoutineStep> Read(string text)
    {
        var body = new RoutineBody(text);
        return body.Steps();
    }

    private bool At(string word) => Current.Is(word);

    private bool Accept(string word)
    {
        if (!At(word))
        {
            return false;
        }

        _index++;
        return true;
    }

    /// <summary>Steps up to a word that ends a list of them.</summary>
    private ImmutableArray<RoutineStep> Steps()
    {
        var steps = ImmutableArray.CreateBuilder<RoutineStep>();
        _depth++;
        while (!AtEnd && !(At("end") || At("else") || At("elsif") || At("elseif") || At("exception") || At("when")))
        {
            var start = _index;
            if (_depth > MaxDepth || Step() is not { } step)
            {
                _index = Math.Max(_index, start + 1);
                continue;
            }

            steps.Add(step);
            _index = Math.Max(_index, start + 1);
        }

        _depth--;
        return steps.ToImmutable();
    }

    private RoutineStep? Step()
    {
        if (Current.IsOperator("<<"))
        {
            while (!AtEnd && !Current.IsOperator(">>"))
            {
                _index++;
            }

            _index++;
            return null;
        }

        switch (Current.Kind == SqlTokenKind.Word ? Current.Text : null)
        {
            case "declare" or "begin":
                return Block();
            case "if":
                return If();
            case "loop":
                _index++;
                return Loop();
            case "for" or "foreach" or "while":
                SkipTo("loop");
                _index++;
                return Loop();
            case "case":
                return Case();
            case "execute":
                return Execute();
            case "perform":
                return Perform();
            case "return" or "exit" or "continue":
                SkipStatement();
                return new RoutineStep.Leave();
            case "raise" or "null" or "get" or "open" or "fetch" or "close" or "assert" or "commit" or "rollback" or "move":
                SkipStatement();
                return null;
            default:
                return Sql();
        }
    }

    private RoutineStep Block()
    {
        if (At("declare"))
        {
            SkipTo("begin");
        }

        Accept("begin");
        var steps = Steps();
        var handlers = ImmutableArray.CreateBuilder<RoutineStep>();
        var hasHandlers = Accept("exception");
        while (hasHandlers && Accept("when"))
        {
            SkipTo("then");
            Accept("then");
            handlers.AddRange(Steps());
        }

        Accept("end");
        SkipStatement();
        return new RoutineStep.Block(steps, handlers.ToImmutable()) { HasHandlers = hasHandlers };
    }

    private RoutineStep.If If()
    {
        // IF, ELSIF
        _index++;
        var start = _index;
        SkipTo("then");
        var condition = _tokens.Skip(start).Take(_index - start).ToImmutableArray();
        var constants = condition.Where(token => token.Kind is SqlTokenKind.String or SqlTokenKind.DollarString)
            .Select(token => string.Concat(SqlLexer.Decode(_source, token.Span).Select(part => part.Text))).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        Accept("then");
        var then = Steps();
        var other = ImmutableArray<RoutineStep>.Empty;
        if (_depth < MaxDepth && (At("elsif") || At("elseif")))
        {
            _depth++;
            other = ImmutableArray.Create<RoutineStep>(If());
            _depth--;
            return new RoutineStep.If(condition, then, other) { Constants = constants };
        }

        if (Accept("else"))
        {
            other = Steps();
        }

        Accept("end");
        SkipStatement();
        return new RoutineStep.If(condition, then, other) { Constants = constants };
    }

    private RoutineStep.Perhaps Loop()
    {
        var steps = Steps();
        Accept("end");
        SkipStatement();
        return new RoutineStep.Perhaps(steps);
    }

    private RoutineStep.Perhaps Case()
    {
        var steps = ImmutableArray.CreateBuilder<RoutineStep>();
        SkipTo("when");
        while (!AtEnd && !At("end"))
        {
            if (Accept("when"))
            {
                SkipTo("then");
                Accept("then");
            }
            else if (!Accept("else"))
            {
                break;
            }

            steps.AddRange(Steps());
        }

        Accept("end");
        SkipStatement();
        return new RoutineStep.Perhaps(steps.ToImmutable());
    }

    /// <summary>Moves to a word outside of parentheses and of CASE .. END.</summary>
    private void SkipTo(string word)
    {
        var parens = 0;
        var cases = 0;
        while (!AtEnd)
        {
            if (parens == 0 && cases == 0 && At(word))
            {
                return;
            }

            parens += Current.Kind == SqlTokenKind.OpenParen ? 1 : Current.Kind == SqlTokenKind.CloseParen ? -1 : 0;
            cases += At("case") && word != "when" ? 1 : At("end") && cases > 0 ? -1 : 0;
            _index++;
            if (word == "when" && parens == 0 && At("when"))
            {
                return;
            }
        }
    }

    private int SkipStatement()
    {
        while (!AtEnd && Current.Kind != SqlTokenKind.Semicolon)
        {
            _index++;
        }

        var end = Current.Start;
        _index++;
        return end;
    }

    private RoutineStep? Sql()
    {
        var first = Current;
        var next = _tokens[Math.Min(_index + 1, _tokens.Length - 1)];
        var start = Current.Start;
        var end = SkipStatement();
        if (next.Kind == SqlTokenKind.ColonEquals || next.IsOperator("=") || first.Kind == SqlTokenKind.Semicolon)
        {
            return null;
        }

        var tree = SqlParser.Parse(_source.Slice(SqlSpan.FromBounds(start, end)));
        return tree.Statements.Length == 1 ? new RoutineStep.Run(tree.Statements[0]) : null;
    }

    private RoutineStep? Perform()
    {
        var start = Current.End;
        var end = SkipStatement();
        var tree = SqlParser.Parse(new SqlSource("SELECT " + _source.Text.Substring(start, Math.Max(0, end - start))));
        return tree.Statements.Length == 1 && !tree.Statements[0].HasErrors ? new RoutineStep.Run(tree.Statements[0]) : null;
    }

    private RoutineStep? Execute()
    {
        _index++;
        var start = Current.Start;
        var stop = -1;
        var parens = 0;
        while (!AtEnd && Current.Kind != SqlTokenKind.Semicolon)
        {
            parens += Current.Kind == SqlTokenKind.OpenParen ? 1 : Current.Kind == SqlTokenKind.CloseParen ? -1 : 0;
            if (stop < 0 && parens == 0 && (At("into") || At("using")))
            {
                stop = Current.Start;
            }

            _index++;
        }

        var end = stop < 0 ? Current.Start : stop;
        _index++;
        var tree = SqlParser.Parse(new SqlSource("SELECT " + _source.Text.Substring(start, Math.Max(0, end - start))));
        var text = tree.Statements.Length == 1 && tree.Statements[0] is SelectStatement { HasErrors: false, Query: SelectQuery { Items: { Length: 1 } items } }
            ? DynamicText.Of(items[0].Expression)
            : DynamicText.Nothing;
        var steps = SqlParser.Parse(text).Statements.Select(statement => (RoutineStep)new RoutineStep.Run(statement)).ToImmutableArray();
        return steps.Length == 1 ? steps[0] : new RoutineStep.Block(steps, ImmutableArray<RoutineStep>.Empty);
    }
}
