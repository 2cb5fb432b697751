using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// Runs a batch. The library reads and writes both formats; what it leaves to the service is here: limits, refusals, atomic
/// groups, dependencies, and when to go on after an error.
/// </summary>
public sealed class BatchHandler(WriteQueue writes) : DefaultODataBatchHandler
{
    /// <summary>The most requests in a batch.</summary>
    public const int MaximumParts = 100;

    /// <inheritdoc />
    public override async Task ProcessBatchAsync(HttpContext context, RequestDelegate nextHandler)
    {
        bool isJson = RequireFormat(context.Request);
        ReadOnlyMemory<byte> body = await JsonBody.ReadBytesAsync(context.Request);
        JsonBatch batch = isJson ? JsonBatch.Read(body) : JsonBatch.None(body);
        context.Request.Body = new MemoryStream(batch.Body.ToArray(), writable: false);

        IReadOnlyList<BatchGroup> groups = await ReadAsync(context, isJson);
        // A batch in JSON goes on after an error unless told otherwise, one in multipart stops (OData Protocol section 8.2.8.3).
        bool goOn = ContinuesOnError(context) ?? isJson;
        List<ODataBatchResponseItem> responses = [];
        foreach (BatchGroup group in groups)
        {
            bool succeeded = await group.RunAsync(nextHandler, writes, batch);
            responses.Add(group.Response(isJson));
            if (!succeeded && !goOn)
            {
                break;
            }
        }

        await CreateResponseMessageAsync(responses, context.Request);
    }

    /// <returns>Whether the format is JSON; if not, it is multipart.</returns>
    private static bool RequireFormat(HttpRequest request)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        bool isJson = type?.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) == true;
        if (!isJson && (type?.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase) != true || !type.Boundary.HasValue))
        {
            throw Refusal.UnsupportedBatchType();
        }

        if (MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted) && !accepted.Any(IsFormat))
        {
            throw Refusal.NotAcceptable();
        }

        return isJson;
    }

    private static bool IsFormat(MediaTypeHeaderValue accepted) =>
        accepted.Quality is not 0 && (MediaTypeHeaderValue.Parse("multipart/mixed").IsSubsetOf(WithoutParameters(accepted))
            || MediaTypeHeaderValue.Parse(MediaTypeNames.Application.Json).IsSubsetOf(WithoutParameters(accepted)));

    private static MediaTypeHeaderValue WithoutParameters(MediaTypeHeaderValue type) => new(type.MediaType);

    private static bool? ContinuesOnError(HttpContext context)
    {
        foreach (string name in (ReadOnlySpan<string>)["continue-on-error", "odata.continue-on-error"])
        {
            if (Preferences.Values(context, name).FirstOrDefault() is { } value)
            {
                bool goOn = !value.Equals("false", StringComparison.OrdinalIgnoreCase);
                context.Response.Headers.Append("Preference-Applied", goOn ? name : $"{name}=false");
                return goOn;
            }
        }

        return null;
    }

    [SuppressMessage("Design", "CA1031", Justification = "The library throws whatever it meets at a batch that is malformed.")]
    private async Task<IReadOnlyList<BatchGroup>> ReadAsync(HttpContext context, bool isJson)
    {
        IList<ODataBatchRequestItem> items;
        try
        {
            items = await ParseBatchRequestsAsync(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Refusal.MalformedBatch();
        }

        BatchGroup[] groups = [.. items.Select(item => item switch
        {
            ChangeSetRequestItem changes => new BatchGroup([.. changes.Contexts], item.ContentIdToLocationMapping, IsAtomic: true),
            OperationRequestItem operation => new BatchGroup([operation.Context], item.ContentIdToLocationMapping, IsAtomic: false),
            _ => throw Refusal.MalformedBatch(),
        })];
        if (groups.Sum(group => group.Parts.Count) is 0 or > MaximumParts)
        {
            throw Refusal.BatchSize(MaximumParts);
        }

        foreach (HttpContext part in groups.SelectMany(group => group.Parts))
        {
            BatchPart.Prepare(part, isJson);
        }

        return groups;
    }
}
