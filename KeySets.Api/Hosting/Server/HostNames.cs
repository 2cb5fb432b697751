namespace KeySets.Api.Hosting.Server;

/// <summary>The names that the service is reached by, of the setting <c>AllowedHosts</c> of ASP.NET Core.</summary>
internal static class HostNames
{
    private static readonly string[] Any = ["*", "[::]", "0.0.0.0"];

    /// <summary>The names that are listed; none where one of them stands for all.</summary>
    public static string[] Listed(IConfiguration configuration)
    {
        string[] names = (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Intersect(Any).Any() ? [] : names;
    }
}
