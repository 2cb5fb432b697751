using KeySets.Api.OData.Requests;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.Hosting.Server;

/// <summary>
/// The setup for clients in browsers that come from other origins (CORS). The setting <c>KeySets:Cors:Origins</c> lists
/// the origins; without it there are none. Published keys are for every origin, whatever the setting says.
/// </summary>
public static class CrossOrigins
{
    private const string Setting = "KeySets:Cors:Origins";
    private const string Published = nameof(Published);

    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    private static readonly string[] All =
        [.. Reads, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    // The headers of answers that a browser does not show by itself.
    private static readonly string[] Exposed =
    [
        HeaderNames.Allow, HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate,
        "OData-EntityId", "OData-Version", "Preference-Applied", "Repeatability-Result", "client-request-id",
        "request-id",
    ];

    /// <summary>Adds the origins.</summary>
    /// <exception cref="StartupException">A setting is not an origin.</exception>
    public static void AddCrossOrigins(this WebApplicationBuilder builder)
    {
        string[] origins = Origins(builder.Configuration.GetSection(Setting));
        builder.Services.AddCors(options =>
        {
            options.AddPolicy(Published, policy => Describe(policy.AllowAnyOrigin(), Reads));
            if (origins.Length > 0)
            {
                options.AddDefaultPolicy(policy => Describe(policy.WithOrigins(origins), All));
            }
        });
    }

    /// <summary>
    /// Answers preflight requests, which carry no token, and adds the headers of CORS to every other answer, errors
    /// included.
    /// </summary>
    public static void UseCrossOrigins(this WebApplication app)
    {
        CorsOptions options = app.Services.GetRequiredService<IOptions<CorsOptions>>().Value;
        bool isListed = options.GetPolicy(options.DefaultPolicyName) is not null;
        app.Use((context, next) =>
        {
            if (Addresses.IsJwks(context.Request.Path))
            {
                context.Response.OnStarting(OpenToAllAsync, context.Response.Headers);
            }
            else if (isListed)
            {
                context.Response.OnStarting(VaryByOriginAsync, context.Response.Headers);
            }

            return next(context);
        });
        app.UseWhen(
            context => NamesOrigin(context.Request) && Addresses.IsJwks(context.Request.Path),
            published => published.Use(DropUnreadableNames).UseCors(Published));
        if (isListed)
        {
            app.UseWhen(
                context => NamesOrigin(context.Request) && !Addresses.IsJwks(context.Request.Path),
                service => service.Use(DropUnreadableNames).UseCors());
        }
    }

    // ASP.NET Core does nothing for the others.
    private static bool NamesOrigin(HttpRequest request) => request.Headers.Origin.Count > 0;

    // Any header: clients send some of their own, such as X-CSRF-Token, and the service ignores those.
    private static void Describe(CorsPolicyBuilder policy, string[] methods) => policy
        .WithMethods(methods)
        .AllowAnyHeader()
        .WithExposedHeaders(Exposed)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));

    /// <remarks>
    /// ASP.NET Core adds the header only for requests that name their origin. A cache would keep the answer to one that
    /// does not, and give it to a browser that needs the header.
    /// </remarks>
    private static Task OpenToAllAsync(object headers)
    {
        ((IHeaderDictionary)headers).AccessControlAllowOrigin = CorsConstants.AnyOrigin;
        return Task.CompletedTask;
    }

    /// <remarks>
    /// ASP.NET Core adds Origin to Vary only for requests that name their origin, for the same caches.
    /// </remarks>
    private static Task VaryByOriginAsync(object state)
    {
        IHeaderDictionary headers = (IHeaderDictionary)state;
        if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin))
        {
            headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Origin);
        }

        return Task.CompletedTask;
    }

    /// <remarks>
    /// The answer to a preflight repeats the names of headers, and Kestrel fails at characters that no name has.
    /// </remarks>
    private static Task DropUnreadableNames(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (!headers.AccessControlRequestHeaders.ToString().All(letter => letter is >= ' ' and <= '~'))
        {
            headers.AccessControlRequestHeaders = default;
        }

        return next(context);
    }

    private static string[] Origins(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value)
            ? [.. section.GetChildren().Select(child => IsOrigin(child.Value)
                ? child.Value!
                : throw new StartupException($"{child.Path} is not an origin, such as https://app.example."))]
            : throw new StartupException($"{Setting} is a list. Set {Setting}:0 and so on.");

    /// <summary>Whether a text is what a browser sends as its origin (RFC 6454 section 6.1).</summary>
    private static bool IsOrigin(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && url.Host.Length > 0
        && url.UserInfo.Length == 0
        && text.Equals(url.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
