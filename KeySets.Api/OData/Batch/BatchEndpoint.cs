using KeySets.Api.Data;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Batch;

namespace KeySets.Api.OData.Batch;

/// <summary><c>POST /$batch</c>: several requests in one (OData Protocol section 11.7).</summary>
public static class BatchEndpoint
{
    /// <summary>
    /// Lets the parts of a batch enter the pipeline here. Each part passes all middleware that is added after this,
    /// like an HTTP request: for example, each is authorised by itself.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="before">
    /// Adds the middleware that a part passes first, in place of the middleware that only HTTP requests pass.
    /// </param>
    public static void UseBatchParts(this WebApplication app, Action<IApplicationBuilder> before) =>
        app.Services.GetRequiredService<BatchEntry>().StartAt(app, before);

    /// <summary>Maps the endpoint.</summary>
    public static void MapODataBatch(this WebApplication app) =>
        app.MapPost("/$batch", RunAsync).RequireAuthorization();

    private static Task RunAsync(
        HttpContext context, Database database, BatchCapacity capacity, TimeProvider time, BatchEntry entry)
    {
        if (context.Request.GetODataBatchId() is not null)
        {
            throw Refusal.NestedBatch();
        }

        if (RepeatabilityHeaders.AreIn(context.Request.Headers))
        {
            RepeatabilityHeaders.SetResult(context, isAccepted: false);
            throw Refusal.RepeatabilityOfBatch();
        }

        ProtocolChecks.CheckHeaders(context.Request);
        SystemQueryOptions.Canonicalize(context.Request);
        SystemQueryOptions.RefuseAll(context.Request);
        if (context.Request.Query.ContainsKey(SystemQueryOptions.Format))
        {
            throw Refusal.MisplacedQueryOption(SystemQueryOptions.Format);
        }

        return new BatchHandler(database, capacity, time) { PrefixName = "" }.ProcessBatchAsync(context, entry.Run);
    }
}
