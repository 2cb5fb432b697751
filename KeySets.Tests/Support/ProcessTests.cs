namespace KeySets.Tests.Support;

/// <summary>Tests of the service as a process, each with its own folder.</summary>
public abstract class ProcessTests
{
    /// <summary>The content root.</summary>
    protected TemporaryFolder Folder { get; private set; } = null!;

    /// <summary>Creates the folder.</summary>
    [SetUp]
    public void CreateFolder() => Folder = new TemporaryFolder();

    /// <summary>Deletes it.</summary>
    [TearDown]
    public void DeleteFolder() => Folder.Dispose();
}
