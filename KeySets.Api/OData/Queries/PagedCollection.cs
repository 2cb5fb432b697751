using System.Collections.ObjectModel;
using Microsoft.AspNetCore.OData.Query;

namespace KeySets.Api.OData.Queries;

/// <summary>A part of a collection, with the count of all elements and the link to the next part.</summary>
public sealed class PagedCollection<T>(IList<T> items) : Collection<T>(items), ICountOptionCollection
{
    /// <summary>The number of elements of the whole collection; null if the request does not ask for it.</summary>
    public long? TotalCount { get; init; }

    /// <summary>The URL of the next page; null if there is none.</summary>
    public Uri? NextLink { get; init; }

    /// <summary>The same part of the collection with another view of each element.</summary>
    public PagedCollection<TView> As<TView>(Func<T, TView> view) =>
        new([.. this.Select(view)]) { TotalCount = TotalCount, NextLink = NextLink };
}
