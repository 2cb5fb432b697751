using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using KeySets.Api.Data;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// Runs a batch. The library reads and writes both formats; what it leaves to the service is here: limits, refusals, atomic
/// groups, dependencies, and when to go on after an error.
/// </summary>
public sealed class BatchHandler(KeySetStore store) : DefaultODataBatchHandler
{
    /// <summary>The most requests in a batch.</summary>
    public const int MaximumParts = 100;

    /// <summary>How long the answers can be, in bytes, before a request that follows is not run.</summary>
    public const long MaximumAnswerBytes = 32 * 1024 * 1024;

    private const string Json = MediaTypeNames.Application.Json;
    private const string Multipart = MediaTypeNames.Multipart.Mixed;

    /// <inheritdoc />
    public override async Task ProcessBatchAsync(HttpContext context, RequestDelegate nextHandler)
    {
        string format = RequireFormat(context.Request);
        string answerFormat = ChooseFormat(context.Request, format);
        bool isJson = format == Json;
        ReadOnlyMemory<byte> body = await JsonBody.ReadBytesAsync(context.Request);
        JsonBatch batch = isJson ? JsonBatch.Read(body) : JsonBatch.None(MultipartBatch.Mend(body, Boundary(context.Request)));
        context.Request.Body = new MemoryStream(batch.Body.ToArray(), writable: false);
        // The parts inherit the headers of the batch; what it accepts is a batch.
        context.Request.Headers.Accept = default;

        IReadOnlyList<BatchGroup> groups = await ReadAsync(context, new BatchState(batch), isJson);
        // A batch in JSON goes on after an error unless told otherwise, one in multipart stops (OData Protocol section 8.2.8.3).
        bool goOn = ContinuesOnError(context) ?? isJson;
        List<ODataBatchResponseItem> responses = [];
        foreach (BatchGroup group in groups)
        {
            // For a client that has gone no more is run.
            context.RequestAborted.ThrowIfCancellationRequested();
            bool succeeded = await group.RunAsync(nextHandler, store);
            responses.Add(group.Response(answerFormat == Json));
            if (!succeeded && !goOn)
            {
                break;
            }
        }

        if (answerFormat == Json)
        {
            await Task.WhenAll(groups.SelectMany(group => group.Parts).Select(BatchPart.PrepareJsonAsync));
        }

        context.Request.Headers.Accept = answerFormat;
        await CreateResponseMessageAsync(responses, context.Request);
    }

    /// <returns>The media type of the batch.</returns>
    private static string RequireFormat(HttpRequest request)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        return type?.MediaType.Value switch
        {
            _ when !JsonBody.IsPlain(request) => throw Refusal.UnsupportedBatchType(),
            { } name when name.Equals(Json, StringComparison.OrdinalIgnoreCase) => Json,
            { } name when name.Equals(Multipart, StringComparison.OrdinalIgnoreCase) && type.Boundary.HasValue => Multipart,
            _ => throw Refusal.UnsupportedBatchType(),
        };
    }

    private static string Boundary(HttpRequest request) =>
        HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).ToString();

    /// <returns>The media type of the answer: what the client likes best, and that of the batch where it likes both.</returns>
    private static string ChooseFormat(HttpRequest request, string format)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted))
        {
            return format;
        }

        (string best, double quality) = new[] { format, format == Json ? Multipart : Json }
            .Select(name => (name, Quality(accepted, new MediaTypeHeaderValue(name))))
            .MaxBy(candidate => candidate.Item2);
        return quality > 0 ? best : throw Refusal.NotAcceptable();
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, MediaTypeHeaderValue format) => accepted
        .Where(type => format.IsSubsetOf(new MediaTypeHeaderValue(type.MediaType)))
        .Select(type => type.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();

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
    private async Task<IReadOnlyList<BatchGroup>> ReadAsync(HttpContext context, BatchState batch, bool isJson)
    {
        try
        {
            BatchGroup[] groups = [.. (await ParseBatchRequestsAsync(context)).Select(item => Group(item, batch))];
            foreach (HttpContext part in groups.SelectMany(group => group.Parts))
            {
                BatchPart.Prepare(part, isJson);
                batch.Meet(part.Request);
            }

            return groups.Sum(group => group.Parts.Count) is > 0 and <= MaximumParts ? groups : throw Refusal.BatchSize(MaximumParts);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or RefusalException))
        {
            throw isJson ? Refusal.MalformedJsonBatch() : Refusal.MalformedMultipartBatch();
        }
    }

    private static BatchGroup Group(ODataBatchRequestItem item, BatchState batch) => item switch
    {
        ChangeSetRequestItem changes => new BatchGroup([.. changes.Contexts], isAtomic: true, batch),
        _ => new BatchGroup([((OperationRequestItem)item).Context], isAtomic: false, batch),
    };
}
