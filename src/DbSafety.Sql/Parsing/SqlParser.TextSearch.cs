using DbSafety.Sql.Lexing;
using DbSafety.Sql.Syntax;

namespace DbSafety.Sql.Parsing;

/// <content>Text search and collations.</content>
public sealed partial class SqlParser
{
    /// <summary>SEARCH and the kind behind it.</summary>
    private string ParseTextSearchKind()
    {
        Expect("search");
        return ExpectOneOf("parser", "dictionary", "template", "configuration");
    }

    private void ParseCreateTextSearch()
    {
        ParseTextSearchKind();
        ParseQualifiedName();
        ParseDefinitionList();
    }

    private void ParseAlterTextSearch()
    {
        var kind = ParseTextSearchKind();
        ParseQualifiedName();
        if (kind == "dictionary" && At(SqlTokenKind.OpenParen))
        {
            ParseDefinitionList();
        }
        else if (kind == "configuration" && (At("add") || At("alter") || At("drop")))
        {
            ParseAlterConfiguration(Advance().Text!);
        }
        else
        {
            ExpectChange(kind is "parser" or "template" ? Changes.Name | Changes.Schema : Changes.Name | Changes.Owner | Changes.Schema);
        }
    }

    private void ParseAlterConfiguration(string action)
    {
        Expect("mapping");
        if (action == "alter" && Accept("replace"))
        {
            ParseReplacement();
            return;
        }

        if (action == "drop")
        {
            AcceptIfExists();
        }

        Expect("for");
        ParseNames();
        if (action == "drop")
        {
            return;
        }

        if (action == "alter" && Accept("replace"))
        {
            ParseReplacement();
            return;
        }

        Expect("with");
        ParseQualifiedNames();
    }

    private void ParseReplacement()
    {
        ParseQualifiedName();
        Expect("with");
        ParseQualifiedName();
    }

    private void ParseCreateCollation()
    {
        AcceptIfNotExists();
        ParseQualifiedName();
        if (Accept("from"))
        {
            ParseQualifiedName();
        }
        else
        {
            ParseDefinitionList();
        }
    }

    private void ParseAlterCollation()
    {
        ParseQualifiedName();
        if (Accept("refresh"))
        {
            Expect("version");
        }
        else
        {
            ExpectChange(Changes.Name | Changes.Owner | Changes.Schema);
        }
    }
}
