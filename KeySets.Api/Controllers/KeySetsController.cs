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

/// <summary>The key sets at <c>/trustFramework/keySets</c>.</summary>
public sealed class KeySetsController(KeySetQueries queries, KeySetStore store, KeySetIds ids) : ODataController
{
    private const string KeySets = "trustFramework/keySets";
    private const string KeySet = $"{KeySets}({{id}})";

    /// <summary><c>GET /trustFramework/keySets</c>: lists key sets, a page at a time.</summary>
    /// <returns>200 with the sets, without private members.</returns>
    [HttpGet(KeySets)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> List()
    {
        Preference<int>? maxPageSize = Preferences.MaxPageSize(Request.Headers);
        Selected<PagedCollection<TrustFrameworkKeySet>> sets = await queries.ListAsync(Request, maxPageSize?.Value);
        AppliedPreferences.Add(Response, maxPageSize);
        return this.Shown(sets);
    }

    /// <summary><c>GET /trustFramework/keySets/$count</c>: counts key sets.</summary>
    /// <returns>200 with the number as text.</returns>
    [HttpGet($"{KeySets}/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Count() => Ok(await queries.CountAsync(Request));

    /// <summary><c>POST /trustFramework/keySets</c>: creates a key set.</summary>
    /// <returns>201 with the set as it was sent, private members included; 204 if the client prefers no body.</returns>
    [HttpPost(KeySets)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Post() =>
        this.Written(await NewSets.CreateAsync(Request, ids, store), created: true);

    /// <summary><c>GET /trustFramework/keySets('{id}')</c>: reads a key set.</summary>
    /// <returns>200 with the set without private members; 304 if the client has it.</returns>
    [HttpGet(KeySet)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get(string id)
    {
        Selected<TrustFrameworkKeySet> set = await queries.FindAsync(Request, id);
        return this.UnlessNotModified(EntityTag.TextOf(set.Value), this.Shown(set));
    }

    /// <summary>
    /// <c>GET /trustFramework/keySets('{id}')/id</c> and <c>/id/$value</c>: reads the id of a key set.
    /// </summary>
    /// <returns>200 with the id, as JSON or as text; 304 if the client has it.</returns>
    [HttpGet($"{KeySet}/id")]
    [HttpGet($"{KeySet}/id/$value")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> GetId(string id)
    {
        TrustFrameworkKeySet set = await queries.FindForPropertyAsync(Request, id);
        return this.UnlessNotModified(EntityTag.TextOf(set), Ok(set.Id));
    }

    /// <summary>
    /// <c>PUT /trustFramework/keySets('{id}')</c>: replaces a key set, or creates it. Disabled keys stay disabled.
    /// </summary>
    /// <returns>
    /// 200 or 201 with the set as it was sent, private members included; 204 if the client prefers no body.
    /// </returns>
    [HttpPut(KeySet)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Put(string id) =>
        await PutAsync(id, (await JsonBody.ReadAsync(Request, KeySetReader.Read)).Keys ?? []);

    /// <summary>
    /// <c>PATCH /trustFramework/keySets('{id}')</c>: changes the members of a key set that are sent, or creates it.
    /// </summary>
    /// <returns>
    /// 200 or 201 with the set, including the private members of the keys that were sent; 204 if the client prefers no
    /// body.
    /// </returns>
    [HttpPatch(KeySet)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Patch(string id)
    {
        KeySetBody body = await JsonBody.ReadAsync(Request, KeySetReader.Read);
        if (body.Keys is not null)
        {
            return await PutAsync(id, body.Keys);
        }

        (TrustFrameworkKeySet set, bool created) =
            await store.EnsureAsync(id, Authors.Of(Request), StoredChecks.ExistingOrNew(Request, ids, id));
        return this.Written(set, created);
    }

    /// <summary><c>DELETE /trustFramework/keySets('{id}')</c>: removes a key set with its keys.</summary>
    /// <returns>204.</returns>
    [HttpDelete(KeySet)]
    [Authorize(Permissions.ReadWrite)]
    public async Task<IActionResult> Delete(string id)
    {
        await store.DeleteAsync(id, Authors.Of(Request), StoredChecks.Existing(Request));
        return NoContent();
    }

    /// <remarks>
    /// It ignores the id in the body: the URL names the set, and an id never changes (OData Protocol section 11.4.3).
    /// </remarks>
    private async Task<IActionResult> PutAsync(string id, IList<TrustFrameworkKey> keys)
    {
        KeySetRules.Admit(keys, canLackSecrets: true);
        TrustFrameworkKeySet set = new() { Id = id, Keys = keys };
        StoredCheck check = StoredChecks.TakingKeys(StoredChecks.ExistingOrNew(Request, ids, id), keys, "keys");
        return this.Written(set, created: await store.PutAsync(set, Authors.Of(Request), check));
    }
}
