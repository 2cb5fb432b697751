using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace KeySets.Benchmarks.Bare;

/// <summary>Writes: source-generated JSON in, one commit, source-generated JSON out.</summary>
/// <param name="database">The database.</param>
/// <param name="address">The URL of the handler.</param>
internal sealed class BareWrites(IBareDatabase database, string address)
{
    private readonly string _context = $"{address}/$metadata#trustFramework/keySets/$entity";

    /// <summary>Creates a set.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        BareKeySet set = New(await ReadAsync(context, BareJson.Instance.BareKeySet));
        await database.AddAsync(set);
        context.Response.Headers.Location = LocationOf(set);
        Send(context, StatusCodes.Status201Created, set);
    }

    /// <summary>Replaces a set whose tag the client knows.</summary>
    public async Task PutAsync(HttpContext context, string id)
    {
        BareKeySet set = New(await ReadAsync(context, BareJson.Instance.BareKeySet)) with { Id = id };
        if (await database.ReplaceAsync(set, context.Request.Headers.IfMatch.ToString()))
        {
            Send(context, StatusCodes.Status200OK, set);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
        }
    }

    /// <summary>Creates all sets of a batch in one commit.</summary>
    public async Task BatchAsync(HttpContext context)
    {
        BareBatch batch = await ReadAsync(context, BareJson.Instance.BareBatch);
        BareKeySet[] sets = [.. batch.Requests.Select(part => New(part.Body))];
        await database.AddAsync(sets);
        BareBatchAnswer answers = new([.. batch.Requests.Zip(sets, AnswerTo)]);
        BareAnswer answer = BareAnswer.Begin();
        JsonSerializer.Serialize(answer.Json, answers, BareJson.Instance.BareBatchAnswer);
        answer.Send(context, StatusCodes.Status200OK, "application/json");
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) =>
        (await JsonSerializer.DeserializeAsync(context.Request.BodyReader, type))!;

    private static void Send(HttpContext context, int status, BareKeySet set)
    {
        BareAnswer answer = BareAnswer.Begin();
        JsonSerializer.Serialize(answer.Json, set, BareJson.Instance.BareKeySet);
        answer.Send(context, status, BareReads.Json, set.EntityTag);
    }

    private BareKeySet New(BareKeySet sent) => new()
    {
        Context = _context,
        EntityTag = $"W/\"{Guid.NewGuid():N}\"",
        Id = sent.Id ?? Guid.NewGuid().ToString(),
        Keys =
        [
            .. sent.Keys.Select(key => key with
            {
                Kid = key.Kid ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            }),
        ],
    };

    private string LocationOf(BareKeySet set) => $"{address}{BareUrl.Sets}('{set.Id}')";

    private BarePartAnswer AnswerTo(BarePart part, BareKeySet set) => new(
        part.Id,
        part.AtomicityGroup,
        StatusCodes.Status201Created,
        new Dictionary<string, string>
        {
            ["location"] = LocationOf(set),
            ["etag"] = set.EntityTag!,
            ["content-type"] = BareReads.Json,
            ["odata-version"] = "4.0",
        },
        set);
}
