using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Controllers;

/// <summary>
/// The checks of the stored set that the store runs before a request changes it. Each follows the preconditions.
/// </summary>
internal static class StoredChecks
{
    /// <summary>Checks that the set exists.</summary>
    /// <exception cref="RefusalException">400: a header is malformed. The check: 404, 412.</exception>
    public static StoredCheck Existing(HttpRequest request)
    {
        Preconditions preconditions = new(request.Headers);
        return stored => preconditions.Check(stored ?? throw Refusal.KeySetNotFound());
    }

    /// <summary>Checks that the set exists and has a key.</summary>
    /// <exception cref="RefusalException">400: a header is malformed. The check: 404, 412.</exception>
    public static StoredCheck HavingKey(HttpRequest request, string kid)
    {
        StoredCheck existing = Existing(request);
        return stored =>
        {
            if (stored?.Keys.Any(key => key.Kid == kid) == false)
            {
                throw Refusal.KeyNotFound();
            }

            existing(stored);
        };
    }

    /// <summary>Checks that the set exists and that a key can join it.</summary>
    /// <param name="existing">Checks that the set exists.</param>
    /// <param name="key">The key, which has been checked by itself.</param>
    /// <returns>The check: 400, 404, 412, 413.</returns>
    public static StoredCheck TakingKey(StoredCheck existing, TrustFrameworkKey key) => stored =>
    {
        existing(stored);
        KeySetRules.AdmitBeside(stored!.Keys, key);
    };

    /// <summary>
    /// Checks that the set exists, and that a key with its certificates can join it or renew the same key.
    /// </summary>
    /// <param name="existing">Checks that the set exists.</param>
    /// <param name="key">The key, which has been checked by itself.</param>
    /// <returns>The check: 400, 404, 412, 413.</returns>
    public static StoredCheck TakingCertificate(StoredCheck existing, TrustFrameworkKey key) => stored =>
    {
        existing(stored);
        KeySetRules.AdmitCertificate(stored!.Keys, key);
    };

    /// <summary>Checks that the keys of a set can be replaced by others.</summary>
    /// <param name="check">Checks the set.</param>
    /// <param name="keys">The keys, which have been checked by themselves.</param>
    /// <param name="path">The path of the keys in the body, for the refusal.</param>
    /// <returns>The check: 400, and the refusals of the other one.</returns>
    public static StoredCheck TakingKeys(StoredCheck check, IList<TrustFrameworkKey> keys, string path) => stored =>
    {
        check(stored);
        KeySetRules.AdmitInPlaceOf(stored?.Keys ?? [], keys, path);
    };

    /// <summary>Checks, if the set does not exist, that it can be created with this id.</summary>
    /// <exception cref="RefusalException">400: a header is malformed. The check: 400, 412.</exception>
    public static StoredCheck ExistingOrNew(HttpRequest request, KeySetIds ids, string id)
    {
        Preconditions preconditions = new(request.Headers);
        return stored =>
        {
            preconditions.Check(stored);
            if (stored is null)
            {
                ids.CheckNew(id);
            }
        };
    }
}
