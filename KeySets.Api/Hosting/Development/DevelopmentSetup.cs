using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.OpenApi;

namespace KeySets.Api.Hosting.Development;

/// <summary>
/// The additions of Development: a token issuer of its own if no other is configured, the page for trying the service,
/// and the first command.
/// </summary>
public static class DevelopmentSetup
{
    /// <summary>Adds the issuer of this run and the endpoint for its tokens.</summary>
    /// <param name="services">The services.</param>
    /// <param name="scheme">The authentication scheme that takes the tokens.</param>
    public static void AddDevelopmentIssuer(this IServiceCollection services, string scheme)
    {
        services.AddSingleton<DevelopmentIssuer>();
        services.AddDevelopmentTokens();
        // After all other transformers, among them the one that fills the document.
        services.PostConfigureAll<OpenApiOptions>(options => options.AddDocumentTransformer<TokenDescription>());
        services.AddOptions<JwtBearerOptions>(scheme)
            .Configure<DevelopmentIssuer>((options, issuer) => issuer.Configure(options));
    }

    /// <summary>
    /// Guards the tokens and the page, and redirects browsers to the page. Outside of Development it adds nothing.
    /// </summary>
    public static void UseDevelopment(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.UseLocalNamesOnly();
            app.UseRedirectToPage();
        }
    }

    /// <summary>
    /// Maps the page, and prints the first command once the service listens. Outside of Development it does neither.
    /// </summary>
    public static void MapDevelopment(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapDevelopmentPage();
            app.PrintFirstCommand();
        }
    }
}
