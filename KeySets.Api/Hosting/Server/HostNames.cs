using KeySets.Api.Refusals;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Extensions;

namespace KeySets.Api.Hosting.Server;

/// <summary>The host names of the service, from the setting <c>AllowedHosts</c> of ASP.NET Core.</summary>
internal static class HostNames
{
    private static readonly string[] Any = ["*", "[::]", "0.0.0.0"];

    // Of the last request: most clients know the service by one name.
    private static volatile Root LastUsable = new("", "");

    /// <summary>
    /// Leaves the check of the host to <c>Program.cs</c>, where its refusals get ids and the one error shape. By itself
    /// ASP.NET Core puts the check in front of the whole pipeline, and answers in HTML.
    /// </summary>
    public static void AddHostNames(this WebApplicationBuilder builder)
    {
        foreach (ServiceDescriptor filter in builder.Services
            .Where(service => service.ServiceType == typeof(IStartupFilter)
                && service.ImplementationType?.Name == "HostFilteringStartupFilter")
            .ToArray())
        {
            builder.Services.Remove(filter);
        }

        builder.Services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
    }

    /// <summary>Refuses requests with whose scheme and host no URL can be built.</summary>
    public static void UseUsableHosts(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        HttpRequest request = context.Request;
        if (request.Host.HasValue && LastUsable is var (scheme, host)
            && !(scheme == request.Scheme && host == request.Host.Value))
        {
            if (!Uri.TryCreate(UriHelper.BuildAbsolute(request.Scheme, request.Host), UriKind.Absolute, out _))
            {
                throw Refusal.BadHost();
            }

            LastUsable = new Root(request.Scheme, request.Host.Value);
        }

        return next(context);
    });

    /// <summary>The names that are listed; empty if one of them stands for all names.</summary>
    public static string[] Listed(IConfiguration configuration)
    {
        string[] names = (configuration["AllowedHosts"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Intersect(Any).Any() ? [] : names;
    }

    private sealed record Root(string Scheme, string Host);
}
