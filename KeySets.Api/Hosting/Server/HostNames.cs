namespace KeySets.Api.Hosting.Server;

/// <summary>The host names of the service, from the setting <c>AllowedHosts</c> of ASP.NET Core.</summary>
internal static class HostNames
{
    private static readonly string[] Any = ["*", "[::]", "0.0.0.0"];

    /// <summary>The names that are listed; empty if one of them stands for all names.</summary>
    public static string[] Listed(IConfiguration configuration)
    {
        string[] names = (configuration["AllowedHosts"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Intersect(Any).Any() ? [] : names;
    }
}
