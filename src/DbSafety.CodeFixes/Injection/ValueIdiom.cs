using System.Text;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.Injection;

/// <summary>What takes the place of a value in the SQL text, and what is passed.</summary>
/// <param name="Value">The C# expression that is passed.</param>
/// <param name="Before">SQL before the parameter.</param>
/// <param name="After">SQL behind it.</param>
internal sealed record ValueIdiom(string Value, string Before = "", string After = "")
{
    /// <summary>The type of the value, or null.</summary>
    public ITypeSymbol? Type { get; init; }

    /// <summary>Whether the value may be null.</summary>
    public bool MayBeNull { get; init; }

    /// <summary>Whether it is sent without a type.</summary>
    public bool IsUntyped { get; init; }

    /// <summary>The type that the server gives to a value that is sent without one, where it is known; otherwise null.</summary>
    public string? Target { get; init; }

    /// <summary>The type that the column must have, where nobody knows what it has; otherwise null.</summary>
    public string? Assumes { get; init; }

    /// <summary>The expression that names the parameter, or null.</summary>
    public ExpressionSyntax? Named { get; init; }

    /// <summary>The expressions that are read.</summary>
    public IReadOnlyList<ExpressionSyntax> Reads { get; init; } = [];
}

/// <summary>
/// Decides how a value is passed so that it means what it meant in the text. A quoted literal had the type <c>unknown</c> and took the type of
/// its column; a parameter has a type of its own. No answer where it can't be made to mean the same.
/// </summary>
internal sealed class ValueIdioms(FixScope scope, DbCall call, BinderTraits traits)
{
    private bool IsPostgreSql => call.Provider == Provider.PostgreSql;

    private bool MayBePostgreSql => call.Provider is Provider.PostgreSql or Provider.Undecided;

    /// <summary>The way to pass the values of one range.</summary>
    public ValueIdiom? For(DbHole hole, SqlRange range)
    {
        // Text that some method escaped has to be passed as it was before, and only the method knows that.
        if (range.Pasted.Any(element => IsEscaped(element.Value!)) || hole.Piece.Origin.Syntax is ExpressionSyntax source && IsEscaped(source))
        {
            return null;
        }

        if (hole.Piece.Joined is not null || hole.Site.IsWholeInList && range.Pasted.Count() == 1 && IsJoin(Strip(range.Pasted.First().Value!)))
        {
            return ForList(hole, range);
        }

        if (hole.Site.Literal is { } literal)
        {
            return ForQuoted(hole, literal, range);
        }

        return range.Parts.Length == 1 && range.Parts[0].Element is { } element ? ForBare(hole, element) : null;
    }

    // ---- 'text'

    private ValueIdiom? ForQuoted(DbHole hole, HoleLiteral literal, SqlRange range)
    {
        if (Content(hole, literal, range) is not { } parts || parts.Count == 0)
        {
            return null;
        }

        if (parts.Count > 1 || parts[0].Element is not { } element)
        {
            return Composed(hole, parts);
        }

        var value = Strip(element.Value!);
        if (element.HasFormat)
        {
            return Composed(hole, parts);
        }

        // The author doubled the quotes by hand; a parameter takes the value as it is.
        if (WithoutDoubling(value) is { } plain)
        {
            value = Strip(plain);
        }
        else if (DoublesQuotes(hole.Piece.Origin) || DoublesQuotes(value))
        {
            return null;
        }

        value = WithoutValue(WithoutToString(value));
        var type = scope.Model.GetTypeInfo(value).Type;
        var result = new ValueIdiom(value.ToString()) { Type = type, MayBeNull = MayBeNull(value), Named = value, Reads = [value] };
        if (type is null or { TypeKind: TypeKind.Error } or { IsRefLikeType: true })
        {
            return null;
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            return Text(hole, result);
        }

        var (underlying, isNullable) = Underlying(type);
        var text = AsText(value, underlying, isNullable, result);
        if (!HoleValues.IsScalar(type) || !MayBePostgreSql || hole.Site.Literal!.TypePrefix is not null || IsTextType(TypeOf(hole)))
        {
            return Text(hole, text);
        }

        var target = TypeOf(hole);
        var fits = target is not null && Fits(underlying, target);
        if (fits)
        {
            return Typed(underlying, value, isNullable, result);
        }

        if (target is null && !traits.CanSendUntyped)
        {
            return underlying.Name == "Guid" ? result with { Assumes = "uuid" }
                : underlying.TypeKind == TypeKind.Enum ? Text(hole, text)
                : null;
        }

        return Text(hole, text);
    }

    /// <summary>The content between the quotes, as it is written in C#; quotes of SQL undoubled. Null where the constant is of another kind.</summary>
    private static List<SourcePart>? Content(DbHole hole, HoleLiteral literal, SqlRange range)
    {
        var text = hole.Tree.Source.ToString(literal.Span);
        var open = text.StartsWith("N'", StringComparison.OrdinalIgnoreCase) ? 2 : text[0] == '\'' ? 1 : -1;
        if (open < 0 || text[text.Length - 1] != '\'')
        {
            return null;
        }

        // What stands before the content: the type name and the quote; or, in an IN list, white space too.
        var skip = text.Length > 0 ? literal.Span.Start + open - hole.Site.ValueSpan.Start : 0;
        var tail = hole.Site.ValueSpan.End - literal.Span.End + 1;
        var parts = range.Parts.ToList();
        if (skip < 0 || tail < 1 || parts.Count < 2)
        {
            return null;
        }

        while (skip > 0 && parts.Count > 0)
        {
            if (parts[0].Text is not { } first)
            {
                return null;
            }

            var taken = Math.Min(skip, first.Length);
            skip -= taken;
            parts[0] = new SourcePart(first.Substring(taken), null);
            if (parts[0].Text!.Length > 0)
            {
                break;
            }

            parts.RemoveAt(0);
        }

        while (tail > 0 && parts.Count > 0)
        {
            if (parts[parts.Count - 1].Text is not { } last)
            {
                return null;
            }

            var taken = Math.Min(tail, last.Length);
            tail -= taken;
            parts[parts.Count - 1] = new SourcePart(last.Substring(0, last.Length - taken), null);
            if (parts[parts.Count - 1].Text!.Length > 0)
            {
                break;
            }

            parts.RemoveAt(parts.Count - 1);
        }

        return skip > 0 || tail > 0
            ? null
            : parts.Select(part => part.Text is { } sql ? new SourcePart(sql.Replace("''", "'"), null) : part)
                .Where(part => part.Text is not { Length: 0 }).ToList();
    }

    // '%{a}-{b}%' is one parameter, whose value is the C# string $"%{a}-{b}%".
    private ValueIdiom? Composed(DbHole hole, List<SourcePart> parts)
    {
        var text = new StringBuilder("$\"");
        var reads = new List<ExpressionSyntax>();
        ExpressionSyntax? named = null;
        foreach (var part in parts)
        {
            if (part.Element is not { } element)
            {
                text.Append(CSharpText.Escape(part.Text!));
                continue;
            }

            var value = Strip(element.Value!);
            if (WithoutDoubling(value) is { } plain && !element.HasFormat)
            {
                value = Strip(plain);
            }
            else if (DoublesQuotes(value) || DoublesQuotes(hole.Piece.Origin))
            {
                return null;
            }

            if (element.HasFormat)
            {
                if (element.Node is not InterpolationSyntax interpolation || IsInvariant(element.Value!))
                {
                    return null;
                }

                text.Append(interpolation);
            }
            else if (IsInvariant(element.Value!) && scope.Model.GetTypeInfo(value).Type?.SpecialType != SpecialType.System_String)
            {
                return null;
            }
            else
            {
                text.Append(CSharpText.Hole(value));
            }

            named ??= value;
            reads.Add(value);
        }

        return Text(hole, new ValueIdiom(text.Append('"').ToString())
        {
            Type = scope.Model.Compilation.GetSpecialType(SpecialType.System_String),
            Named = reads.Count == 1 ? named : null,
            Reads = reads,
        });
    }

    // A text where a quoted literal stood.
    private ValueIdiom? Text(DbHole hole, ValueIdiom value)
    {
        var site = hole.Site;
        if (!MayBePostgreSql)
        {
            return site.Literal?.TypePrefix is null ? value : null;
        }

        if (site.Literal?.TypePrefix is { } prefix)
        {
            return value with { Before = "CAST(", After = " AS " + prefix + ")" };
        }

        var type = TypeOf(hole);
        if (site.HasExplicitCast || IsTextType(type))
        {
            return value;
        }

        if (type is not null)
        {
            return !IsPostgreSql ? value with { Assumes = "text" }
                : traits.CanSendUntyped && !IsArray(type) ? value with { IsUntyped = true, Target = type }
                : CastName(type) is { } cast ? value with { After = "::" + cast } : null;
        }

        if (site.Role == HoleRole.ArrayElement)
        {
            return null;
        }

        if (traits.CanSendUntyped)
        {
            return value with { IsUntyped = true };
        }

        // Beside @>, && and the like nobody takes text.
        return site.Operator is null or "=" or "<>" or "!=" or "<" or ">" or "<=" or ">=" or "IN" or "NOT IN" or "BETWEEN" or "= ANY" or "<> ALL" ? value with { Assumes = "text" } : null;
    }

    // ---- bare

    private ValueIdiom? ForBare(DbHole hole, TextElement element)
    {
        var value = WithoutToString(Strip(element.Value!));
        value = element.HasFormat ? value : WithoutValue(value);
        var type = scope.Model.GetTypeInfo(value).Type;
        if (type is null or { TypeKind: TypeKind.Error } or { IsRefLikeType: true })
        {
            return null;
        }

        var result = new ValueIdiom(value.ToString()) { Type = type, MayBeNull = MayBeNull(value), Named = value, Reads = [value] };
        var target = TypeOf(hole);
        var (underlying, isNullable) = Underlying(type);
        if (element.HasFormat || type.SpecialType == SpecialType.System_String)
        {
            // The text was a bare token: only where a number belongs is it known to be one.
            if (!IsPostgreSql || target is null || !IsNumeric(target) || DoublesQuotes(hole.Piece.Origin))
            {
                return null;
            }

            if (!element.HasFormat)
            {
                return Text(hole, result);
            }

            return element.Node is InterpolationSyntax interpolation && !IsInvariant(element.Value!)
                ? Text(hole, result with { Value = "$\"" + interpolation + "\"", MayBeNull = false, Type = scope.Model.Compilation.GetSpecialType(SpecialType.System_String) })
                : null;
        }

        // Beside a column or in a place of known type numbers convert among each other; elsewhere only int is what the literal was.
        var isPlaced = hole.Site.Column is not null || target is not null || hole.Site.Role is HoleRole.Limit or HoleRole.InList;
        switch (underlying.SpecialType)
        {
            case SpecialType.System_Boolean or SpecialType.System_Int32:
                return result;
            case SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16:
                return Typed(underlying, value, isNullable, result);
            case SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64 when
                MayBePostgreSql && target is "integer" or "smallint" && hole.Site.Column is null && !hole.Site.HasExplicitCast:
                return null;
            case SpecialType.System_Decimal or SpecialType.System_UInt64 when call.Provider is not (Provider.PostgreSql or Provider.SqlServer or Provider.MySql):
                // SQLite keeps a decimal as text.
                return null;
            case SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_Decimal when isPlaced:
                return Typed(underlying, value, isNullable, result);
            case SpecialType.System_Double or SpecialType.System_Single when MayBePostgreSql && target is "double precision" or "real":
                // Elsewhere the literal was a numeric, which rounds and compares in another way.
                return result;
            default:
                return null;
        }
    }

    // ---- IN (..)

    private ValueIdiom? ForList(DbHole hole, SqlRange range)
    {
        var site = hole.Site;
        if (!site.IsWholeInList || site.InSpan is null || traits.Lists == ListIdiom.None || (traits.Lists == ListIdiom.Any && !IsPostgreSql) ||
            range.Pasted.Count() != 1)
        {
            return null;
        }

        var pasted = Strip(range.Pasted.First().Value!);
        var join = hole.Piece.Joined is not null ? FindJoin(hole.Piece) ?? pasted : pasted;
        if (!IsJoin(join) || join is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } || range.Pasted.First().HasFormat)
        {
            return null;
        }

        var isQuoted = site.Literal is not null;
        var separator = scope.Model.GetConstantValue(arguments[0].Expression) is { HasValue: true, Value: var constant } ? constant?.ToString() : null;
        if (separator is null || (isQuoted ? separator.Replace(" ", "") != "','" && separator.Trim() != "," : separator.Trim() != ","))
        {
            return null;
        }

        var collection = Strip(arguments[1].Expression);
        var quotesEach = false;
        var element = HoleValues.ElementType(scope.Model.GetTypeInfo(collection).Type);
        if (Projection(collection) is { } projection)
        {
            collection = projection.Source;
            quotesEach = projection.IsQuoted;
            element = HoleValues.ElementType(scope.Model.GetTypeInfo(collection).Type);
        }

        // Quotes stand around the whole with "','" between, or around each; never both, never by halves.
        if (element is null || (isQuoted && !quotesEach && separator.Trim() == ",") || (quotesEach && separator.Trim() != ","))
        {
            return null;
        }

        var isText = isQuoted || quotesEach;
        var target = TypeOf(hole);
        var (underlying, isNullable) = Underlying(element);
        string? assumes = null;
        var cast = "";
        if (traits.Lists == ListIdiom.Any)
        {
            if (underlying.SpecialType == SpecialType.System_String)
            {
                if (!isText && (target is null || !IsNumeric(target)))
                {
                    return null;
                }

                if (target is not null && CastName(target) is null)
                {
                    return null;
                }

                cast = target is null || IsTextType(target) ? "" : "::" + CastName(target) + "[]";
                assumes = target is null ? "text" : null;
            }
            else if (underlying.Name == "Guid")
            {
                if (!isText || (target is not null && target != "uuid"))
                {
                    return null;
                }

                assumes = target is null ? "uuid" : null;
            }
            else if (underlying.SpecialType is not (SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Decimal) ||
                (isText && (target is null || !IsNumeric(target))))
            {
                return null;
            }
        }
        else if (!isText && !IsNumber(underlying))
        {
            return null;
        }

        var type = scope.Model.GetTypeInfo(collection).Type;
        var value = collection.ToString();
        if (traits.Lists == ListIdiom.Any && !IsArrayOrList(type))
        {
            value = CSharpText.Operand(collection) + ".ToArray()";
        }

        return new ValueIdiom(value, traits.Lists == ListIdiom.Expanded ? (site.IsNegated ? "NOT IN " : "IN ") : site.IsNegated ? "<> ALL(" : "= ANY(",
            traits.Lists == ListIdiom.Expanded ? "" : cast + ")")
        {
            Type = type,
            Named = collection,
            Reads = [collection],
            Assumes = assumes,
        };
    }

    private static ExpressionSyntax? FindJoin(HolePiece hole) => hole.Value.Syntax is InvocationExpressionSyntax call ? call : null;

    private bool IsJoin(ExpressionSyntax expression) =>
        expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Join" } } &&
        scope.Model.GetSymbolInfo(expression).Symbol is IMethodSymbol { ContainingType.SpecialType: SpecialType.System_String };

    // ids.Select(id => id.ToString()), names.Select(name => $"'{name}'"): the elements themselves.
    private (ExpressionSyntax Source, bool IsQuoted)? Projection(ExpressionSyntax collection)
    {
        if (collection is not InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Select" } access,
                ArgumentList.Arguments: { Count: 1 } arguments,
            } || arguments[0].Expression is not SimpleLambdaExpressionSyntax { ExpressionBody: { } body, Parameter.Identifier.ValueText: var parameter })
        {
            return null;
        }

        body = Strip(body);
        if (body is InterpolatedStringExpressionSyntax { Contents: { Count: 3 } contents } && contents[0].ToString() == "'" && contents[2].ToString() == "'" &&
            contents[1] is InterpolationSyntax { FormatClause: null, AlignmentClause: null } hole)
        {
            return IsElement(hole.Expression) ? (access.Expression, true) : null;
        }

        if (body is BinaryExpressionSyntax { Left: BinaryExpressionSyntax { Left: LiteralExpressionSyntax { Token.Value: "'" }, Right: var middle }, Right: LiteralExpressionSyntax { Token.Value: "'" } })
        {
            return IsElement(middle) ? (access.Expression, true) : null;
        }

        return IsElement(body) ? (access.Expression, false) : null;

        bool IsElement(ExpressionSyntax element)
        {
            element = Strip(element);
            if (WithoutDoubling(element) is { } plain)
            {
                element = Strip(plain);
            }

            return WithoutToString(element) is IdentifierNameSyntax name && name.Identifier.ValueText == parameter;
        }
    }

    private static bool IsArrayOrList(ITypeSymbol? type) =>
        type is IArrayTypeSymbol or INamedTypeSymbol { Name: "List", ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } };

    // ---- types

    /// <summary>The type that the server expects here: told by the statement, else by the schema.</summary>
    private string? TypeOf(DbHole hole)
    {
        var site = hole.Site;
        var column = site.Column is { } target && MayBePostgreSql ? scope.Facts.Schema.ColumnType(target) : null;
        return site.Operator switch
        {
            // Beside an array or a document a constant was one too; beside anything else it was text.
            "||" when column is not null && (IsArray(column) || column is "jsonb" or "bytea" or "tsvector") => column,
            "@@" when site.ExpectedType is null => column == "tsvector" ? "tsquery" : null,
            _ => site.ExpectedType ?? column,
        };
    }

    internal static bool IsTextType(string? type) => type is not null && BaseOf(type) is "text" or "character varying" or "varchar" or "name";

    private static bool IsArray(string type) => type.EndsWith("[]", StringComparison.Ordinal);

    private bool IsEscaped(ExpressionSyntax value) => value.SyntaxTree == scope.Root.SyntaxTree && value.DescendantNodesAndSelf().Any(node =>
        node is InvocationExpressionSyntax && scope.Model.GetSymbolInfo(node).Symbol is IMethodSymbol method && SafeTexts.PromisesQuoting(method));

    private static bool IsNumeric(string type) =>
        BaseOf(type) is "smallint" or "integer" or "bigint" or "numeric" or "decimal" or "real" or "double precision" or "int" or "int4" or "int8" or "int2";

    // The type without its length: a cast to numeric(10,2) would round, where the literal was compared as it is. character and bit without a
    // length have the length 1 (PostgreSQL manual, 8.3 and 8.10).
    internal static string? CastName(string type)
    {
        var open = type.IndexOf('(');
        var close = type.IndexOf(')');
        var name = open < 0 || close < open ? type : type.Substring(0, open).TrimEnd() + type.Substring(close + 1);
        return name switch
        {
            "character" or "char" => "bpchar",
            "character[]" or "char[]" => "bpchar[]",
            "bit" or "bit[]" => null,
            _ => name,
        };
    }

    private static string BaseOf(string type)
    {
        var length = type.IndexOf('(');
        return (length < 0 ? type : type.Substring(0, length)).Trim();
    }

    private bool Fits(ITypeSymbol type, string target) => BaseOf(target) switch
    {
        "uuid" => type.Name == "Guid",
        "boolean" or "bool" => type.SpecialType == SpecialType.System_Boolean,
        "date" => traits.TakesDates && type.Name == "DateOnly",
        _ when IsNumeric(target) => IsNumber(type),
        _ => false,
    };

    private static bool IsNumber(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Double;

    private static (ITypeSymbol Type, bool IsNullable) Underlying(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? (nullable.TypeArguments[0], true) : (type, false);

    // Types that drivers refuse go as the next larger one.
    private static ValueIdiom Typed(ITypeSymbol type, ExpressionSyntax value, bool isNullable, ValueIdiom result)
    {
        var cast = type.SpecialType switch
        {
            SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16 => "int",
            SpecialType.System_UInt32 => "long",
            SpecialType.System_UInt64 => "decimal",
            _ => null,
        };
        return cast is null ? result : result with { Value = $"({cast}{(isNullable ? "?" : "")}){CSharpText.Operand(value)}" };
    }

    // The text that the value had in the statement.
    private ValueIdiom AsText(ExpressionSyntax value, ITypeSymbol type, bool isNullable, ValueIdiom result)
    {
        var isPlain = type.TypeKind == TypeKind.Enum || type.SpecialType == SpecialType.System_Char || type.Name == "Guid";
        return result with
        {
            Value = isPlain && !isNullable ? CSharpText.Operand(value) + ".ToString()" : "$\"" + CSharpText.Hole(value) + "\"",
            MayBeNull = false,
            Type = scope.Model.Compilation.GetSpecialType(SpecialType.System_String),
        };
    }

    private bool MayBeNull(ExpressionSyntax value)
    {
        var info = scope.Model.GetTypeInfo(value);
        return info.Type is { IsValueType: true }
            ? Underlying(info.Type).IsNullable
            : info.Nullability.FlowState != NullableFlowState.NotNull && scope.Model.GetConstantValue(value) is not { HasValue: true, Value: not null };
    }

    // ---- expressions

    private static ExpressionSyntax Strip(ExpressionSyntax value)
    {
        while (true)
        {
            switch (value)
            {
                case ParenthesizedExpressionSyntax parens:
                    value = parens.Expression;
                    break;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression, Operand: var operand }:
                    value = operand;
                    break;
                default:
                    return value;
            }
        }
    }

    // id.ToString() of a value that can't carry SQL is the value.
    private ExpressionSyntax WithoutToString(ExpressionSyntax value)
    {
        if (value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToString" } access, ArgumentList.Arguments: { Count: <= 1 } arguments } &&
            scope.Model.GetTypeInfo(access.Expression).Type is { } type && (type.SpecialType == SpecialType.System_String || (HoleValues.IsScalar(type) && !Underlying(type).IsNullable)) &&
            (arguments.Count == 0 || (IsInteger(type) && scope.Model.GetTypeInfo(arguments[0].Expression).Type is { Name: "CultureInfo" or "IFormatProvider" })))
        {
            return Strip(access.Expression);
        }

        return value;
    }

    // id.Value of a nullable is the nullable: where it is null the text was never built.
    private ExpressionSyntax WithoutValue(ExpressionSyntax value) =>
        value is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" } access &&
        scope.Model.GetTypeInfo(access.Expression).Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable &&
        HoleValues.IsScalar(nullable)
            ? Strip(access.Expression)
            : value;

    private static bool IsInteger(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    // name.Replace("'", "''") -> name
    private ExpressionSyntax? WithoutDoubling(ExpressionSyntax value) =>
        value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Replace" } access, ArgumentList.Arguments: { Count: 2 } arguments } &&
        scope.Model.GetConstantValue(arguments[0].Expression).Value is "'" && scope.Model.GetConstantValue(arguments[1].Expression).Value is "''" &&
        !DoublesQuotes(access.Expression)
            ? access.Expression
            : null;

    private static bool DoublesQuotes(IOperation value) => value.Syntax is ExpressionSyntax syntax && DoublesQuotes(syntax);

    private static bool DoublesQuotes(ExpressionSyntax value) => value.DescendantNodesAndSelf().Any(node =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Replace" }, ArgumentList.Arguments: { Count: > 1 } arguments } &&
        arguments[1].Expression is LiteralExpressionSyntax { Token.Value: "''" or "\\'" });

    // FormattableString.Invariant($"..") and string.Create(culture, $".."): another culture than the parameter's text would have.
    private static bool IsInvariant(ExpressionSyntax value) =>
        value.FirstAncestorOrSelf<InterpolatedStringExpressionSyntax>()?.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax
            { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invariant" or "Create" } } } };
}
