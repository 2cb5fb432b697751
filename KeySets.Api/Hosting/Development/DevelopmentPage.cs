using KeySets.Api.OpenApi;
using KeySets.Model;
using Microsoft.AspNetCore.Http.Extensions;
using Scalar.AspNetCore;

namespace KeySets.Api.Hosting.Development;

/// <summary>The page for trying the service, at <c>/scalar</c>, with a token filled in.</summary>
public static class DevelopmentPage
{
    /// <summary>The path of the page.</summary>
    internal const string Path = "/scalar";

    /// <summary>Maps the page.</summary>
    public static void MapDevelopmentPage(this WebApplication app) =>
        app.MapScalarApiReference(Path, Configure).PublishOutsideOData();

    /// <summary>
    /// Redirects a browser from the root to the page. Runs before routing, which finds the service document there.
    /// </summary>
    public static void UseRedirectToPage(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!IsBrowserAtRoot(context.Request))
        {
            return next(context);
        }

        // An absolute URL: the prefix that a proxy forwards can begin with two slashes, which would name a host.
        HttpRequest request = context.Request;
        context.Response.Redirect(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"{Path}/"));
        return Task.CompletedTask;
    });

    private static bool IsBrowserAtRoot(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Path.Value is "" or "/"
        && request.GetTypedHeaders().Accept.MaxBy(type => type.Quality ?? 1)?.MediaType
            .Equals("text/html", StringComparison.OrdinalIgnoreCase) is true;

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        options.WithTitle("KeySets")
            // The page fetches nothing from other hosts and sends nothing to them.
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp()
            .HideClientButton().HideDeveloperTools()
            .PreserveSchemaPropertyOrder().DisableRequiredPropertiesFirst()
            .AddPreferredSecuritySchemes("bearer");
        if (context.RequestServices.GetService<DevelopmentIssuer>() is { } issuer)
        {
            // The page holds a token.
            context.Response.Headers.CacheControl = "no-store";
            options.AddHttpAuthentication("bearer", scheme =>
                scheme.Token = issuer.CreateToken($"{Permissions.ReadWrite} {Permissions.ReadAudit}"));
        }
    }
}
