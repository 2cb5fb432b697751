using System.Security.Claims;
using KeySets.Api.Capacity;
using KeySets.Api.Diagnostics;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// A change set that can be sent again: all of its requests have the same headers (Repeatable Requests section 7.4).
/// </summary>
public static class RepeatableGroup
{
    /// <summary>
    /// Finds out whether a change set is repeatable. If a client may not write, it is not: it will fail as a whole.
    /// </summary>
    /// <exception cref="RefusalException">
    /// 400: a header is missing, malformed, or not the same for all; 412: it is too old; 413: a body is too large.
    /// </exception>
    public static async Task<RepeatableRequest?> FindAsync(IReadOnlyList<HttpContext> parts)
    {
        if (!parts.Any(part => RepeatabilityHeaders.AreIn(part.Request.Headers)))
        {
            return null;
        }

        List<(HttpRequest Request, ReadOnlyMemory<byte> Body)> requests = [];
        List<ClaimsPrincipal?> writers = [];
        foreach (HttpContext part in parts)
        {
            RepeatabilityHeaders.SetResult(part, isAccepted: false);
            requests.Add((part.Request, await JsonBody.PeekBytesAsync(part.Request)));
            writers.Add(await BatchPart.FindWriterAsync(part));
        }

        TimeProvider time = parts[0].RequestServices.GetRequiredService<TimeProvider>();
        string callers = string.Join('\n', writers.OfType<ClaimsPrincipal>().Select(CallerSeats.NameOf).Distinct());
        RepeatableRequest request = RepeatableRequest.Of(callers, requests, time.GetUtcNow());
        request.Accept(parts);
        return writers.Contains(null) ? null : request;
    }

    /// <summary>Completes the answers of a change set that was carried out before.</summary>
    public static void Complete(IReadOnlyList<HttpContext> parts, BatchState batch)
    {
        foreach (HttpContext part in parts.Where(part => !RequestIds.AreAssigned(part)))
        {
            RequestIds.Assign(part);
            ProtocolHeaders.Complete(part);
            BatchPart.Locate(part, batch.Resolve(part.Request.Path), batch);
        }
    }
}
