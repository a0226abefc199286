using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Tests.Contract;

/// <summary>The walls between the rooms of <c>src/</c>, read off the syntax of the sources. Comments are free.</summary>
internal static partial class Walls
{
    private const string Root = "DbSafety.Analyzers";

    /// <summary>The rooms of DbSafety.Analyzers from the ground up: a room uses itself and those of lower floors.</summary>
    private static readonly string[][] s_floors = [["Apis"], ["Text", "Model"], ["Calls"], ["Flow"], ["Facts"], ["Rules"]];

    private static readonly HashSet<string> s_rooms = [.. s_floors.SelectMany(floor => floor)];

    private static readonly HashSet<string> s_memories = ["ConditionalWeakTable", "ConcurrentDictionary"];

    private static readonly HashSet<string> s_mutable = [.. s_memories, "Dictionary", "SortedDictionary", "ConcurrentBag", "ConcurrentQueue", "ThreadLocal", "AsyncLocal"];

    /// <summary>Files of DbSafety.Analyzers that stand outside the rooms, or use a room above them or beside them.</summary>
    public static IEnumerable<string> RoomViolations(IEnumerable<SourceText> sources)
    {
        var files = sources.Select(source => (source.Path, Room: Room(source.Path), Tree: source.Parse())).ToList();
        var types = files.ToLookup(file => file.Room, file => file.Tree.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.ValueText));
        var typesOf = types.ToDictionary(group => group.Key, group => group.SelectMany(names => names).ToHashSet());

        foreach (var (path, room, tree) in files)
        {
            if (Floor(room) < 0)
            {
                yield return $"{path}: '{room}' is not a room of {Root}.";
                continue;
            }

            foreach (var space in tree.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
            {
                var name = space.Name.ToString();
                if (name != $"{Root}.{room}" && !name.StartsWith($"{Root}.{room}.", StringComparison.Ordinal))
                {
                    yield return $"{path}: namespace {name} is not that of the folder.";
                }
            }

            var used = tree.DescendantNodes().Where(node => node is NameSyntax or MemberAccessExpressionSyntax)
                .Select(node => (Node: node, Room: UsedRoom(node, typesOf)))
                .Where(use => use.Room is not null && use.Room != room && Floor(use.Room) >= Floor(room));
            foreach (var use in used.DistinctBy(use => (use.Node.GetLocation().GetLineSpan().StartLinePosition.Line, use.Room)))
            {
                yield return $"{At(path, use.Node)}: {room} uses {use.Room}, which stands above or beside it.";
            }
        }
    }

    /// <summary>
    /// The names of database libraries, their types and members that stand in Apis. Those of the base class library are everyone's, except what
    /// System.Data holds; so are words that say nothing without their type.
    /// </summary>
    public static HashSet<string> ApiNames(IEnumerable<SourceText> apis) =>
    [
        .. apis.SelectMany(source => source.Parse().DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) && Name().IsMatch(token.ValueText))
            .Where(token => !token.ValueText.StartsWith("System.", StringComparison.Ordinal) || token.ValueText.StartsWith("System.Data.", StringComparison.Ordinal))
            .SelectMany(token => new[] { token.ValueText, LastSegment(token.ValueText), FirstSegment(token.ValueText) })
            .Where(name => name.Length >= 4 && char.IsUpper(name[0]) && name is not ("System" or "Microsoft" or "Name" or "Value")),
    ];

    /// <summary>String literals and nameof that hold the name of a library, one of its types or one of its members.</summary>
    public static IEnumerable<string> ApiNameViolations(IEnumerable<SourceText> sources, HashSet<string> names)
    {
        foreach (var source in sources)
        {
            var root = source.Parse();
            var literals = root.DescendantTokens()
                .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken)
                .Select(token => (Node: token.Parent!, Text: token.ValueText.Trim()));
            var namesOf = root.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => call is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments.Count: 1 })
                .Select(call => (Node: (SyntaxNode)call, Text: call.ArgumentList.Arguments[0].ToString()));
            foreach (var (node, text) in literals.Concat(namesOf))
            {
                if (Name().IsMatch(text) && (names.Contains(text) || names.Contains(LastSegment(text)) || (text.Contains('.') && names.Contains(FirstSegment(text)))))
                {
                    yield return $"{At(source.Path, node)}: '{text}' is the name of an API; it belongs in {Root}/Apis.";
                }
            }
        }
    }

    /// <summary>
    /// Places outside Facts that remember: static collections that change, static fields that change, and tables for memos of an object; the
    /// last are free in Apis, whose objects resolve names once for one compilation.
    /// </summary>
    public static IEnumerable<string> MemoryViolations(IEnumerable<SourceText> sources)
    {
        foreach (var source in sources)
        {
            var root = source.Parse();
            var isApis = Room(source.Path) == "Apis";
            foreach (var field in root.DescendantNodes().OfType<FieldDeclarationSyntax>())
            {
                var type = SimpleName(field.Declaration.Type);
                var isStatic = field.Modifiers.Any(SyntaxKind.StaticKeyword);
                if ((isStatic && (s_mutable.Contains(type) || !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)))
                    || (!isApis && s_memories.Contains(type) && field.Declaration.Variables.Any(variable => variable.Initializer is not null)))
                {
                    yield return $"{At(source.Path, field)}: '{field.Declaration}' remembers; that is for Facts.";
                }
            }

            foreach (var property in root.DescendantNodes().OfType<PropertyDeclarationSyntax>())
            {
                var isStored = property.AccessorList?.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }) == true;
                var isSettable = property.AccessorList?.Accessors.Any(SyntaxKind.SetAccessorDeclaration) == true;
                if (property.Modifiers.Any(SyntaxKind.StaticKeyword) && isStored && (isSettable || s_mutable.Contains(SimpleName(property.Type))))
                {
                    yield return $"{At(source.Path, property)}: '{property.Identifier}' remembers; that is for Facts.";
                }
            }

            var creations = root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>().Where(creation => s_memories.Contains(SimpleName(creation.Type)));
            foreach (var creation in isApis ? [] : creations)
            {
                yield return $"{At(source.Path, creation)}: '{creation.Type}' remembers; that is for Facts.";
            }
        }
    }

    /// <summary>The room of a path <c>src/DbSafety.Analyzers/Room/..</c>; for a file that stands outside a folder, its own name.</summary>
    public static string Room(string path) => path.Split('/') is [_, _, var room, ..] ? room : path;

    private static string? UsedRoom(SyntaxNode node, Dictionary<string, HashSet<string>> typesOf)
    {
        // The longest name only: A, A.B and C are parts of A.B.C.
        if (node.Parent is QualifiedNameSyntax or MemberAccessExpressionSyntax)
        {
            return null;
        }

        if (node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Any(space => space.Name.Span.Contains(node.Span)))
        {
            return null;
        }

        var parts = node.ToString().Replace("global::", "", StringComparison.Ordinal).Split('.').Select(part => part.Split('<', '?')[0].Trim()).ToArray();
        return parts switch
        {
            ["DbSafety", "Analyzers", var room, ..] when s_rooms.Contains(room) => room,
            ["Analyzers", var room, ..] when s_rooms.Contains(room) => room,
            [var room, var type, ..] when s_rooms.Contains(room) && typesOf.TryGetValue(room, out var types) && types.Contains(type) => room,
            _ => null,
        };
    }

    private static int Floor(string room) => Array.FindIndex(s_floors, floor => floor.Contains(room));

    private static string SimpleName(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => SimpleName(nullable.ElementType),
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => type.ToString(),
    };

    private static string LastSegment(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string FirstSegment(string name) => name.Split('.')[0];

    private static string At(string path, SyntaxNode node) => $"{path}({node.GetLocation().GetLineSpan().StartLinePosition.Line + 1})";

    [GeneratedRegex(@"^[A-Za-z_]\w*([.+`][\w]+)*$")]
    private static partial Regex Name();
}
