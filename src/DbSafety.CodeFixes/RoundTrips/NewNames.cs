using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>Names for new variables, which nothing at their place has yet.</summary>
internal sealed class NewNames
{
    private readonly HashSet<string> _taken;

    public NewNames(FixScope scope, SyntaxNode place)
    {
        _taken = new HashSet<string>(FixScope.MemberOf(place).DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
        _taken.UnionWith(scope.Model.LookupSymbols(place.SpanStart).Where(symbol => symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol).Select(symbol => symbol.Name));
    }

    /// <summary>A name like the one wanted; it counts as taken from now on.</summary>
    public string Take(string wanted)
    {
        if (SyntaxFacts.GetKeywordKind(wanted) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(wanted) != SyntaxKind.None)
        {
            wanted += "Value";
        }

        var name = wanted;
        for (var number = 2; !_taken.Add(name); number++)
        {
            name = wanted + number;
        }

        return name;
    }

    /// <summary>A name for the row in a lambda: its letter, unless a variable that the lambda sees has it.</summary>
    public static string ForRow(FixScope scope, int position, INamedTypeSymbol type)
    {
        var visible = new HashSet<string>(scope.Model.LookupSymbols(position).Where(symbol => symbol is ILocalSymbol or IParameterSymbol).Select(symbol => symbol.Name), StringComparer.Ordinal);
        var letter = Camel(type.Name).Substring(0, 1);
        var name = letter;
        for (var number = 2; visible.Contains(name); number++)
        {
            name = letter + number;
        }

        return name;
    }

    /// <summary><c>OrderId</c>: <c>orderId</c>.</summary>
    public static string Camel(string name)
    {
        name = name.TrimStart('_');
        return name.Length == 0 ? "value" : char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    /// <summary><c>city</c>: <c>cities</c>.</summary>
    public static string Plural(string name)
    {
        if (name.Length > 1 && name[name.Length - 1] == 'y' && "aeiou".IndexOf(name[name.Length - 2]) < 0)
        {
            return name.Substring(0, name.Length - 1) + "ies";
        }

        return name.EndsWith("s", StringComparison.Ordinal) || name.EndsWith("x", StringComparison.Ordinal) || name.EndsWith("ch", StringComparison.Ordinal) || name.EndsWith("sh", StringComparison.Ordinal)
            ? name + "es"
            : name + "s";
    }
}
