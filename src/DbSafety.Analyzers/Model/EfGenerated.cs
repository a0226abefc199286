using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <summary>A part of a class that is a migration or a snapshot, in one file.</summary>
/// <param name="Name">Its class with the namespace.</param>
/// <param name="Id">The id that an attribute tells, or null.</param>
/// <param name="Context">The class of its context, as the attribute writes it, without namespace; or null.</param>
/// <param name="Up">The method that migrates, or null.</param>
/// <param name="Build">The method that builds the model of a snapshot, or null.</param>
/// <param name="FileName">The name of the file without its ending.</param>
internal sealed record EfGeneratedClass(string Name, string? Id, string? Context, MethodDeclarationSyntax? Up, MethodDeclarationSyntax? Build, string FileName);

/// <summary>A migration: its parts put together.</summary>
/// <param name="Id">What orders it among the others.</param>
/// <param name="Context">The class of its context, or null where nobody says.</param>
/// <param name="Up">The method that migrates.</param>
internal sealed record EfMigration(string Id, string? Context, MethodDeclarationSyntax Up);

/// <summary>Finds migrations and snapshots in code, by syntax alone.</summary>
internal static class EfGenerated
{
    /// <summary>The parts of migrations and snapshots of a file. Depends on the tree alone.</summary>
    public static ImmutableArray<EfGeneratedClass> Of(SyntaxTree tree, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<EfGeneratedClass>();
        foreach (var type in tree.GetRoot(cancellation).DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or ClassDeclarationSyntax).OfType<ClassDeclarationSyntax>())
        {
            var id = Argument(type, EfModelNames.IsMigrationId);
            var bases = type.BaseList?.Types.Select(item => EfValues.LastName(item.Type) ?? "").ToList() ?? [];
            var isMigration = id is not null || bases.Any(EfModelNames.IsMigration);
            var isSnapshot = bases.Any(EfModelNames.IsSnapshot);
            if ((!isMigration && !isSnapshot) || EfModelNames.IsOfOtherProvider(FullName(type), tree.GetText(cancellation).ToString()))
            {
                continue;
            }

            var context = Argument(type, EfModelNames.IsContextOf) switch
            {
                TypeOfExpressionSyntax of => EfValues.LastName(of.Type),
                _ => null,
            };
            found.Add(new EfGeneratedClass(
                FullName(type),
                id is LiteralExpressionSyntax literal ? literal.Token.Value as string : null,
                context,
                isMigration ? Method(type, EfCall.Up) : null,
                isSnapshot ? Method(type, EfCall.BuildModel) : null,
                FileName(tree.FilePath)));
        }

        return found.ToImmutable();
    }

    /// <summary>The migrations that parts make, in the order in which they run.</summary>
    public static ImmutableArray<EfMigration> Migrations(IEnumerable<EfGeneratedClass> parts)
    {
        var migrations = new List<EfMigration>();
        foreach (var group in parts.Where(part => part.Build is null).GroupBy(part => part.Name))
        {
            if (group.FirstOrDefault(part => part.Up is not null) is { Up: { } up } main)
            {
                migrations.Add(new EfMigration(group.Select(part => part.Id).FirstOrDefault(id => id is not null) ?? main.FileName, group.Select(part => part.Context).FirstOrDefault(context => context is not null), up));
            }
        }

        return migrations.OrderBy(migration => migration.Id, StringComparer.Ordinal).ToImmutableArray();
    }

    private static ExpressionSyntax? Argument(ClassDeclarationSyntax type, Func<string, bool> isNamed) =>
        type.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => isNamed(EfValues.LastName(attribute.Name) ?? ""))?.ArgumentList?.Arguments.FirstOrDefault()?.Expression;

    private static MethodDeclarationSyntax? Method(ClassDeclarationSyntax type, EfCall name) =>
        type.Members.OfType<MethodDeclarationSyntax>().FirstOrDefault(method => EfCalls.Of(method.Identifier.ValueText) == name && method.ParameterList.Parameters.Count == 1);

    private static string FullName(ClassDeclarationSyntax type) =>
        string.Join(".", type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Select(space => space.Name.ToString()).Reverse().Append(type.Identifier.ValueText));

    private static string FileName(string path)
    {
        var start = Math.Max(path.LastIndexOf('/'), path.LastIndexOf('\\')) + 1;
        var end = path.LastIndexOf('.');
        return end > start ? path.Substring(start, end - start) : path.Substring(start);
    }
}
