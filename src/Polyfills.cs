namespace System.Runtime.CompilerServices;

/// <summary>Lets netstandard2.0 code use <c>init</c> accessors and records; the compiler asks for this type by name.</summary>
internal static class IsExternalInit
{
}
