namespace KeySets.Api.Data;

/// <summary>The folders of the service's data.</summary>
public static class DataFolder
{
    /// <summary>
    /// The full path without links in it. A link that is turned elsewhere while the service runs then does not divide
    /// its data between two places.
    /// </summary>
    /// <param name="path">A path, relative to the root or full.</param>
    /// <param name="root">The folder that a relative path begins at.</param>
    public static string Resolve(string path, string root) => WithoutLinks(Path.GetFullPath(path, root));

    /// <summary>Creates a folder that no other account can look into. An existing folder keeps its access.</summary>
    /// <exception cref="StartupException">The folder cannot be used.</exception>
    public static DirectoryInfo Create(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(
                    path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The folder for the data cannot be used. {exception.Message}");
        }
    }

    private static string WithoutLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        string own = Path.Combine(WithoutLinks(parent), Path.GetFileName(path));
        return Path.Exists(own) && File.ResolveLinkTarget(own, returnFinalTarget: true) is { } target
            ? WithoutLinks(target.FullName)
            : own;
    }
}
