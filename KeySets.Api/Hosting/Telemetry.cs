using KeySets.Api.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KeySets.Api.Hosting;

/// <summary>
/// The setup of traces, metrics and logs. If <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, the service sends them there by
/// the OpenTelemetry protocol. The other standard environment variables apply too: <c>OTEL_SERVICE_NAME</c>,
/// <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c> and so on.
/// </summary>
public static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string? Version = typeof(Telemetry).Assembly.GetName().Version?.ToString();

    private static readonly string[] Meters =
    [
        Instruments.Name,
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.Authorization",
        "System.Runtime",
    ];

    /// <summary>Adds the instruments of the service, and their export if an endpoint is set.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Instruments>();
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            // The environment comes last and overrides the rest.
            .ConfigureResource(resource =>
                resource.AddService("keysets", serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(options =>
                    options.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
                .AddSource(Instruments.Name))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter(Meters))
            .WithLogging(_ => { }, options => options.IncludeScopes = true)
            .UseOtlpExporter();
    }
}
