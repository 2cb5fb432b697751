using Microsoft.Extensions.Logging.Console;

namespace KeySets.Api.Hosting.Server;

/// <summary>
/// The setup as a service of systemd: the service tells systemd when it is ready and when it ends (sd_notify).
/// </summary>
public static class Systemd
{
    /// <summary>Adds the notifications. Without systemd they do nothing.</summary>
    public static void AddSystemd(this WebApplicationBuilder builder)
    {
        builder.Services.AddSystemd();
        // AddSystemd writes plain text to the journal, whatever the settings say.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options =>
            options.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? options.FormatterName);
    }
}
