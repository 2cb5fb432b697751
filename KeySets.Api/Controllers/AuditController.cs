using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace KeySets.Api.Controllers;

/// <summary>The audit events at <c>/trustFramework/auditEvents</c>, which can only be read.</summary>
public sealed class AuditController(AuditQueries queries) : ODataController
{
    private const string Events = $"trustFramework/{KeySetsEdmModel.AuditEvents}";

    /// <summary><c>GET /trustFramework/auditEvents</c>: lists events, the newest first, a page at a time.</summary>
    /// <returns>200 with the events.</returns>
    [HttpGet(Events)]
    [Authorize(Permissions.ReadAudit)]
    public async Task<IActionResult> List()
    {
        Preference<int>? maxPageSize = Preferences.MaxPageSize(Request.Headers);
        Selected<PagedCollection<AuditEvent>> events = await queries.ListAsync(Request, maxPageSize?.Value);
        AppliedPreferences.Add(Response, maxPageSize);
        return this.Shown(events);
    }

    /// <summary><c>GET /trustFramework/auditEvents/$count</c>: counts events.</summary>
    /// <returns>200 with the number as text.</returns>
    [HttpGet($"{Events}/$count")]
    [Authorize(Permissions.ReadAudit)]
    public async Task<IActionResult> Count() => Ok(await queries.CountAsync(Request));
}
