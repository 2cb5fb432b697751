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
/// The most frequent reads in their most frequent form: a set, its active key and its published keys, without query
/// options, by the documented URL, in a <see cref="PlainFormat"/>. They need no MVC and no OData routing, which take
/// longer than all the rest. Every other form goes to the controllers, which give the same answers.
/// </summary>
public sealed class PlainReads
{
    private const string Set = "trustFramework/keySets({id})";
    private const string Id = "id";

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Endpoint _get;
    private readonly Endpoint _getActiveKey;

    /// <summary>Creates the endpoints.</summary>
    public PlainReads(Database database, Publishing publishing, TimeProvider time)
    {
        (_database, _time) = (database, time);
        AuthorizeAttribute read = new(Permissions.Read);
        _get = Create(GetAsync, Set, read);
        _getActiveKey = Create(GetActiveKeyAsync, $"{Set}/{KeySetOperations.GetActiveKey}", read);
        GetJwks = Create(
            new Jwks(database, publishing, time).AnswerAsync,
            $"{Set}/{KeySetOperations.Jwks}",
            new AllowAnonymousAttribute(),
            new OutsideODataAttribute());
    }

    /// <summary>The endpoint of published keys.</summary>
    public Endpoint GetJwks { get; }

    /// <summary>Finds the endpoint of a request; null if it is none of these reads.</summary>
    public Endpoint? Find(HttpRequest request)
    {
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || !PlainUrl.TrySplit(request.Path.Value, out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest)
            || id.IsEmpty)
        {
            return null;
        }

        Endpoint? endpoint = rest switch
        {
            "" when IsPlain(request) => _get,
            "/getActiveKey()" or "/getActiveKey" when IsPlain(request) => _getActiveKey,
            "/jwks" => GetJwks,
            _ => null,
        };
        if (endpoint is not null)
        {
            request.RouteValues[Id] = id.ToString();
        }

        return endpoint;
    }

    private static bool IsPlain(HttpRequest request) => !request.QueryString.HasValue
        && request.Host.HasValue
        && ProtocolChecks.HasPlainHeaders(request.Headers)
        && PlainFormat.Of(request) is not null;

    private static RouteEndpoint Create(RequestDelegate answer, string pattern, params object[] metadata) =>
        new(answer, RoutePatternFactory.Parse(pattern), order: 0, new EndpointMetadataCollection(metadata), pattern);

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

    private async Task<TrustFrameworkKeySet> FindAsync(HttpContext context) =>
        await _database.FindKeySetAsync((string)context.Request.RouteValues[Id]!) ?? throw Refusal.KeySetNotFound();

    private static Task AnswerAsync(HttpContext context, object resource, string tag) =>
        ConditionalAnswer.IsNotModified(context, tag)
        ? Task.CompletedTask
        : new PlainAnswer(PlainFormat.Of(context.Request)!, resource, StatusCodes.Status200OK).WriteAsync(context);
}

/// <summary>The place of <see cref="PlainReads"/> in the pipeline.</summary>
public static class PlainReadsMiddleware
{
    /// <summary>Selects the endpoints of <see cref="PlainReads"/>, so that routing has nothing to do for them.</summary>
    public static void UsePlainReads(this WebApplication app)
    {
        PlainReads reads = ActivatorUtilities.CreateInstance<PlainReads>(app.Services);
        app.Use((context, next) =>
        {
            if (reads.Find(context.Request) is not { } endpoint)
            {
                return next(context);
            }

            context.SetEndpoint(endpoint);
            // Published keys are for everybody: there is nothing to authenticate, authorize or check.
            return endpoint == reads.GetJwks ? endpoint.RequestDelegate!(context) : next(context);
        });
    }
}
