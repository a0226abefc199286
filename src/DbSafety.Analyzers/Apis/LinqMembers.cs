using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Apis;

/// <summary>How Npgsql's provider writes a member inside a query.</summary>
public enum LinqMember
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>A comparison of two values for equality: the receiver and an argument, or two arguments.</summary>
    Equal,

    /// <summary>A number below, at or above zero, by how two values compare.</summary>
    Compare,

    /// <summary>Begins with.</summary>
    StartsWith,

    /// <summary>Ends with.</summary>
    EndsWith,

    /// <summary>Contains, of text.</summary>
    ContainsText,

    /// <summary>Null, or no characters.</summary>
    IsNullOrEmpty,

    /// <summary>Null, or only white space.</summary>
    IsNullOrWhiteSpace,

    /// <summary>A part of text.</summary>
    Substring,

    /// <summary>The place of text in text.</summary>
    IndexOf,

    /// <summary>Text of a value.</summary>
    Text,

    /// <summary>A function of one or more arguments, see <see cref="LinqMembers.FunctionOf"/>.</summary>
    Function,

    /// <summary>An interval added to a time, see <see cref="LinqMembers.UnitOf"/>.</summary>
    AddTime,

    /// <summary>A property of the model, by name.</summary>
    ModelProperty,

    /// <summary>LIKE</summary>
    Like,

    /// <summary>ILIKE</summary>
    ILike,

    /// <summary><c>@&gt;</c></summary>
    JsonContains,

    /// <summary><c>&lt;@</c></summary>
    JsonContained,

    /// <summary><c>?</c></summary>
    JsonExists,

    /// <summary><c>?|</c></summary>
    JsonExistsAny,

    /// <summary><c>?&amp;</c></summary>
    JsonExistsAll,

    /// <summary>A member of a JSON object, by name.</summary>
    JsonProperty,

    /// <summary>A value of a JSON document, as a type of C#.</summary>
    JsonValue,

    /// <summary>The root of a JSON document.</summary>
    JsonRoot,

    /// <summary>The value of what may be missing.</summary>
    NullableValue,

    /// <summary>Whether it is there.</summary>
    HasValue,

    /// <summary>The time of the server.</summary>
    Now,

    /// <summary>The same without its zone.</summary>
    LocalNow,

    /// <summary>The day of the server.</summary>
    Today,

    /// <summary>The day of a time.</summary>
    Date,

    /// <summary>A part of a time, see <see cref="LinqMembers.PartOf"/>.</summary>
    DatePart,

    /// <summary>A time turned into a date.</summary>
    ToDate,
}

/// <summary>The members that may stand in the lambdas of a query, and what the provider makes of them (EF Core 10 with Npgsql 10, as its tests and measured texts show).</summary>
public static class LinqMembers
{
    private const string Ef = "Microsoft.EntityFrameworkCore";

    /// <summary>The class by which a lambda reaches functions and properties of the model.</summary>
    public static bool IsFunctions(ITypeSymbol? type) => type is { Name: "DbFunctions", ContainingNamespace.Name: "EntityFrameworkCore" };

    /// <summary>What a method is.</summary>
    public static LinqMember Of(IMethodSymbol method)
    {
        var type = (method.ReducedFrom ?? method).ContainingType;
        var name = method.Name;
        if (type is null)
        {
            return LinqMember.Unknown;
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            return OfText(method);
        }

        switch (type.Name)
        {
            case "EF" when name == "Property" && IsEf(type):
                return LinqMember.ModelProperty;
            case "DbFunctionsExtensions" when name == "Like":
                return LinqMember.Like;
            case "NpgsqlDbFunctionsExtensions" when name == "ILike":
                return LinqMember.ILike;
            case "NpgsqlJsonDbFunctionsExtensions":
                return name switch
                {
                    "JsonContains" => LinqMember.JsonContains,
                    "JsonContained" => LinqMember.JsonContained,
                    "JsonExists" => LinqMember.JsonExists,
                    "JsonExistAny" => LinqMember.JsonExistsAny,
                    "JsonExistAll" => LinqMember.JsonExistsAll,
                    _ => LinqMember.Unknown,
                };
            case "JsonElement":
                return name == "GetProperty" && TakesText(method) ? LinqMember.JsonProperty
                    : name.StartsWith("Get", StringComparison.Ordinal) && method.Parameters.IsEmpty && CastOf(method.ReturnType) is not null ? LinqMember.JsonValue : LinqMember.Unknown;
            case nameof(Math):
                return FunctionOf(method) is not null ? LinqMember.Function : LinqMember.Unknown;
            case nameof(DateTime) or nameof(DateTimeOffset) when UnitOf(method) is not null:
                return LinqMember.AddTime;
        }

        if (IsDate(type))
        {
            return name == "FromDateTime" ? LinqMember.ToDate : UnitOf(method) is not null ? LinqMember.AddTime : name == nameof(object.Equals) && method.Parameters.Length == 1 ? LinqMember.Equal : LinqMember.Unknown;
        }

        return name switch
        {
            nameof(object.Equals) => method.Parameters.Length == (method.IsStatic ? 2 : 1) ? LinqMember.Equal : LinqMember.Unknown,
            nameof(IComparable.CompareTo) => LinqMember.Compare,
            nameof(object.ToString) => method.Parameters.IsEmpty ? LinqMember.Text : LinqMember.Unknown,
            _ => LinqMember.Unknown,
        };
    }

    /// <summary>What a property is.</summary>
    public static LinqMember Of(IPropertySymbol property) => property.ContainingType switch
    {
        { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => property.Name == nameof(Nullable<int>.HasValue) ? LinqMember.HasValue : LinqMember.NullableValue,
        { SpecialType: SpecialType.System_String } => property.Name == nameof(string.Length) ? LinqMember.Function : LinqMember.Unknown,
        var type when type is { SpecialType: SpecialType.System_DateTime } or { Name: nameof(DateTimeOffset), ContainingNamespace.Name: nameof(System) } || IsDate(type) => property.Name switch
        {
            nameof(DateTime.UtcNow) => LinqMember.Now,
            nameof(DateTime.Now) => property.ContainingType.Name == nameof(DateTime) ? LinqMember.LocalNow : LinqMember.Now,
            nameof(DateTime.Today) => LinqMember.Today,
            nameof(DateTime.Date) => LinqMember.Date,
            _ => PartOf(property) is null ? LinqMember.Unknown : LinqMember.DatePart,
        },
        { Name: "JsonDocument" } => property.Name == "RootElement" ? LinqMember.JsonRoot : LinqMember.Unknown,
        _ => LinqMember.Unknown,
    };

    /// <summary>Whether a member is asked of the server even where nothing else in it is.</summary>
    public static bool IsOfServer(IOperation operation) => operation switch
    {
        Microsoft.CodeAnalysis.Operations.IPropertyReferenceOperation { Instance: null } read => Of(read.Property) is LinqMember.Now or LinqMember.LocalNow or LinqMember.Today ||
            (read.Property.ContainingType is { Name: "EF" } type && IsEf(type)),
        Microsoft.CodeAnalysis.Operations.IInvocationOperation { TargetMethod: { Name: nameof(Guid.NewGuid), ContainingType.Name: nameof(Guid) } } => true,
        _ => false,
    };

    /// <summary>The function of PostgreSQL that a method of one or two numbers, or of text, becomes; or null.</summary>
    public static string? FunctionOf(IMethodSymbol method) => (method.ContainingType.Name, method.Name, method.Parameters.Length) switch
    {
        (nameof(Math), nameof(Math.Abs), 1) => "abs",
        (nameof(Math), nameof(Math.Round), 1) => "round",
        (nameof(Math), nameof(Math.Floor), 1) => "floor",
        (nameof(Math), nameof(Math.Ceiling), 1) => "ceiling",
        (nameof(Math), nameof(Math.Truncate), 1) => "trunc",
        (nameof(Math), nameof(Math.Sqrt), 1) => "sqrt",
        (nameof(Math), nameof(Math.Max), 2) => "GREATEST",
        (nameof(Math), nameof(Math.Min), 2) => "LEAST",
        (nameof(Math), nameof(Math.Pow), 2) => "power",
        (nameof(String), LowerName, 0) => "lower",
        (nameof(String), UpperName, 0) => "upper",
        (nameof(String), nameof(string.Replace), 2) => "replace",
        _ => null,
    };

    /// <summary>The function of PostgreSQL that takes white space away, or null.</summary>
    public static string? TrimOf(IMethodSymbol method) => method.Parameters.IsEmpty ? method.Name switch
    {
        nameof(string.Trim) => "btrim",
        nameof(string.TrimStart) => "ltrim",
        nameof(string.TrimEnd) => "rtrim",
        _ => null,
    } : null;

    /// <summary>The unit of PostgreSQL's intervals that a method adds, or null.</summary>
    public static string? UnitOf(IMethodSymbol method) => method.Parameters.Length != 1 ? null : method.Name switch
    {
        nameof(DateTime.AddYears) => "years",
        nameof(DateTime.AddMonths) => "months",
        nameof(DateTime.AddDays) => "days",
        nameof(DateTime.AddHours) => "hours",
        nameof(DateTime.AddMinutes) => "mins",
        nameof(DateTime.AddSeconds) => "secs",
        _ => null,
    };

    /// <summary>The field that <c>date_part</c> takes, or null.</summary>
    public static string? PartOf(IPropertySymbol property) => property.Name switch
    {
        nameof(DateTime.Year) => "year",
        nameof(DateTime.Month) => "month",
        nameof(DateTime.Day) => "day",
        nameof(DateTime.Hour) => "hour",
        nameof(DateTime.Minute) => "minute",
        nameof(DateTime.Second) => "second",
        nameof(DateTime.DayOfYear) => "doy",
        nameof(DateTime.DayOfWeek) => "dow",
        _ => null,
    };

    /// <summary>The type that a value of C# is cast to, or null.</summary>
    public static string? CastOf(ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Boolean => "boolean",
        SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 => "smallint",
        SpecialType.System_UInt16 or SpecialType.System_Int32 => "integer",
        SpecialType.System_UInt32 or SpecialType.System_Int64 => "bigint",
        SpecialType.System_UInt64 or SpecialType.System_Decimal => "numeric",
        SpecialType.System_Single => "real",
        SpecialType.System_Double => "double precision",
        SpecialType.System_String => "text",
        SpecialType.System_DateTime => "timestamp with time zone",
        _ => type is { Name: nameof(Guid), ContainingNamespace.Name: nameof(System) } ? "uuid" : type is { Name: nameof(DateTimeOffset), ContainingNamespace.Name: nameof(System) } ? "timestamp with time zone" : null,
    };

    /// <summary>Whether a type is a JSON document or a value in one.</summary>
    public static bool IsJson(ITypeSymbol? type) => type is { Name: "JsonDocument" or "JsonElement", ContainingNamespace.Name: "Json" };

    /// <summary>Whether a column of this type holds JSON.</summary>
    public static bool IsJsonColumn(string? type) => type is "jsonb" or "json";

    /// <summary>Whether a time is stored without a zone, as far as the declared type tells.</summary>
    public static bool HasNoZone(string? type) => type is not null && (type.StartsWith("timestamp without", StringComparison.OrdinalIgnoreCase) || type is "timestamp" or "date");

    /// <summary>The name that a property has in a JSON document.</summary>
    public static string JsonNameOf(IPropertySymbol property)
    {
        foreach (var attribute in property.GetAttributes())
        {
            if (attribute is { AttributeClass.Name: "JsonPropertyNameAttribute", ConstructorArguments: { Length: 1 } arguments } && arguments[0].Value is string name)
            {
                return name;
            }
        }

        return property.Name;
    }

    /// <summary>The names whose use anywhere makes it uncertain how members of a document are called.</summary>
    public const string RenamesJson = "HasJsonPropertyName";

    /// <summary>The name whose use anywhere makes it uncertain whether an array is asked by an operator that a GIN index serves.</summary>
    public const string ChoosesIndexMethod = "HasMethod";

    // Banned as methods, for the culture that they depend on; as names they are those of the query.
    private const string LowerName = nameof(string.ToLower);
    private const string UpperName = nameof(string.ToUpper);

    // Younger than the oldest framework that this assembly loads in, so that nameof does not know it.
    private static readonly string s_dateOnly = "System.DateOnly".Substring("System.".Length);

    /// <summary>Whether a type is a date without a time.</summary>
    public static bool IsDate(ITypeSymbol? type) => type is { ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } } && type.Name == s_dateOnly;

    private static bool IsEf(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() == Ef;

    private static bool TakesText(IMethodSymbol method) => method.Parameters.Length == 1 && method.Parameters[0].Type.SpecialType == SpecialType.System_String;

    private static LinqMember OfText(IMethodSymbol method)
    {
        var one = TakesText(method);
        var texts = method.Parameters.All(parameter => parameter.Type.SpecialType is SpecialType.System_String or SpecialType.System_Object);
        return method.Name switch
        {
            nameof(string.StartsWith) => one ? LinqMember.StartsWith : LinqMember.Unknown,
            nameof(string.EndsWith) => one ? LinqMember.EndsWith : LinqMember.Unknown,
            nameof(string.Contains) => one ? LinqMember.ContainsText : LinqMember.Unknown,
            nameof(string.IndexOf) => one ? LinqMember.IndexOf : LinqMember.Unknown,
            nameof(string.Equals) => texts ? LinqMember.Equal : LinqMember.Unknown,
            nameof(string.Compare) or nameof(string.CompareTo) => texts ? LinqMember.Compare : LinqMember.Unknown,
            nameof(string.IsNullOrEmpty) => LinqMember.IsNullOrEmpty,
            nameof(string.IsNullOrWhiteSpace) => LinqMember.IsNullOrWhiteSpace,
            nameof(string.Substring) => LinqMember.Substring,
            nameof(string.ToString) => method.Parameters.IsEmpty ? LinqMember.Text : LinqMember.Unknown,
            _ => FunctionOf(method) is not null || TrimOf(method) is not null ? LinqMember.Function : LinqMember.Unknown,
        };
    }
}
