using DbSafety.Analyzers.Apis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DbSafety.Analyzers.Model;

/// <content>What is said of properties, keys and indexes.</content>
internal sealed partial class EfFluent
{
    private EfScope? Property(EfScope.Entity scope, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site, EfCall call)
    {
        // Property(x => x.A), Property<int>("A"), Property("A"), Property(typeof(int), "A")
        var given = arguments.Count == 2 && arguments[0].Expression is TypeOfExpressionSyntax ? arguments.Skip(1).ToList() : arguments.Take(1).ToList();
        if (_values.Names(given) is not { Count: 1 } names)
        {
            return Touch(scope);
        }

        var property = scope.Declared.Get(names[0], EfSite.Of(site));
        property.IsExplicit = true;
        if (scope.Declared.Type is { } declaring && EfTypes.PropertyOf(declaring, names[0]) is { } symbol)
        {
            property.Symbol ??= symbol;
            property.ClrType ??= symbol.Type;
            property.Site = EfSite.Of(symbol).Or(property.Site);
        }
        else if (types.Length == 1 && given[0].Expression is not LambdaExpressionSyntax)
        {
            property.Clr ??= types[0];
            property.ClrType ??= TypeOf(types[0]);
        }
        else if (arguments.Count == 2)
        {
            property.ClrType ??= TypeOf(arguments[0].Expression);
        }

        var inner = new EfScope.Property(scope.Declared, property);
        if (call == EfCall.PrimitiveCollection || arguments.Count > 1)
        {
            Nested(arguments.Skip(1).ToList(), inner);
        }

        return inner;
    }

    private EfScope? OnProperty(EfScope.Property scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site)
    {
        var property = scope.Declared;
        var first = arguments.Count > 0 ? arguments[0].Expression : null;
        switch (call)
        {
            case EfCall.HasColumnName:
                property.Column = _values.Text(first);
                property.Site = _model.IsSnapshot ? property.Site : EfSite.Of(site);
                return scope;
            case EfCall.HasDefaultValue:
                property.HasDefault = true;
                property.DefaultSql = Literal(first);
                return scope;
            case EfCall.HasConversion or EfCall.HasEnumConversion:
                Convert(property, arguments, types, site);
                return scope;
            case EfCall.HasSentinel or EfCall.ElementType:
                return scope;
            // modelBuilder.Entity<X>().Property(..) is the end of its chain; the builder of a table's column has this too.
            case EfCall.ToJson or EfCall.ToTable:
                return Touch(scope);
            default:
                return Facet(property, call, arguments) || EfCalls.KeepsColumn(call) ? scope : Touch(scope);
        }
    }

    /// <summary>What is said in the same words of one property and of all properties of a type.</summary>
    private bool Facet(EfProperty property, EfCall call, IReadOnlyList<ArgumentSyntax> arguments)
    {
        var first = arguments.Count > 0 ? arguments[0].Expression : null;
        switch (call)
        {
            case EfCall.HasColumnType or EfCall.HaveColumnType:
                property.StoreType = _values.Text(first);
                return true;
            case EfCall.IsRequired:
                property.IsRequired = first is null ? true : _values.Flag(first);
                property.IsUncertain |= property.IsRequired is null;
                return true;
            case EfCall.HasMaxLength or EfCall.HaveMaxLength:
                property.MaxLength = _values.Number(first);
                property.IsUncertain |= property.MaxLength is null;
                return true;
            case EfCall.HasPrecision or EfCall.HavePrecision:
                property.Precision = _values.Number(first) is { } precision ? (precision, arguments.Count > 1 ? _values.Number(arguments[1].Expression) : null) : null;
                property.IsUncertain |= property.Precision is null;
                return true;
            case EfCall.IsFixedLength or EfCall.AreFixedLength:
                property.IsFixedLength = first is null || _values.Flag(first) != false;
                return true;
            case EfCall.AreUnicode or EfCall.HaveAnnotation or EfCall.UseCollation:
                return true;
            case EfCall.HasDefaultValueSql:
                property.HasDefault = true;
                property.DefaultSql = first is null ? EfDeclared.Unknown : _values.Text(first);
                return true;
            case EfCall.HasComputedColumnSql:
                property.ComputedSql = first is null ? EfDeclared.Unknown : _values.Text(first) ?? EfDeclared.Unknown;
                return true;
            case EfCall.ValueGeneratedNever:
                property.IsValueGeneratedNever = true;
                return true;
            case EfCall.ValueGeneratedOnAdd or EfCall.ValueGeneratedOnAddOrUpdate:
                property.IsValueGeneratedNever = false;
                property.IsGenerated = !_model.IsSnapshot && call == EfCall.ValueGeneratedOnAdd;
                return true;
            case EfCall.UseIdentityColumn or EfCall.UseIdentityByDefaultColumn or EfCall.UseIdentityAlwaysColumn:
                property.IsIdentity = true;
                return true;
            case EfCall.UseSerialColumn:
                property.IsSerial = true;
                return true;
            case EfCall.UseHiLo or EfCall.UseSequence:
                property.IsIdentity = false;
                property.HasDefault = call == EfCall.UseSequence;
                return true;
            case EfCall.IsRowVersion:
                property.IsRowVersion = true;
                return true;
            case EfCall.IsGeneratedTsVectorColumn or EfCall.HasGeneratedTsVectorColumn:
                property.ComputedSql = EfDeclared.Unknown;
                return true;
            default:
                return false;
        }
    }

    private string? Literal(ExpressionSyntax? expression) => expression is null ? null : _values.TryGet(expression, out var value) ? Sql(value) : EfDeclared.Unknown;

    /// <summary>A value as SQL writes it; a hole mark where it is none that is certain.</summary>
    public static string Sql(object? value) => value switch
    {
        null => "NULL",
        true => "TRUE",
        false => "FALSE",
        string text => "'" + text.Replace("'", "''") + "'",
        int or long or short or byte or uint or double or float or decimal => System.Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? EfDeclared.Unknown,
        _ => EfDeclared.Unknown,
    };

    private EfScope? OnTypeRule(EfScope.TypeRule scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site)
    {
        if (call is EfCall.HaveConversion or EfCall.HaveEnumConversion)
        {
            var type = scope.Type;
            var told = new EfProperty("");
            Convert(told, arguments, types, site);
            _model.TypeRules.Add((type, property =>
            {
                property.IsConverted = told.IsConverted;
                property.Provider = told.Provider;
                property.IsUncertain |= told.IsUncertain;
            }));
            return scope;
        }

        if (!Facet(new EfProperty(""), call, arguments))
        {
            return Touch(scope);
        }

        _model.TypeRules.Add((scope.Type, property => Facet(property, call, arguments)));
        return scope;
    }

    private void Convert(EfProperty property, IReadOnlyList<ArgumentSyntax> arguments, TypeSyntax[] types, InvocationExpressionSyntax site)
    {
        property.IsConverted = true;
        property.Provider = null;
        if (_values.ModelOf(site.SyntaxTree) is not { } model)
        {
            return;
        }

        // HasConversion<string>(), HasConversion<Converter>(), HasConversion(typeof(string)), HasConversion(v => .., v => ..), HasConversion(new Converter())
        var type = types.Length > 0 ? TypeOf(types[0])
            : arguments.Count > 0 && arguments[0].Expression is TypeOfExpressionSyntax of ? TypeOf(of)
            : arguments.Count > 0 && arguments[0].Expression is LambdaExpressionSyntax
                ? (model.GetSymbolInfo(site).Symbol as IMethodSymbol)?.TypeArguments.LastOrDefault()
                : arguments.Count > 0 ? model.GetTypeInfo(arguments[0].Expression).Type : null;
        if (type is null)
        {
            property.IsConverted = arguments.Count > 0 && !(_values.TryGet(arguments[0].Expression, out var value) && value is null);
            property.IsUncertain |= property.IsConverted;
            return;
        }

        property.Provider = EfTypes.ProviderOf(type) ?? type;
    }

    private EfScope? Index(EfScope.Entity scope, IReadOnlyList<ArgumentSyntax> arguments, InvocationExpressionSyntax site)
    {
        string? name = null;
        var keys = arguments;
        if (arguments.Count == 2 && (arguments[0].Expression is LambdaExpressionSyntax || EfValues.Elements(arguments[0].Expression) is not null))
        {
            name = _values.Text(arguments[1].Expression);
            keys = [arguments[0]];
        }

        if (_values.Names(keys) is not { Count: > 0 } names)
        {
            // Of columns that nobody knows.
            var unknown = new EfIndex([], EfSite.Of(site)) { IsUncertain = true };
            scope.Declared.Indexes.Add(unknown);
            return new EfScope.Index(scope.Declared, unknown);
        }

        var index = scope.Declared.Indexes.FirstOrDefault(candidate => candidate.ModelName == name && candidate.Properties.SequenceEqual(names));
        if (index is null)
        {
            scope.Declared.Indexes.Add(index = new EfIndex(names, EfSite.Of(site)) { ModelName = name, Name = name });
        }

        return new EfScope.Index(scope.Declared, index);
    }

    private EfScope? OnIndex(EfScope.Index scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments)
    {
        var index = scope.Declared;
        var first = arguments.Count > 0 ? arguments[0].Expression : null;
        switch (call)
        {
            case EfCall.IsUnique:
                index.IsUnique = first is null || _values.Flag(first) != false;
                return scope;
            case EfCall.HasFilter:
                index.Filter = _values.Text(first);
                return scope;
            case EfCall.HasMethod:
                index.Method = _values.Text(first);
                return scope;
            case EfCall.HasOperators:
                index.Operators = TextsOf(arguments);
                return scope;
            case EfCall.IncludeProperties:
                index.Include = _values.Names(arguments);
                index.IsUncertain |= index.Include is null;
                return scope;
            case EfCall.IsDescending:
                index.Descending = arguments.Count == 0 ? [] : (EfValues.Elements(first) ?? arguments.Select(argument => argument.Expression)).Select(value => _values.Flag(value) == true).ToList();
                return scope;
            case EfCall.HasNullSortOrder:
                index.NullSortOrder = (EfValues.Elements(first) ?? arguments.Select(argument => argument.Expression)).Select(value => EfValues.LastName(value) ?? EfDeclared.Unknown).ToList();
                return scope;
            case EfCall.AreNullsDistinct:
                index.IsNullsNotDistinct = first is not null && _values.Flag(first) == false;
                return scope;
            case EfCall.HasDatabaseName or EfCall.HasName:
                index.Name = _values.Text(first);
                return scope;
            case EfCall.IsCreatedConcurrently or EfCall.HasAnnotation or EfCall.UseCollation or EfCall.HasFillFactor or EfCall.HasStorageParameter:
                return scope;
            case EfCall.IsTsVectorExpressionIndex:
                index.IsUncertain = true;
                return scope;
            default:
                return Touch(scope);
        }
    }

    private List<string> TextsOf(IReadOnlyList<ArgumentSyntax> arguments) =>
        ((arguments.Count == 1 ? EfValues.Elements(arguments[0].Expression) : null) ?? arguments.Select(argument => argument.Expression).ToList()).Select(value => _values.Text(value) ?? "").ToList();

    private EfScope? OnKey(EfScope.Key scope, EfCall call, IReadOnlyList<ArgumentSyntax> arguments)
    {
        if (call == EfCall.HasName && arguments.Count == 1)
        {
            scope.Declared.Name = _values.Text(arguments[0].Expression);
            return scope;
        }

        return call == EfCall.HasAnnotation ? scope : Touch(scope);
    }
}
