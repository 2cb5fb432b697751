using KeySets.Api.Data;
using KeySets.Api.OData;
using KeySets.Api.OData.Query;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>The keys of a key set as entities, at <c>/trustFramework/keySets('{id}')/keys_v2</c>. Their ETag is that of the set.</summary>
public sealed class KeysV2Controller(KeySetReads reads, KeySetStore store) : ODataController
{
    private const string Keys = "trustFramework/keySets({id})/keys_v2";
    private const string Key = $"{Keys}({{placeholder}})";

    private string Kid => KeyAddress.Kid(HttpContext);

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2</c>: lists the keys of a set.</summary>
    /// <returns>200 with the keys without private members; 304 where the client has them.</returns>
    [HttpGet(Keys)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> List(string id)
    {
        (TrustFrameworkKeySet set, PagedCollection<TrustFrameworkKeyV2> keys) = await reads.FindKeyEntitiesAsync(Request, id);
        return Preconditions.IsNotModified(HttpContext, set) ? StatusCode(StatusCodes.Status304NotModified) : Ok(keys);
    }

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2/$count</c>: counts the keys of a set.</summary>
    /// <returns>200 with the number as text.</returns>
    [HttpGet($"{Keys}/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Count(string id) => Ok(await reads.CountKeysAsync(Request, id, KeySetsEdmModel.KeyV2Type));

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: reads a key.</summary>
    /// <returns>200 with the key without private members; 304 where the client has it.</returns>
    [HttpGet(Key)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get(string id)
    {
        TrustFrameworkKeyV2 key = await reads.FindKeyEntityAsync(Request, id, Kid);
        return Preconditions.IsNotModified(HttpContext, key.KeySet) ? StatusCode(StatusCodes.Status304NotModified) : Ok(key);
    }

    /// <summary><c>PATCH /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: enables or disables a key.</summary>
    /// <returns>204; 200 with the key where the client prefers that.</returns>
    [HttpPatch(Key)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Patch(string id)
    {
        TrustFrameworkKeyStatus? status = await JsonBody.ReadAsync(Request, KeyEntityReader.ReadStatus);
        TrustFrameworkKeySet set = await store.SetStatusAsync(id, Kid, status, Check());
        Response.Headers.ETag = EntityTag.Of(set).ToString();
        return Preferences.ReturnRepresentation(HttpContext)
            ? Ok(new TrustFrameworkKeyV2(set.Keys.Single(key => key.Kid == Kid), set))
            : NoContent();
    }

    /// <summary><c>DELETE /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: removes a key from its set.</summary>
    /// <returns>204.</returns>
    [HttpDelete(Key)]
    [Authorize(Permissions.ReadWrite)]
    public async Task<IActionResult> Delete(string id)
    {
        await store.RemoveKeyAsync(id, Kid, Check());
        return NoContent();
    }

    private StoredCheck Check()
    {
        Preconditions preconditions = new(Request.Headers);
        return stored => preconditions.CheckExisting(stored, Kid);
    }
}
