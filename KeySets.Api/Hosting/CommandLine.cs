using System.Reflection;
using KeySets.Api.Hosting.Commands;

namespace KeySets.Api.Hosting;

/// <summary>The arguments that are no settings.</summary>
public static class CommandLine
{
    private static readonly string Version =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Answers <c>--help</c> and <c>--version</c>.</summary>
    /// <returns>The answer; null if the arguments ask for neither.</returns>
    public static string? Answer(string[] args) => args switch
    {
        _ when args.Any(argument => argument is "--help" or "-h" or "-?") => Help,
        _ when args.Any(argument => argument is "--version") => Version,
        _ => null,
    };

    private static string Help =>
        $"""
        KeySets {Version}: JSON Web Key sets behind an OData API

        A command before the settings does something else than to run the service:

        {Command.Help}

        Settings:

          --help, --version                  this text; the version
          --urls                             where to listen, such as http://localhost:5080
          --environment                      Development for a token issuer of its own and a page; else Production

        {Settings.Help}

          --AzureAd:…                        Microsoft Entra ID as the token issuer
          --Authentication:Schemes:Bearer:…  any other OpenID Connect issuer

        Each can also be an environment variable, such as KeySets__IdPrefix, or stand in appsettings.json.
        """;
}
