using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeySets.Api.Controllers;

/// <summary>
/// The published keys of a set, without a token. This resource is not part of the OData service: it has one format.
/// </summary>
[OutsideOData]
public sealed class JwksController(Database database, Publishing publishing, TimeProvider time) : ControllerBase
{
    /// <summary><c>GET /trustFramework/keySets('{id}')/jwks</c>: reads the published keys of a set.</summary>
    /// <returns>200 with the JSON Web Key Set; 304 if the client has it.</returns>
    [HttpGet($"trustFramework/keySets('{{id}}')/{KeySetOperations.Jwks}")]
    [AllowAnonymous]
    public Task Get() => new Jwks(database, publishing, time).AnswerAsync(HttpContext);
}
