using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// What the library's serializer needs to be told: the types of sets and keys are always written, as the documentation of the
/// API prints them; sets have an ETag; private members that are not there are absent, not null.
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
            case TrustFrameworkKeyV2 key when resourceContext.SerializerContext.MetadataLevel == ODataMetadataLevel.Full:
                resource.Id = new Uri(ResourceUrls.Relative(key), UriKind.Relative);
                resource.EditLink = resource.Id;
                break;
        }

        return resource;
    }

    /// <inheritdoc />
    public override ODataProperty? CreateStructuralProperty(IEdmStructuralProperty structuralProperty, ResourceContext resourceContext)
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
    /// The library leaves out of the URL of a contained set what contains it where it writes a reference, and fails where the id is not
    /// among what is selected.
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
    /// The library puts '#' in front of every type name that it writes; the documented answer has it on the set and not on its keys.
    /// So a key's type is written as if it were its first property.
    /// </remarks>
    private static void WriteType(ODataResource resource, ODataVersion version)
    {
        if (resource.TypeName == KeySetsEdmModel.KeyType)
        {
            string name = version < ODataVersion.V401 ? "@odata.type" : "@type";
            resource.TypeAnnotation = new ODataTypeAnnotation(null);
            resource.Properties = resource.Properties.Prepend(new ODataProperty { Name = name, Value = resource.TypeName });
        }
        else
        {
            resource.TypeAnnotation = new ODataTypeAnnotation(resource.TypeName);
        }
    }
}
