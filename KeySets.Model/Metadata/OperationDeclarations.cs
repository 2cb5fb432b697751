using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;

namespace KeySets.Model.Metadata;

/// <summary>
/// Declares the operations of <see cref="KeySetOperations"/>. Each is bound to a key set and returns a key.
/// </summary>
internal static class OperationDeclarations
{
    /// <summary>Declares the operations, each with the permissions that allow it.</summary>
    public static void Declare(Annotator annotator, IEdmEntityType keySet, IEdmComplexType key)
    {
        EdmComplexTypeReference answer = new(key, isNullable: false);
        Add(
            new EdmFunction(
                KeySetsEdmModel.Namespace,
                KeySetOperations.GetActiveKey,
                answer,
                isBound: true,
                entitySetPathExpression: null,
                isComposable: true),
            "Get the key of the set that is in use now: of those that are enabled and valid, the one that became valid "
                + "last.",
            Permissions.Read,
            Permissions.ReadWrite);
        AddAction(KeySetOperations.GenerateKey, "Make a key and add it to the set. The answer shows its public part.");
        AddAction(KeySetOperations.UploadSecret, "Add a secret to the set as an oct key. The answer does not show it.");
        AddAction(
            KeySetOperations.UploadCertificate, "Add a certificate to the set as a public RSA key, with its chain.");
        AddAction(
            KeySetOperations.UploadPkcs12,
            "Add a certificate and its private key to the set. The answer shows the public part.");

        void AddAction(string name, string description) => Add(
            new EdmAction(KeySetsEdmModel.Namespace, name, answer, isBound: true, entitySetPathExpression: null),
            description, Permissions.ReadWrite);

        void Add(EdmOperation operation, string description, params string[] permissions)
        {
            operation.AddParameter(
                KeySetOperations.BindingParameter, new EdmEntityTypeReference(keySet, isNullable: false));
            foreach (ActionParameter parameter in KeySetOperations.Parameters.GetValueOrDefault(operation.Name, []))
            {
                annotator.Describe(operation.AddParameter(parameter.Name, Type(parameter)), parameter.Description);
            }

            annotator.Model.AddElement(operation);
            annotator.Describe(operation, description);
            annotator.Annotate(
                operation, "Capabilities.OperationRestrictions", Record(ServiceAnnotations.Allowed(permissions)));
        }
    }

    private static IEdmTypeReference Type(ActionParameter parameter) => parameter.IsNumber
        ? EdmCoreModel.Instance.GetInt64(!parameter.IsRequired)
        : EdmCoreModel.Instance.GetString(isUnbounded: false, maxLength: null, isUnicode: false, !parameter.IsRequired);
}
