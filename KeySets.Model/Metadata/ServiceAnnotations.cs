using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;

namespace KeySets.Model.Metadata;

/// <summary>The capabilities of the service as a whole.</summary>
internal static class ServiceAnnotations
{
    /// <summary>The name by which annotations refer to the authentication scheme.</summary>
    public const string Scheme = "Bearer";

    // The term covers operators too: a list without them would say that filters cannot compare.
    private static readonly string[] FilterOperators =
        ["eq", "ne", "gt", "ge", "lt", "le", "in", "and", "or", "not", "add", "sub", "mul", "div", "mod", "any", "all"];

    private static readonly string[] FilterFunctions =
    [
        "concat", "contains", "endswith", "indexof", "length", "startswith", "substring", "tolower", "toupper", "trim",
    ];

    /// <summary>Annotates the container.</summary>
    public static void Annotate(Annotator annotator, IEdmEntityContainer container)
    {
        annotator.Describe(
            container,
            "Keeps JSON Web Key sets (RFC 7517). $metadata and the service document are for everybody, the rest is "
                + "not.");
        annotator.Annotate(container, "Core.ODataVersions", Text("4.0 4.01"));
        // The service meets this level of 4.0, and of 4.01 except for casts in URLs (Protocol section 12.2.1). For the
        // level Advanced, it lacks the resources $ref and $entity.
        IEdmExpression intermediate = annotator.Members("Capabilities.ConformanceLevelType", "Intermediate");
        annotator.Annotate(container, "Capabilities.ConformanceLevel", intermediate);
        annotator.Annotate(container, "Capabilities.SupportedFormats", Texts(Formats()));
        annotator.Annotate(
            container, "Capabilities.SupportedMetadataFormats", Texts("application/xml", "application/json"));
        annotator.Annotate(container, "Capabilities.AsynchronousRequestsSupported", False);
        annotator.Annotate(container, "Capabilities.BatchContinueOnErrorSupported", True);
        annotator.Annotate(container, "Capabilities.BatchSupported", True);
        annotator.Annotate(container, "Capabilities.BatchSupport", Batches());
        annotator.Annotate(container, "Capabilities.CrossJoinSupported", False);
        annotator.Annotate(container, "Capabilities.FilterFunctions", Texts([.. FilterOperators, .. FilterFunctions]));
        annotator.Annotate(container, "Capabilities.KeyAsSegmentSupported", True);
        annotator.Annotate(container, "Capabilities.QuerySegmentSupported", True);
        annotator.Annotate(container, "Repeatability.Supported", True);
        AnnotateAccess(annotator, container);
    }

    /// <summary>The permissions, one of which an operation needs.</summary>
    public static (string, IEdmExpression) Allowed(params IEnumerable<string> permissions) =>
        ("Permissions", List(Record(
            ("SchemeName", Text(Scheme)),
            ("Scopes", List(permissions.Select(permission => Record(("Scope", Text(permission)))))))));

    private static IEnumerable<string> Formats() =>
        from level in (string[])["minimal", "full", "none"]
        from numbers in (string[])["", ";IEEE754Compatible=true"]
        select $"application/json;odata.metadata={level}{numbers}";

    private static IEdmExpression Batches() => Record(
        ("Supported", True),
        ("ContinueOnErrorSupported", True),
        ("ReferencesInRequestBodiesSupported", False),
        ("ReferencesAcrossChangeSetsSupported", True),
        ("EtagReferencesSupported", False),
        ("RequestDependencyConditionsSupported", False),
        ("SupportedFormats", Texts("multipart/mixed", "application/json")));

    /// <remarks>
    /// Names no OAuth flow and no issuer, because the settings decide where tokens come from. Each permission has a
    /// scheme of its own: a client needs one of the schemes, but all scopes of that scheme.
    /// </remarks>
    private static void AnnotateAccess(Annotator annotator, IEdmEntityContainer container)
    {
        annotator.Annotate(container, "Authorization.Authorizations", List(annotator.Record(
            "Authorization.Http",
            ("Name", Text(Scheme)),
            ("Description", Text("An access token (RFC 6750) with a permission in scp, roles or scope.")),
            ("Scheme", Text("bearer")),
            ("BearerFormat", Text("JWT")))));
        annotator.Annotate(container, "Authorization.SecuritySchemes", List(
            ((string[])[Permissions.Read, Permissions.ReadWrite, Permissions.ReadAudit]).Select(permission => Record(
                ("Authorization", Text(Scheme)),
                ("RequiredScopes", Texts(permission))))));
    }
}
