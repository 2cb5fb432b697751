using KeySets.Api.OData;
using KeySets.Api.OpenApi;
using KeySets.Model;
using Microsoft.AspNetCore.Http.Extensions;
using Scalar.AspNetCore;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the OpenAPI document, at <c>/openapi/v1.json</c>, and of the page to try the service on, at <c>/scalar</c> in Development.</summary>
public static class ApiReference
{
    /// <summary>Where the page is.</summary>
    internal const string Page = "/scalar";

    /// <summary>Adds the document.</summary>
    public static void AddApiReference(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer<ApiDescription>());

    /// <summary>Maps the document, and in Development the page, to which a browser is led from the root.</summary>
    public static void MapApiReference(this WebApplication app)
    {
        Publish(app.MapOpenApi());
        if (app.Environment.IsDevelopment())
        {
            Publish(app.MapScalarApiReference(Page, Configure));
        }
    }

    /// <summary>Leads a browser from the root, where the service document is, to the page, and strangers away from it. Before routing.</summary>
    public static void UseApiReference(this WebApplication app)
    {
        app.UseDevelopmentTokens();
        if (app.Environment.IsDevelopment())
        {
            app.Use((context, next) =>
            {
                if (!IsForPage(context.Request))
                {
                    return next(context);
                }

                // Absolute, since a prefix that a proxy forwards can begin with two slashes, which name a host.
                HttpRequest request = context.Request;
                context.Response.Redirect(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"{Page}/"));
                return Task.CompletedTask;
            });
        }
    }

    private static void Publish(IEndpointConventionBuilder endpoints) =>
        endpoints.AllowAnonymous().WithMetadata(new OutsideODataAttribute()).Add(ODataSetup.AllowHead);

    private static bool IsForPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Path.Value is "" or "/"
        && request.GetTypedHeaders().Accept.MaxBy(type => type.Quality ?? 1)?.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) is true;

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        options.WithTitle("KeySets")
            // Nothing is fetched from elsewhere and nothing is sent there.
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools()
            .PreserveSchemaPropertyOrder().DisableRequiredPropertiesFirst()
            .AddPreferredSecuritySchemes("bearer");
        if (context.RequestServices.GetService<DevelopmentIssuer>() is { } issuer)
        {
            // It holds a token.
            context.Response.Headers.CacheControl = "no-store";
            options.AddHttpAuthentication("bearer", scheme => scheme.Token = issuer.CreateToken(Permissions.ReadWrite));
        }
    }
}
