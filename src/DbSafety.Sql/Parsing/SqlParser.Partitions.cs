using System.Collections.Immutable;
using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Partitions of tables: their bounds and their keys.</content>
public sealed partial class SqlParser
{
    /// <summary>PartitionBoundSpec: FOR VALUES .. or DEFAULT.</summary>
    private void ParsePartitionBound()
    {
        if (SkipHoles() && !At("for") && !At("default"))
        {
            return;
        }

        if (Accept("default"))
        {
            return;
        }

        Expect("for");
        Expect("values");
        SkipHoles();
        if (Accept("in"))
        {
            ParseBoundValues();
        }
        else if (Accept("with"))
        {
            ParseHashBound();
        }
        else
        {
            Expect("from");
            ParseBoundValues();
            Expect("to");
            ParseBoundValues();
        }
    }

    private void ParseBoundValues() => ParseParenthesized(() => ParseExpression());

    private void ParseHashBound()
    {
        bool hasModulus = false, hasRemainder = false;
        ParseParenthesized(() =>
        {
            var isModulus = At("modulus");
            if (!isModulus && !At("remainder") && !At(SqlTokenKind.Hole))
            {
                Fail("unrecognized hash partition bound specification");
            }

            if (isModulus ? hasModulus : hasRemainder)
            {
                Fail("modulus or remainder for hash partition provided more than once");
            }

            hasModulus |= isModulus;
            hasRemainder |= !isModulus;
            if (!SkipHoles())
            {
                Advance();
            }

            if (!SkipHoles(HoleRole.UtilityValue))
            {
                Expect(SqlTokenKind.Integer);
            }

            return true;
        });
        if (!(hasModulus && hasRemainder) && !_hasFragment)
        {
            Fail("modulus and remainder for hash partition must be specified");
        }
    }

    /// <summary>PARTITION BY strategy (keys), or null.</summary>
    private PartitionSpecification? ParsePartitionBy()
    {
        SkipHoles();
        if (!At("partition", "by"))
        {
            return null;
        }

        var start = Current.Start;
        Advance();
        Advance();
        var name = ParseColId(HoleRole.UtilityName);
        var strategy = name.Text.ToUpperInvariant();
        if (!name.HasHole && strategy is not ("RANGE" or "LIST" or "HASH"))
        {
            Fail("unrecognized partitioning strategy");
        }

        var elements = ParseParenthesized(ParsePartitionElement);
        return new PartitionSpecification(From(start), strategy, elements);
    }
}
