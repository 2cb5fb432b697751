using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Query;
using Microsoft.AspNetCore.OData.Batch;

namespace KeySets.Api.OData.Batch;

/// <summary><c>POST /$batch</c>: several requests in one (OData Protocol section 11.7).</summary>
public static class BatchEndpoint
{
    /// <summary>Maps the endpoint. Each part of a batch passes whatever is added after this, as every request does: it is authorised by itself.</summary>
    public static void UseODataBatch(this WebApplication app)
    {
        RequestDelegate? pipeline = null;
        app.Use(next => pipeline = next);
        app.MapPost("/$batch", (HttpContext context, KeySetStore store) => RunAsync(context, store, pipeline!)).RequireAuthorization();
    }

    private static Task RunAsync(HttpContext context, KeySetStore store, RequestDelegate pipeline)
    {
        if (context.Request.GetODataBatchId() is not null)
        {
            throw Refusal.NestedBatch();
        }

        ProtocolChecks.CheckHeaders(context.Request);
        SystemQueryOptions.Canonicalize(context.Request);
        SystemQueryOptions.RefuseAll(context.Request);
        if (context.Request.Query.ContainsKey(SystemQueryOptions.Format))
        {
            throw Refusal.MisplacedQueryOption(SystemQueryOptions.Format);
        }

        return new BatchHandler(store) { PrefixName = "" }.ProcessBatchAsync(context, pipeline);
    }
}
