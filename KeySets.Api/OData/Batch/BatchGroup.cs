using KeySets.Api.Data;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.OData;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// Parts of a batch that succeed or fail together: a change set, an atomicity group, or a single request.
/// </summary>
/// <param name="parts">The requests.</param>
/// <param name="isAtomic">Whether a failure of one undoes the others.</param>
/// <param name="batch">The batch that they belong to.</param>
public sealed class BatchGroup(IReadOnlyList<HttpContext> parts, bool isAtomic, BatchState batch)
{
    /// <summary>
    /// The most operations in a change set that make or import keys. All of their keys are made before the first
    /// request runs, and are kept until the last one has.
    /// </summary>
    public const int MaximumOperations = 5;

    private HttpContext? _failed;

    /// <summary>The requests.</summary>
    public IReadOnlyList<HttpContext> Parts { get; } = parts;

    /// <summary>The Content-ID of a request outside of a change set; null for none.</summary>
    public string? ContentId => isAtomic ? null : Parts[0].Request.GetODataContentId();

    /// <summary>Runs the requests.</summary>
    /// <returns>Whether all of them succeeded.</returns>
    public async Task<bool> RunAsync(RequestDelegate pipeline, Database database)
    {
        if (isAtomic)
        {
            await RunAtomicallyAsync(pipeline, database);
        }
        else
        {
            await RunPartsAsync(pipeline, transaction: null);
        }

        foreach (HttpContext part in _failed is null ? [] : Parts)
        {
            batch.Json.Fail(part.Request.GetODataContentId());
        }

        return _failed is null;
    }

    /// <summary>
    /// The answers. A failed change set has one; in JSON, each request has its own (OData JSON section 19.5).
    /// </summary>
    public ODataBatchResponseItem Response(bool isJson) => (isAtomic, _failed) switch
    {
        (false, _) => new OperationResponseItem(Parts[0]),
        (true, { } failed) when !isJson => new OperationResponseItem(failed),
        _ => new GroupResponse(Parts, batch.Json.GroupOf(Parts[0].Request.GetODataContentId())),
    };

    private async Task RunAtomicallyAsync(RequestDelegate pipeline, Database database)
    {
        try
        {
            if (await RepeatableGroup.FindAsync(Parts) is { } repeatable)
            {
                await RunOnceAsync(repeatable, pipeline);
            }
            else
            {
                await MakeKeysAsync();
                await database.WriteAllOrNothingAsync(transaction => RunPartsAsync(pipeline, transaction));
            }
        }
        catch (RefusalException refusal)
        {
            // The group was refused before its first part ran, or its commit failed.
            _failed ??= Parts[0];
            await BatchPart.RefuseAsync(_failed, refusal);
        }

        foreach (HttpContext part in Parts.Where(part => _failed is not null && part != _failed))
        {
            await BatchPart.RefuseAsync(part, Refusal.FailedDependency());
        }
    }

    private async Task RunOnceAsync(RepeatableRequest request, RequestDelegate pipeline)
    {
        RepeatableRequests requests = Parts[0].RequestServices.GetRequiredService<RepeatableRequests>();
        if (await requests.RunAsync(request, Parts, MakeKeysAsync, group => RunPartsAsync(pipeline, group)))
        {
            _failed = null;
            RepeatableGroup.Complete(Parts, batch);
        }
    }

    /// <remarks>Making or opening a key takes long: no other client could write meanwhile.</remarks>
    private async Task MakeKeysAsync()
    {
        string?[] actions = [.. Parts.Select((part, index) =>
            HttpMethods.IsPost(part.Request.Method) ? ActionOf(part.Request.Path, index) : null)];
        if (actions.Count(action => action is not null) > MaximumOperations)
        {
            throw Refusal.TooManyOperations(MaximumOperations);
        }

        foreach ((HttpContext part, string? action) in Parts.Zip(actions))
        {
            NewKeys.PrepareNone(part.Request);
            if (action is not null && !IsOutOfReach(part))
            {
                await BatchPart.PrepareKeyAsync(part, action);
            }
        }
    }

    /// <returns>The action that makes or imports a key, and that a path addresses; null if it addresses none.</returns>
    private string? ActionOf(PathString path, int index)
    {
        if (batch.ReferenceOf(path) is { } id && path.Value!.Trim('/').Length == id.Length + 1)
        {
            // All of the URL refers to a request: it is about what that one was about.
            int other = Parts.Take(index).ToList().FindLastIndex(part => part.Request.GetODataContentId() == id);
            return other >= 0 ? ActionOf(Parts[other].Request.Path, other)
                : batch.IsLocated(id) ? NewKeys.ActionOf(batch.Resolve(path)) : null;
        }

        return NewKeys.ActionOf(path);
    }

    private async Task<bool> RunPartsAsync(RequestDelegate pipeline, GroupTransaction? transaction)
    {
        foreach (HttpContext part in Parts)
        {
            if (Reason(part) is { } refusal)
            {
                await BatchPart.RefuseAsync(part, refusal);
            }
            else
            {
                await BatchPart.RunAsync(part, pipeline, batch, transaction);
                batch.Allowance.Add(part.Response.Body);
            }

            if (part.Response.StatusCode >= StatusCodes.Status400BadRequest)
            {
                _failed = part;
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it is certain, before any request of the group runs, that this one will not.</summary>
    private bool IsOutOfReach(HttpContext part) => !BatchPart.IsWithinService(part)
        || batch.Json.HasFailedFor(part.Request.GetODataContentId())
        || batch.Allowance.Reason is not null;

    /// <returns>The reason not to run a request; null if it can run.</returns>
    private RefusalException? Reason(HttpContext part) => batch.ReferenceOf(part.Request.Path) switch
    {
        _ when !BatchPart.IsWithinService(part) => Refusal.OutsideOfService(),
        _ when batch.Json.HasFailedFor(part.Request.GetODataContentId()) => Refusal.FailedDependency(),
        { } id when batch.Json.HasFailed(id) => Refusal.FailedDependency(),
        { } id when !batch.IsLocated(id) => Refusal.BadReference(),
        // A request that only reads would hold the writer, and needs only the permission to read.
        _ when isAtomic && !IsChange(part.Request) => Refusal.ReadInChangeSet(),
        _ => batch.Allowance.Reason,
    };

    private static bool IsChange(HttpRequest request) =>
        (HttpMethods.IsPost(request.Method)
            && !request.Path.Value!.TrimEnd('/').EndsWith("/$query", StringComparison.OrdinalIgnoreCase))
        || HttpMethods.IsPut(request.Method)
        || HttpMethods.IsPatch(request.Method)
        || HttpMethods.IsDelete(request.Method);

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
