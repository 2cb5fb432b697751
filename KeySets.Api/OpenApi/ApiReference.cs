using KeySets.Api.OData;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OpenApi;

/// <summary>The setup of the OpenAPI document, at <c>/openapi/v1.json</c>.</summary>
public static class ApiReference
{
    /// <summary>Adds the document.</summary>
    public static void AddApiReference(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer<ApiDescription>());

    /// <summary>Maps the document.</summary>
    public static void MapApiReference(this WebApplication app) => app.MapOpenApi()
        // The document names the address of the service.
        .AddEndpointFilter((context, next) =>
            context.HttpContext.Request.Host.HasValue ? next(context) : throw Refusal.BadHost())
        .PublishOutsideOData();

    /// <summary>Serves endpoints without a token, for GET and HEAD, outside the OData service.</summary>
    public static void PublishOutsideOData(this IEndpointConventionBuilder endpoints) =>
        endpoints.AllowAnonymous().WithMetadata(new OutsideODataAttribute()).Add(ODataSetup.AllowHead);
}
