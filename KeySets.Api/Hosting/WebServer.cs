namespace KeySets.Api.Hosting;

/// <summary>The setup of the web server and of what stands around it.</summary>
public static class WebServer
{
    /// <summary>Adds limits of requests, the reverse proxy in front, the supervisor behind, and telemetry.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddWebServer(this WebApplicationBuilder builder)
    {
        builder.AddLimits();
        builder.AddReverseProxy();
        builder.AddSystemd();
        builder.AddTelemetry();
    }
}
