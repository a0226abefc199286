using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Calls;
using DbSafety.Analyzers.Text;
using DbSafety.Sql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Rules.Injection;

/// <summary>The base of the rules about holes: each looks at the holes that stand where its kind of text stands.</summary>
public abstract class InjectionRule : SqlRule
{
    /// <summary>Makes a rule of one descriptor.</summary>
    protected InjectionRule(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <inheritdoc/>
    protected sealed override void Check(DbCall call, SqlReport report)
    {
        foreach (var hole in call.Holes)
        {
            if (hole.Piece.Kind != HoleValue.Closed && Concerns(call, hole, report) && !IsPassedThrough(call, hole))
            {
                report.At(hole);
            }
        }
    }

    /// <summary>Whether a hole, whose value is not from a closed set, is what this rule is about.</summary>
    protected abstract bool Concerns(DbCall call, DbHole hole, SqlReport report);

    /// <summary>
    /// Whether the hole is a whole statement that this method was given, or read from somewhere: the text of whoever made it. Its maker is
    /// checked, where it is in sight; only a text that comes in as data, a member of an argument, is known to be nobody's constant.
    /// </summary>
    private static bool IsPassedThrough(DbCall call, DbHole hole)
    {
        if (hole.Site.Role != HoleRole.Statement)
        {
            return false;
        }

        return !IsInput(hole.Piece.Origin);
    }

    private static bool IsInput(IOperation value)
    {
        value = HoleValues.Strip(value);
        if (value is IInvocationOperation { TargetMethod: { Name: "ReadLine", ContainingType: { Name: "Console" } } })
        {
            return true;
        }

        var members = 0;
        while (value is IPropertyReferenceOperation { Instance: { } instance })
        {
            members++;
            value = HoleValues.Strip(instance);
            if (NamePromises.IsStatement(value.Type))
            {
                return false;
            }
        }

        return members > 0 && value is IParameterReferenceOperation { Parameter: { IsThis: false, Type: { SpecialType: SpecialType.None } type } } &&
            !SafeTexts.IsDatabaseObject(type);
    }
}
