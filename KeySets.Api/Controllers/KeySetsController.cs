using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData;
using KeySets.Api.OData.Query;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>The key sets at <c>/trustFramework/keySets</c>.</summary>
public sealed class KeySetsController(KeySetReads reads, KeySetStore store, KeySetIds ids) : ODataController
{
    private const string KeySets = "trustFramework/keySets";
    private const string KeySet = $"{KeySets}({{id}})";

    /// <summary><c>GET /trustFramework/keySets</c>: lists key sets, a page at a time.</summary>
    /// <returns>200 with the sets, without private members.</returns>
    [HttpGet(KeySets)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> List() => Ok(await reads.ListAsync(HttpContext));

    /// <summary><c>GET /trustFramework/keySets/$count</c>: counts key sets.</summary>
    /// <returns>200 with the number as text.</returns>
    [HttpGet($"{KeySets}/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Count() => Ok(await reads.CountAsync(Request));

    /// <summary><c>POST /trustFramework/keySets</c>: creates a key set.</summary>
    /// <returns>201 with the set as it was sent, private members included; 204 where the client prefers no body.</returns>
    [HttpPost(KeySets)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Post()
    {
        KeySetBody body = await JsonBody.ReadAsync(Request, KeySetReader.Read);
        TrustFrameworkKeySet set = new() { Id = ids.ForNewSet(body.Id), Keys = body.Keys ?? [] };
        KeySetRules.Admit(set.Keys);
        await store.AddAsync(set);
        return Written(set, created: true);
    }

    /// <summary><c>GET /trustFramework/keySets('{id}')</c>: reads a key set.</summary>
    /// <returns>200 with the set without private members; 304 where the client has it.</returns>
    [HttpGet(KeySet)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get(string id)
    {
        TrustFrameworkKeySet set = await reads.FindAsync(Request, id);
        return Preconditions.IsNotModified(HttpContext, set) ? StatusCode(StatusCodes.Status304NotModified) : Ok(set);
    }

    /// <summary><c>GET /trustFramework/keySets('{id}')/id</c> and <c>/id/$value</c>: reads the id of a key set.</summary>
    /// <returns>200 with the id, as JSON or as text; 304 where the client has it.</returns>
    [HttpGet($"{KeySet}/id")]
    [HttpGet($"{KeySet}/id/$value")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> GetId(string id)
    {
        TrustFrameworkKeySet set = await reads.FindAsync(Request, id);
        return Preconditions.IsNotModified(HttpContext, set) ? StatusCode(StatusCodes.Status304NotModified) : Ok(set.Id);
    }

    /// <summary><c>PUT /trustFramework/keySets('{id}')</c>: replaces a key set, or creates it. What is not sent is as in a new set; what is disabled stays so.</summary>
    /// <returns>200 or 201 with the set as it was sent, private members included; 204 where the client prefers no body.</returns>
    [HttpPut(KeySet)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Put(string id) =>
        await PutAsync(id, (await JsonBody.ReadAsync(Request, KeySetReader.Read)).Keys ?? []);

    /// <summary><c>PATCH /trustFramework/keySets('{id}')</c>: changes what is sent of a key set, or creates it.</summary>
    /// <returns>200 or 201 with the set; private members of the keys that were sent are included; 204 where the client prefers no body.</returns>
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

        (TrustFrameworkKeySet set, bool created) = await store.EnsureAsync(id, Check(id));
        return Written(set, created);
    }

    /// <summary><c>DELETE /trustFramework/keySets('{id}')</c>: removes a key set with its keys.</summary>
    /// <returns>204.</returns>
    [HttpDelete(KeySet)]
    [Authorize(Permissions.ReadWrite)]
    public async Task<IActionResult> Delete(string id)
    {
        await store.DeleteAsync(id, new Preconditions(Request.Headers).CheckExisting);
        return NoContent();
    }

    private async Task<IActionResult> PutAsync(string id, IList<TrustFrameworkKey> keys)
    {
        KeySetRules.Admit(keys);
        TrustFrameworkKeySet set = new() { Id = id, Keys = keys };
        return Written(set, await store.PutAsync(set, Check(id)));
    }

    /// <remarks>The id in the body is ignored: the URL says which set it is, and an id never changes (OData Protocol section 11.4.3).</remarks>
    private StoredCheck Check(string id)
    {
        Preconditions preconditions = new(Request.Headers);
        return stored =>
        {
            preconditions.Check(stored);
            if (stored is null)
            {
                ids.CheckNew(id);
            }
        };
    }

    private IActionResult Written(TrustFrameworkKeySet set, bool created)
    {
        Response.Headers.Location = created ? Addresses.Of(Request, set.Id).AbsoluteUri : default(string);
        Response.Headers.ETag = EntityTag.Of(set).ToString();
        Response.Headers.CacheControl = "no-store";
        if (Preferences.ReturnMinimal(HttpContext))
        {
            // Of a change there is none, as there is no Location: clients take one without the other for a mistake.
            Response.Headers["OData-EntityId"] = Response.Headers.Location;
            return NoContent();
        }

        return StatusCode(created ? StatusCodes.Status201Created : StatusCodes.Status200OK, set);
    }
}
