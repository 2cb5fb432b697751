using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace KeySets.Benchmarks.Bare;

/// <summary>Reads: one query, written as its rows come.</summary>
/// <param name="database">The database.</param>
/// <param name="address">The URL of the handler.</param>
internal sealed class BareReads(IBareDatabase database, string address)
{
    /// <summary>The media type of OData answers.</summary>
    public const string Json = "application/json; odata.metadata=minimal; odata.streaming=true";

    private readonly JsonEncodedText _setContext =
        JsonEncodedText.Encode($"{address}/$metadata#trustFramework/keySets/$entity");

    private readonly JsonEncodedText _pageContext =
        JsonEncodedText.Encode($"{address}/$metadata#trustFramework/keySets");

    private readonly JsonEncodedText _keyContext =
        JsonEncodedText.Encode($"{address}/$metadata#microsoft.cpim.api.dataModels.trustFrameworkKey");

    /// <summary>Answers with a set, or with 304 if the client has it.</summary>
    public ValueTask GetAsync(HttpContext context, string id) =>
        context.Request.Headers.IfNoneMatch is [{ } known]
            ? GetIfNewAsync(context, id, known)
            : GetSetAsync(context, id);

    /// <summary>Answers with the key that is active now.</summary>
    public ValueTask GetActiveAsync(HttpContext context, string id) => ReadAsync(
        context,
        BareQuery.Active,
        id,
        row =>
        {
            BareAnswer answer = Begin(_keyContext);
            BareRows.WriteKey(answer.Json, row);
            answer.Json.WriteEndObject();
            answer.Send(context, StatusCodes.Status200OK, Json, BareRows.EntityTag(row));
        },
        TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Answers with the keys for verifiers.</summary>
    public ValueTask GetPublishedAsync(HttpContext context, string id) => ReadAsync(context, BareQuery.Set, id, row =>
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        BareAnswer answer = BareAnswer.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("keys"u8);
        do
        {
            if (BareRows.IsPublished(row, now))
            {
                BareRows.WritePublished(answer.Json, row);
            }
        }
        while (row.Step());
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        answer.Send(context, StatusCodes.Status200OK, "application/jwk-set+json");
    });

    /// <summary>Answers with a page of sets, or with the sets that have a kid.</summary>
    public ValueTask ListAsync(HttpContext context)
    {
        string query = context.Request.QueryString.Value!;
        return BareUrl.KidOf(query) is { } kid
            ? database.ReadAsync(BareQuery.ByKid, kid, rows => WriteList(context, rows))
            : database.ReadAsync(BareQuery.Page, BareUrl.AfterOf(query), rows => WriteList(context, rows));
    }

    private static BareAnswer Begin(JsonEncodedText odataContext)
    {
        BareAnswer answer = BareAnswer.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("@odata.context"u8, odataContext);
        return answer;
    }

    private void WriteList(HttpContext context, IBareRows rows)
    {
        BareAnswer answer = Begin(_pageContext);
        answer.Json.WriteStartArray("value"u8);
        string? next = BareRows.WritePage(answer.Json, rows);
        answer.Json.WriteEndArray();
        if (next is not null)
        {
            answer.Json.WriteString("@odata.nextLink"u8, BareUrl.NextLink(address, next));
        }

        answer.Json.WriteEndObject();
        answer.Send(context, StatusCodes.Status200OK, Json);
    }

    private ValueTask GetSetAsync(HttpContext context, string id) => ReadAsync(context, BareQuery.Set, id, row =>
    {
        BareAnswer answer = Begin(_setContext);
        string tag = BareRows.EntityTag(row);
        BareRows.WriteSet(answer.Json, row);
        answer.Json.WriteEndObject();
        answer.Send(context, StatusCodes.Status200OK, Json, tag);
    });

    private async ValueTask GetIfNewAsync(HttpContext context, string id, string known)
    {
        bool isKnown = false;
        await database.ReadAsync(
            BareQuery.Tag, id, row => isKnown = row.Step() && BareRows.EntityTag(row, column: 0) == known);
        if (isKnown)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.ETag = known;
        }
        else
        {
            await GetSetAsync(context, id);
        }
    }

    private ValueTask ReadAsync(
        HttpContext context, BareQuery query, string id, Action<IBareRows> write, long time = 0) => database.ReadAsync(
            query,
            id,
            rows =>
            {
                if (rows.Step())
                {
                    write(rows);
                }
                else
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                }
            },
            time);
}
