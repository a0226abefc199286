using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Operators and their classes, aggregates, casts, conversions, transforms, languages, access methods.</content>
public sealed partial class SqlParser
{
    /// <summary>Whether CLASS or FAMILY stands here, and is not the schema of an operator.</summary>
    private bool AtOperatorGroup() => (At("class") || At("family")) && Peek(1).Kind != SqlTokenKind.Dot;

    /// <summary>Behind CREATE OPERATOR.</summary>
    private void ParseCreateOperator()
    {
        if (!AtOperatorGroup())
        {
            ParseAnyOperator();
            ParseDefinitionList();
            return;
        }

        var isClass = Advance().Is("class");
        ParseQualifiedName();
        if (isClass)
        {
            Accept("default");
            Expect("for", "type");
            ParseTypeName();
        }

        Expect("using");
        ParseColId();
        if (isClass)
        {
            if (Accept("family"))
            {
                ParseQualifiedName();
            }

            Expect("as");
            ParseOperatorClassItems();
        }
    }

    /// <summary>opclass_item_list</summary>
    private void ParseOperatorClassItems() => ParseList(() =>
    {
        var kind = ExpectOneOf("operator", "function", "storage");
        if (kind == "storage")
        {
            ParseTypeName();
        }
        else if (kind == "operator")
        {
            ParseIntegerConstant();
            ParseAnyOperator();
            if (At(SqlTokenKind.OpenParen))
            {
                ParseOperatorArguments();
            }

            if (Accept("for") && !Accept("search"))
            {
                Expect("order", "by");
                ParseQualifiedName();
            }
        }
        else
        {
            ParseIntegerConstant();
            if (At(SqlTokenKind.OpenParen))
            {
                ParseParenthesized(ParseTypeName);
            }

            ParseFunctionSignature();
        }

        return kind;
    });

    /// <summary>Behind ALTER OPERATOR.</summary>
    private void ParseAlterOperator()
    {
        if (!AtOperatorGroup())
        {
            ParseOperatorSignature();
            if (!ParseChange(Changes.Owner | Changes.Schema))
            {
                Expect("set");
                ParseDefinitionList();
            }

            return;
        }

        var isFamily = Advance().Is("family");
        ParseQualifiedName();
        Expect("using");
        ParseColId();
        if (isFamily && Accept("add"))
        {
            ParseOperatorClassItems();
        }
        else if (isFamily && Accept("drop"))
        {
            ParseList(() =>
            {
                var kind = ExpectOneOf("operator", "function");
                ParseIntegerConstant();
                ParseParenthesized(ParseTypeName);
                return kind;
            });
        }
        else
        {
            ExpectChange(Changes.Name | Changes.Owner | Changes.Schema);
        }
    }

    /// <summary>Behind CREATE AGGREGATE; the old syntax has no arguments, but BASETYPE among the options.</summary>
    private void ParseCreateAggregate()
    {
        ParseFunctionName();
        if (At(SqlTokenKind.OpenParen) && IsIdentifier(Peek(1)) && Peek(2).IsOperator("="))
        {
            ParseParenthesized(() =>
            {
                if (!IsIdentifier(Current) || !Peek(1).IsOperator("="))
                {
                    Unexpected();
                }

                return ParseDefinitionItem(allowsQualified: false);
            });
            return;
        }

        ParseAggregateArguments();
        ParseDefinitionList();
    }

    private void ParseCreateCast()
    {
        ParseCastTypes();
        if (Accept("without"))
        {
            Expect("function");
        }
        else
        {
            Expect("with");
            if (!Accept("inout"))
            {
                Expect("function");
                ParseFunctionSignature();
            }
        }

        if (Accept("as"))
        {
            ExpectOneOf("implicit", "assignment");
        }
    }

    private void ParseCreateConversion()
    {
        ParseQualifiedName();
        Expect("for");
        ParseStringConstant();
        Expect("to");
        ParseStringConstant();
        Expect("from");
        ParseQualifiedName();
    }

    /// <summary>Behind CREATE TRANSFORM.</summary>
    private void ParseCreateTransform()
    {
        Expect("for");
        ParseTypeName();
        Expect("language");
        ParseColId();
        Expect(SqlTokenKind.OpenParen);
        var first = ParseTransformElement();
        if (Accept(SqlTokenKind.Comma) && ParseTransformElement() == first)
        {
            Unexpected();
        }

        Expect(SqlTokenKind.CloseParen);
    }

    private string ParseTransformElement()
    {
        var direction = ExpectOneOf("from", "to");
        Expect("sql");
        Expect("with", "function");
        ParseFunctionSignature();
        return direction;
    }

    /// <summary>Behind CREATE, at TRUSTED, PROCEDURAL or LANGUAGE.</summary>
    private void ParseCreateLanguage()
    {
        Accept("trusted");
        Accept("procedural");
        Expect("language");
        ParseColId();
        if (!Accept("handler"))
        {
            return;
        }

        ParseQualifiedName();
        if (Accept("inline"))
        {
            ParseQualifiedName();
        }

        if (Accept("no"))
        {
            Expect("validator");
        }
        else if (Accept("validator"))
        {
            ParseQualifiedName();
        }
    }

    private void ParseCreateAccessMethod()
    {
        Expect("method");
        ParseColId();
        Expect("type");
        ExpectOneOf("index", "table");
        Expect("handler");
        ParseQualifiedName();
    }
}
