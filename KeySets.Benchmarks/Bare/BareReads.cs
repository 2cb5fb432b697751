using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace KeySets.Benchmarks.Bare;

/// <summary>Reads: a prepared statement of a connection that the thread keeps, written as its rows come.</summary>
/// <param name="database">The file of the database.</param>
/// <param name="address">The URL of the handler.</param>
internal sealed class BareReads(string database, string address)
{
    /// <summary>The media type of OData answers.</summary>
    public const string Json = "application/json; odata.metadata=minimal; odata.streaming=true";

    [ThreadStatic]
    private static BareConnection? OfThread;

    private readonly JsonEncodedText _setContext =
        JsonEncodedText.Encode($"{address}/$metadata#trustFramework/keySets/$entity");

    private readonly JsonEncodedText _pageContext =
        JsonEncodedText.Encode($"{address}/$metadata#trustFramework/keySets");

    private readonly JsonEncodedText _keyContext =
        JsonEncodedText.Encode($"{address}/$metadata#microsoft.cpim.api.dataModels.trustFrameworkKey");

    private BareConnection Connection => OfThread ??= new BareConnection(database);

    /// <summary>Answers with a set, or with 304 if the client has it.</summary>
    public void Get(HttpContext context, string id)
    {
        string? known = context.Request.Headers.IfNoneMatch;
        if (known is not null && known == TagOf(id))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.ETag = known;
            return;
        }

        Read(context, Connection.Get.Bind(1, id), row =>
        {
            BareAnswer answer = Begin(_setContext);
            string tag = BareRows.EntityTag(row);
            BareRows.WriteSet(answer.Json, row);
            answer.Json.WriteEndObject();
            answer.Send(context, StatusCodes.Status200OK, Json, tag);
        });
    }

    /// <summary>Answers with the key that is active now.</summary>
    public void GetActive(HttpContext context, string id) => Read(
        context,
        Connection.Active.Bind(1, id).Bind(2, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()),
        row =>
        {
            BareAnswer answer = Begin(_keyContext);
            BareRows.WriteKey(answer.Json, row);
            answer.Json.WriteEndObject();
            answer.Send(context, StatusCodes.Status200OK, Json, BareRows.EntityTag(row));
        });

    /// <summary>Answers with the keys for verifiers.</summary>
    public void GetPublished(HttpContext context, string id) => Read(context, Connection.Get.Bind(1, id), row =>
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
    public void List(HttpContext context)
    {
        string query = context.Request.QueryString.Value!;
        Statement rows = BareUrl.KidOf(query) is { } kid
            ? Connection.ByKid.Bind(1, kid)
            : Connection.Page.Bind(1, BareUrl.AfterOf(query));
        BareAnswer answer = Begin(_pageContext);
        answer.Json.WriteStartArray("value"u8);
        try
        {
            string? next = BareRows.WritePage(answer.Json, rows);
            answer.Json.WriteEndArray();
            if (next is not null)
            {
                answer.Json.WriteString("@odata.nextLink"u8, BareUrl.NextLink(address, next));
            }
        }
        finally
        {
            rows.Reset();
        }

        answer.Json.WriteEndObject();
        answer.Send(context, StatusCodes.Status200OK, Json);
    }

    private static BareAnswer Begin(JsonEncodedText odataContext)
    {
        BareAnswer answer = BareAnswer.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("@odata.context"u8, odataContext);
        return answer;
    }

    private static void Read(HttpContext context, Statement statement, Action<Statement> write)
    {
        try
        {
            if (statement.Step())
            {
                write(statement);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    private string? TagOf(string id)
    {
        Statement tag = Connection.Tag.Bind(1, id);
        try
        {
            return tag.Step() ? BareRows.EntityTag(tag, column: 0) : null;
        }
        finally
        {
            tag.Reset();
        }
    }
}
