using KeySets.Api.Data;
using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>
/// The keys of a key set as entities, at <c>/trustFramework/keySets('{id}')/keys_v2</c>. Their entity tag is that of
/// the set.
/// </summary>
public sealed class KeysV2Controller(KeySetQueries queries, KeySetStore store) : ODataController
{
    private const string Keys = "trustFramework/keySets({id})/keys_v2";
    private const string Key = $"{Keys}({{kid}})";

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2</c>: lists the keys of a set.</summary>
    /// <returns>200 with the keys without private members; 304 if the client has them.</returns>
    [HttpGet(Keys)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> List(string id)
    {
        (TrustFrameworkKeySet set, Selected<PagedCollection<TrustFrameworkKey>> keys) =
            await queries.FindKeysAsync(Request, id, KeySetsEdmModel.KeyV2Type);
        Selected<PagedCollection<TrustFrameworkKeyV2>> entities =
            new(keys.Value.As(key => new TrustFrameworkKeyV2(key, set)), keys.Selection);
        return this.UnlessNotModified(EntityTag.TextOf(set), this.Shown(entities));
    }

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2/$count</c>: counts the keys of a set.</summary>
    /// <returns>200 with the number as text.</returns>
    [HttpGet($"{Keys}/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Count(string id) =>
        Ok(await queries.CountKeysAsync(Request, id, KeySetsEdmModel.KeyV2Type));

    /// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: reads a key.</summary>
    /// <returns>200 with the key without private members; 304 if the client has it.</returns>
    [HttpGet(Key)]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get(string id, [FromKid] string kid)
    {
        Selected<TrustFrameworkKeyV2> key = await queries.FindKeyEntityAsync(Request, id, kid);
        return this.UnlessNotModified(EntityTag.TextOf(key.Value.KeySet), this.Shown(key));
    }

    /// <summary>
    /// <c>GET /trustFramework/keySets('{id}')/keys_v2('{kid}')/{property}</c>, <c>…/$value</c> and <c>…/x5c/$count</c>:
    /// reads a property of a key.
    /// </summary>
    /// <returns>200 with the value, as JSON or as text; 204 if it is null; 304 if the client has it.</returns>
    [HttpGet($"{Key}/[trustFrameworkKey_v2]")]
    [HttpGet($"{Key}/[trustFrameworkKey_v2]/$value")]
    [HttpGet($"{Key}/x5c/$count")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> GetProperty(string id, [FromKid] string kid)
    {
        KeyProperty property = KeyProperty.Of(Request);
        TrustFrameworkKeyV2 key = await queries.FindKeyForPropertyAsync(Request, id, kid);
        return this.UnlessNotModified(EntityTag.TextOf(key.KeySet), this.Shown(property.ValueOf(key)));
    }

    /// <summary><c>PATCH /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: enables or disables a key.</summary>
    /// <returns>204; 200 with the key if the client prefers that.</returns>
    [HttpPatch(Key)]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Patch(string id, [FromKid] string kid)
    {
        TrustFrameworkKeyStatus? status = await JsonBody.ReadAsync(Request, KeyEntityReader.ReadStatus);
        TrustFrameworkKeySet set = await store.SetStatusAsync(
            id, kid, status, Authors.Of(Request), StoredChecks.HavingKey(Request, kid));
        Preference<bool>? preference = Preferences.Return(Request.Headers);
        AppliedPreferences.Add(Response, preference);
        return this.Changed(set, preference is { Value: true }
            ? Ok(new TrustFrameworkKeyV2(set.Keys.Single(key => key.Kid == kid), set))
            : NoContent());
    }

    /// <summary><c>DELETE /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: removes a key from its set.</summary>
    /// <returns>204.</returns>
    [HttpDelete(Key)]
    [Authorize(Permissions.ReadWrite)]
    public async Task<IActionResult> Delete(string id, [FromKid] string kid)
    {
        await store.RemoveKeyAsync(id, kid, Authors.Of(Request), StoredChecks.HavingKey(Request, kid));
        return NoContent();
    }
}
