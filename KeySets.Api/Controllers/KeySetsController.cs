using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>The key sets at <c>/trustFramework/keySets</c>.</summary>
public sealed class KeySetsController(KeySetStore store, KeySetIds ids) : ODataController
{
    /// <summary><c>POST /trustFramework/keySets</c>: creates a key set.</summary>
    /// <returns>201 with the set as it was sent, private members included; 204 where the client prefers no body.</returns>
    [HttpPost("trustFramework/keySets")]
    [Authorize(Permissions.ReadWrite)]
    [TypeFilter<AcceptFilter>]
    public async Task<IActionResult> Post()
    {
        KeySetBody body = await JsonBody.ReadAsync(Request, KeySetReader.Read);
        TrustFrameworkKeySet set = new() { Id = ids.ForNewSet(body.Id), Keys = body.Keys ?? [] };
        KeySetRules.Admit(set.Keys);
        await store.AddAsync(set);

        string location = UriHelper.BuildAbsolute(Request.Scheme, Request.Host, Request.PathBase, $"/trustFramework/keySets('{set.Id}')");
        Response.Headers.Location = location;
        Response.Headers.ETag = EntityTag.Of(set);
        Response.Headers.CacheControl = "no-store";
        if (Preferences.ReturnMinimal(HttpContext))
        {
            Response.Headers["OData-EntityId"] = location;
            return NoContent();
        }

        return StatusCode(StatusCodes.Status201Created, set);
    }

    /// <summary><c>GET /trustFramework/keySets('{id}')</c> and <c>/trustFramework/keySets/{id}</c>: reads a key set.</summary>
    /// <returns>200 with the set without private members.</returns>
    [HttpGet("trustFramework/keySets({id})")]
    [HttpGet("trustFramework/keySets/{id}")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get(string id, [FromServices] KeySetsDbContext context)
    {
        TrustFrameworkKeySet set = await context.FindKeySetAsync(id) ?? throw Refusal.KeySetNotFound();
        Response.Headers.ETag = EntityTag.Of(set);
        return Ok(set);
    }
}
