using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// Writes a collection as the property that it is, so that its context URL names the property (OData Protocol section
/// 10.14). ASP.NET Core OData writes it as a collection that is the result of an operation.
/// </summary>
public sealed class CollectionPropertySerializer(IODataSerializerProvider provider)
    : ODataCollectionSerializer(provider)
{
    /// <inheritdoc />
    public override Task WriteObjectAsync(
        object graph, Type type, ODataMessageWriter messageWriter, ODataSerializerContext writeContext)
    {
        PropertySegment property = (PropertySegment)writeContext.Path.LastSegment;
        return messageWriter.WritePropertyAsync(new ODataProperty
        {
            Name = property.Property.Name,
            Value = CreateODataValue(graph, property.Property.Type, writeContext),
        });
    }
}
