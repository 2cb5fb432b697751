namespace KeySets.Tests.Support;

/// <summary>
/// The program that the command in <c>docs/operating.md</c> publishes, with its SBOM. It is published once per run,
/// since that takes a minute.
/// </summary>
public static class PublishedProgram
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<Task> Published = new(PublishAsync);

    /// <summary>Its folder. Nothing else may write there.</summary>
    public static async Task<string> FolderAsync()
    {
        Shell.Require();
        await Published.Value;
        return Folder.FullPath;
    }

    /// <summary>Deletes it.</summary>
    public static void Delete() => Folder.Dispose();

    /// <summary>Starts it.</summary>
    /// <param name="contentRoot">The folder of its data.</param>
    /// <param name="environment">Development or Production.</param>
    /// <param name="settings">Settings as arguments.</param>
    public static async Task<KeySetsProcess> StartAsync(
        string contentRoot, string environment, params string[] settings) => KeySetsProcess.ByCommand(
        await FolderAsync(),
        // APPDATA: .NET must not find the user secrets of this machine's developer.
        $"APPDATA={contentRoot} exec dotnet KeySets.Api.dll --contentRoot {contentRoot} --environment {environment} "
        + $"--urls http://127.0.0.1:0 {string.Join(' ', settings)}");

    private static async Task PublishAsync() => await Shell.RunAsync(
        Documents.Text(Documents.Operating, "In production", "sh")
            .Replace("-o /opt/keysets", $"-o {Folder.FullPath} -p:Sbom=true", StringComparison.Ordinal),
        Documents.Folder,
        // Other fixtures run at the same time.
        TimeSpan.FromMinutes(6));
}
