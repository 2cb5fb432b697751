using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>The keys of a key set as a property of it, at <c>/trustFramework/keySets('{id}')/keys</c>.</summary>
public sealed class KeysController(KeySetQueries queries, KeySetStore store) : ODataController
{
    private const string Keys = "trustFramework/keySets({id})/keys";

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys</c>: reads the keys of a set.</summary>
    /// <returns>200 with the keys without private members; 304 if the client has them.</returns>
    [HttpGet(Keys)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get(string id)
    {
        (TrustFrameworkKeySet set, Selected<PagedCollection<TrustFrameworkKey>> keys) =
            await queries.FindKeysAsync(Request, id, KeySetsEdmModel.KeyType);
        return this.UnlessNotModified(EntityTag.TextOf(set), this.Shown(keys));
    }

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys/$count</c>: counts the keys of a set.</summary>
    /// <returns>200 with the number as text.</returns>
    [HttpGet($"{Keys}/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Count(string id) =>
        Ok(await queries.CountKeysAsync(Request, id, KeySetsEdmModel.KeyType));

    /// <summary>
    /// <c>PUT /trustFramework/keySets('{id}')/keys</c>: replaces the keys of a set by <c>{"value": […]}</c>.
    /// </summary>
    /// <returns>
    /// 200 with the keys as they were sent, private members included; 204 if the client prefers no body.
    /// </returns>
    [HttpPut(Keys)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Put(string id)
    {
        IList<TrustFrameworkKey> keys = await JsonBody.ReadAsync(Request, KeySetReader.ReadValue);
        KeySetRules.Admit(keys, "value", canLackSecrets: true);
        TrustFrameworkKeySet set = new() { Id = id, Keys = keys };
        StoredCheck check = StoredChecks.TakingKeys(StoredChecks.Existing(Request), keys, "value");
        await store.PutAsync(set, Authors.Of(Request), check);
        return this.Written(set, this.Whole(new PagedCollection<TrustFrameworkKey>(set.Keys)));
    }

    /// <summary>
    /// <c>POST /trustFramework/keySets('{id}')/keys</c>: adds a key to the end of a set (OData Protocol section
    /// 11.4.9.4).
    /// </summary>
    /// <returns>200 with the keys, the new one with its private members; 204 if the client prefers no body.</returns>
    [HttpPost(Keys)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Post(string id)
    {
        TrustFrameworkKey key = await JsonBody.ReadAsync(Request, KeySetReader.ReadKey);
        KeySetRules.Admit(key);
        StoredCheck check = StoredChecks.TakingKey(StoredChecks.Existing(Request), key);
        TrustFrameworkKeySet set = await store.AppendAsync(id, key, Authors.Of(Request), check);
        return this.Written(set, this.Whole(new PagedCollection<TrustFrameworkKey>(set.Keys)));
    }

    /// <summary><c>DELETE /trustFramework/keySets('{id}')/keys</c>: removes all keys of a set.</summary>
    /// <returns>204.</returns>
    [HttpDelete(Keys)]
    [Authorize(Permissions.ReadWrite)]
    public async Task<IActionResult> Delete(string id)
    {
        TrustFrameworkKeySet set = new() { Id = id };
        await store.PutAsync(set, Authors.Of(Request), StoredChecks.Existing(Request));
        return this.Changed(set, NoContent());
    }
}
