using System.Diagnostics;

namespace KeySets.Tests.Support.Servers;

/// <summary>A disk in memory that a test can fill.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder =
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"keysets-tests-{Guid.NewGuid():N}"));

    /// <summary>Mounts a disk. Skips the test if it may not.</summary>
    public SmallDisk(int megabytes)
    {
        if (!OperatingSystem.IsLinux()
            || !Environment.IsPrivilegedProcess
            || Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", FullPath) != 0)
        {
            _folder.Delete();
            Assert.Ignore("This needs Linux and the right to mount a disk.");
        }
    }

    /// <summary>Its path.</summary>
    public string FullPath => _folder.FullName;

    private string Ballast => Path.Combine(FullPath, "ballast");

    /// <summary>Takes all of its room.</summary>
    public void Fill()
    {
        using FileStream ballast = new(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(page);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <inheritdoc />
    public void Dispose()
    {
        // What still uses it, after a test has failed, keeps it until its end.
        Run("umount", "--lazy", FullPath);
        _folder.Delete(recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
