using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Controllers;

/// <summary>Creates the set of a <c>POST /trustFramework/keySets</c>.</summary>
internal static class NewSets
{
    /// <summary>Reads the set from the body, checks it and stores it.</summary>
    /// <returns>The set as it was sent, with its id and its revision.</returns>
    /// <exception cref="RefusalException">
    /// 400: the body is no set; 409: there is one with this id; 413, 415: the body cannot be read; 503, 507: see
    /// <see cref="KeySetStore"/>.
    /// </exception>
    public static async Task<TrustFrameworkKeySet> CreateAsync(HttpRequest request, KeySetIds ids, KeySetStore store)
    {
        KeySetBody body = await JsonBody.ReadAsync(request, KeySetReader.Read);
        string id = ids.ForNewSet(body.Id, otherwise: RepeatableRequest.NewSetIdOf(request.HttpContext));
        TrustFrameworkKeySet set = new() { Id = id, Keys = body.Keys ?? [] };
        KeySetRules.Admit(set.Keys);
        await store.AddAsync(set, Authors.Of(request));
        return set;
    }
}
