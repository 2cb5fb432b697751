using System.Linq.Expressions;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>What a collection is ordered by.</summary>
/// <param name="By">The value of an element.</param>
/// <param name="Descending">Whether the greatest come first.</param>
public sealed record Ordering<T>(Expression<Func<T, object?>> By, bool Descending = false);

/// <summary>
/// What is read of the keys of each set. Their place in the set is the last thing that they are ordered by.
/// </summary>
/// <param name="Filter">Which; null for every one.</param>
/// <param name="Orderings">In which order.</param>
public sealed record KeyQuery(
    Expression<Func<TrustFrameworkKey, bool>>? Filter, IReadOnlyList<Ordering<TrustFrameworkKey>> Orderings)
{
    /// <summary>Every key in its place.</summary>
    public static KeyQuery All { get; } = new(null, []);
}

/// <summary>What is read of the key sets.</summary>
public sealed record KeySetQuery
{
    /// <summary>Conditions, all of which hold.</summary>
    public IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> Filters { get; init; } = [];

    /// <summary>In which order, <see cref="KeySetReads.WithId"/>.</summary>
    public IReadOnlyList<Ordering<TrustFrameworkKeySet>> Orderings { get; init; } = KeySetReads.WithId([]);

    /// <summary>The values of the orderings of the set after which the page begins; null for the first page.</summary>
    public IReadOnlyList<object?>? After { get; init; }

    /// <summary>How many sets are left out.</summary>
    public int Skip { get; init; }

    /// <summary>The most sets of a page.</summary>
    public int Take { get; init; } = 1;

    /// <summary>The keys of each set; null for sets without their keys.</summary>
    public KeyQuery? Keys { get; init; } = KeyQuery.All;
}

/// <summary>A page of key sets.</summary>
/// <param name="Sets">The sets without private members.</param>
/// <param name="Last">Where there are more: the values of the orderings of the last set of the page.</param>
public sealed record KeySetPage(IReadOnlyList<TrustFrameworkKeySet> Sets, IReadOnlyList<object?>? Last);
