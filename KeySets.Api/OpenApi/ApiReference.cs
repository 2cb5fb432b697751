using KeySets.Api.OData;
using KeySets.Api.OData.Requests;

namespace KeySets.Api.OpenApi;

/// <summary>The setup of the OpenAPI document, at <c>/openapi/v1.json</c>.</summary>
public static class ApiReference
{
    /// <summary>Adds the document.</summary>
    public static void AddApiReference(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer<ApiDescription>());

    /// <summary>Maps the document.</summary>
    public static void MapApiReference(this WebApplication app) => app.MapOpenApi().PublishOutsideOData();

    /// <summary>Serves endpoints without a token, for GET and HEAD, outside the OData service.</summary>
    public static void PublishOutsideOData(this IEndpointConventionBuilder endpoints) =>
        endpoints.AllowAnonymous().WithMetadata(new OutsideODataAttribute()).Add(ODataSetup.AllowHead);
}
