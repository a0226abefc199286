using System.Collections.Immutable;
using System.Globalization;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace DbSafety.CodeFixes.Injection;

/// <summary>
/// Which values of a call become which parameters: all that can, in one edit, together with the other calls that take the same text. Null where
/// it can't be done so that the code means the same.
/// </summary>
internal sealed class ParameterPlan
{
    private readonly FixScope _scope;
    private readonly SyntaxNode _member;
    private readonly SqlEdit _edit;
    private readonly List<Use> _uses = [];
    private readonly Dictionary<string, SqlRange> _ranges = new(StringComparer.Ordinal);

    private readonly bool _ofTwin;
    private readonly CancellationToken _cancellation;

    private ParameterPlan(FixScope scope, SyntaxNode member, bool ofTwin, CancellationToken cancellation)
    {
        _scope = scope;
        _member = member;
        _ofTwin = ofTwin;
        _cancellation = cancellation;
        _edit = new SqlEdit(scope, member);
    }

    /// <summary>One value in the text of one call.</summary>
    private sealed record Use(DbCall Call, DbHole Hole, SqlRange Range, ValueIdiom Idiom);

    /// <summary>The changes of the document.</summary>
    public ImmutableArray<TextChange> Changes { get; private set; }

    /// <summary>Where the holes stand that go.</summary>
    public ImmutableArray<TextSpan> Sites { get; private set; }

    /// <summary>The types that columns are taken to have.</summary>
    public ImmutableArray<string> Assumes { get; private set; }

    /// <summary>The names of the parameters.</summary>
    public ImmutableArray<string> Names { get; private set; }

    /// <summary>Makes the plan for a call.</summary>
    /// <param name="scope">The document.</param>
    /// <param name="call">The call.</param>
    /// <param name="ofTwin">Whether the statement takes no parameters and is to become its <see cref="UtilityTwin"/>.</param>
    /// <param name="cancellation">Cancels.</param>
    public static ParameterPlan? Create(FixScope scope, DbCall call, bool ofTwin, CancellationToken cancellation)
    {
        var plan = new ParameterPlan(scope, FixScope.MemberOf(call.Operation.Syntax), ofTwin, cancellation);
        if (!plan.Collect(call) || plan._uses.Count == 0)
        {
            return null;
        }

        var texts = plan._uses.SelectMany(use => use.Range.Ranges).Select(range => range.Root.Expression).Distinct();
        if (TextFlow.CallsOf(scope, plan._member, texts) is not { } calls || !calls.Any(other => other.Operation.Syntax == call.Operation.Syntax))
        {
            return null;
        }

        foreach (var other in calls)
        {
            if (other.Operation.Syntax != call.Operation.Syntax && !plan.Collect(other))
            {
                return null;
            }
        }

        return plan.Write(calls) ? plan : null;
    }

    private bool Collect(DbCall call)
    {
        if (Binders.Of(_scope, call) is not { } family)
        {
            return false;
        }

        var idioms = new ValueIdioms(_scope, call, family.Traits);
        var certain = new HashSet<SyntaxNode>(call.Holes.Where(hole => hole.Site.IsCertain).Select(hole => hole.Piece.Site));
        for (var v = 0; v < call.Trees.Length; v++)
        {
            var variant = call.Text.Variants[v];
            var tree = call.Trees[v];
            for (var i = 0; i < variant.Holes.Length && i < tree.HoleSites.Length; i++)
            {
                var hole = new DbHole(variant.Holes[i], tree.HoleSites[i], variant, tree);
                if (_ofTwin)
                {
                    CollectTwin(call, hole, idioms);
                    continue;
                }

                if (hole.Site.Kind != HoleKind.Value || hole.Piece.Kind == HoleValue.Closed || (!hole.Site.IsCertain && certain.Contains(hole.Piece.Site)))
                {
                    continue;
                }

                if (!hole.Site.IsCertain || !hole.Site.TakesParameters || hole.Site.NeedsRewrite is not null ||
                    hole.Piece.Kind is HoleValue.Quoted or HoleValue.QuotesDoubled)
                {
                    continue;
                }

                var isList = hole.Piece.Joined is not null || (hole.Site.IsWholeInList && IsJoined(hole));
                var span = isList ? hole.Site.InSpan ?? hole.Site.ValueSpan
                    : hole.Site.IsWholeInList ? hole.Site.Literal?.TypedSpan ?? hole.Site.Span
                    : hole.Site.ValueSpan;
                if (_edit.Find(variant, span) is { } range && idioms.For(hole with { Site = Narrowed(hole.Site, span) }, range) is { } idiom &&
                    idiom.Reads.All(read => IsSame(read, call)))
                {
                    _uses.Add(new Use(call, hole, range, idiom));
                    _ranges[range.Id] = range;
                }
            }
        }

        return true;
    }

    // SET a.b = '{x}': the statement up to the end of its value gives way to the call of a function.
    private void CollectTwin(DbCall call, DbHole hole, ValueIdioms idioms)
    {
        if (UtilityTwin.Of(call, hole) is not { } twin || hole.Piece.Kind is HoleValue.Quoted or HoleValue.QuotesDoubled ||
            _edit.Find(hole.Variant, twin.Site.ValueSpan) is not { } range || idioms.For(hole with { Site = twin.Site }, range) is not { Before: "", After: "" } idiom ||
            !idiom.Reads.All(read => IsSame(read, call)))
        {
            return;
        }

        if (twin.NullDiffers && idiom.MayBeNull && idiom.Type?.SpecialType == SpecialType.System_String)
        {
            idiom = idiom with { Value = CSharpText.Operand(SyntaxFactory.ParseExpression(idiom.Value)) + " ?? \"\"", MayBeNull = false };
        }

        _uses.Add(new Use(call, hole, range, idiom with { Before = twin.Before, After = twin.After }));
        _ranges[range.Id] = range;
    }

    // Within a whole IN list of one plain constant only the constant itself is replaced.
    private static HoleSite Narrowed(HoleSite site, SqlSpan span) => !site.IsWholeInList || span == site.InSpan ? site : new HoleSite
    {
        Hole = site.Hole,
        Span = site.Span,
        Kind = site.Kind,
        Role = site.Role,
        IsCertain = site.IsCertain,
        Verb = site.Verb,
        TakesParameters = site.TakesParameters,
        TokenSpan = site.TokenSpan,
        Literal = site.Literal,
        ValueSpan = span,
        ExpectedType = site.ExpectedType,
        HasExplicitCast = site.HasExplicitCast,
        Column = site.Column,
        Operator = site.Operator,
    };

    // '{..}' of a Join over a projection: the hole stands inside the lambda.
    private static bool IsJoined(DbHole hole) => hole.Piece.Site.Ancestors().OfType<LambdaExpressionSyntax>().FirstOrDefault() is
    { Parent: ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax { Parent: ArgumentSyntax } } } };

    private bool IsSame(ExpressionSyntax read, DbCall call) =>
        read.SyntaxTree == _scope.Root.SyntaxTree && _member.Span.Contains(read.Span) && ValueMove.IsSame(read, SiteOf(read), call.Operation.Syntax, _scope.Model);

    private static SyntaxNode SiteOf(ExpressionSyntax read) => read;

    private bool Write(ImmutableArray<DbCall> calls)
    {
        // A value that some call can't take as a parameter stays in the text for all of them.
        foreach (var range in _ranges.Values.ToList())
        {
            if (!IsExplained(range, calls))
            {
                _uses.RemoveAll(use => use.Range.Id == range.Id);
            }
        }

        if (_uses.Count == 0)
        {
            return false;
        }

        // Type names in double quotes would need escapes in most literals.
        if (_uses.Any(use => (use.Idiom.Before + use.Idiom.After).IndexOfAny(['"', '\\']) >= 0))
        {
            return false;
        }

        var numbers = calls.Select(call => Binders.Of(_scope, call)!.Value.Traits.FirstNumber).Distinct().ToList();
        if (numbers.Count > 1 || (numbers[0] is not null && WriteNumbered(calls)))
        {
            return numbers.Count == 1;
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var highest = 0;
        var isPositional = false;
        foreach (var call in calls)
        {
            taken.UnionWith(SuppliedParameters.Of(call));
            taken.UnionWith(CommandBinder.NamesOf(call));
            foreach (var parameter in call.Trees.SelectMany(tree => tree.Parameters))
            {
                taken.Add(parameter.Name);
                isPositional |= parameter.Style == ParameterStyle.Dollar;
                if (parameter.Style == ParameterStyle.Question)
                {
                    return false;
                }

                if (parameter.Style == ParameterStyle.Dollar && int.TryParse(parameter.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var known))
                {
                    highest = Math.Max(highest, known);
                }
            }
        }

        if (isPositional && (calls.Length > 1 || calls[0].Trees.Any(tree => tree.Statements.Length > 1 || tree.Parameters.Any(parameter => parameter.Style != ParameterStyle.Dollar)) ||
            calls[0].Text.Variants.Length > 1))
        {
            return false;
        }

        var number = numbers[0];
        if (number is not null && NumberedPlaceholder.IsFormatted(_member))
        {
            return false;
        }

        var parameters = new Dictionary<string, BoundParameter>(StringComparer.Ordinal);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var use in _uses.OrderBy(use => use.Range.Ranges[0].Start))
        {
            if (!keys.TryGetValue(use.Range.Id, out var key))
            {
                // The same expression is the same parameter, unless each reading of it counts.
                key = use.Idiom.Reads.All(read => ValueMove.IsStable(read, _scope.Model) && IsSteady(use)) ? ValueOf(use) + Target(use) : "@" + use.Range.Id;
                keys.Add(use.Range.Id, key);
            }

            if (!parameters.TryGetValue(key, out var parameter))
            {
                var name = number is not null ? (number++).Value.ToString(CultureInfo.InvariantCulture)
                    : isPositional ? (++highest).ToString(CultureInfo.InvariantCulture)
                    : ParameterNames.Unique(ParameterNames.Of(use.Idiom.Named, use.Hole.Site.Column), taken);
                parameter = new BoundParameter(name, use.Idiom.Value, use.Idiom.Type, use.Idiom.MayBeNull, use.Idiom.IsUntyped) { Position = isPositional ? highest : 0 };
                parameters.Add(key, parameter);
                values.Add(key, ValueOf(use));
            }

            if (ValueOf(use) != values[key] || parameter.IsUntyped != use.Idiom.IsUntyped ||
                !_edit.Replace(use.Range, use.Idiom.Before + Placeholder(parameter) + use.Idiom.After))
            {
                return false;
            }
        }

        if (_edit.ToChanges() is not { } written || (number is null ? written : NumberedPlaceholder.Resolve(_scope, written)) is not { } changes)
        {
            return false;
        }

        foreach (var call in calls)
        {
            var supplied = _uses.Where(use => use.Call == call).OrderBy(use => use.Range.Ranges[0].Start).Select(use => parameters[keys[use.Range.Id]]).Distinct()
                .OrderBy(parameter => number is null ? 0 : int.Parse(parameter.Name, CultureInfo.InvariantCulture)).ToImmutableArray();

            // A placeholder is the place of an argument: each call passes all of them.
            if (number is not null && supplied.Length < parameters.Count)
            {
                return false;
            }

            if (!supplied.IsEmpty && !Binders.Of(_scope, call)!.Value.Binder.Bind(_scope, call, supplied, changes))
            {
                return false;
            }
        }

        return !Overlap(changes) && Finish(changes, parameters.Values.Select(parameter => parameter.Name));

        string Placeholder(BoundParameter parameter) => number is not null ? NumberedPlaceholder.Mark(int.Parse(parameter.Name, CultureInfo.InvariantCulture))
            : (isPositional ? "$" : "@") + parameter.Name;
    }

    // this.name and name are one value, unless name is a variable too.
    private string ValueOf(Use use)
    {
        const string This = "this.";
        return use.Idiom.Reads.SelectMany(read => read.DescendantNodesAndSelf()).OfType<MemberAccessExpressionSyntax>().Any(access => access.Expression is ThisExpressionSyntax &&
            _scope.Model.LookupSymbols(access.SpanStart, name: access.Name.Identifier.ValueText).Any(symbol => symbol is ILocalSymbol or IParameterSymbol))
            ? use.Idiom.Value
            : use.Idiom.Value.Replace(This, "");
    }

    // A parameter without a type takes that of its first place, so another column, which may be of another type, needs another parameter.
    private static string Target(Use use) => !use.Idiom.IsUntyped ? ""
        : "?" + (use.Idiom.Target ?? (use.Hole.Site.Column is { } column ? $"{column.Schema}.{column.Table}.{column.Column}" : use.Range.Id));

    private bool Finish(IEnumerable<TextChange> changes, IEnumerable<string> names)
    {
        Changes = changes.ToImmutableArray();
        Sites = _uses.Select(use => use.Hole.Piece.Site.Span).Distinct().ToImmutableArray();
        Assumes = _uses.Select(use => use.Idiom.Assumes).OfType<string>().Distinct().ToImmutableArray();
        Names = names.ToImmutableArray();
        return true;
    }

    // An interpolated string whose holes are the parameters.
    private bool WriteNumbered(ImmutableArray<DbCall> calls)
    {
        var values = _uses.GroupBy(use => use.Range.Id).Select(group => (group.First().Range, group.First().Idiom)).ToList();
        return calls.Length == 1 && _uses.All(use => values.Any(value => value.Range.Id == use.Range.Id &&
                value.Idiom.Value == use.Idiom.Value && value.Idiom.Before == use.Idiom.Before && value.Idiom.After == use.Idiom.After)) &&
            InterpolatedTwin.Create(_scope, calls[0], values, _cancellation) is { } changes && Finish(changes, values.Select(value => value.Idiom.Value));
    }

    // Nothing is written to what the value reads between its places in the text.
    private bool IsSteady(Use use) => use.Idiom.Reads.All(read => ValueMove.IsSame(read, read, use.Call.Operation.Syntax, _scope.Model));

    private static bool Overlap(List<TextChange> changes)
    {
        var ordered = changes.OrderBy(change => change.Span.Start).ThenBy(change => change.Span.End).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Span.Start < ordered[i - 1].Span.End)
            {
                return true;
            }
        }

        return false;
    }

    // Each way through the text that uses these characters uses them for this value, or for a constant in its place.
    private bool IsExplained(SqlRange range, ImmutableArray<DbCall> calls)
    {
        foreach (var call in calls)
        {
            for (var v = 0; v < call.Trees.Length; v++)
            {
                var variant = call.Text.Variants[v];
                var touched = variant.Origins(new SqlSpan(0, variant.Source.Text.Length)).Where(origin =>
                    origin.Hole < 0 && origin.Source is { } source && range.Ranges.Any(part => part.Start < source.End && source.Start < part.End)).ToList();
                if (touched.Count == 0)
                {
                    continue;
                }

                var uses = _uses.Where(use => use.Call == call && use.Hole.Variant == variant && use.Range.Id == range.Id).ToList();
                if (uses.Count > 0 || call.Trees[v].Errors.Length > 0)
                {
                    continue;
                }

                if (!IsConstantThere(variant, call.Trees[v], range))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsConstantThere(SqlVariant variant, SqlTree tree, SqlRange range)
    {
        if (range.Ranges.Length != 1)
        {
            return false;
        }

        var part = range.Ranges[0];
        var start = -1;
        var end = -1;
        for (var i = 0; i < variant.Source.Text.Length; i++)
        {
            if (variant.Origins(new SqlSpan(i, 1)) is { Length: 1 } origin && origin[0].Source is { } source && source.Start >= part.Start && source.End <= part.End &&
                part.Root.Elements.Any(element => element.IsText && element.Token == origin[0].Token))
            {
                start = start < 0 ? i : start;
                end = i + 1;
            }
        }

        if (start < 0)
        {
            return false;
        }

        var text = variant.Source.Text.Substring(start, end - start);
        return text.Length >= 2 && text[0] == '\'' && text[text.Length - 1] == '\'' && text.IndexOf('\'', 1) == text.Length - 1 &&
            !tree.HoleSites.Any(site => site.Span.Start >= start && site.Span.Start < end);
    }
}
