using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Controllers;

/// <summary>The key of a set that is in use now, and how long an answer with it is good.</summary>
internal static class ActiveKeys
{
    /// <summary>Finds the key, and limits the lifetime of the answer to the time until another key is active.</summary>
    /// <exception cref="RefusalException">404: no key is active.</exception>
    public static TrustFrameworkKey Find(TrustFrameworkKeySet set, HttpResponse response, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        TrustFrameworkKey key = ActiveKey.Find(set.Keys, now.ToUnixTimeSeconds()) ?? throw Refusal.NoActiveKey();
        TimeSpan lifetime = CacheLifetime.Until(ActiveKey.NextChange(set.Keys, now.ToUnixTimeSeconds()), now);
        response.Headers.CacheControl = $"max-age={(long)lifetime.TotalSeconds}, private";
        return key;
    }
}
