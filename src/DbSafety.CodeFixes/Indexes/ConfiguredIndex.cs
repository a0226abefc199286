using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Facts;
using DbSafety.Analyzers.Model;
using DbSafety.Sql.Indexing;
using DbSafety.Sql.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>An index as EF Core's configuration declares it: over properties of an entity.</summary>
internal sealed class ConfiguredIndex
{
    private readonly IndexSuggestion _suggestion;
    private readonly string _name;
    private readonly ImmutableArray<string> _properties;
    private readonly bool _hasTwin;

    private ConfiguredIndex(INamedTypeSymbol entity, ImmutableArray<string> properties, IndexSuggestion suggestion, string name, bool hasTwin)
    {
        Entity = entity;
        _properties = properties;
        _suggestion = suggestion;
        _name = name;
        _hasTwin = hasTwin;
    }

    /// <summary>The class that stands for the table.</summary>
    public INamedTypeSymbol Entity { get; }

    /// <summary>The properties, for people.</summary>
    public string Properties => string.Join(", ", _properties);

    /// <summary>The index over an entity; null where no single entity stands for the table, or a key is no property of its class, or this version of EF Core cannot declare it.</summary>
    /// <param name="facts">The facts of the compilation.</param>
    /// <param name="suggestion">The index.</param>
    /// <param name="name">Its name.</param>
    public static ConfiguredIndex? Of(DbFacts facts, IndexSuggestion suggestion, string name)
    {
        var maps = facts.Maps.All.Where(map => map.Table == suggestion.Table.FullName && map.Base is null).ToList();
        if (maps.Count != 1 || maps[0] is not { Type: { } type, IsUncertain: false, IsOwned: false } entity || !Has(facts.Compilation, EfIndexEmit.HasDatabaseName))
        {
            return null;
        }

        var properties = ImmutableArray.CreateBuilder<string>();
        foreach (var key in suggestion.Keys)
        {
            if (key is not { Column: { } column, IsNullsFirst: null } || PropertyOf(entity, column) is not { } property)
            {
                return null;
            }

            properties.Add(property);
        }

        return (suggestion.Keys.Any(key => key.IsDescending) && !Has(facts.Compilation, EfIndexEmit.IsDescending)) ||
            (suggestion.Method != "btree" && !Has(facts.Compilation, EfIndexEmit.HasMethod)) ||
            (suggestion.Keys.Any(key => key.OperatorClass is not null) && !Has(facts.Compilation, EfIndexEmit.HasOperators))
                ? null
                : new ConfiguredIndex(type, properties.ToImmutable(), suggestion, name, HasTwin(facts.SchemaFacts.Catalog, suggestion));
    }

    /// <summary>
    /// The call on a builder of the entity; null where the configuration has it already. EF Core takes indexes over the same properties for one, unless they are told apart by a name in the model.
    /// </summary>
    /// <param name="configured">Where the entity is configured.</param>
    public string? CallIn(SyntaxNode configured)
    {
        if (configured.DescendantTokens().Any(token => token.IsKind(SyntaxKind.StringLiteralToken) && token.ValueText == _name))
        {
            return null;
        }

        var isDeclared = IsDeclaredByAttribute() || configured.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => NameOf(call) == EfIndexEmit.HasIndex.Member && PropertiesOf(call).SequenceEqual(_properties));
        var isPlain = _suggestion is { Method: "btree", Predicate: null } && !_suggestion.Keys.Any(key => key.IsDescending || key.OperatorClass is not null);
        if (isDeclared && isPlain && !_hasTwin)
        {
            return null;
        }

        var row = configured.DescendantTokens().Any(token => token.ValueText == "x" && token.Parent is ParameterSyntax { Parent: not SimpleLambdaExpressionSyntax }) ? "row" : "x";
        var keys = _properties.Length == 1 ? $"{row}.{_properties[0]}" : "new { " + string.Join(", ", _properties.Select(property => $"{row}.{property}")) + " }";
        var isNamed = isDeclared || _hasTwin;
        var call = $"{EfIndexEmit.HasIndex.Member}({row} => {keys}" + (isNamed ? ", " + Literal(_name) + ")" : $").{EfIndexEmit.HasDatabaseName.Member}({Literal(_name)})");
        if (_suggestion.Method != "btree")
        {
            call += $".{EfIndexEmit.HasMethod.Member}({Literal(_suggestion.Method)})";
        }

        if (_suggestion.Keys.Any(key => key.IsDescending))
        {
            call += $".{EfIndexEmit.IsDescending.Member}({string.Join(", ", _suggestion.Keys.Select(key => key.IsDescending ? "true" : "false"))})";
        }

        if (_suggestion.Keys.Any(key => key.OperatorClass is not null))
        {
            call += $".{EfIndexEmit.HasOperators.Member}({string.Join(", ", _suggestion.Keys.Select(key => Literal(key.OperatorClass ?? "")))})";
        }

        return _suggestion.Predicate is { } predicate ? call + $".{EfIndexEmit.HasFilter.Member}({Literal(predicate)})" : call;
    }

    /// <summary>The name of the called method.</summary>
    internal static string? NameOf(InvocationExpressionSyntax call) => (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText;

    private static string? PropertyOf(EntityMap entity, string column)
    {
        var found = entity.Properties.Where(property => property.Column == column).ToList();
        return found.Count == 1 && found[0].Symbol is { } symbol ? symbol.Name : null;
    }

    // An index of the model over the same columns that serves otherwise.
    private static bool HasTwin(SchemaCatalog catalog, IndexSuggestion suggestion) => catalog.FindTable(suggestion.Table.FullName)?.Indexes
        .Any(index => index.Constraint == IndexConstraint.None && index.Keys.Select(key => key.Column).SequenceEqual(suggestion.Keys.Select(key => key.Column))) == true;

    private bool IsDeclaredByAttribute() => Entity.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == EfIndexEmit.IndexAttribute &&
        attribute.ConstructorArguments.SelectMany(argument => argument.Kind == TypedConstantKind.Array ? argument.Values.AsEnumerable() : [argument]).Select(value => value.Value as string).SequenceEqual(_properties));

    private static IEnumerable<string> PropertiesOf(InvocationExpressionSyntax call) => call.ArgumentList.Arguments.FirstOrDefault()?.Expression switch
    {
        LambdaExpressionSyntax { ExpressionBody: MemberAccessExpressionSyntax member } => [member.Name.Identifier.ValueText],
        LambdaExpressionSyntax { ExpressionBody: AnonymousObjectCreationExpressionSyntax keys } =>
            keys.Initializers.Select(key => (key.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText ?? ""),
        _ => call.ArgumentList.Arguments.Select(argument => (argument.Expression as LiteralExpressionSyntax)?.Token.ValueText
            ?? (argument.Expression as InvocationExpressionSyntax)?.ArgumentList.Arguments.FirstOrDefault()?.Expression.ToString().Split('.').Last() ?? ""),
    };

    private static bool Has(Compilation compilation, EmitName name) => compilation.GetTypeByMetadataName(name.Type)?.GetMembers(name.Member).IsEmpty == false;

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
