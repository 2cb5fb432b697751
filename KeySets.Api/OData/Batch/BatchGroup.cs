using KeySets.Api.Data;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.OData;

namespace KeySets.Api.OData.Batch;

/// <summary>Parts of a batch that succeed or fail together: a change set, an atomicity group, or one request by itself.</summary>
/// <param name="Parts">The requests.</param>
/// <param name="Locations">The URLs of what was created, by Content-ID; shared by all groups of the batch.</param>
/// <param name="IsAtomic">Whether a failure of one undoes the others.</param>
public sealed record BatchGroup(IReadOnlyList<HttpContext> Parts, IDictionary<string, string> Locations, bool IsAtomic)
{
    private string? _name;
    private HttpContext? _failed;

    /// <summary>Runs the requests.</summary>
    /// <returns>Whether all of them succeeded.</returns>
    public async Task<bool> RunAsync(RequestDelegate pipeline, KeySetStore store, JsonBatch batch)
    {
        _name = batch.GroupOf(Parts[0].Request.GetODataContentId());
        if (IsAtomic)
        {
            await RunAtomicallyAsync(pipeline, store, batch);
        }
        else
        {
            await RunPartsAsync(pipeline, batch);
        }

        foreach (HttpContext part in _failed is null ? [] : Parts)
        {
            batch.Fail(part.Request.GetODataContentId());
        }

        return _failed is null;
    }

    /// <summary>The answers. A change set that failed has one; in JSON each request has its own (OData JSON section 19.2).</summary>
    public ODataBatchResponseItem Response(bool isJson) => (IsAtomic, _failed) switch
    {
        (false, _) => new OperationResponseItem(Parts[0]),
        (true, { } failed) when !isJson => new OperationResponseItem(failed),
        _ => new GroupResponse(Parts, _name),
    };

    private async Task RunAtomicallyAsync(RequestDelegate pipeline, KeySetStore store, JsonBatch batch)
    {
        try
        {
            await store.AllOrNothingAsync(() => RunPartsAsync(pipeline, batch));
        }
        catch (RefusalException refusal)
        {
            // Begun or committed in vain.
            _failed ??= Parts[0];
            await BatchPart.RefuseAsync(_failed, refusal);
        }

        foreach (HttpContext part in Parts.Where(part => _failed is not null && part != _failed))
        {
            await BatchPart.RefuseAsync(part, Refusal.FailedDependency());
        }
    }

    private async Task<bool> RunPartsAsync(RequestDelegate pipeline, JsonBatch batch)
    {
        foreach (HttpContext part in Parts)
        {
            if (batch.HasFailedFor(part.Request.GetODataContentId()))
            {
                await BatchPart.RefuseAsync(part, Refusal.FailedDependency());
            }
            else if (IsAtomic && HttpMethods.IsGet(part.Request.Method))
            {
                await BatchPart.RefuseAsync(part, Refusal.ReadInChangeSet());
            }
            else
            {
                await BatchPart.RunAsync(part, pipeline, Locations);
            }

            if (part.Response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                _failed = part;
                return false;
            }
        }

        return true;
    }

    private sealed class GroupResponse(IEnumerable<HttpContext> parts, string? name) : ChangeSetResponseItem(parts)
    {
        public override async Task WriteResponseAsync(ODataBatchWriter writer)
        {
            // In JSON the group has the name that the client gave it.
            await (name is null ? writer.WriteStartChangesetAsync() : writer.WriteStartChangesetAsync(name));
            foreach (HttpContext part in Contexts)
            {
                await WriteMessageAsync(writer, part);
            }

            await writer.WriteEndChangesetAsync();
        }
    }
}
