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
public sealed class BatchHandler(Database database, BatchCapacity capacity, TimeProvider time)
    : DefaultODataBatchHandler
{
    /// <summary>The most requests in a batch.</summary>
    public const int MaximumParts = 100;

    private const int BytesOfHeaders = 1024;
    private const string Json = MediaTypeNames.Application.Json;
    private const string Multipart = MediaTypeNames.Multipart.Mixed;

    // How long a client may take to read the answers, which the service holds meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public override async Task ProcessBatchAsync(HttpContext context, RequestDelegate nextHandler)
    {
        string format = RequireFormat(context.Request);
        string answerFormat = ChooseFormat(context.Request, format);
        IDisposable seat = await capacity.Seats.TakeAsync(context.User, context.RequestAborted);
        using BatchAllowance allowance = new(capacity, time);
        List<BatchGroup> groups;
        using (seat)
        {
            groups = await RunAsync(context, nextHandler, format == Json, allowance);
        }

        // The seat is free now: how fast the client reads is up to the client.
        using CancellationTokenSource patience = new(Patience, time);
        await using CancellationTokenRegistration abort = patience.Token.Register(context.Abort);
        context.Request.Headers.Accept = answerFormat;
        await WriteAsync(context, groups, answerFormat == Json, allowance.AnswerBytes);
    }

    /// <returns>The groups that have run.</returns>
    private async Task<List<BatchGroup>> RunAsync(
        HttpContext context, RequestDelegate pipeline, bool isJson, BatchAllowance allowance)
    {
        ReadOnlyMemory<byte> body = await JsonBody.ReadBytesAsync(context.Request);
        BatchUrls urls = new(context.Request);
        JsonBatch batch = isJson
            ? JsonBatch.Read(body, urls)
            : JsonBatch.None(MultipartBatch.Normalize(body, Boundary(context.Request.ContentType!), urls));
        context.Request.Body = new MemoryStream(batch.Body.ToArray(), writable: false);
        // The parts inherit the headers of the batch, but its Accept header is about the answer to the batch.
        context.Request.Headers.Accept = default;

        IReadOnlyList<BatchGroup> groups = await ReadAsync(context, new BatchState(batch, allowance), isJson);
        // Without a preference, a JSON batch continues after an error and a multipart batch stops (OData Protocol
        // section 8.2.8.3).
        Preference<bool>? continueOnError = Preferences.ContinueOnError(context.Request.Headers);
        AppliedPreferences.Add(context.Response, continueOnError);
        List<BatchGroup> done = [];
        foreach (BatchGroup group in groups)
        {
            // No further group runs if the client is gone.
            context.RequestAborted.ThrowIfCancellationRequested();
            // Reads complete at once. Without this, a batch would hold its thread until its last request has run.
            await Task.Yield();
            bool succeeded = await group.RunAsync(pipeline, database);
            done.Add(group);
            if (!succeeded && !(continueOnError?.Value ?? isJson))
            {
                break;
            }
        }

        return done;
    }

    private async Task WriteAsync(HttpContext context, List<BatchGroup> groups, bool isJson, long length)
    {
        if (isJson)
        {
            await Task.WhenAll(groups.SelectMany(group => group.Parts).Select(BatchPart.PrepareJsonAsync));
        }

        ODataBatchResponseItem[] responses = [.. groups.Select(group => group.Response(isJson))];
        if (isJson)
        {
            await CreateResponseMessageAsync(responses, context.Request);
            return;
        }

        Stream body = context.Response.Body;
        // With room for the headers of each answer: growing would hold the answers another time.
        using MemoryStream answer = new((int)length + (BytesOfHeaders * groups.Sum(group => group.Parts.Count)));
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
            groups.Select(group => group.ContentId),
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
