using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace KeySets.Tests.Support;

/// <summary>Tests that restore the backup of a service into the database of another one.</summary>
[OnEveryDatabase]
public abstract class RestoringTests : ProcessTests
{
    /// <summary>The service that was backed up.</summary>
    protected KeySetsApplication Source { get; private set; } = null!;

    /// <summary>The service that has the database to restore into. It starts when it is asked first.</summary>
    protected KeySetsApplication Target { get; private set; } = null!;

    /// <summary>The file.</summary>
    protected string Backup => Folder.File("backup");

    /// <summary>The key ring that was written beside the file, if it lies in the database.</summary>
    protected string RingBeside => $"{Backup}-key-ring";

    /// <summary>The file of the key of the service that was backed up.</summary>
    protected string SourceKey => Directory.GetFiles(
        Source.Database is SqliteTestDatabase ? Path.Combine(Source.DataFolder, "key-ring") : RingBeside).Single();

    /// <summary>Makes the backup.</summary>
    [SetUp]
    public async Task FillAndBackUp()
    {
        (Source, Target) = (new KeySetsApplication(), new KeySetsApplication());
        await KeySetsCommand.FillAsync(Source);
        await BackUpAsync();
    }

    /// <summary>Removes both databases.</summary>
    [TearDown]
    public async Task Stop()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    /// <summary>Writes the file.</summary>
    protected Task<string> BackUpAsync() => KeySetsCommand.SucceedAsync(
        Folder.FullPath, ["backup", Backup, .. KeySetsCommand.SettingsOf(Source.Database)]);

    /// <summary>Removes the key ring beside the file, if there is one.</summary>
    protected void RemoveRingBeside()
    {
        if (Directory.Exists(RingBeside))
        {
            Directory.Delete(RingBeside, recursive: true);
        }
    }

    /// <summary>What docs/operating.md asks an operator to keep beside the backup of a SQLite database.</summary>
    protected void CopyKeyRing()
    {
        if (Source.Database is SqliteTestDatabase)
        {
            string ring = Directory.CreateDirectory(Path.Combine(Target.DataFolder, "key-ring")).FullName;
            File.Copy(SourceKey, Path.Combine(ring, Path.GetFileName(SourceKey)));
        }
    }

    /// <summary>Changes a file.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The statements are those of this class.")]
    protected static void Run(string file, string statement)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = new(statement, connection);
        command.ExecuteNonQuery();
    }
}
