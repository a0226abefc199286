using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.CodeFixes.RoundTrips;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Indexes;

/// <summary>Writes a call on an entity's builder to where the entity is configured: its class of configuration, its block or statement in the context, else the end of <c>OnModelCreating</c>.</summary>
internal static class ConfigurationEdit
{
    /// <summary>The changed solution; null where nobody can tell the one place, or the call would not compile there.</summary>
    /// <param name="project">The project.</param>
    /// <param name="index">The index to declare.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<Solution?> ApplyAsync(Project project, ConfiguredIndex index, CancellationToken cancellation)
    {
        if (await project.GetCompilationAsync(cancellation).ConfigureAwait(false) is not { } compilation || Place(compilation, index.Entity, cancellation) is not { } place
            || project.GetDocument(place.SyntaxTree) is not { } document || await FixScope.CreateAsync(document, cancellation).ConfigureAwait(false) is not { } scope
            || Write(scope, place, index, cancellation) is not { } change)
        {
            return null;
        }

        var changes = Directives.For(scope, change.Span.Start, [EfEmit.Namespace]).Append(change).ToImmutableArray();
        return scope.Compiles(changes, cancellation) ? document.WithText(scope.Text.WithChanges(changes.OrderBy(edit => edit.Span.Start))).Project.Solution : null;
    }

    /// <summary>The method, or the class of a context that has none, where an entity is configured.</summary>
    private static SyntaxNode? Place(Compilation compilation, INamedTypeSymbol entity, CancellationToken cancellation)
    {
        var types = TypesOf(compilation.Assembly.GlobalNamespace).ToList();
        var contexts = types.Where(type => type is { TypeKind: TypeKind.Class, IsAbstract: false } && IsContext(type, compilation)).ToList();
        var configurations = types.Where(type => type is { TypeKind: TypeKind.Class, IsAbstract: false } && type.AllInterfaces.Any(contract => contract.TypeArguments.Length == 1 &&
            SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, compilation.GetTypeByMetadataName(EfIndexEmit.Configuration)) && SymbolEqualityComparer.Default.Equals(contract.TypeArguments[0], entity))).ToList();
        if (configurations.Count > 0)
        {
            return configurations.Count == 1 && IsApplied(configurations[0], entity, contexts, cancellation)
                ? configurations[0].GetMembers(EfIndexEmit.Configure).OfType<IMethodSymbol>().FirstOrDefault()?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as MethodDeclarationSyntax
                : null;
        }

        var owners = contexts.Count <= 1 ? contexts : contexts.Where(context => context.GetMembers().OfType<IPropertySymbol>()
            .Any(property => property.Type is INamedTypeSymbol { TypeArguments.Length: 1 } set && SymbolEqualityComparer.Default.Equals(set.TypeArguments[0], entity))).ToList();
        return owners.Count != 1 ? null : HookOf(owners[0], cancellation) ?? (SyntaxNode?)(owners[0].DeclaringSyntaxReferences is { Length: 1 } parts ? parts[0].GetSyntax(cancellation) as ClassDeclarationSyntax : null);
    }

    private static MethodDeclarationSyntax? HookOf(INamedTypeSymbol context, CancellationToken cancellation) =>
        context.GetMembers(EfIndexEmit.OnModelCreating).OfType<IMethodSymbol>().FirstOrDefault(method => method.IsOverride)?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) as MethodDeclarationSyntax;

    // A class that no context applies says nothing about the model.
    private static bool IsApplied(INamedTypeSymbol configuration, INamedTypeSymbol entity, List<INamedTypeSymbol> contexts, CancellationToken cancellation) =>
        entity.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == EfIndexEmit.ConfigurationAttribute) ||
        contexts.Select(context => HookOf(context, cancellation)).OfType<MethodDeclarationSyntax>().SelectMany(hook => hook.DescendantNodes().OfType<InvocationExpressionSyntax>()).Any(call =>
            ConfiguredIndex.NameOf(call) is { } name && (name == EfIndexEmit.ApplyConfigurationsFromAssembly ||
                (name == EfIndexEmit.ApplyConfiguration && call.ArgumentList.DescendantTokens().Any(token => token.ValueText == configuration.Name))));

    private static TextChange? Write(FixScope scope, SyntaxNode place, ConfiguredIndex index, CancellationToken cancellation)
    {
        if (place is ClassDeclarationSyntax context)
        {
            return WriteHook(scope, context, index);
        }

        if (place is not MethodDeclarationSyntax { ContainsDirectives: false, ParameterList.Parameters: { Count: 1 } parameters } method || index.CallIn(method) is not { } call)
        {
            return null;
        }

        var builder = parameters[0].Identifier.Text;
        if (method.Identifier.ValueText == EfIndexEmit.Configure)
        {
            return method.Body is { } configured ? AtEnd(scope, configured, $"{builder}.{call};") : null;
        }

        // What is said of the entity in statements of this method.
        var entries = method.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(entry => entry.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.ValueText: EfIndexEmit.Entity, TypeArgumentList.Arguments: { Count: 1 } types } } &&
            SymbolEqualityComparer.Default.Equals(scope.Model.GetSymbolInfo(types[0], cancellation).Symbol, index.Entity) &&
            (entry.Parent == method.ExpressionBody || (method.Body is not null && entry.FirstAncestorOrSelf<StatementSyntax>()?.Parent == method.Body))).ToList();
        foreach (var entry in entries)
        {
            if (entry.ArgumentList.Arguments is { Count: 1 } arguments && arguments[0].Expression is LambdaExpressionSyntax { Block: { } block } lambda && ParameterOf(lambda) is { } name)
            {
                return AtEnd(scope, block, $"{name}.{call};");
            }
        }

        return method.Body is not { } body ? null
            : entries.LastOrDefault() is { } last ? After(scope, body, last.FirstAncestorOrSelf<StatementSyntax>()!, $"{builder}.{((MemberAccessExpressionSyntax)last.Expression).Name}().{call};")
            : AtEnd(scope, body, $"{builder}.{EfIndexEmit.Entity}<{index.Entity.ToMinimalDisplayString(scope.Model, body.SpanStart)}>().{call};");
    }

    private static string? ParameterOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => simple.Parameter.Identifier.Text,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: 1 } parameters } => parameters[0].Identifier.Text,
        _ => null,
    };

    // A return in the middle may leave before the end.
    private static TextChange? AtEnd(FixScope scope, BlockSyntax block, string statement)
    {
        var returns = block.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Where(node => node is ReturnStatementSyntax or ThrowStatementSyntax).ToList();
        var last = block.Statements.LastOrDefault();
        if (returns.Any(node => node != last) || (returns.Count > 0 && block.Statements.Count < 2))
        {
            return null;
        }

        return After(scope, block, returns.Count == 0 ? last : block.Statements[block.Statements.Count - 2], statement);
    }

    private static TextChange After(FixScope scope, BlockSyntax block, StatementSyntax? last, string statement)
    {
        var anchor = last?.Span.End ?? block.OpenBraceToken.Span.End;
        var line = scope.Text.Lines.GetLineFromPosition(anchor);
        var next = (last?.GetLastToken() ?? block.OpenBraceToken).GetNextToken();
        if (next.SpanStart <= line.End)
        {
            return new TextChange(new TextSpan(anchor, 0), " " + statement + (last is null ? " " : ""));
        }

        var indentation = last is null ? IndentationOf(scope, block.CloseBraceToken.SpanStart) + "    " : IndentationOf(scope, last.SpanStart);
        return new TextChange(new TextSpan(line.EndIncludingLineBreak, 0), indentation + statement + scope.NewLine);
    }

    private static TextChange? WriteHook(FixScope scope, ClassDeclarationSyntax context, ConfiguredIndex index)
    {
        if (context.ContainsDirectives || index.CallIn(context) is not { } call || scope.Model.GetDeclaredSymbol(context) is not INamedTypeSymbol type || context.Members.LastOrDefault() is not { } last)
        {
            return null;
        }

        var indentation = IndentationOf(scope, last.SpanStart);
        var newLine = scope.NewLine;
        var builder = EfIndexEmit.ModelBuilderParameter;
        var above = SymbolEqualityComparer.Default.Equals(type.BaseType, scope.Facts.Apis.Types.DbContext) ? "" : $"{indentation}    base.{EfIndexEmit.OnModelCreating}({builder});{newLine}";
        var entity = index.Entity.ToMinimalDisplayString(scope.Model, last.SpanStart);
        var text = $"{newLine}{indentation}protected override void {EfIndexEmit.OnModelCreating}({EfIndexEmit.ModelBuilderName} {builder}){newLine}{indentation}{{{newLine}{above}" +
            $"{indentation}    {builder}.{EfIndexEmit.Entity}<{entity}>().{call};{newLine}{indentation}}}{newLine}";
        var line = scope.Text.Lines.GetLineFromPosition(last.Span.End);
        return context.CloseBraceToken.SpanStart > line.End ? new TextChange(new TextSpan(line.EndIncludingLineBreak, 0), text) : null;
    }

    private static string IndentationOf(FixScope scope, int position)
    {
        var line = scope.Text.ToString(scope.Text.Lines.GetLineFromPosition(position).Span);
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    private static bool IsContext(INamedTypeSymbol type, Compilation compilation)
    {
        var context = compilation.GetTypeByMetadataName(EfEmit.Set.Type);
        for (var at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at, context))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol root)
    {
        var open = new Stack<INamespaceOrTypeSymbol>([root]);
        while (open.Count > 0)
        {
            foreach (var member in open.Pop().GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                open.Push(member);
                if (member is INamedTypeSymbol type)
                {
                    yield return type;
                }
            }
        }
    }
}
