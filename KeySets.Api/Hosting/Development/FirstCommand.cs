using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace KeySets.Api.Hosting.Development;

/// <summary>The first command, for a newcomer to paste into a shell.</summary>
public static class FirstCommand
{
    /// <summary>
    /// Prints the command once the service listens, if the service is its own issuer. It is not logged: it holds a
    /// token.
    /// </summary>
    public static void PrintFirstCommand(this WebApplication app)
    {
        if (app.Services.GetService<DevelopmentIssuer>() is { } issuer)
        {
            app.Lifetime.ApplicationStarted.Register(() => Print(app, issuer));
        }
    }

    private static void Print(WebApplication app, DevelopmentIssuer issuer)
    {
        IServer server = app.Services.GetRequiredService<IServer>();
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address)
        {
            string root = Reachable(address);
            Console.WriteLine(
                $"\nOpen {root} in a browser to try the service.\n"
                + "Or create a first key set here (the token is good for 8 hours and for this run):\n\n"
                + $"{issuer.Curl(root)}\n");
        }
    }

    private static string Reachable(string address) => address
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .TrimEnd('/');
}
