using System.Text;
using KeySets.Api.OData.Requests;
using KeySets.Model;

namespace KeySets.Api.Hosting.Server;

/// <summary>The setup of the web server.</summary>
public static class KestrelLimits
{
    /// <summary>Sets what a request may be, and takes the server's name off the answers.</summary>
    public static void AddLimits(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        // Room for the longest query, so that a longer one is refused in the shape of all errors.
        kestrel.Limits.MaxRequestLineSize = 3 * SystemQueryOptions.LongestQuery;
        // The server counts what it receives, framing of chunks included; the limit of the body itself is JsonBody's.
        kestrel.Limits.MaxRequestBodySize = 8 * Limits.BodyBytes;
        // Any byte can stand in a header: one that does not belong there is then refused in the shape of all errors.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
    });
}
