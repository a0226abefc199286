using System.Reflection;
using System.Runtime.Loader;

namespace DbSafety.Postgres.Tests.Harness;

/// <summary>A snippet that is loaded and ready to run. Disposing lets it be unloaded.</summary>
public sealed class CompiledSnippet : IDisposable
{
    private readonly AssemblyLoadContext context = new("Snippet", isCollectible: true);
    private readonly MethodInfo run;

    internal CompiledSnippet(Stream image)
    {
        var type = context.LoadFromStream(image).GetType("Snippet")
            ?? throw new InvalidOperationException("The source has no class 'Snippet'.");
        run = type.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)
            ?? throw new InvalidOperationException("The class 'Snippet' has no public static method 'Run'.");
    }

    /// <summary>Runs it; what it throws is part of the outcome.</summary>
    public Task<Outcome> RunAsync(params object?[] arguments) => Outcome.OfAsync(async () =>
    {
        var task = (Task)run.Invoke(null, arguments)!;
        await task;
        return task.GetType().GetProperty("Result")?.GetValue(task);
    });

    /// <summary>Lets the runtime unload it.</summary>
    public void Dispose() => context.Unload();
}
