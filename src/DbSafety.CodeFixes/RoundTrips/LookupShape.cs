using System.Globalization;
using System.Text;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.CodeFixes.RoundTrips;

/// <summary>
/// How the rows for many keys are read and told apart. Always a lookup: it does not matter then whether the key is unique, and what chooses one row of
/// several, or throws where there is none, does so where the query did.
/// </summary>
internal sealed class LookupShape
{
    private readonly KeyedSelect _select;
    private readonly string _row;
    private readonly string _key;
    private readonly string? _value;
    private readonly bool _addsKey;

    private LookupShape(KeyedSelect select, string rowType, string row, string key, string? value, bool addsKey, string name, string choice)
    {
        _select = select;
        _row = row;
        _key = key;
        _value = value;
        _addsKey = addsKey;
        RowType = rowType;
        Name = name;
        Choice = choice;
    }

    /// <summary>The type of the rows.</summary>
    public string RowType { get; }

    /// <summary>A name for the lookup.</summary>
    public string Name { get; }

    /// <summary>What chooses the answer from the rows of a key.</summary>
    public string Choice { get; }

    /// <summary>The selectors of the lookup: <c>user => user.Id</c>.</summary>
    public string Selectors(LoopSite site)
    {
        var row = site.LambdaName(_row);
        return _key.Length == 0 ? $"{row} => {row}" : $"{row} => {row}.{_key}" + (_value is null ? "" : $", {row} => {row}.{_value}");
    }

    /// <summary>The shape for a query, or null where the rows can't be told apart with certainty.</summary>
    public static LookupShape? Of(FixScope scope, DapperCall call, KeyedSelect select, ElementValue key)
    {
        if (call.Name is not GenericNameSyntax { TypeArgumentList.Arguments: { Count: 1 } arguments } || call.Invocation.TargetMethod.TypeArguments is not { Length: 1 } rows ||
            call.Method.Result == DapperResult.Affected || !IsComparable(scope, select, key.Type))
        {
            return null;
        }

        var row = rows[0];
        if (IsScalar(row))
        {
            return OfScalar(scope, call, select, key.Type, row, arguments[0].ToString());
        }

        return call.Method.Result != DapperResult.Scalar && KeyMember(select, row, key.Type) is { } member && select.Aggregate is null
            ? new LookupShape(select, arguments[0].ToString(), row.IsTupleType ? "row" : Camel(row.Name), member, null, addsKey: false, NameOf(TableOf(select) ?? row.Name, select), call.Method.Choice)
            : null;
    }

    private static LookupShape? OfScalar(FixScope scope, DapperCall call, KeyedSelect select, ITypeSymbol key, ITypeSymbol row, string rowText)
    {
        if (select.Query.Items.Length != 1 || select.Query.Items[0] is not { Expression: not ColumnReference { IsStar: true } } item)
        {
            return null;
        }

        // The key itself, to see whether it is there.
        if (select.KeyIndex() == 0)
        {
            return SymbolEqualityComparer.Default.Equals(key, row) && call.Method.Result != DapperResult.Scalar
                ? new LookupShape(select, rowText, "key", "", null, addsKey: false, Plural(Camel(select.Key.Column)), call.Method.Choice)
                : null;
        }

        var label = KeyedSelect.LabelOf(item) is { Length: > 0 } named ? named : "value";
        var (value, keyName) = (Pascal(label), Pascal(select.Key.Column));
        if (scope.LanguageVersion < LanguageVersion.CSharp7 || value.Length == 0 || keyName.Length == 0)
        {
            return null;
        }

        keyName = keyName == value ? keyName + "Key" : keyName;
        var choice = call.Method.Choice;
        var canBeNull = row.IsReferenceType || row.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        if (select.Aggregate is { Name.Name: var function })
        {
            // Of no rows an aggregate is NULL, and count is 0.
            if (call.Method.Result == DapperResult.Rows || (function != "count" && !canBeNull && call.Method.Result != DapperResult.Scalar))
            {
                return null;
            }

            choice = ".SingleOrDefault()";
        }
        else if (!canBeNull && call.Method.Result != DapperResult.Scalar && !IsNotNull(scope, select, item))
        {
            // NULL as a value that can't be null throws when it is the only column, and is silently 0 in a tuple.
            if (call.Method.Result is not (DapperResult.Single or DapperResult.First))
            {
                return null;
            }

            rowText += "?";
            choice += ".Value";
        }

        var keyText = key.WithNullableAnnotation(NullableAnnotation.None).ToMinimalDisplayString(scope.Model, call.Syntax.SpanStart);
        return new LookupShape(select, $"({rowText} {value}, {keyText} {keyName})", "row", keyName, value, addsKey: true, NameOf(label, select), choice);
    }

    /// <summary>Edits the text: the equality, and the key as a further column.</summary>
    public bool Edit(SqlEdit edit, DapperCall call, string any) => Edit(edit, call.Call, _select, any, _addsKey);

    /// <summary>Edits a text: the equality, and the key as a further column behind the first one.</summary>
    public static bool Edit(SqlEdit edit, DbCall call, KeyedSelect select, string any, bool addsKey)
    {
        var source = call.Sql.Source;
        var variant = call.Text.Variants[0];
        var where = select.Query.Where.Value!.Span;
        var key = source.ToString(select.Key.Span);
        var isGrouped = addsKey && select.Aggregate is not null;
        var group = " GROUP BY " + key;
        if (key.IndexOfAny(['"', '\\', '{', '\n']) >= 0)
        {
            return false;
        }

        if (isGrouped && select.Parameter.Span.End == where.End)
        {
            any += group;
            isGrouped = false;
        }

        return Replace(select.Parameter.Span, any) && (!addsKey || Append(select.Query.Items[0].Span.End, ", " + key)) && (!isGrouped || Append(where.End, group));

        // Behind the last character before a position.
        bool Append(int end, string text)
        {
            var last = source.Text[end - 1];
            return last is not ('"' or '\\' or '{' or '}') && !char.IsWhiteSpace(last) && Replace(new SqlSpan(end - 1, 1), last + text);
        }

        bool Replace(SqlSpan span, string text) => edit.Find(variant, span) is { } range && edit.Replace(range, text);
    }

    /// <summary>Whether the database and a dictionary agree on what is equal: whole numbers, Guids, and text where the column is text (citext and char(n) are not).</summary>
    public static bool IsComparable(FixScope scope, KeyedSelect select, ITypeSymbol type) => Underlying(type) switch
    {
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Int16 } => true,
        { Name: nameof(Guid), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } } => true,
        { SpecialType: SpecialType.System_String } => select.OnlyTable is { } table &&
            scope.Facts.Schema.FindTable(table.Name.Schema, table.Name.Name)?.FindColumn(select.Key.Column)?.Type is "text" or "character varying" or "varchar",
        _ => false,
    };

    private static bool IsNotNull(FixScope scope, KeyedSelect select, SelectItem item) => item.Expression switch
    {
        LiteralExpression { Kind: not LiteralKind.Null } => true,
        ColumnReference column => select.OnlyTable is { } table && scope.Facts.Schema.FindTable(table.Name.Schema, table.Name.Name)?.FindColumn(column.Column) is { IsNotNull: true },
        _ => false,
    };

    private static ITypeSymbol Underlying(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static bool IsScalar(ITypeSymbol type) => Underlying(type) is
        { SpecialType: SpecialType.System_Boolean or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Decimal or SpecialType.System_Double or
            SpecialType.System_Single or SpecialType.System_String or SpecialType.System_DateTime } or
        { Name: nameof(Guid) or nameof(DateTimeOffset), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } };

    // The member of the row type that holds the key, by the library's rule: the column's name, whatever its case.
    private static string? KeyMember(KeyedSelect select, ITypeSymbol row, ITypeSymbol key)
    {
        if (row.TypeKind is not (TypeKind.Class or TypeKind.Struct) || row.SpecialType != SpecialType.None || select.KeyIndex() is not { } index)
        {
            return null;
        }

        if (row is INamedTypeSymbol { IsTupleType: true, TupleElements: var elements })
        {
            return index >= 0 && elements.Length == select.Query.Items.Length && IsKeyType(elements[index].Type) ? elements[index].Name : null;
        }

        var column = index < 0 ? select.Key.Column : KeyedSelect.LabelOf(select.Query.Items[index]);
        var found = new List<IPropertySymbol>();
        for (ITypeSymbol? type = row; type is { SpecialType: SpecialType.None }; type = type.BaseType)
        {
            found.AddRange(type.GetMembers().OfType<IPropertySymbol>().Where(property =>
                property.Name.Equals(column, StringComparison.OrdinalIgnoreCase) && !property.IsStatic && !property.IsOverride));
        }

        return found.Count == 1 && found[0] is { GetMethod.DeclaredAccessibility: Accessibility.Public, DeclaredAccessibility: Accessibility.Public, SetMethod: not null } only &&
            IsAuto(only) && IsKeyType(only.Type) ? only.Name : null;

        bool IsKeyType(ITypeSymbol type) => SymbolEqualityComparer.Default.Equals(type, key) || SymbolEqualityComparer.Default.Equals(Underlying(type), key);
    }

    // What was read is what is there.
    private static bool IsAuto(IPropertySymbol property) => property.DeclaringSyntaxReferences.All(reference =>
        reference.GetSyntax() is not PropertyDeclarationSyntax declaration ||
        (declaration.ExpressionBody is null && declaration.AccessorList?.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }) == true));

    private static string? TableOf(KeyedSelect select) => select.OnlyTable?.Name.Name;

    /// <summary><c>usersById</c></summary>
    public static string NameOf(string things, KeyedSelect select) => Plural(Camel(things)) + "By" + Pascal(select.Key.Column);

    private static string Plural(string name) => name.EndsWith("s", StringComparison.Ordinal) && !name.EndsWith("ss", StringComparison.Ordinal) && !name.EndsWith("us", StringComparison.Ordinal) ? name : LoopSite.Plural(name);

    private static string Camel(string name) => Pascal(name) is { Length: > 0 } pascal ? char.ToLowerInvariant(pascal[0]) + pascal.Substring(1) : "rows";

    private static string Pascal(string name)
    {
        var result = new StringBuilder();
        var isUpper = true;
        foreach (var c in name)
        {
            if (c is not (>= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9'))
            {
                isUpper = true;
                continue;
            }

            if (result.Length > 0 || !char.IsDigit(c))
            {
                result.Append(isUpper ? char.ToUpper(c, CultureInfo.InvariantCulture) : c);
                isUpper = false;
            }
        }

        return result.ToString();
    }
}
