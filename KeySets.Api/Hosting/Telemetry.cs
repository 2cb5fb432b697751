using KeySets.Api.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KeySets.Api.Hosting;

/// <summary>
/// The setup of traces and metrics. They are sent by the OpenTelemetry protocol where the standard environment variables say so, above all
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; <c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_TRACES_SAMPLER</c> and the others are followed.
/// </summary>
public static class Telemetry
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private static readonly string[] Meters =
        [Instruments.Name, "Microsoft.AspNetCore.Authentication", "Microsoft.AspNetCore.Authorization", "System.Runtime"];

    /// <summary>Adds what the service measures, and its export where somebody listens.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Instruments>();
        if (!Endpoints.Any(name => builder.Configuration[name] is { Length: > 0 }))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            // The environment comes last, and wins.
            .ConfigureResource(resource => resource.AddService("keysets").AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(Instruments.Name))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter(Meters))
            .UseOtlpExporter();
    }
}
