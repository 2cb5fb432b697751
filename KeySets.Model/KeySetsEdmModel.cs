using KeySets.Model.Metadata;
using Microsoft.OData.Edm;

namespace KeySets.Model;

/// <summary>The entity data model of the service, as <c>/$metadata</c> shows it.</summary>
public static class KeySetsEdmModel
{
    /// <summary>The namespace of every type.</summary>
    public const string Namespace = "microsoft.cpim.api.dataModels";

    /// <summary>The qualified name of the singleton's type.</summary>
    public const string TrustFrameworkType = $"{Namespace}.trustFramework";

    /// <summary>The qualified name of a key set's type.</summary>
    public const string KeySetType = $"{Namespace}.trustFrameworkKeySet";

    /// <summary>The qualified name of a key's type.</summary>
    public const string KeyType = $"{Namespace}.trustFrameworkKey";

    /// <summary>Builds the model: the singleton trustFramework, its contained key sets, and their keys, each with what generators can use.</summary>
    public static IEdmModel Build()
    {
        Annotator annotator = new(new EdmModel());
        TypeDeclarations types = new(annotator);
        EdmComplexType key = types.Declare(typeof(TrustFrameworkKey), new EdmComplexType(Namespace, "trustFrameworkKey"));
        EdmEntityType keySet = types.Declare(typeof(TrustFrameworkKeySet), new EdmEntityType(Namespace, "trustFrameworkKeySet"));
        EdmEntityType trustFramework = types.Declare(typeof(TrustFramework), new EdmEntityType(Namespace, "trustFramework"));

        EdmEntityContainer container = new(Namespace, "Container");
        annotator.Model.AddElement(container);
        EdmSingleton root = container.AddSingleton("trustFramework", trustFramework);

        TypeAnnotations.Annotate(annotator, key, keySet, trustFramework);
        ServiceAnnotations.Annotate(annotator, container);
        ResourceAnnotations.Annotate(annotator, root, key);
        annotator.Model.MarkAsImmutable();
        return annotator.Model;
    }
}
