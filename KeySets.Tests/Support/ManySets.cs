using KeySets.Api.Data;
using KeySets.Model;

namespace KeySets.Tests.Support;

/// <summary>More sets than are moved at once.</summary>
public static class ManySets
{
    /// <summary>Stores sets with two keys each, whose private members nobody has sealed.</summary>
    public static async Task StoreAsync(KeySetsApplication application, int count, string prefix = "m")
    {
        IEnumerable<StoredSet> sets = Enumerable.Range(0, count).Select(number => New($"{prefix}-{number:D6}"));
        foreach (StoredSet[] page in sets.Chunk(500))
        {
            await application.Rows.WriteAsync(async rows =>
            {
                await rows.StoreAsync(page);
                return true;
            });
        }
    }

    private static StoredSet New(string id) => new(
        new TrustFrameworkKeySet
        {
            Id = id,
            Revision = Guid.NewGuid(),
            Keys = [new() { Kid = "1", Kty = "x" }, new() { Kid = "2", X5c = ["YWJj"] }],
        },
        [0, 3],
        [null, null]);
}
