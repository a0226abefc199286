using Microsoft.CodeAnalysis;

namespace DbSafety.Analyzers.Model;

/// <summary>What a builder in a configuration speaks about.</summary>
internal abstract record EfScope
{
    /// <summary>The whole model.</summary>
    public sealed record Model : EfScope;

    /// <summary>An entity, or an owned type.</summary>
    public sealed record Entity(EfEntity Declared) : EfScope;

    /// <summary>A property.</summary>
    public sealed record Property(EfEntity Owner, EfProperty Declared) : EfScope;

    /// <summary>An index.</summary>
    public sealed record Index(EfEntity Owner, EfIndex Declared) : EfScope;

    /// <summary>A key.</summary>
    public sealed record Key(EfEntity Owner, EfKey Declared) : EfScope;

    /// <summary>One end of a relation whose other end is still to come.</summary>
    public sealed record Half(EfEntity From, string? Lead, EfEntity To, bool IsMany) : EfScope;

    /// <summary>A relation.</summary>
    public sealed record Relation(EfRelation Declared) : EfScope;

    /// <summary>A relation of many to many.</summary>
    public sealed record Skip(EfSkip Declared) : EfScope;

    /// <summary>A table: <c>ToTable(t => ..)</c>.</summary>
    public sealed record Table(EfEntity Owner) : EfScope;

    /// <summary>A discriminator.</summary>
    public sealed record Discriminator(EfEntity Owner) : EfScope;

    /// <summary>A navigation.</summary>
    public sealed record Navigation(EfEntity Owner, string Name) : EfScope;

    /// <summary>The properties of a type.</summary>
    public sealed record TypeRule(ITypeSymbol Type) : EfScope;

    /// <summary>The parts of the model that it is made of: what is set there is seen only as far as it does no harm.</summary>
    public sealed record Metadata(EfEntity? Owner) : EfScope;

    /// <summary>Something that changes nothing that a schema has.</summary>
    public sealed record Harmless : EfScope;
}
