using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Http.Extensions;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// The URLs of key sets and keys in answers: within the entity set if the request is for that, else within the
/// singleton.
/// </summary>
public static class ResourceUrls
{
    /// <summary>The absolute URL of a key set, under the same root as the URL of the request.</summary>
    public static Uri Of(HttpRequest request, TrustFrameworkKeySet set) =>
        new(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{Relative(request, set)}"));

    /// <summary>The URL of a key set, relative to the root of the service.</summary>
    public static string Relative(HttpRequest request, TrustFrameworkKeySet set) =>
        $"{(Addresses.IsInEntitySet(request) ? "" : "trustFramework/")}{KeySetsEdmModel.KeySets}('{set.Id}')";

    /// <summary>The URL of a key, relative to the root of the service.</summary>
    public static string Relative(HttpRequest request, TrustFrameworkKeyV2 key) =>
        $"{Relative(request, key.KeySet)}/keys_v2"
        + $"('{Uri.EscapeDataString(key.Kid.Replace("'", "''", StringComparison.Ordinal))}')";
}
