using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;

namespace KeySets.Model.Metadata;

/// <summary>What the service as a whole can do.</summary>
internal static class ServiceAnnotations
{
    /// <summary>The name under which annotations refer to how a client says who it is.</summary>
    public const string Scheme = "Bearer";

    // With functions alone the list would say that nothing can be compared: the term is about operators too.
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
        // Whatever 4.0 demands for it is there, and 4.01 but for casts in URLs (Protocol section 12.2.1); of Advanced
        // the resources $ref and $entity are missing.
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
        AnnotateAccess(annotator, container);
    }

    /// <summary>The permissions of which an operation needs one.</summary>
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
    /// Where tokens come from is a setting, so no flow of OAuth and no issuer can be named. The schemes are
    /// alternatives, the scopes of one scheme are not: a token needs one of the permissions, not both.
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
            ((string[])[Permissions.Read, Permissions.ReadWrite]).Select(permission => Record(
                ("Authorization", Text(Scheme)),
                ("RequiredScopes", Texts(permission))))));
    }
}
