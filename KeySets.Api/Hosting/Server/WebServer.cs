using Microsoft.Extensions.Configuration.Json;

namespace KeySets.Api.Hosting.Server;

/// <summary>The setup of the web server and of what stands around it.</summary>
public static class WebServer
{
    /// <summary>Adds the clock, limits of requests, the reverse proxy in front, the supervisor behind, and telemetry.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddWebServer(this WebApplicationBuilder builder)
    {
        builder.AddOwnSettings();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddLimits();
        builder.AddReverseProxy();
        builder.AddSystemd();
        builder.AddTelemetry();
    }

    /// <remarks>
    /// The settings that come with the program hold wherever it is started: below the working directory, where they are looked for, there may
    /// be none. Whatever else there is comes after them, and wins.
    /// </remarks>
    private static void AddOwnSettings(this WebApplicationBuilder builder)
    {
        string[] files = ["appsettings.json", $"appsettings.{builder.Environment.EnvironmentName}.json"];
        for (int index = 0; index < files.Length; index++)
        {
            JsonConfigurationSource source = new() { Path = Path.Combine(AppContext.BaseDirectory, files[index]), Optional = true };
            source.ResolveFileProvider();
            builder.Configuration.Sources.Insert(index, source);
        }
    }
}
