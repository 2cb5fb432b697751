using System.Text.RegularExpressions;
using KeySets.Api.Keys;
using KeySets.Model;
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
        // Not as a text by itself, whose escapes would be taken off once more.
        context.Request.Path = new PathString(Canonical(context, context.Request.Path.Value!));
        return next(context);
    });

    /// <summary>The URL of a key set at the root that the request came to.</summary>
    public static Uri Of(HttpRequest request, string id) =>
        new(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{Below(id)}"));

    /// <summary>The URL of a key below the root of the service, relative to it.</summary>
    public static string Below(TrustFrameworkKeyV2 key) => $"{Below(key.KeySet.Id)}{KeyAddress.Of(key.Kid)}";

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

    private static string Canonical(HttpContext context, string path)
    {
        if (!path.StartsWith("/$", StringComparison.Ordinal) && !path.StartsWith("/trustFramework", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }

        string trimmed = path.TrimEnd('/');
        if (!trimmed.StartsWith(KeySets, StringComparison.OrdinalIgnoreCase) || trimmed.Length == KeySets.Length)
        {
            return trimmed;
        }

        if (InParentheses().Match(trimmed) is { Success: true } match)
        {
            return $"{KeySets}({match.Groups["key"].Value}){WithinSet(context, match.Groups["rest"].Value)}";
        }

        string[] segments = trimmed[KeySets.Length..].Split('/', 3);
        return segments switch
        {
            ["", ['$', ..], ..] => trimmed,
            ["", { Length: > 0 } id] => $"{KeySets}({Quoted(id)})",
            ["", { Length: > 0 } id, string rest] => $"{KeySets}({Quoted(id)}){WithinSet(context, $"/{rest}")}",
            _ => throw Refusal.NoResource(),
        };
    }

    /// <summary>Brings addresses of keys, qualified names of operations and their parentheses into the form of the routes.</summary>
    private static string WithinSet(HttpContext context, string rest)
    {
        if (Operation().Match(rest) is { Success: true } operation)
        {
            return $"/{operation.Groups["name"].Value}";
        }

        return KeyAddress.TakeKid(context, rest);
    }

    private static string Quoted(string id) => $"'{id.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^/trustFramework/keySets\((id=)?(?<key>'([^'/]|'')*'|@\w+)\)(?<rest>/.*)?\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex InParentheses();

    [GeneratedRegex(
        @"^/((microsoft\.cpim\.api\.dataModels\.)?(?<name>generateKey|uploadSecret|uploadCertificate|uploadPkcs12)"
        + @"|(microsoft\.cpim\.api\.dataModels\.)?(?<name>getActiveKey)(\(\))?|(?<name>jwks)(\(\))?)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Operation();
}
