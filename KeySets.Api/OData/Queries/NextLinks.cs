using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.OData.Queries;

/// <summary>Links to the next page (OData Protocol section 11.2.6.7): the request again, from where its page ends.</summary>
public static class NextLinks
{
    /// <summary>The link to what follows the page that the request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">Where the page ends.</param>
    /// <param name="top">How many sets are still wanted; null for all.</param>
    /// <exception cref="RefusalException">400: the link would be too long to be followed.</exception>
    public static Uri Of(HttpRequest request, string token, long? top) => Link(request, request.Path, request.Query, token, top);

    /// <summary>The link to what follows the page of an expanded collection: its options, at the URL of the collection.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">Where the page ends.</param>
    /// <param name="top">How many sets are still wanted; null for all.</param>
    /// <exception cref="RefusalException">400: the link would be too long to be followed; 501: references, which have no collection of their own here.</exception>
    public static Uri OfExpanded(HttpRequest request, string token, long? top)
    {
        string expand = request.Query[SystemQueryOptions.Expand].ToString();
        if (expand.Contains("/$ref", StringComparison.Ordinal))
        {
            throw Refusal.TooManyReferences(KeySetReads.PageSize);
        }

        IEnumerable<KeyValuePair<string, StringValues>> options = ExpandText.Options(expand)
            .Select(option => KeyValuePair.Create(SystemQueryOptions.CanonicalName(option.Name), new StringValues(option.Value)))
            .Concat(request.Query.Where(option => option.Key is not (SystemQueryOptions.Expand or SystemQueryOptions.Select)));
        return Link(request, $"{request.Path}/keySets", options, token, top);
    }

    private static Uri Link(HttpRequest request, PathString path, IEnumerable<KeyValuePair<string, StringValues>> options, string token, long? top)
    {
        QueryBuilder query = new(options
            .Where(option => option.Key is not (SystemQueryOptions.Skip or SystemQueryOptions.SkipToken or SystemQueryOptions.Top)));
        if (top is not null)
        {
            query.Add(SystemQueryOptions.Top, $"{top}");
        }

        query.Add(SystemQueryOptions.SkipToken, token);
        QueryString text = query.ToQueryString();
        return text.Value!.Length <= SystemQueryOptions.LongestQuery
            ? new Uri(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, path, text))
            : throw Refusal.LinkTooLong(SystemQueryOptions.LongestQuery);
    }
}
