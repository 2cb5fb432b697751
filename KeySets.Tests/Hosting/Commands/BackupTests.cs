using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;

namespace KeySets.Tests.Hosting.Commands;

/// <summary><c>backup FILE</c>, while the service runs.</summary>
[OnEveryDatabase]
public sealed class BackupTests : ProcessTests
{
    private KeySetsApplication _application = null!;

    private string Backup => Folder.File("backup");

    [SetUp]
    public async Task Start()
    {
        _application = new KeySetsApplication();
        await KeySetsCommand.FillAsync(_application);
    }

    [TearDown]
    public async Task Stop() => await _application.DisposeAsync();

    [Test]
    public async Task Tells_the_numbers_and_the_keys_that_open_it_and_where_they_are()
    {
        string output = await BackUpAsync();

        string beside = _application.Database is SqliteTestDatabase
            ? Path.Combine(_application.DataFolder, "key-ring")
            : $"{Backup}-key-ring";
        string key = Path.GetFileNameWithoutExtension(Directory.GetFiles(beside).Single())["key-".Length..];
        Assert.That(
            output,
            Does.StartWith($"{Backup} has 3 sets with 6 keys and 5 audit events.")
                .And.Contain($"keys of the key ring: {key}")
                .And.Contain($" {beside}"));
        Assert.That(
            output.Contains("Warning: no certificate encrypts it", StringComparison.Ordinal),
            Is.EqualTo(_application.Database is not SqliteTestDatabase));
        Assert.That(Read("PRAGMA integrity_check"), Is.EqualTo(["ok"]));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Writes_what_its_owner_alone_can_read_and_nothing_else()
    {
        await BackUpAsync();

        string[] all = Directory.GetFileSystemEntries(Folder.FullPath, "*", SearchOption.AllDirectories);
        const UnixFileMode Others = (UnixFileMode)0x3F;
        Assert.That(all.Where(path => (File.GetUnixFileMode(path) & Others) != 0), Is.Empty);
        Assert.That(
            File.GetUnixFileMode(Backup), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(all, Has.Length.EqualTo(_application.Database is SqliteTestDatabase ? 1 : 3));
    }

    [Test]
    public async Task Holds_each_change_set_whole_or_not_at_all()
    {
        await ManySets.StoreAsync(_application, 600);
        using CancellationTokenSource end = new();
        Task<int>[] writers =
            [.. Enumerable.Range(0, 4).Select(writer => Task.Run(() => WriteAsync(writer, end.Token)))];

        List<int> pairs = [];
        for (int number = 0; number < 3; number++)
        {
            await BackUpAsync($"{Backup}-{number}");
            string[] ids = Read("SELECT Id FROM KeySets WHERE Id LIKE '%-pair-%'", $"{Backup}-{number}");
            Assert.That(
                ids.Where(id => id[0] == 'a').Select(id => id[1..]),
                Is.EquivalentTo(ids.Where(id => id[0] == 'z').Select(id => id[1..])));
            pairs.Add(ids.Length / 2);
        }

        await end.CancelAsync();
        int written = (await Task.WhenAll(writers)).Sum();
        Assert.That(pairs, Is.Ordered.And.Some.GreaterThan(0).And.All.LessThan(written));
    }

    [Test]
    public async Task Leaves_a_file_as_it_is_that_is_there_already()
    {
        await File.WriteAllTextAsync(Backup, "mine");
        await FailAsync("exists already");
        Assert.That(await File.ReadAllTextAsync(Backup), Is.EqualTo("mine"));

        File.Delete(Backup);
        Directory.CreateDirectory($"{Backup}-key-ring");
        await FailAsync("exists already");
        Assert.That(Directory.GetFileSystemEntries(Folder.FullPath), Has.Length.EqualTo(1));
    }

    [TestCase("/sys/kernel/backup", "denied")]
    [TestCase("/no/such/folder/backup", "There is no folder")]
    [Platform(Include = "Linux", Reason = "The folder is one of Linux.")]
    public Task Says_so_where_no_file_can_be(string file, string reason) => KeySetsCommand.FailAsync(
        reason, Folder.FullPath, ["backup", file, .. KeySetsCommand.SettingsOf(_application.Database)]);

    [Test]
    [Platform(Include = "Linux", Reason = "The limit is one of POSIX shells.")]
    public async Task Leaves_nothing_behind_when_the_disk_is_full()
    {
        await ManySets.StoreAsync(_application, 3000);
        using KeySetsProcess process = KeySetsProcess.OfCommandWithin(
            Folder.FullPath, blocks: 300, ["backup", Backup, .. KeySetsCommand.SettingsOf(_application.Database)]);

        Assert.That(await process.ExitAsync(), Is.EqualTo(1), process.Output);
        Assert.That(process.Output, Does.StartWith("KeySets cannot back up. ").And.Not.Contain("   at "));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder.FullPath), Is.Empty);
    }

    private async Task<string> BackUpAsync(string? file = null) => await KeySetsCommand.SucceedAsync(
        Folder.FullPath, ["backup", file ?? Backup, .. KeySetsCommand.SettingsOf(_application.Database)]);

    private Task FailAsync(string reason) => KeySetsCommand.FailAsync(
        reason, Folder.FullPath, ["backup", Backup, .. KeySetsCommand.SettingsOf(_application.Database)]);

    /// <summary>Adds two sets by each change set, one before all others and one behind them.</summary>
    private async Task<int> WriteAsync(int writer, CancellationToken end)
    {
        int written = 0;
        for (; !end.IsCancellationRequested; written++)
        {
            string pair = $"-pair-{writer}-{written}";
            await _application.Writer.BatchAsync("",
            [
                Batches.Request("1", "POST", "trustFramework/keySets", $$"""{"id":"a{{pair}}"}""", "g"),
                Batches.Request("2", "POST", "trustFramework/keySets", $$"""{"id":"z{{pair}}"}""", "g"),
            ]);
        }

        return written;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are those of this class.")]
    private string[] Read(string sql, string? file = null)
    {
        using SqliteConnection connection = new($"Data Source={file ?? Backup};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = new(sql, connection);
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return [.. values];
    }
}
