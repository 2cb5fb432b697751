using Microsoft.Extensions.Configuration.Json;

namespace KeySets.Api.Hosting.Server;

/// <summary>The setup of the web server and of its surroundings.</summary>
public static class WebServer
{
    /// <summary>
    /// Adds the rules of the log, the clock, the limits of requests, the host names, the reverse proxy, the origins of
    /// browsers' clients, systemd, and telemetry.
    /// </summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddWebServer(this WebApplicationBuilder builder)
    {
        builder.AddOwnSettings();
        builder.AddLogRules();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddLimits();
        builder.AddHostNames();
        builder.AddReverseProxy();
        builder.AddCrossOrigins();
        builder.AddSystemd();
        builder.AddTelemetry();
    }

    /// <summary>Adds the settings files beside the program.</summary>
    /// <remarks>
    /// ASP.NET Core looks for the settings files in the working directory, where there may be none. So the files beside
    /// the program are added in front: they apply wherever it is started, and every other source overrides them.
    /// </remarks>
    public static void AddOwnSettings(this WebApplicationBuilder builder)
    {
        string[] files = ["appsettings.json", $"appsettings.{builder.Environment.EnvironmentName}.json"];
        for (int index = 0; index < files.Length; index++)
        {
            string path = Path.Combine(AppContext.BaseDirectory, files[index]);
            JsonConfigurationSource source = new() { Path = path, Optional = true };
            source.ResolveFileProvider();
            builder.Configuration.Sources.Insert(index, source);
        }
    }
}
