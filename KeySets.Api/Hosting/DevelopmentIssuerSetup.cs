using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the <see cref="DevelopmentIssuer"/>.</summary>
public static class DevelopmentIssuerSetup
{
    /// <summary>Adds the issuer.</summary>
    public static void AddDevelopmentIssuer(this IServiceCollection services, string scheme)
    {
        services.AddSingleton<DevelopmentIssuer>();
        services.AddDevelopmentTokens();
        services.AddOptions<JwtBearerOptions>(scheme).Configure<DevelopmentIssuer>((options, issuer) => issuer.Configure(options));
    }

    /// <summary>Prints, where the service is its own issuer, the command to begin with. Not to the log: it holds a token.</summary>
    public static void PrintFirstCommand(this WebApplication app)
    {
        if (app.Services.GetService<DevelopmentIssuer>() is { } issuer)
        {
            app.Lifetime.ApplicationStarted.Register(() =>
            {
                ICollection<string> addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
                if (addresses.FirstOrDefault() is { } address)
                {
                    string root = Reachable(address);
                    Console.WriteLine(
                        $"\nOpen {root} in a browser to try the service.\n"
                        + $"Or create a first key set here (the token is good for 8 hours and for this run):\n\n{issuer.Curl(root)}\n");
                }
            });
        }
    }

    private static string Reachable(string address) => address
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .TrimEnd('/');
}
