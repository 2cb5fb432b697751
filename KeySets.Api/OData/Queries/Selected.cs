using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>A resource or collection that was read, and the part of it that the answer shows.</summary>
/// <param name="Value">The resource or collection.</param>
/// <param name="Selection">$select and $expand of the request; null for everything.</param>
public sealed record Selected<T>(T Value, SelectExpandClause? Selection);
