using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// Adapts the serializer of ASP.NET Core OData: it always writes the types of sets and keys, as the documentation of
/// the API prints them; it gives sets an ETag; and it omits private members that are null.
/// </summary>
public sealed class KeySetSerializer(IODataSerializerProvider provider) : ODataResourceSerializer(provider)
{
    /// <inheritdoc />
    public override ODataResource CreateResource(SelectExpandNode selectExpandNode, ResourceContext resourceContext)
    {
        ODataResource resource = base.CreateResource(selectExpandNode, resourceContext);
        if (resourceContext.SerializerContext.MetadataLevel != ODataMetadataLevel.None)
        {
            WriteType(resource, resourceContext.Request.GetODataVersion());
        }

        switch (resourceContext.ResourceInstance)
        {
            case TrustFrameworkKeySet set:
                WriteLinks(resource, resourceContext, set);
                break;
            case TrustFrameworkKeyV2 key
                when resourceContext.SerializerContext.MetadataLevel == ODataMetadataLevel.Full:
                resource.Id = new Uri(ResourceUrls.Relative(key), UriKind.Relative);
                resource.EditLink = resource.Id;
                break;
        }

        return resource;
    }

    /// <inheritdoc />
    public override ODataProperty? CreateStructuralProperty(
        IEdmStructuralProperty structuralProperty, ResourceContext resourceContext)
    {
        ODataProperty property = base.CreateStructuralProperty(structuralProperty, resourceContext);
        return property.Value is null && PrivateMembers.Names.Contains(property.Name) ? null : property;
    }

    /// <inheritdoc />
    public override string? CreateETag(ResourceContext resourceContext) => resourceContext.ResourceInstance switch
    {
        TrustFrameworkKeySet set => EntityTag.Of(set).ToString(),
        TrustFrameworkKeyV2 key => EntityTag.Of(key.KeySet).ToString(),
        _ => base.CreateETag(resourceContext),
    };

    /// <remarks>
    /// When ASP.NET Core OData writes a reference to a contained set, it omits the container from the URL. It fails if
    /// $select omits the id.
    /// </remarks>
    private static void WriteLinks(ODataResource resource, ResourceContext context, TrustFrameworkKeySet set)
    {
        if (context.SerializerContext.ExpandReference)
        {
            resource.Id = ResourceUrls.Of(context.Request, set);
        }
        else if (context.SerializerContext.MetadataLevel == ODataMetadataLevel.Full)
        {
            resource.Id = new Uri(ResourceUrls.Relative(set), UriKind.Relative);
            resource.EditLink = resource.Id;
        }
    }

    /// <remarks>
    /// ODataLib puts '#' in front of every type name. The documented answer has it on the set and not on its keys, so
    /// this method writes the type of a key as its first property.
    /// </remarks>
    private static void WriteType(ODataResource resource, ODataVersion version)
    {
        if (resource.TypeName == KeySetsEdmModel.KeyType)
        {
            string name = version < ODataVersion.V401 ? "@odata.type" : "@type";
            resource.TypeAnnotation = new ODataTypeAnnotation(null);
            resource.Properties =
                resource.Properties.Prepend(new ODataProperty { Name = name, Value = resource.TypeName });
        }
        else
        {
            resource.TypeAnnotation = new ODataTypeAnnotation(resource.TypeName);
        }
    }
}
