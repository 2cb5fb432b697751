using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;

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

    /// <summary>Builds the model: the singleton trustFramework, its contained key sets, and their keys.</summary>
    public static IEdmModel Build()
    {
        ODataConventionModelBuilder builder = new() { Namespace = Namespace };
        builder.EnableLowerCamelCase();
        AddKey(builder.ComplexType<TrustFrameworkKey>());

        EntityTypeConfiguration<TrustFrameworkKeySet> keySet = builder.EntityType<TrustFrameworkKeySet>();
        keySet.Name = "trustFrameworkKeySet";
        keySet.Ignore(set => set.Revision);

        EntityTypeConfiguration<TrustFramework> trustFramework = builder.EntityType<TrustFramework>();
        trustFramework.Name = "trustFramework";
        trustFramework.ContainsMany(root => root.KeySets);
        builder.Singleton<TrustFramework>("trustFramework");

        IEdmModel model = builder.GetEdmModel();
        model.MarkAsImmutable();
        return model;
    }

    /// <remarks>The order here is the order of the members in $metadata and in every answer.</remarks>
    private static void AddKey(ComplexTypeConfiguration<TrustFrameworkKey> key)
    {
        key.Name = "trustFrameworkKey";
        key.Property(member => member.K);
        key.CollectionProperty(member => member.X5c);
        key.Property(member => member.X5t);
        key.Property(member => member.Kty);
        key.Property(member => member.Use);
        key.Property(member => member.Exp);
        key.Property(member => member.Nbf);
        key.Property(member => member.Kid);
        key.Property(member => member.E);
        key.Property(member => member.N);
        key.Property(member => member.D);
        key.Property(member => member.P);
        key.Property(member => member.Q);
        key.Property(member => member.Dp);
        key.Property(member => member.Dq);
        key.Property(member => member.Qi);
    }
}
