using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Routing;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Requests;

/// <summary>Checks every request to the OData service before its action runs.</summary>
public static class ProtocolChecks
{
    /// <summary>
    /// Refuses unsupported OData versions and query options, isolation, and requests without a host to build links
    /// with.
    /// </summary>
    public static void UseODataChecks(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsOData(context))
        {
            Check(context.Request);
            AppliedPreferences.Add(context.Response, Preferences.TakeAnnotations(context.Request.Headers));
        }

        return next(context);
    });

    /// <summary>Whether the request was routed to the OData service.</summary>
    public static bool IsOData(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IODataRoutingMetadata>() is not null;

    /// <summary>
    /// Refuses unsupported OData versions, isolation, and requests without a host to build links with.
    /// </summary>
    /// <exception cref="RefusalException">400: an unsupported OData version, or no host; 412: isolation.</exception>
    public static void CheckHeaders(HttpRequest request)
    {
        foreach (string name in (ReadOnlySpan<string>)[ProtocolHeaders.Version, ProtocolHeaders.MaxVersion])
        {
            if (request.Headers[name] is not ([] or ["4.0"] or ["4.01"]))
            {
                throw Refusal.UnsupportedVersion(name);
            }
        }

        foreach (string name in (ReadOnlySpan<string>)["Isolation", "OData-Isolation"])
        {
            if (request.Headers[name].Count > 0)
            {
                throw Refusal.UnsupportedIsolation(name);
            }
        }

        if (!request.Host.HasValue)
        {
            throw Refusal.BadHost();
        }
    }

    /// <summary>Whether no header asks for anything that only routed requests can have.</summary>
    public static bool HasPlainHeaders(IHeaderDictionary headers) =>
        headers[ProtocolHeaders.Version] is [] or ["4.0"] or ["4.01"]
        && headers[ProtocolHeaders.MaxVersion] is [] or ["4.0"] or ["4.01"]
        && headers["Prefer"].Count == 0
        && headers["Isolation"].Count == 0
        && headers["OData-Isolation"].Count == 0
        && !RepeatabilityHeaders.AreIn(headers);

    private static void Check(HttpRequest request)
    {
        CheckHeaders(request);
        SystemQueryOptions.Canonicalize(request);
        bool isAboutService = request.ODataFeature().Path.LastSegment is null or MetadataSegment;
        if (isAboutService || (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)))
        {
            SystemQueryOptions.RefuseAll(request);
        }

        ProtocolHeaders.TranslateFormat(request);
    }
}
