using System.Collections.Immutable;
using DbSafety.Analyzers.Apis;
using DbSafety.Analyzers.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Calls;

/// <summary>A binary import that a local variable holds and nobody else sees: all that is done to it stands in the body.</summary>
public sealed class BinaryImport
{
    private BinaryImport(IInvocationOperation begin, ILocalSymbol local, bool isAwaited, ImmutableArray<IOperation> writes, ImmutableArray<IOperation> ends, bool isCompleted)
    {
        Begin = begin;
        Local = local;
        IsAwaited = isAwaited;
        Writes = writes;
        Ends = ends;
        IsCompleted = isCompleted;
    }

    /// <summary>The call that begins it.</summary>
    public IInvocationOperation Begin { get; }

    /// <summary>The variable.</summary>
    public ILocalSymbol Local { get; }

    /// <summary>Whether the call is awaited.</summary>
    public bool IsAwaited { get; }

    /// <summary>The calls that write rows, in the order of the text.</summary>
    public ImmutableArray<IOperation> Writes { get; }

    /// <summary>The calls that dispose of it, in the order of the text; using statements and declarations are not among them.</summary>
    public ImmutableArray<IOperation> Ends { get; }

    /// <summary>Whether it is completed, on some path at least.</summary>
    public bool IsCompleted { get; }

    /// <summary>The import that a call begins, or null where it is none, or goes elsewhere: it is returned, passed on, stored, captured, or the variable changes.</summary>
    public static BinaryImport? Of(IInvocationOperation begin)
    {
        if (!CopyMembers.MayBegin(begin.TargetMethod.Name))
        {
            return null;
        }

        IOperation value = begin;
        var isAwaited = false;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IAwaitOperation || (value.Parent is IInvocationOperation outer && EfQueries.Unconfigured(outer) == begin))
        {
            value = value.Parent!;
            isAwaited |= value is IAwaitOperation;
        }

        var local = value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when assignment.Value == value => target.Local,
            _ => null,
        };
        return local is not null && CopyMembers.IsImporter(value.Type) ? Of(begin, local, isAwaited, value.Parent!) : null;
    }

    private static BinaryImport? Of(IInvocationOperation begin, ILocalSymbol local, bool isAwaited, IOperation made)
    {
        var writes = ImmutableArray.CreateBuilder<IOperation>();
        var ends = ImmutableArray.CreateBuilder<IOperation>();
        var isCompleted = false;
        var owner = OwnerOf(begin);
        foreach (var reference in HoleValues.RootOf(begin).Descendants().OfType<ILocalReferenceOperation>().Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local)))
        {
            if (OwnerOf(reference) != owner)
            {
                return null;
            }

            switch (UseOf(reference))
            {
                case IInvocationOperation call when CopyMembers.Writes(call.TargetMethod.Name):
                    writes.Add(call);
                    break;
                case IInvocationOperation call when CopyMembers.Completes(call.TargetMethod.Name):
                    isCompleted = true;
                    break;
                case IInvocationOperation call when ConnectionMembers.Closes(call.TargetMethod.Name):
                    ends.Add(call);
                    break;
                case IInvocationOperation call when TaskMembers.Configures(call.TargetMethod.Name):
                    break;
                case ISimpleAssignmentOperation assignment when assignment == made:
                case IPropertyReferenceOperation or IUsingOperation or IBinaryOperation or IIsTypeOperation:
                case IIsPatternOperation asked when !asked.Pattern.DeclaresVariable():
                    break;
                default:
                    return null;
            }
        }

        return new BinaryImport(begin, local, isAwaited, writes.ToImmutable(), ends.ToImmutable(), isCompleted);
    }

    // importer.Write(..), importer?.Write(..), using (importer), await using (importer.ConfigureAwait(false))
    private static IOperation? UseOf(ILocalReferenceOperation reference)
    {
        IOperation value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            IInvocationOperation call when call.Instance == value => call,
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } access when access.Operation == value => call,
            IArgumentOperation { Parent: IInvocationOperation call } when TaskMembers.Configures(call.TargetMethod.Name) => call,
            IPropertyReferenceOperation property when property.Instance == value => property,
            ISimpleAssignmentOperation assignment when assignment.Target == value => assignment,
            IUsingOperation or IBinaryOperation or IIsPatternOperation or IIsTypeOperation => value.Parent,
            _ => null,
        };
    }

    private static IOperation? OwnerOf(IOperation operation)
    {
        var owner = operation.Parent;
        while (owner is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            owner = owner.Parent;
        }

        return owner;
    }
}
