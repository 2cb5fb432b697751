using KeySets.Api.OData.Answers;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Routing;
using Microsoft.Extensions.Options;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Requests;

/// <summary>What is asked of every request of the OData service before its action is run.</summary>
public static class ProtocolChecks
{
    /// <summary>
    /// Refuses versions of OData that are not spoken here, isolation that is not kept, formats that cannot be written, system query options that are not
    /// offered, and hosts that no link can be built with.
    /// </summary>
    public static void UseODataChecks(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IODataRoutingMetadata>() is not null)
        {
            Check(context.Request);
            AppliedPreferences.Add(context.Response, Preferences.TakeAnnotations(context.Request.Headers));
        }

        return next(context);
    });

    /// <summary>Refuses versions and isolation.</summary>
    /// <exception cref="RefusalException">400: a version of OData that is not spoken here; 412: isolation that is not kept.</exception>
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
    }

    private static void Check(HttpRequest request)
    {
        CheckHeaders(request);

        if (!request.Host.HasValue || !Uri.TryCreate(UriHelper.BuildAbsolute(request.Scheme, request.Host), UriKind.Absolute, out _))
        {
            throw Refusal.BadHost();
        }

        SystemQueryOptions.Canonicalize(request);
        bool isAboutService = request.ODataFeature().Path.LastSegment is null or MetadataSegment;
        if (isAboutService || (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)))
        {
            SystemQueryOptions.RefuseAll(request);
        }

        ProtocolHeaders.TranslateFormat(request);
        if (request.Query.ContainsKey(SystemQueryOptions.Format) && !IsKnownFormat(request))
        {
            throw Refusal.NotAcceptable(SystemQueryOptions.Format);
        }
    }

    private static bool IsKnownFormat(HttpRequest request)
    {
        MvcOptions options = request.HttpContext.RequestServices.GetRequiredService<IOptions<MvcOptions>>().Value;
        bool isMetadata = request.ODataFeature().Path.LastSegment is MetadataSegment;
        return options.OutputFormatters.OfType<BufferedFormatter>()
            .Any(formatter => formatter.IsForMetadata == isMetadata && formatter.Matches(request));
    }
}
