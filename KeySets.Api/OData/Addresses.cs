using System.Text.RegularExpressions;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.Builder.Extensions;
using Microsoft.AspNetCore.Http.Extensions;

namespace KeySets.Api.OData;

/// <summary>The URLs of key sets. OData has several for the same resource; the routes have one: <c>/trustFramework/keySets('id')</c>.</summary>
public static partial class Addresses
{
    private const string KeySets = "/trustFramework/keySets";

    // What the routes have, and what is taken off before them.
    private static readonly string[] SystemResources = ["$batch", "$count", "$metadata", "$value"];

    /// <summary>Serves everything at <c>/beta</c> too.</summary>
    /// <remarks>By the middleware itself: UsePathBase would look for the endpoint at once, before errors are caught and URLs are brought into form.</remarks>
    public static void UseODataRoots(this IApplicationBuilder app) => app.UseMiddleware<UsePathBaseMiddleware>(new PathString("/beta"));

    /// <summary>
    /// Brings <c>keySets/id</c>, <c>keySets(id='id')</c> and trailing slashes into the form of the routes. Refuses with 501 what the
    /// standard has and the service does not: <c>$filter(…)</c>, <c>$each</c>, <c>$all</c>, <c>$crossjoin</c>, <c>$entity</c>, <c>$ref</c>.
    /// </summary>
    public static void UseODataAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        RefuseSystemResources(context.Request);
        context.Request.Path = Canonical(context.Request.Path.Value!);
        return next(context);
    });

    /// <summary>The URL of a key set at the root that the request came to.</summary>
    public static Uri Of(HttpRequest request, string id) =>
        new(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{Below(id)}"));

    /// <summary>The URL of a key set below the root of the service, relative to it.</summary>
    public static string Below(string id) => $"{KeySets[1..]}('{id}')";

    private static void RefuseSystemResources(HttpRequest request)
    {
        foreach (string segment in request.Path.Value!.Split('/').Where(segment => segment.StartsWith('$')))
        {
            if (segment.Equals("$query", StringComparison.OrdinalIgnoreCase) && HttpMethods.IsPost(request.Method))
            {
                throw Refusal.QueryNotInPlainText();
            }

            if (!SystemResources.Contains(segment, StringComparer.Ordinal))
            {
                throw Refusal.UnsupportedResource();
            }
        }
    }

    private static string Canonical(string path)
    {
        string trimmed = path.Length > 1 ? path.TrimEnd('/') : path;
        if (!trimmed.StartsWith(KeySets, StringComparison.OrdinalIgnoreCase) || trimmed.Length == KeySets.Length)
        {
            return trimmed;
        }

        if (InParentheses().Match(trimmed) is { Success: true } match)
        {
            return $"{KeySets}({match.Groups["key"].Value}){match.Groups["rest"].Value}";
        }

        string[] segments = trimmed[KeySets.Length..].Split('/', 3);
        return segments switch
        {
            ["", ['$', ..], ..] => trimmed,
            ["", { Length: > 0 } id] => $"{KeySets}({Quoted(id)})",
            ["", { Length: > 0 } id, string rest] => $"{KeySets}({Quoted(id)})/{rest}",
            _ => throw Refusal.NoResource(),
        };
    }

    private static string Quoted(string id) => $"'{id.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^/trustFramework/keySets\((id=)?(?<key>'([^'/]|'')*'|@\w+)\)(?<rest>/.*)?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex InParentheses();
}
