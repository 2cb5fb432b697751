using System.Diagnostics;
using System.Globalization;

namespace KeySets.Benchmarks.Servers;

/// <summary>A program that serves key sets: a build of the service, or the bare handler.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Arguments">The command line behind <c>dotnet</c>, without the address and the database.</param>
internal sealed record ServerProgram(string Name, IReadOnlyList<string> Arguments)
{
    /// <summary>The bare handler.</summary>
    public const string Bare = "bare";

    /// <summary>Whether it is the bare handler.</summary>
    public bool IsBare => Name == Bare;

    /// <summary>The bare handler, which is this program.</summary>
    public static ServerProgram OfBare() => new(Bare, [typeof(ServerProgram).Assembly.Location, Bare]);

    /// <summary>A build of the service.</summary>
    /// <param name="name">Its name in the tables.</param>
    /// <param name="folder">The published files.</param>
    public static ServerProgram OfService(string name, string folder) =>
        new(name, [Path.Combine(folder, "KeySets.Api.dll")]);

    /// <summary>How to start it.</summary>
    /// <param name="port">The port that it listens on.</param>
    /// <param name="data">Its data.</param>
    /// <param name="issuer">The issuer of the tokens that the service accepts.</param>
    public ProcessStartInfo StartInfo(int port, ServerData data, TokenIssuer issuer)
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        ProcessStartInfo start =
            new("dotnet", IsBare ? [.. Arguments, data.Bare, address] : Arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = data.Folder,
            };
        Dictionary<string, string> settings = new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address,
            ["Authentication__Schemes__Bearer__Authority"] = issuer.Authority,
            ["Authentication__Schemes__Bearer__RequireHttpsMetadata"] = "false",
            ["Authentication__Schemes__Bearer__ValidAudiences__0"] = TokenIssuer.Audience,
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach ((string name, string value) in settings.Concat(data.Settings))
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
