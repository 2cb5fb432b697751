using System.Collections;
using KeySets.Api.OData.Queries;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace KeySets.Api.OData.Answers;

/// <summary>Writes the count and the next link that a collection carries, whether it is expanded or not.</summary>
public sealed class PageSerializer(IODataSerializerProvider provider) : ODataResourceSetSerializer(provider)
{
    /// <inheritdoc />
    public override ODataResourceSet CreateResourceSet(
        IEnumerable resourceSetInstance,
        IEdmCollectionTypeReference resourceSetType,
        ODataSerializerContext writeContext)
    {
        ODataResourceSet set = base.CreateResourceSet(resourceSetInstance, resourceSetType, writeContext);
        (set.Count, set.NextPageLink) = resourceSetInstance switch
        {
            PagedCollection<TrustFrameworkKeySet> sets => (sets.TotalCount, sets.NextLink),
            PagedCollection<TrustFrameworkKey> keys => (keys.TotalCount, keys.NextLink),
            PagedCollection<AuditEvent> events => (events.TotalCount, events.NextLink),
            PagedCollection<TrustFrameworkKeyV2> keys => (keys.TotalCount, keys.NextLink),
            _ => (set.Count, set.NextPageLink),
        };
        return set;
    }
}
