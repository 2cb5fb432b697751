using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace KeySets.Api.OData.Requests;

/// <summary>The headers of the OData protocol that ASP.NET Core OData leaves to the service.</summary>
public static partial class ProtocolHeaders
{
    /// <summary>The OData version of a request.</summary>
    public const string Version = "OData-Version";

    /// <summary>The highest OData version that the client can read.</summary>
    public const string MaxVersion = "OData-MaxVersion";

    private static readonly MediaTypeHeaderValue Nothing = new("nothing/nothing");

    /// <summary>
    /// Adds OData-Version and Vary to every answer, and removes from its Content-Type a charset that the client did not
    /// ask for. Translates request headers for ASP.NET Core OData: versions after 4.01, and the short format parameters
    /// of 4.01 (<c>metadata=full</c>). An answer uses the names of its own version (OData JSON section 3.1).
    /// </summary>
    public static void UseODataHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        IHeaderDictionary headers = context.Request.Headers;
        TranslateVersions(headers);
        Preferences.Normalize(headers);
        TranslateAccept(headers);
        context.Response.OnStarting(CompleteAsync, context);
        return next(context);
    });

    /// <summary>Translates $format for ASP.NET Core OData.</summary>
    public static void TranslateFormat(HttpRequest request)
    {
        string format = request.Query[SystemQueryOptions.Format].ToString();
        // The short names json and xml may be in any case of the letters.
        bool isShort = !format.Contains('/', StringComparison.Ordinal);
        string translated = Translate(isShort ? format.ToLowerInvariant() : format);
        if (!string.Equals(translated, format, StringComparison.Ordinal))
        {
            request.QueryString = QueryString.Create(request.Query.Select(option =>
                option.Key == SystemQueryOptions.Format
                    ? KeyValuePair.Create(option.Key, new StringValues(translated))
                    : option));
        }
    }

    /// <summary>Adds the headers that every answer has.</summary>
    public static void Complete(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept, OData-MaxVersion, Prefer";
        RepeatabilityHeaders.Complete(context);
        context.Response.Headers[Version] = ODataUtils.ODataVersionToString(context.Request.GetODataVersion());
    }

    private static Task CompleteAsync(object state)
    {
        HttpContext context = (HttpContext)state;
        if (context.GetEndpoint()?.Metadata.GetMetadata<OutsideODataAttribute>() is null)
        {
            Complete(context);
            IHeaderDictionary response = context.Response.Headers;
            response.ContentType = ContentType(
                response.ContentType,
                keepCharset: context.Request.Headers.AcceptCharset.Count > 0,
                shortNames: context.Request.GetODataVersion() >= ODataVersion.V401);
        }

        return Task.CompletedTask;
    }

    private static void TranslateVersions(IHeaderDictionary headers)
    {
        foreach (string name in (ReadOnlySpan<string>)[Version, MaxVersion])
        {
            if (headers[name].Count == 0)
            {
                continue;
            }

            // Old clients add the name of their platform: 4.0;NetFx. ASP.NET Core OData fails at an empty header.
            string version = headers[name].ToString().Split(';')[0].Trim();
            headers[name] = version.Length == 0 ? StringValues.Empty : version;
        }

        if (decimal.TryParse(
                headers[MaxVersion], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal most)
            && most >= 4)
        {
            headers[MaxVersion] = most < 4.01m ? "4.0" : "4.01";
        }
    }

    private static void TranslateAccept(IHeaderDictionary headers)
    {
        string accept = headers.Accept.ToString();
        if (!accept.Contains(';', StringComparison.Ordinal))
        {
            return;
        }

        if (headers.AcceptCharset.Count == 0 && Utf8Parameter().IsMatch(accept))
        {
            headers.AcceptCharset = "utf-8";
        }

        string translated = Translate(WithoutRefused(headers));
        if (!string.Equals(translated, accept, StringComparison.Ordinal))
        {
            headers.Accept = translated;
        }
    }

    /// <remarks>
    /// Removes media types that the client refuses by q=0 (RFC 9110 section 12.4.2). If it refuses all, one remains
    /// that no formatter writes.
    /// </remarks>
    private static string WithoutRefused(IHeaderDictionary headers)
    {
        string accept = headers.Accept.ToString();
        return accept.Contains("q=0", StringComparison.OrdinalIgnoreCase)
            && MediaTypeHeaderValue.TryParseList(headers.Accept, out IList<MediaTypeHeaderValue>? types)
            && types.Any(type => type.Quality is 0)
            ? string.Join(", ", types.Where(type => type.Quality is not 0).DefaultIfEmpty(Nothing))
            : accept;
    }

    /// <returns>The media types in the form that ASP.NET Core OData knows.</returns>
    /// <remarks>
    /// Removes the charset UTF-8: every answer is in UTF-8, but the media types of ASP.NET Core OData do not say so.
    /// </remarks>
    private static string Translate(string mediaTypes) =>
        Utf8Parameter().Replace(ShortParameter().Replace(mediaTypes, ";odata."), "");

    private static StringValues ContentType(StringValues value, bool keepCharset, bool shortNames)
    {
        string text = value.ToString();
        if (!keepCharset
            && text.Contains("charset", StringComparison.OrdinalIgnoreCase)
            && MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? type))
        {
            type.Charset = default;
            text = type.ToString();
        }

        return text.Length == 0 ? value : shortNames ? text.Replace("odata.", "", StringComparison.Ordinal) : text;
    }

    [GeneratedRegex(@";\s*(?=(metadata|streaming)\s*=)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ShortParameter();

    [GeneratedRegex(@"\s*;\s*charset\s*=\s*""?utf-8""?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Utf8Parameter();
}
