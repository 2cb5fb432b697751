using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KeySets.Api.Data.Backups;

/// <summary>
/// A file or a folder under a temporary name beside its own, which it gets when it is whole and on disk. Only its owner
/// can read it.
/// </summary>
public sealed class NewFile : IDisposable
{
    private readonly string _path;
    private bool _isFolder;

    private NewFile(string path)
    {
        _path = path;
        PartialPath = $"{path}.{Guid.NewGuid():N}.tmp";
    }

    /// <summary>Where it is until it is whole.</summary>
    public string PartialPath { get; }

    /// <summary>Creates an empty file.</summary>
    /// <exception cref="IOException">There is something with this name, or none can be made.</exception>
    public static NewFile Create(string path)
    {
        CheckAbsent(path);
        NewFile file = new(path);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream empty = new(file.PartialPath, options);
        return file;
    }

    /// <summary>Creates an empty folder.</summary>
    /// <exception cref="IOException">There is something with this name, or none can be made.</exception>
    public static NewFile CreateFolder(string path)
    {
        CheckAbsent(path);
        NewFile folder = new(path) { _isFolder = true };
        DataFolder.Create(folder.PartialPath);
        return folder;
    }

    /// <summary>Checks that a name is free, in a folder that is there.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public static void CheckAbsent(string path)
    {
        if (Path.Exists(path))
        {
            throw new IOException($"{path} exists already, and is left as it is.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new IOException($"There is no folder {Path.GetDirectoryName(path)}");
        }
    }

    /// <summary>Syncs it to disk, and gives it its own name.</summary>
    /// <exception cref="IOException">Something has this name meanwhile, or the disk fails.</exception>
    public void Publish()
    {
        if (_isFolder)
        {
            Array.ForEach(Directory.GetFiles(PartialPath), Sync);
            SyncFolder(PartialPath);
            Directory.Move(PartialPath, _path);
        }
        else
        {
            Sync(PartialPath);
            File.Move(PartialPath, _path, overwrite: false);
        }

        SyncFolder(Path.GetDirectoryName(_path)!);
    }

    /// <summary>Removes a folder that was published.</summary>
    public void WithdrawFolder() => Directory.Delete(_path, recursive: true);

    /// <summary>Removes what was not published.</summary>
    public void Dispose()
    {
        if (_isFolder && Directory.Exists(PartialPath))
        {
            Directory.Delete(PartialPath, recursive: true);
        }

        // A write that fails can leave a journal too.
        foreach (string part in Directory.GetFiles(
            Path.GetDirectoryName(PartialPath)!, $"{Path.GetFileName(PartialPath)}*"))
        {
            File.Delete(part);
        }
    }

    private static void Sync(string path)
    {
        using SafeFileHandle file = File.OpenHandle(
            path, access: OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read);
        RandomAccess.FlushToDisk(file);
    }

    /// <remarks>A name is on disk when its folder is. Windows has no such thing, and .NET opens no folder.</remarks>
    private static void SyncFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            using SafeFileHandle folder = new(Open(path, flags: 0), ownsHandle: true);
            if (folder.IsInvalid)
            {
                throw new IOException($"The folder {path} cannot be synced.");
            }

            RandomAccess.FlushToDisk(folder);
        }
    }

    [DllImport(
        "libc",
        EntryPoint = "open",
        CharSet = CharSet.Ansi,
        BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);
}
