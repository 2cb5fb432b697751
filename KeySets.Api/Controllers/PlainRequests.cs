using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing.Patterns;

namespace KeySets.Api.Controllers;

/// <summary>
/// The most frequent requests in their most frequent form: to read a set, its active key or its published keys, and to
/// create a set, by the documented URL, without query options, in a <see cref="PlainFormat"/>. They need no MVC and no
/// OData routing, which take longer than all the rest. Every other form goes to the controllers, which give the same
/// answers.
/// </summary>
public sealed class PlainRequests
{
    private const string Sets = "trustFramework/keySets";
    private const string Set = $"{Sets}({{id}})";
    private const string Id = "id";

    private readonly Database _database;
    private readonly KeySetIds _ids;
    private readonly TimeProvider _time;
    private readonly Endpoint _get;
    private readonly Endpoint _getActiveKey;
    private readonly Endpoint _getJwks;
    private readonly Endpoint _post;

    /// <summary>Creates the endpoints.</summary>
    public PlainRequests(Database database, KeySetIds ids, Publishing publishing, TimeProvider time)
    {
        (_database, _ids, _time) = (database, ids, time);
        AuthorizeAttribute read = new(Permissions.Read);
        _get = Create(GetAsync, Set, read);
        _getActiveKey = Create(GetActiveKeyAsync, $"{Set}/{KeySetOperations.GetActiveKey}", read);
        _post = Create(PostAsync, Sets, new AuthorizeAttribute(Permissions.ReadWrite));
        _getJwks = Create(
            new Jwks(database, publishing, time).AnswerAsync,
            $"{Set}/{KeySetOperations.Jwks}",
            new AllowAnonymousAttribute(),
            new OutsideODataAttribute());
    }

    /// <summary>Finds the endpoint of a request; null if it is none of these requests.</summary>
    public Endpoint? Find(HttpRequest request)
    {
        if (!PlainUrl.TrySplit(request.Path.Value, out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest))
        {
            return null;
        }

        if (id.IsEmpty)
        {
            return HttpMethods.IsPost(request.Method) && IsPlain(request) ? _post : null;
        }

        Endpoint? endpoint = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? FindRead(request, rest)
            : null;
        if (endpoint is not null)
        {
            request.RouteValues[Id] = id.ToString();
        }

        return endpoint;
    }

    private Endpoint? FindRead(HttpRequest request, ReadOnlySpan<char> rest) => rest switch
    {
        "" when IsPlain(request) => _get,
        "/getActiveKey()" or "/getActiveKey" when IsPlain(request) => _getActiveKey,
        "/jwks" => _getJwks,
        _ => null,
    };

    private static bool IsPlain(HttpRequest request) => !request.QueryString.HasValue
        && request.Host.HasValue
        && ProtocolChecks.HasPlainHeaders(request.Headers)
        && PlainFormat.Of(request) is not null;

    private static Endpoint Create(RequestDelegate answer, string pattern, params object[] metadata)
    {
        RouteEndpointBuilder endpoint = new(answer, RoutePatternFactory.Parse(pattern), order: 0);
        Array.ForEach(metadata, endpoint.Metadata.Add);
        return endpoint.Build();
    }

    private async Task GetAsync(HttpContext context)
    {
        TrustFrameworkKeySet set = await FindAsync(context);
        await AnswerAsync(context, set, EntityTag.TextOf(set));
    }

    private async Task GetActiveKeyAsync(HttpContext context)
    {
        TrustFrameworkKeySet set = await FindAsync(context);
        TrustFrameworkKey key = ActiveKeys.Find(set, context.Response, _time);
        await AnswerAsync(context, key, EntityTag.TextOfActive(set, key));
    }

    private async Task PostAsync(HttpContext context)
    {
        KeySetStore store = context.RequestServices.GetRequiredService<KeySetStore>();
        TrustFrameworkKeySet set = await NewSets.CreateAsync(context.Request, _ids, store);
        IHeaderDictionary headers = context.Response.Headers;
        headers.Location = ResourceUrls.Of(context.Request, set).AbsoluteUri;
        headers.ETag = EntityTag.TextOf(set);
        headers.CacheControl = "no-store";
        await WriteAsync(context, set, StatusCodes.Status201Created);
    }

    private async Task<TrustFrameworkKeySet> FindAsync(HttpContext context) =>
        await _database.FindKeySetAsync((string)context.Request.RouteValues[Id]!) ?? throw Refusal.KeySetNotFound();

    private static Task AnswerAsync(HttpContext context, object resource, string tag) =>
        ConditionalAnswer.IsNotModified(context, tag)
        ? Task.CompletedTask
        : WriteAsync(context, resource, StatusCodes.Status200OK);

    private static Task WriteAsync(HttpContext context, object resource, int status) =>
        new PlainAnswer(PlainFormat.Of(context.Request)!, resource, status).WriteAsync(context);
}
