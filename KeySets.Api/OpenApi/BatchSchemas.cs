using Microsoft.OpenApi;
using static KeySets.Api.OpenApi.ApiSchema;

namespace KeySets.Api.OpenApi;

/// <summary>The schemas of a batch in JSON (OData JSON section 19).</summary>
internal static class BatchSchemas
{
    /// <summary>The requests.</summary>
    public static OpenApiSchema Request() => Object(
        "Several requests (OData JSON section 19.1).",
        required: ["requests"],
        ("requests", ArrayOf(Object(
            null,
            required: ["id", "method", "url"],
            ("id", String("Its name within the batch: $ and the name refer to it in a later URL.")),
            ("method", String("get, post, put, patch or delete, in any case.")),
            ("url", String("Relative to the root of the service, or absolute.")),
            ("atomicityGroup", String("Requests with the same one are all done or none.")),
            ("dependsOn", ArrayOf(String())),
            ("headers", Headers()),
            ("body", new OpenApiSchema { Description = "What is sent." })))));

    /// <summary>The answers.</summary>
    public static OpenApiSchema Response() => Object(
        "Their answers (OData JSON section 19.2).",
        required: ["responses"],
        ("responses", ArrayOf(Object(
            null,
            required: ["id", "status"],
            ("id", String()),
            ("status", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }),
            ("atomicityGroup", String()),
            ("headers", Headers()),
            ("body", new OpenApiSchema { Description = "What came back." })))));

    private static OpenApiSchema Headers() => new() { Type = JsonSchemaType.Object, AdditionalProperties = String() };
}
