using System.Globalization;
using System.Net.Mime;
using KeySets.Api.Data.Sealing;
using KeySets.Api.OData;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
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
        builder.Services.AddSingleton<SealedRowsScan>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SealedRowsScan>());
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseHealthCheck>("database")
            .AddCheck<KeyRingHealthCheck>("key ring")
            .AddCheck<SealedRowsScan>(SealedRowsScan.Name);
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
        app.MapGet("/health/live", context => WriteAsync(context, [], "Healthy"))
            .AllowAnonymous()
            .Add(ODataSetup.AllowHead);
        app.MapGet("/health/ready", async (HttpContext context, Readiness readiness) =>
                await WriteAsync(context, Failed(await readiness.CheckAsync()), await DescribeAsync(context)))
            .AllowAnonymous()
            .Add(ODataSetup.AllowHead);
    }

    private static string[] Failed(HealthReport report) =>
        [.. report.Entries.Where(check => check.Value.Status == HealthStatus.Unhealthy).Select(check => check.Key)];

    /// <returns>
    /// Healthy, or the number of damaged rows and columns; to a client that may read sets, with the ids and kids of the
    /// first.
    /// </returns>
    private static async Task<string> DescribeAsync(HttpContext context)
    {
        SealedRows rows = context.RequestServices.GetRequiredService<SealedRows>();
        if (rows.AreWhole)
        {
            return "Healthy";
        }

        AuthorizationResult mayRead = await context.RequestServices.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(context.User, Permissions.Read);
        string columns = rows.Columns.Count == 0 ? "" : $", {rows.Columns.Count} columns cannot be read";
        string sum = $"Degraded: the private members of {rows.Damaged} keys do not open{columns}";
        return mayRead.Succeeded
            ? string.Join('\n', [$"{sum}:", .. rows.Named, .. rows.Columns.Take(SealedRows.MostNamed)])
            : $"{sum}.";
    }

    private static Task WriteAsync(HttpContext context, string[] failed, string healthy)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (failed.Length > 0)
        {
            return ErrorWriter.WriteAsync(context, Refusal.NotReady(failed));
        }

        context.Response.ContentType = MediaTypeNames.Text.Plain;
        return context.Response.WriteAsync(healthy);
    }
}
