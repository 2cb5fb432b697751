using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>A row of a page.</summary>
/// <param name="stored">The set, with its keys unless <paramref name="keys"/> holds them.</param>
/// <param name="values">The values that the set was ordered by.</param>
/// <param name="keys">All keys of the set, in the order of its entities; null if the set has its keys already.</param>
public sealed class KeySetRow(
    TrustFrameworkKeySet stored, IReadOnlyList<object?> values, IEnumerable<KeyRow>? keys)
{
    /// <summary>The set, without private members.</summary>
    public TrustFrameworkKeySet Set { get; } = keys is null ? stored : new TrustFrameworkKeySet
    {
        Id = stored.Id,
        Revision = stored.Revision,
        Keys = [.. keys.OrderBy(row => row.Ordinal).Select(row => row.Key)],
        KeysV2 = [.. keys.Where(row => row.IsEntity != 0).Select(row => new TrustFrameworkKeyV2(row.Key, stored))],
    };

    /// <summary>The values that the set was ordered by.</summary>
    public IReadOnlyList<object?> Values => values;
}

/// <summary>A key of a row.</summary>
/// <param name="Key">The key.</param>
/// <param name="Ordinal">Its place in the set, from 0.</param>
/// <param name="IsEntity">
/// 1 if the query wants it as an entity, else 0: a condition can be null, a number cannot.
/// </param>
public sealed record KeyRow(TrustFrameworkKey Key, int Ordinal, int IsEntity);
