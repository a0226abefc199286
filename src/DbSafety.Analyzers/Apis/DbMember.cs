namespace DbSafety.Analyzers.Apis;

/// <summary>One row of the table of members that go to the database without taking SQL text: they run a command, or a query that was composed before.</summary>
/// <param name="Library">The library that it belongs to.</param>
/// <param name="Type">The metadata name of the declaring type; types that derive from it or implement it count too.</param>
/// <param name="Member">The name of the method.</param>
/// <param name="Effects">What it does.</param>
public sealed record DbMember(DbLibrary Library, string Type, string Member, DbEffects Effects);
