using System.Text.RegularExpressions;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace KeySets.Api.OData;

/// <summary>The headers of the OData protocol where the library leaves them to the service.</summary>
public static partial class ProtocolHeaders
{
    private const string Version = "OData-Version";
    private const string MaxVersion = "OData-MaxVersion";

    /// <summary>
    /// Puts OData-Version on every answer, takes a charset that nobody asked for off its Content-Type, and takes the format
    /// parameters in their short names of 4.01 (<c>metadata=full</c>), which the library does not know, and answers in them.
    /// </summary>
    public static void UseODataHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        IHeaderDictionary request = context.Request.Headers;
        bool shortNames = ShortFormatParameter().IsMatch(request.Accept.ToString());
        if (shortNames)
        {
            request.Accept = ShortFormatParameter().Replace(request.Accept.ToString(), ";odata.");
        }

        context.Response.OnStarting(() =>
        {
            IHeaderDictionary response = context.Response.Headers;
            response[Version] = ODataUtils.ODataVersionToString(context.Request.GetODataVersion());
            response.ContentType = ContentType(response.ContentType, keepCharset: request.AcceptCharset.Count > 0, shortNames);
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Refuses requests for a version of OData that is not spoken here, and for system query options that are not offered.</summary>
    public static void UseODataChecks(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Headers[Version] is not ([] or ["4.0"] or ["4.01"]))
        {
            throw Refusal.UnsupportedVersion(Version);
        }

        // A client may allow more than there is, but not less.
        string most = context.Request.Headers[MaxVersion].ToString();
        if (most.Length > 0 && !(System.Version.TryParse(most, out Version? version) && version.Major >= 4))
        {
            throw Refusal.UnsupportedVersion(MaxVersion);
        }

        if (context.Request.Query.Keys.FirstOrDefault(option => option.StartsWith('$') && option != "$format") is { } unsupported)
        {
            throw Refusal.UnsupportedQueryOption(unsupported);
        }

        return next(context);
    });

    private static StringValues ContentType(StringValues value, bool keepCharset, bool shortNames)
    {
        if (!MediaTypeHeaderValue.TryParse(value.ToString(), out MediaTypeHeaderValue? type))
        {
            return value;
        }

        if (!keepCharset)
        {
            type.Charset = default;
        }

        string text = type.ToString();
        return shortNames ? text.Replace("odata.", "", StringComparison.Ordinal) : text;
    }

    [GeneratedRegex(@";\s*(?=(metadata|streaming)\s*=)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ShortFormatParameter();
}
