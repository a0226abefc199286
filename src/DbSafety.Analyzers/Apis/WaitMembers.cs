using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DbSafety.Analyzers.Apis;

/// <summary>The calls during which a transaction only waits: a subset of <see cref="TransactionMembers.WaitsOutside"/> that certainly takes time, and a few libraries more.</summary>
public static class WaitMembers
{
    private const string MailKit = "MailKit.Net.Smtp";

    /// <summary>Whether a call goes to another service, to the file system, or to sleep.</summary>
    public static bool Waits(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var type = (method.ReducedFrom ?? method).ContainingType;

        // Cheap first: most calls stand in none of these.
        return type?.ContainingNamespace?.Name switch
        {
            nameof(System.Net.Http) => IsVerb(method.Name) && TransactionMembers.WaitsOutside(method) && type.Name is "HttpClient" or "HttpMessageInvoker",
            nameof(System.Net.Mail) => method.Name.StartsWith(nameof(System.Net.Mail.SmtpClient.Send), StringComparison.Ordinal) && TransactionMembers.WaitsOutside(method),
            "Smtp" => type.ContainingNamespace.ToDisplayString() == MailKit && (method.Name.StartsWith(nameof(System.Net.Mail.SmtpClient.Send), StringComparison.Ordinal) || method.Name.StartsWith("Connect", StringComparison.Ordinal)),
            nameof(System.Net) => TransactionMembers.WaitsOutside(method) && (IsVerb(method.Name) || method.Name.StartsWith("Download", StringComparison.Ordinal)),
            nameof(System.Net.Sockets) => method.Name.StartsWith("Connect", StringComparison.Ordinal) && TransactionMembers.WaitsOutside(method),
            nameof(System.Threading.Tasks) or nameof(System.Threading) or nameof(System.IO) => TransactionMembers.WaitsOutside(method) && !IsNothing(call),
            nameof(System.Diagnostics) => type.Name == nameof(System.Diagnostics.Process) && method.Name.StartsWith("WaitForExit", StringComparison.Ordinal),
            _ => type?.Name == "HttpClientJsonExtensions" && IsVerb(method.Name),
        };
    }

    /// <summary>Whether a method name tells that a transaction that is handed to it ends there.</summary>
    public static bool MayEnd(string member) => s_ends.Any(word => member.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>The methods that wait for a task without await.</summary>
    public static bool Blocks(string member) => member is nameof(Task.Wait) or "GetAwaiter" or nameof(Task.RunSynchronously);

    /// <summary>The property that waits for a task.</summary>
    public static bool BlocksAsProperty(string member) => member == nameof(Task<int>.Result);

    private static readonly string[] s_ends = ["Commit", "Rollback", "Complete", "Finish", "Close", "Dispose", "End", "Abort", "Cancel"];

    private static bool IsVerb(string member) => s_verbs.Any(verb => member.StartsWith(verb, StringComparison.Ordinal));

    // By nameof where the name is a plain word: other rooms have a right to those.
    private static readonly string[] s_verbs =
    [
        nameof(System.Net.Http.HttpMethod.Get), nameof(System.Net.Http.HttpMethod.Post), nameof(System.Net.Http.HttpMethod.Put), "Patch", nameof(System.Net.Http.HttpMethod.Delete), nameof(System.Net.Mail.SmtpClient.Send),
        nameof(System.Net.WebClient.UploadData), nameof(System.Net.WebClient.UploadFile), nameof(System.Net.WebClient.UploadString), nameof(System.Net.WebClient.UploadValues),
    ];

    // Thread.Sleep(0), Task.Delay(TimeSpan.Zero)
    private static bool IsNothing(IInvocationOperation call) => call.Arguments.Length > 0 && call.Arguments[0].Value is var first &&
        (first.ConstantValue is { HasValue: true, Value: 0 } || first is IFieldReferenceOperation { Field.Name: nameof(TimeSpan.Zero) });
}
