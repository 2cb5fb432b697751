using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Links to the next page (OData Protocol section 11.2.6.7): the same request, from the end of its page.
/// </summary>
public static class NextLinks
{
    /// <summary>The link to the page after the one that the request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">The $skiptoken: the end of the page.</param>
    /// <param name="top">How many sets the client still wants; null for all.</param>
    /// <exception cref="RefusalException">400: the link would be longer than the service accepts.</exception>
    public static Uri Of(HttpRequest request, string token, long? top) =>
        Link(request, request.Path, request.Query, token, top);

    /// <summary>
    /// The link to the next page of an expanded collection: its options, at the URL of the collection.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="token">The $skiptoken: the end of the page.</param>
    /// <param name="top">How many sets the client still wants; null for all.</param>
    /// <exception cref="RefusalException">
    /// 400: the link would be longer than the service accepts; 501: the request expands references, and this service
    /// has no URL for a collection of references.
    /// </exception>
    public static Uri OfExpanded(HttpRequest request, string token, long? top)
    {
        QueryItem expand = QueryItemReader
            .Read(SystemQueryOptions.Expand, request.Query[SystemQueryOptions.Expand].ToString())
            .MinBy(item => item.IsAsterisk)!;
        if (expand.IsReference)
        {
            throw Refusal.TooManyReferences(KeySetQueries.PageSize);
        }

        Dictionary<string, StringValues> options = new(
            request.Query.Where(option => option.Key is not (SystemQueryOptions.Expand or SystemQueryOptions.Select)),
            StringComparer.Ordinal);
        foreach (QueryOption option in expand.Options)
        {
            options[option.Name] = option.Value;
        }

        return Link(request, $"{request.Path}/keySets", options, token, top);
    }

    private static Uri Link(
        HttpRequest request,
        PathString path,
        IEnumerable<KeyValuePair<string, StringValues>> options,
        string token,
        long? top)
    {
        QueryBuilder query = new(options.Where(option =>
            option.Key is not (SystemQueryOptions.Skip or SystemQueryOptions.SkipToken or SystemQueryOptions.Top)));
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
