using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace KeySets.Api.Hosting.Server;

/// <summary>
/// The setup behind a reverse proxy, which describes the request of the client by <c>X-Forwarded-For</c>,
/// <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c>. The service believes only the addresses that the settings list:
/// anybody can send these headers, and links are built from them.
/// </summary>
public static class ReverseProxy
{
    private const string Proxies = "ReverseProxy:KnownProxies";
    private const string Networks = "ReverseProxy:KnownNetworks";

    /// <summary>Adds the addresses.</summary>
    /// <exception cref="StartupException">A setting is not an address.</exception>
    public static void AddReverseProxy(this WebApplicationBuilder builder)
    {
        IPAddress[] proxies = Values<IPAddress>(builder, Proxies);
        System.Net.IPNetwork[] networks = Values<System.Net.IPNetwork>(builder, Networks);
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders =
                proxies.Length + networks.Length > 0 ? ForwardedHeaders.All : ForwardedHeaders.None;
            // Any number of proxies: an address that is not listed ends the chain.
            options.ForwardLimit = null;
            options.AllowedHosts = HostNames.Listed(builder.Configuration);
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            Array.ForEach(proxies, options.KnownProxies.Add);
            Array.ForEach(networks, options.KnownIPNetworks.Add);
        });
    }

    private static T[] Values<T>(WebApplicationBuilder builder, string setting) where T : IParsable<T> =>
    [
        .. builder.Configuration.GetSection(setting).GetChildren().Select(child =>
            T.TryParse(child.Value, provider: null, out T? value)
                ? value
                : throw new StartupException(
                    $"{child.Path} is not an "
                    + $"{(setting == Networks ? "IP network, such as 10.0.0.0/8" : "IP address")}.")),
    ];
}
