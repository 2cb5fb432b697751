using System.Collections.ObjectModel;
using Microsoft.AspNetCore.OData.Query;

namespace KeySets.Api.OData.Query;

/// <summary>Part of a collection, with what is known of the whole.</summary>
public sealed class PagedCollection<T>(IList<T> items) : Collection<T>(items), ICountOptionCollection
{
    /// <summary>How many there are, paging aside; null where nobody asked.</summary>
    public long? TotalCount { get; init; }

    /// <summary>Where the rest is; null where this is all that was asked for.</summary>
    public Uri? NextLink { get; init; }
}
