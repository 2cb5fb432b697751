using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using KeySets.Api.Data;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// Runs a batch. ODataLib reads and writes both formats. This class adds the rest: limits, refusals, atomic groups,
/// dependencies, and whether to continue after an error.
/// </summary>
public sealed class BatchHandler(Database database) : DefaultODataBatchHandler
{
    /// <summary>The most requests in a batch.</summary>
    public const int MaximumParts = 100;

    /// <summary>The length of the answers, in bytes, after which no further request runs.</summary>
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
        BatchUrls urls = new(context.Request);
        JsonBatch batch = isJson
            ? JsonBatch.Read(body, urls)
            : JsonBatch.None(MultipartBatch.Normalize(body, Boundary(context.Request.ContentType!), urls));
        context.Request.Body = new MemoryStream(batch.Body.ToArray(), writable: false);
        // The parts inherit the headers of the batch, but its Accept header is about the answer to the batch.
        context.Request.Headers.Accept = default;

        IReadOnlyList<BatchGroup> groups = await ReadAsync(context, new BatchState(batch), isJson);
        // Without a preference, a JSON batch continues after an error and a multipart batch stops (OData Protocol
        // section 8.2.8.3).
        Preference<bool>? continueOnError = Preferences.ContinueOnError(context.Request.Headers);
        AppliedPreferences.Add(context.Response, continueOnError);
        List<ODataBatchResponseItem> responses = [];
        foreach (BatchGroup group in groups)
        {
            // No further group runs if the client is gone.
            context.RequestAborted.ThrowIfCancellationRequested();
            bool succeeded = await group.RunAsync(nextHandler, database);
            responses.Add(group.Response(answerFormat == Json));
            if (!succeeded && !(continueOnError?.Value ?? isJson))
            {
                break;
            }
        }

        if (answerFormat == Json)
        {
            await Task.WhenAll(groups.SelectMany(group => group.Parts).Select(BatchPart.PrepareJsonAsync));
        }

        context.Request.Headers.Accept = answerFormat;
        if (answerFormat == Json)
        {
            await CreateResponseMessageAsync(responses, context.Request);
        }
        else
        {
            await WriteMultipartAsync(context, responses, groups.Select(group => group.ContentId));
        }
    }

    private async Task WriteMultipartAsync(
        HttpContext context, List<ODataBatchResponseItem> responses, IEnumerable<string?> ids)
    {
        Stream body = context.Response.Body;
        using MemoryStream answer = new();
        context.Response.Body = answer;
        try
        {
            await CreateResponseMessageAsync(responses, context.Request);
        }
        finally
        {
            context.Response.Body = body;
        }

        await MultipartBatch.WriteAsync(
            answer.GetBuffer().AsMemory(0, (int)answer.Length),
            Boundary(context.Response.ContentType!),
            ids.Take(responses.Count),
            body);
    }

    /// <returns>The media type of the batch.</returns>
    private static string RequireFormat(HttpRequest request)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type);
        return type?.MediaType.Value switch
        {
            _ when !ContentTypes.IsPlain(request) => throw Refusal.UnsupportedBatchType(),
            { } name when name.Equals(Json, StringComparison.OrdinalIgnoreCase) => Json,
            { } name when name.Equals(Multipart, StringComparison.OrdinalIgnoreCase) && type.Boundary.HasValue =>
                Multipart,
            _ => throw Refusal.UnsupportedBatchType(),
        };
    }

    private static string Boundary(string contentType) =>
        HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(contentType).Boundary).ToString();

    /// <returns>The media type that the client prefers; that of the batch if it likes both equally.</returns>
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

    private async Task<IReadOnlyList<BatchGroup>> ReadAsync(HttpContext context, BatchState batch, bool isJson)
    {
        BatchGroup[] groups = [.. (await ParseAsync(context, isJson)).Select(item => GroupOf(item, batch))];
        foreach (HttpContext part in groups.SelectMany(group => group.Parts))
        {
            BatchPart.Prepare(part, isJson);
            batch.Register(part.Request);
        }

        return groups.Sum(group => group.Parts.Count) is > 0 and <= MaximumParts
            ? groups
            : throw Refusal.BatchSize(MaximumParts);
    }

    [SuppressMessage(
        "Design", "CA1031", Justification = "ODataLib throws exceptions of any type at malformed batches.")]
    private async Task<IList<ODataBatchRequestItem>> ParseAsync(HttpContext context, bool isJson)
    {
        try
        {
            return await ParseBatchRequestsAsync(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw isJson ? Refusal.MalformedJsonBatch() : Refusal.MalformedMultipartBatch();
        }
    }

    private static BatchGroup GroupOf(ODataBatchRequestItem item, BatchState batch) => item switch
    {
        ChangeSetRequestItem changes => new BatchGroup([.. changes.Contexts], isAtomic: true, batch),
        _ => new BatchGroup([((OperationRequestItem)item).Context], isAtomic: false, batch),
    };
}
