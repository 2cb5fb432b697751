using KeySets.Api.OData.Queries;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>The singleton at <c>/trustFramework</c>.</summary>
public sealed class TrustFrameworkController(TrustFrameworkQueries queries) : ODataController
{
    /// <summary><c>GET /trustFramework</c>: reads the singleton.</summary>
    /// <returns>200 with the singleton; with a page of its key sets for <c>$expand=keySets</c>.</returns>
    [HttpGet("trustFramework")]
    [Authorize(Permissions.Read)]
    public async Task<IActionResult> Get() => this.Shown(await queries.FindAsync(Request));

    /// <summary><c>GET /trustFramework/id</c> and <c>/id/$value</c>: reads the id of the singleton.</summary>
    /// <returns>200 with the id, as JSON or as text.</returns>
    [HttpGet("trustFramework/id")]
    [HttpGet("trustFramework/id/$value")]
    [Authorize(Permissions.Read)]
    public IActionResult GetId() => Ok(TrustFrameworkQueries.FindForProperty(Request).Id);
}
