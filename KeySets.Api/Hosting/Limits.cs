using KeySets.Api.OData;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the web server.</summary>
public static class Limits
{
    /// <summary>Sets what a request may be, and takes the server's name off the answers.</summary>
    public static void AddLimits(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = JsonBody.MaximumBytes;
    });
}
