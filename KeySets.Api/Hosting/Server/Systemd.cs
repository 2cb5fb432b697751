using Microsoft.Extensions.Logging.Console;

namespace KeySets.Api.Hosting.Server;

/// <summary>The setup as a service of systemd, which is told when the service is ready and when it ends (sd_notify).</summary>
public static class Systemd
{
    /// <summary>Adds it. Elsewhere it does nothing.</summary>
    public static void AddSystemd(this WebApplicationBuilder builder)
    {
        builder.Services.AddSystemd();
        // The library would have lines of text in the journal, whatever the settings say.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options =>
            options.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? options.FormatterName);
    }
}
