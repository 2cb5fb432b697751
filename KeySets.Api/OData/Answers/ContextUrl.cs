using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Http.Extensions;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// The context URL of an answer (OData Protocol section 10), for answers without $select and $expand.
/// </summary>
internal static class ContextUrl
{
    private const string EntitySet = "keySets";
    private const string Contained = "trustFramework/keySets";

    // Of the last request: most clients know the service by one URL.
    private static volatile Root Last = new("", "", "", "");

    /// <summary>That of a page of sets.</summary>
    public static string OfSets(HttpRequest request) => With(request, SetsOf(request));

    /// <summary>That of a set.</summary>
    public static string OfSet(HttpRequest request) => With(
        request, Addresses.IsInEntitySet(request) ? $"{EntitySet}/$entity" : $"{Contained}/$entity");

    /// <summary>That of a key as the result of a function.</summary>
    public static string OfKey(HttpRequest request) => With(request, KeySetsEdmModel.KeyType);

    /// <summary>That of the keys of the set in the URL.</summary>
    public static string OfKeys(HttpRequest request) =>
        With(request, $"{SetsOf(request)}('{request.RouteValues["id"]?.ToString()?.Trim('\'')}')/keys");

    private static string SetsOf(HttpRequest request) => Addresses.IsInEntitySet(request) ? EntitySet : Contained;

    private static string With(HttpRequest request, string fragment)
    {
        Root root = Last;
        if (!root.IsOf(request))
        {
            string url = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, "/$metadata");
            root = Last = new Root(request.Scheme, request.Host.Value!, request.PathBase.Value!, $"{url}#");
        }

        return string.Concat(root.Url, fragment);
    }

    private sealed record Root(string Scheme, string Host, string PathBase, string Url)
    {
        public bool IsOf(HttpRequest request) =>
            Scheme == request.Scheme && Host == request.Host.Value && PathBase == request.PathBase.Value;
    }
}
