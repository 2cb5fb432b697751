using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OpenApi;
using static KeySets.Api.OpenApi.ApiSchema;

namespace KeySets.Api.OpenApi;

/// <summary>
/// The schemas of bodies. <c>/$metadata</c> provides those of the contract, with their descriptions, in the form of
/// OData JSON.
/// </summary>
public static class ApiSchemas
{
    /// <summary>A key set.</summary>
    public const string KeySet = "trustFrameworkKeySet";

    /// <summary>A page of key sets.</summary>
    public const string KeySets = "trustFrameworkKeySetCollection";

    /// <summary>A key.</summary>
    public const string Key = "trustFrameworkKey";

    /// <summary>The keys of a set.</summary>
    public const string Keys = "trustFrameworkKeyCollection";

    /// <summary>A key with its status.</summary>
    public const string KeyEntity = "trustFrameworkKey_v2";

    /// <summary>The keys of a set with their status.</summary>
    public const string KeyEntities = "trustFrameworkKey_v2Collection";

    /// <summary>A new status of a key.</summary>
    public const string KeyStatusChange = "trustFrameworkKeyStatusChange";

    /// <summary>The root.</summary>
    public const string TrustFramework = "trustFramework";

    /// <summary>A page of audit events.</summary>
    public const string AuditEvents = "auditEventCollection";

    /// <summary>The keys that verifiers read.</summary>
    public const string JsonWebKeySet = "jsonWebKeySet";

    /// <summary>Several requests.</summary>
    public const string Batch = "batchRequest";

    /// <summary>Their answers.</summary>
    public const string BatchAnswer = "batchResponse";

    /// <summary>The service document.</summary>
    public const string ServiceDocument = "serviceDocument";

    /// <summary>An error.</summary>
    public const string Error = "error";

    /// <summary>A number as text.</summary>
    public const string Number = "number";

    /// <summary>CSDL in XML.</summary>
    public const string Csdl = "csdl";

    /// <summary>The state of the service, in one word.</summary>
    public const string Word = "word";

    /// <summary>The name of the schema of an action's parameters.</summary>
    public static string ParametersOf(string action) => $"{action}Parameters";

    /// <summary>Every schema by its name. References point into the document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="model">The entity data model.</param>
    /// <param name="isCloudRoot">Whether the document describes the root that mirrors the cloud API.</param>
    public static IEnumerable<(string Name, OpenApiSchema Schema)> All(
        OpenApiDocument document, IEdmModel model, bool isCloudRoot)
    {
        foreach (IEdmStructuredType type in model.SchemaElements.OfType<IEdmStructuredType>())
        {
            yield return (((IEdmNamedElement)type).Name, EdmSchema.Of(document, model, type));
        }

        foreach (IEdmEnumType type in model.SchemaElements.OfType<IEdmEnumType>())
        {
            yield return (type.Name, EdmSchema.Of(model, type));
        }

        foreach ((string action, ActionParameter[] parameters) in KeySetOperations.Parameters)
        {
            yield return (ParametersOf(action), Parameters(parameters));
        }

        yield return (KeySets, Collection(document, KeySet));
        yield return (Keys, Collection(document, Key));
        yield return (KeyEntities, Collection(document, KeyEntity));
        yield return (AuditEvents, Collection(document, "auditEvent"));
        yield return (KeyStatusChange, Object(
            "The only change that a key can have.",
            required: ["status"],
            ("status", Reference(document, "trustFrameworkKeyStatus"))));
        yield return (JsonWebKeySet, Object(
            "A JSON Web Key Set (RFC 7517 section 5).", required: ["keys"], ("keys", ArrayOf(Published(model)))));
        yield return (Batch, BatchSchemas.Request());
        yield return (BatchAnswer, BatchSchemas.Response());
        yield return (ServiceDocument, Object(
            "What the service has.",
            required: ["value"],
            ("@odata.context", String()),
            ("value", ArrayOf(Object(null, [], ("name", String()), ("kind", String()), ("url", String()))))));
        yield return (Error, ErrorSchema(isCloudRoot ? "innerError" : "innererror"));
        yield return (Number, String("A number as text."));
        yield return (Csdl, String("CSDL in XML (OData CSDL XML 4.01)."));
        yield return (Word, String("Healthy."));
    }

    private static OpenApiSchema Parameters(ActionParameter[] parameters) => Object(
        null,
        [.. parameters.Where(parameter => parameter.IsRequired).Select(parameter => parameter.Name)],
        [.. parameters.Select(parameter => (parameter.Name, (IOpenApiSchema)Parameter(parameter)))]);

    private static OpenApiSchema Parameter(ActionParameter parameter)
    {
        OpenApiSchema schema = parameter.IsNumber ? Integer(parameter.Description) : String(parameter.Description);
        return parameter.IsRequired ? schema : OrNull(schema);
    }

    private static OpenApiSchema Collection(OpenApiDocument document, string item) => Object(
        null,
        required: ["value"],
        [
            ("@odata.context", OnlyInAnswers(String("Where what follows is described."))),
            .. Paging(),
            ("value", ArrayOf(Reference(document, item))),
        ]);

    /// <remarks>A member that a key does not have is absent, never null.</remarks>
    private static OpenApiSchema Published(IEdmModel model)
    {
        IEdmStructuredType key = (IEdmStructuredType)model.FindType(KeySetsEdmModel.KeyType);
        return Object(
            "The public part of an RSA key.",
            ["kty", "kid", "e", "n"],
            [.. PublishedKey.MemberNames.Select(Member)]);

        (string, IOpenApiSchema) Member(string name) => (name, name == "x5c"
            ? ArrayOf(String())
            : String(model.GetDescriptionAnnotation(key.FindProperty(name))));
    }

    private static OpenApiSchema ErrorSchema(string innerError)
    {
        OpenApiSchema message = String("For people. It names members and limits, never values.");
        // Kiota makes this member the message of the exceptions of its clients.
        message.AddExtension("x-ms-primary-error-message", new JsonNodeExtension(true));
        OpenApiSchema content = Object(
            "What went wrong.",
            required: ["code", "message"],
            ("code", String("For programs.")),
            ("message", message),
            ("target", OrNull(String("The member or header at fault."))),
            ("details", ArrayOf(new OpenApiSchema { Type = JsonSchemaType.Object })),
            (innerError, Object(
                "What finds the request in the log.",
                [],
                ("date", String()),
                ("request-id", String()),
                ("client-request-id", String()))));
        return Object("The one shape of errors.", required: ["error"], ("error", content));
    }
}
