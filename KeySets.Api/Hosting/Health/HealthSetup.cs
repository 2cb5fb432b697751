using System.Globalization;
using System.Net.Mime;
using KeySets.Api.OData;
using KeySets.Api.Refusals;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>The setup of the health endpoints.</summary>
public static class HealthSetup
{
    private const string LeastFreeSetting = "Health:LeastFreeMebibytes";
    private const long DefaultLeastFree = 64;

    /// <summary>Adds the checks.</summary>
    public static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseHealthCheck>("database")
            .AddCheck<KeyRingHealthCheck>("key ring");
    }

    /// <summary>Adds the check of a disk.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddDiskHealth(this WebApplicationBuilder builder, string folder)
    {
        string setting = builder.Configuration[LeastFreeSetting] ?? $"{DefaultLeastFree}";
        if (!long.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out long leastFree)
            || leastFree > long.MaxValue >> 20)
        {
            throw new StartupException($"{LeastFreeSetting} is not a number of mebibytes.");
        }

        builder.Services.AddHealthChecks().AddCheck("disk", new DiskHealthCheck(folder, leastFree << 20));
    }

    /// <summary>
    /// Maps <c>/health/live</c>, which answers while the process runs, and <c>/health/ready</c>, which checks all that
    /// a write needs.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", context => WriteAsync(context, [])).AllowAnonymous().Add(ODataSetup.AllowHead);
        app.MapGet("/health/ready", async (HttpContext context, Readiness readiness) =>
                await WriteAsync(context, Failed(await readiness.CheckAsync())))
            .AllowAnonymous()
            .Add(ODataSetup.AllowHead);
    }

    private static string[] Failed(HealthReport report) =>
        [.. report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy).Select(check => check.Key)];

    private static Task WriteAsync(HttpContext context, string[] failed)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (failed.Length > 0)
        {
            return ErrorWriter.WriteAsync(context, Refusal.NotReady(failed));
        }

        context.Response.ContentType = MediaTypeNames.Text.Plain;
        return context.Response.WriteAsync("Healthy");
    }
}
