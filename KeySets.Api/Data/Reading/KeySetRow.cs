using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>A row of a page.</summary>
/// <param name="id">The id of the set.</param>
/// <param name="revision">Its revision.</param>
/// <param name="values">The values that the set was ordered by.</param>
/// <param name="keys">Its keys; null if the query is for sets without keys, or for <paramref name="rows"/>.</param>
/// <param name="rows">All keys of the set, in the order of its entities; null if the entities are the keys.</param>
public sealed class KeySetRow(
    string id,
    Guid revision,
    IReadOnlyList<object?> values,
    IEnumerable<TrustFrameworkKey>? keys,
    IEnumerable<KeyRow>? rows)
{
    /// <summary>The set, without private members.</summary>
    public TrustFrameworkKeySet Set { get; } =
        rows is null ? WithKeys(id, revision, keys ?? []) : WithEntities(id, revision, [.. rows]);

    /// <summary>The values that the set was ordered by.</summary>
    public IReadOnlyList<object?> Values => values;

    private static TrustFrameworkKeySet WithKeys(string id, Guid revision, IEnumerable<TrustFrameworkKey> keys) =>
        new() { Id = id, Revision = revision, Keys = [.. keys] };

    private static TrustFrameworkKeySet WithEntities(string id, Guid revision, KeyRow[] rows)
    {
        TrustFrameworkKeySet set = WithKeys(id, revision, rows.OrderBy(row => row.Ordinal).Select(row => row.Key));
        return new TrustFrameworkKeySet
        {
            Id = id,
            Revision = revision,
            Keys = set.Keys,
            KeysV2 = [.. rows.Where(row => row.IsEntity != 0).Select(row => new TrustFrameworkKeyV2(row.Key, set))],
        };
    }
}

/// <summary>A key of a row.</summary>
/// <param name="Key">The key.</param>
/// <param name="Ordinal">Its place in the set, from 0.</param>
/// <param name="IsEntity">
/// 1 if the query wants it as an entity, else 0: a condition can be null, a number cannot.
/// </param>
public sealed record KeyRow(TrustFrameworkKey Key, int Ordinal, int IsEntity);
