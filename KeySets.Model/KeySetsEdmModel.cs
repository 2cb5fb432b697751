using KeySets.Model.Metadata;
using Microsoft.OData.Edm;

namespace KeySets.Model;

/// <summary>The entity data model of the service, as <c>/$metadata</c> shows it.</summary>
public static class KeySetsEdmModel
{
    /// <summary>The namespace of every type of the documented contract.</summary>
    public const string Namespace = "microsoft.cpim.api.dataModels";

    /// <summary>The namespace of what belongs to the audit, which the documented contract does not have.</summary>
    public const string AuditNamespace = "keysets.audit";

    /// <summary>The name of the function that returns the audit events.</summary>
    public const string AuditEvents = "auditEvents";

    /// <summary>The qualified name of the type of an audit event.</summary>
    public const string AuditEventType = $"{AuditNamespace}.auditEvent";

    /// <summary>
    /// The name of the key sets: of the collection that the singleton contains, and of the entity set beside it.
    /// </summary>
    public const string KeySets = "keySets";

    /// <summary>The qualified name of the singleton's type.</summary>
    public const string TrustFrameworkType = $"{Namespace}.trustFramework";

    /// <summary>The qualified name of a key set's type.</summary>
    public const string KeySetType = $"{Namespace}.trustFrameworkKeySet";

    /// <summary>The qualified name of a key's type.</summary>
    public const string KeyType = $"{Namespace}.trustFrameworkKey";

    /// <summary>The qualified name of the type of a key that is addressed by its kid.</summary>
    public const string KeyV2Type = $"{Namespace}.trustFrameworkKey_v2";

    /// <summary>
    /// Builds the model: the singleton trustFramework, its contained key sets, their keys and operations, and the same
    /// sets as an entity set, each with the annotations that generators can use.
    /// </summary>
    public static IEdmModel Build()
    {
        Annotator annotator = new(new EdmModel());
        TypeDeclarations types = new(annotator);
        EdmComplexType key =
            types.Declare(typeof(TrustFrameworkKey), new EdmComplexType(Namespace, "trustFrameworkKey"));
        types.DeclareEnum(typeof(TrustFrameworkKeyStatus), "trustFrameworkKeyStatus");
        EdmEntityType keyV2 = types.Declare(
            typeof(TrustFrameworkKeyV2),
            new EdmEntityType(Namespace, "trustFrameworkKey_v2"),
            typeof(TrustFrameworkKey));
        EdmEntityType keySet =
            types.Declare(typeof(TrustFrameworkKeySet), new EdmEntityType(Namespace, "trustFrameworkKeySet"));
        EdmEntityType trustFramework =
            types.Declare(typeof(TrustFramework), new EdmEntityType(Namespace, "trustFramework"));

        EdmComplexType auditEvent =
            types.Declare(typeof(AuditEvent), new EdmComplexType(AuditNamespace, "auditEvent"));

        OperationDeclarations.Declare(annotator, keySet, key);
        AuditDeclarations.Declare(annotator, trustFramework, auditEvent);

        EdmEntityContainer container = new(Namespace, "Container");
        annotator.Model.AddElement(container);
        EdmSingleton root = container.AddSingleton("trustFramework", trustFramework);
        EdmEntitySet keySets = container.AddEntitySet(KeySets, keySet);

        TypeAnnotations.Annotate(annotator, key, keyV2, keySet, trustFramework);
        ServiceAnnotations.Annotate(annotator, container);
        ResourceAnnotations.Annotate(annotator, root, key);
        ResourceAnnotations.Annotate(annotator, keySets, key);
        annotator.Model.MarkAsImmutable();
        return annotator.Model;
    }
}
