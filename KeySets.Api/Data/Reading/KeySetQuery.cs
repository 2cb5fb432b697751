using System.Linq.Expressions;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>An ordering of a collection.</summary>
/// <param name="By">The value of an element that it orders by.</param>
/// <param name="Descending">Whether the greatest values come first.</param>
public sealed record Ordering<T>(Expression<Func<T, object?>> By, bool Descending = false);

/// <summary>
/// A query for the keys of each set. After the orderings, keys are ordered by their place in the set.
/// </summary>
/// <param name="Filters">The conditions, all of which a key fulfils.</param>
/// <param name="Orderings">The orderings.</param>
public sealed record KeyQuery(
    IReadOnlyList<Expression<Func<TrustFrameworkKey, bool>>> Filters,
    IReadOnlyList<Ordering<TrustFrameworkKey>> Orderings)
{
    /// <summary>Every key, in the order of the set.</summary>
    public static KeyQuery All { get; } = new([], []);

    /// <summary>Whether the query is for every key, in the order of the set.</summary>
    public bool IsAll => this is { Filters: [], Orderings: [] };
}

/// <summary>A query for key sets.</summary>
public sealed record KeySetQuery
{
    /// <summary>The conditions, all of which a set fulfils.</summary>
    public IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> Filters { get; init; } = [];

    /// <summary>The orderings, completed by <see cref="KeySetReads.WithId"/>.</summary>
    public IReadOnlyList<Ordering<TrustFrameworkKeySet>> Orderings { get; init; } = KeySetReads.WithId([]);

    /// <summary>The values of the orderings of the last set before the page; null for the first page.</summary>
    public IReadOnlyList<object?>? After { get; init; }

    /// <summary>How many sets are skipped.</summary>
    public int Skip { get; init; }

    /// <summary>The most sets of a page.</summary>
    public int Take { get; init; } = 1;

    /// <summary>The keys of each set; null for sets without their keys.</summary>
    public KeyQuery? Keys { get; init; } = KeyQuery.All;

    /// <summary>
    /// The keys of each set as entities, if they are other ones than <see cref="Keys"/>, which are all then; else null.
    /// </summary>
    public KeyQuery? Entities { get; init; }

    /// <summary>Whether the query is for sets in the order of their ids, with all of their keys.</summary>
    public bool IsPlain => this is { Filters: [], Orderings: [{ Descending: false }], Skip: 0 }
        && this is { Keys.IsAll: true, Entities: null }
        && SeekPagination.IsBy(Orderings[0], nameof(TrustFrameworkKeySet.Id));
}

/// <summary>A page of key sets.</summary>
/// <param name="Sets">The sets without private members.</param>
/// <param name="Last">If there are more sets: the values of the orderings of the last set; otherwise null.</param>
public sealed record KeySetPage(IReadOnlyList<TrustFrameworkKeySet> Sets, IReadOnlyList<object?>? Last);
