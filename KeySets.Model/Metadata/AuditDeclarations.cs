using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;

namespace KeySets.Model.Metadata;

/// <summary>
/// Declares the function that returns the audit events. It is bound to the singleton, so that the type of the singleton
/// stays as it is documented, and composable, so that its result can be filtered, ordered and counted.
/// </summary>
internal static class AuditDeclarations
{
    /// <summary>Declares the function, with the permission that allows it.</summary>
    public static void Declare(Annotator annotator, IEdmEntityType trustFramework, IEdmComplexType auditEvent)
    {
        EdmFunction events = new(
            KeySetsEdmModel.AuditNamespace,
            KeySetsEdmModel.AuditEvents,
            EdmCoreModel.GetCollection(new EdmComplexTypeReference(auditEvent, isNullable: false)),
            isBound: true,
            entitySetPathExpression: null,
            isComposable: true);
        events.AddParameter(
            KeySetOperations.BindingParameter, new EdmEntityTypeReference(trustFramework, isNullable: false));
        annotator.Model.AddElement(events);
        annotator.Describe(events, "Get what happened to the key sets, a page at a time.");
        annotator.Annotate(
            events,
            "Capabilities.OperationRestrictions",
            Record(
                ServiceAnnotations.Allowed(Permissions.ReadAudit)));
    }
}
