using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.Extensions.Primitives;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Query;

/// <summary>Links to the next page (OData Protocol section 11.2.6.7): the request again, from where its page ends.</summary>
public static class NextLinks
{
    /// <summary>The link to what follows the page that the request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">Where the page ends.</param>
    /// <param name="top">How many sets are still wanted; null for all.</param>
    public static Uri Of(HttpRequest request, string token, long? top)
    {
        IEnumerable<KeyValuePair<string, StringValues>> options = request.Query
            .Where(option => option.Key is not (SystemQueryOptions.Skip or SystemQueryOptions.SkipToken or SystemQueryOptions.Top));
        QueryBuilder query = new(options);
        if (top is not null)
        {
            query.Add(SystemQueryOptions.Top, $"{top}");
        }

        query.Add(SystemQueryOptions.SkipToken, token);
        return new Uri(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path, query.ToQueryString()));
    }

    /// <summary>The link to what follows the page of an expanded collection.</summary>
    /// <param name="request">The request, whose path ends at what was expanded.</param>
    /// <param name="expand">What was expanded, and its options.</param>
    /// <param name="token">Where the page ends.</param>
    /// <param name="top">How many sets are still wanted; null for all.</param>
    public static Uri Of(HttpRequest request, ExpandedReferenceSelectItem expand, string token, long? top)
    {
        ODataUri uri = new()
        {
            ServiceRoot = new Uri(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, "/")),
            Path = new ODataPath([.. request.ODataFeature().Path, .. expand.PathToNavigationProperty]),
            Filter = expand.FilterOption,
            OrderBy = expand.OrderByOption,
            Search = expand.SearchOption,
            SelectAndExpand = (expand as ExpandedNavigationSelectItem)?.SelectAndExpand,
            QueryCount = expand.CountOption,
            Top = top,
            SkipToken = token,
        };
        return uri.BuildUri(ODataUrlKeyDelimiter.Parentheses);
    }
}
