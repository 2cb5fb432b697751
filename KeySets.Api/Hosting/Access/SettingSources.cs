using Microsoft.Extensions.Configuration.Json;

namespace KeySets.Api.Hosting.Access;

/// <summary>
/// Tells where a setting stands: of several sources, the one at fault may be one that nobody looks at.
/// </summary>
internal static class SettingSources
{
    private const string UserSecrets = "secrets.json";

    /// <summary>The sources that have a section, in words.</summary>
    public static string Of(IConfiguration configuration, string section) => string.Join(
        ", ",
        ((IConfigurationRoot)configuration).Providers
            .Where(provider => provider.GetChildKeys([], section).Any())
            .Select(Describe)
            .Distinct());

    /// <summary>Whether user secrets, which <c>dotnet user-jwts</c> writes to, have a section.</summary>
    public static bool HasUserSecrets(IConfiguration configuration, string section) =>
        ((IConfigurationRoot)configuration).Providers.Any(
            provider => provider is JsonConfigurationProvider { Source.Path: UserSecrets }
                && provider.GetChildKeys([], section).Any());

    private static string Describe(IConfigurationProvider provider) => provider switch
    {
        JsonConfigurationProvider { Source: { Path: UserSecrets } source } =>
            $"the user secrets ({source.FileProvider?.GetFileInfo(UserSecrets).PhysicalPath})",
        JsonConfigurationProvider json => $"{json.Source.Path}",
        _ => $"{provider}".Replace("ConfigurationProvider", "", StringComparison.Ordinal),
    };
}
