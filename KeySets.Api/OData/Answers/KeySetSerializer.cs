using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

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
        if (resourceContext.SerializerContext.MetadataLevel != ODataMetadataLevel.None
            && resource.TypeName != KeySetsEdmModel.AuditEventType)
        {
            WriteType(resource, resourceContext.Request.GetODataVersion());
        }

        resource.Properties = [.. resource.Properties ?? [], .. Counts(resourceContext)];
        switch (resourceContext.ResourceInstance)
        {
            case TrustFrameworkKeySet set:
                WriteLinks(resource, resourceContext, set);
                break;
            case TrustFrameworkKeyV2 key
                when resourceContext.SerializerContext.MetadataLevel == ODataMetadataLevel.Full:
                resource.Id = new Uri(ResourceUrls.Relative(resourceContext.Request, key), UriKind.Relative);
                resource.EditLink = resource.Id;
                break;
        }

        return resource;
    }

    /// <remarks>ASP.NET Core OData takes <c>$expand=keys_v2/$count</c> for references.</remarks>
    public override SelectExpandNode CreateSelectExpandNode(ResourceContext resourceContext)
    {
        SelectExpandNode node = base.CreateSelectExpandNode(resourceContext);
        foreach (NavigationPropertySegment counted in Counted(resourceContext.SerializerContext))
        {
            node.ReferencedProperties.Remove(counted.NavigationProperty);
        }

        return node;
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

    private static IEnumerable<NavigationPropertySegment> Counted(ODataSerializerContext context) =>
        (context.SelectExpandClause?.SelectedItems ?? [])
            .OfType<ExpandedCountSelectItem>()
            .Select(item => (NavigationPropertySegment)item.PathToNavigationProperty.LastSegment);

    private static IEnumerable<ODataProperty> Counts(ResourceContext context) =>
        Counted(context.SerializerContext).Select(counted => new ODataProperty
        {
            Name = counted.Identifier + Annotation("count", context.Request.GetODataVersion()),
            Value = new ODataPrimitiveValue(context.ResourceInstance switch
            {
                TrustFrameworkKeySet set => set.KeysV2.LongCount(),
                TrustFramework root => ((ICountOptionCollection)root.KeySets).TotalCount,
                _ => throw new NotSupportedException(),
            })
            {
                // A count has no type.
                TypeAnnotation = new ODataTypeAnnotation(null),
            },
        });

    private static string Annotation(string name, ODataVersion version) =>
        version < ODataVersion.V401 ? $"@odata.{name}" : $"@{name}";

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
            resource.Id = new Uri(ResourceUrls.Relative(context.Request, set), UriKind.Relative);
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
            resource.TypeAnnotation = new ODataTypeAnnotation(null);
            ODataProperty type = new() { Name = Annotation("type", version), Value = resource.TypeName };
            resource.Properties = resource.Properties.Prepend(type);
        }
        else
        {
            resource.TypeAnnotation = new ODataTypeAnnotation(resource.TypeName);
        }
    }
}
