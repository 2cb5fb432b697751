using System.Text;
using KeySets.Api.OData.Requests;
using KeySets.Model;

namespace KeySets.Api.Hosting.Server;

/// <summary>The limits of Kestrel.</summary>
public static class KestrelLimits
{
    /// <summary>Limits requests, and removes the name of the server from answers.</summary>
    public static void AddLimits(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        // Room for the longest query, so that the service itself refuses a longer one, in the one error shape.
        kestrel.Limits.MaxRequestLineSize = 3 * SystemQueryOptions.LongestQuery;
        // Kestrel counts the framing of chunks too. JsonBody limits the body itself.
        kestrel.Limits.MaxRequestBodySize = 8 * Limits.BodyBytes;
        // Latin-1 decodes any byte, so that the service itself refuses a wrong one, in the one error shape.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
    });
}
