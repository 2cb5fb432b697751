namespace KeySets.Tests.Support;

/// <summary>A folder that exists until the end of a test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keysets-tests-");

    /// <summary>Its path.</summary>
    public string FullPath => _folder.FullName;

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => Path.Combine(FullPath, name);

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
