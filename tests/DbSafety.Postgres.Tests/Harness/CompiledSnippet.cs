using System.Reflection;
using System.Runtime.Loader;

namespace DbSafety.Postgres.Tests.Harness;

/// <summary>A snippet that is loaded and ready to run. Disposing lets it be unloaded.</summary>
public sealed class CompiledSnippet : IDisposable
{
    private readonly AssemblyLoadContext context = new("Snippet", isCollectible: true);
    private readonly Type type;

    internal CompiledSnippet(Stream image)
    {
        type = context.LoadFromStream(image).GetType("Snippet")
            ?? throw new InvalidOperationException("The source has no class 'Snippet'.");
    }

    /// <summary>Runs its method <c>Run</c>; what it throws is part of the outcome.</summary>
    public Task<Outcome> RunAsync(params object?[] arguments) => CallAsync("Run", arguments);

    /// <summary>Runs one of its methods.</summary>
    public Task<Outcome> CallAsync(string method, params object?[] arguments) => Outcome.OfAsync(async () =>
    {
        var run = Method(method);
        var task = (Task)run.Invoke(null, arguments)!;
        await task;
        return task.GetType().GetProperty("Result")?.GetValue(task);
    });

    /// <summary>A method of it.</summary>
    /// <exception cref="InvalidOperationException">It has none of that name.</exception>
    public MethodInfo Method(string name) => type.GetMethod(name, BindingFlags.Public | BindingFlags.Static)
        ?? throw new InvalidOperationException($"The class 'Snippet' has no public static method '{name}'.");

    /// <summary>Lets the runtime unload it.</summary>
    public void Dispose() => context.Unload();
}
