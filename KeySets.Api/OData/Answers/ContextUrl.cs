using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Http.Extensions;

namespace KeySets.Api.OData.Answers;

/// <summary>The context URL of an answer (OData Protocol section 10), for answers without $select and $expand.</summary>
/// <param name="request">The request.</param>
internal sealed class ContextUrl(HttpRequest request)
{
    /// <summary>That of a page of sets.</summary>
    public string OfSets() => With(Addresses.IsInEntitySet(request) ? "keySets" : "trustFramework/keySets");

    /// <summary>That of a set.</summary>
    public string OfSet() => $"{OfSets()}/$entity";

    /// <summary>That of a key as the result of a function.</summary>
    public string OfKey() => With(KeySetsEdmModel.KeyType);

    /// <summary>That of the keys of the set in the URL.</summary>
    public string OfKeys() => $"{OfSets()}('{request.RouteValues["id"]?.ToString()?.Trim('\'')}')/keys";

    private string With(string fragment) =>
        UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, "/$metadata") + "#" + fragment;
}
