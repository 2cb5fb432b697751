using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Data.Sqlite;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeySets.Tests.Hosting.Commands;

/// <summary><c>restore FILE</c>.</summary>
[OnEveryDatabase]
public sealed class RestoreTests : ProcessTests
{
    private KeySetsApplication _source = null!;
    private KeySetsApplication _target = null!;

    private string Backup => Folder.File("backup");

    [SetUp]
    public async Task BackUp()
    {
        (_source, _target) = (new KeySetsApplication(), new KeySetsApplication());
        await KeySetsCommand.FillAsync(_source);
        await KeySetsCommand.SucceedAsync(
            Folder.FullPath, ["backup", Backup, .. KeySetsCommand.SettingsOf(_source.Database)]);
    }

    [TearDown]
    public async Task Stop()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Test]
    public async Task Brings_back_every_answer_and_every_private_member_as_it_was()
    {
        CopyKeyRing();

        string output = await RestoreAsync();

        Assert.That(output, Does.Contain("3 sets with 6 keys").And.Contain("opens its private members"));
        Assert.That(
            await KeySetsCommand.AnswersAsync(_target), Is.EqualTo(await KeySetsCommand.AnswersAsync(_source)));
        Assert.That((await _target.Writer.CreateAsync("{}")).IsSuccessStatusCode, Is.True);
    }

    [Test]
    public async Task Takes_the_place_of_a_database_without_sets_and_moves_more_than_a_page()
    {
        CopyKeyRing();
        await _target.Anonymous.GetAsync("/health/live");
        await ManySets.StoreAsync(_source, 450);
        File.Delete(Backup);
        if (Directory.Exists($"{Backup}-key-ring"))
        {
            Directory.Delete($"{Backup}-key-ring", recursive: true);
        }

        await KeySetsCommand.SucceedAsync(
            Folder.FullPath, ["backup", Backup, .. KeySetsCommand.SettingsOf(_source.Database)]);

        await RestoreAsync();

        Assert.That(await _target.CountKeySetsAsync(), Is.EqualTo(453));
        Assert.That(
            await KeySetsCommand.AnswersAsync(_target), Is.EqualTo(await KeySetsCommand.AnswersAsync(_source)));
    }

    [Test]
    public async Task Leaves_a_database_as_it_is_that_has_sets()
    {
        CopyKeyRing();
        await _target.Writer.CreateAsync("""{"id":"mine"}""");

        await FailAsync("has 1 set with 0 keys already", Backup);

        Assert.That(await _target.CountKeySetsAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Refuses_a_file_that_is_damaged_or_no_backup()
    {
        byte[] whole = await File.ReadAllBytesAsync(Backup);
        string other = Folder.File("other");
        await FailAsync("Could not find file", other);

        await File.WriteAllTextAsync(other, "no database at all, but a text that is long enough to be one of SQLite");
        await FailAsync("is damaged, or no backup", other);

        await File.WriteAllBytesAsync(other, whole[..(whole.Length / 2)]);
        await FailAsync("is damaged", other);

        const int Page = 4096;
        Array.Fill<byte>(whole, 0xA5, 2 * Page, 64);
        await File.WriteAllBytesAsync(other, whole);
        await FailAsync("is damaged", other);
        await AssertNothingIsThereAsync();
    }

    [TestCase("DROP TABLE __EFMigrationsHistory", "is no backup of key sets")]
    [TestCase("UPDATE __EFMigrationsHistory SET MigrationId = '1' || MigrationId", "is no backup of key sets")]
    [TestCase("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99.0.0')", "is of a newer version")]
    [TestCase("PRAGMA foreign_keys = 0; DELETE FROM KeySets WHERE Id = 'other'", "has keys without a set")]
    public async Task Refuses_a_file_that_others_have_made_or_changed(string statement, string reason)
    {
        Run(Backup, statement);

        await FailAsync(reason, Backup);

        await AssertNothingIsThereAsync();
    }

    [Test]
    public async Task Refuses_without_the_key_ring_and_with_another_one()
    {
        if (Directory.Exists($"{Backup}-key-ring"))
        {
            Directory.Delete($"{Backup}-key-ring", recursive: true);
        }

        await FailAsync("The key ring lacks keys that have sealed private members: ", Backup);

        string ring = Path.Combine(_target.DataFolder, "other-ring");
        DataProtectionProvider.Create(new DirectoryInfo(ring)).CreateProtector("another ring").Protect("x");
        await FailAsync("The key ring lacks keys", Backup, $"--DataProtection:KeyDirectory={ring}");
        await AssertNothingIsThereAsync();
    }

    [Test]
    public async Task Refuses_a_key_ring_whose_keys_have_the_same_names_and_open_nothing()
    {
        string ring = Path.Combine(_target.DataFolder, "other-ring");
        DataProtectionProvider.Create(new DirectoryInfo(ring)).CreateProtector("another ring").Protect("x");
        string other = Directory.GetFiles(ring).Single();
        string source = Directory.GetFiles(
            _source.Database is SqliteTestDatabase
                ? Path.Combine(_source.DataFolder, "key-ring")
                : $"{Backup}-key-ring").Single();
        string id = Path.GetFileNameWithoutExtension(source)["key-".Length..];
        string otherId = Path.GetFileNameWithoutExtension(other)["key-".Length..];
        await File.WriteAllTextAsync(
            other, (await File.ReadAllTextAsync(other)).Replace(otherId, id, StringComparison.Ordinal));
        File.Move(other, Path.Combine(ring, Path.GetFileName(source)));

        await FailAsync("The key ring is not the one of the backup", Backup, $"--DataProtection:KeyDirectory={ring}");

        await AssertNothingIsThereAsync();
    }

    [Test]
    public async Task Needs_no_key_ring_where_nothing_is_sealed()
    {
        Run(Backup, "UPDATE Keys SET SealedMembers = NULL");

        Assert.That(await RestoreAsync(), Does.Contain("It needs no key of the key ring"));
    }

    [Test]
    public async Task Reads_a_file_of_an_older_version_and_leaves_it_as_it_is()
    {
        string old = Folder.File("old");
        await using (SqliteContext context = new(new DbContextOptionsBuilder<SqliteContext>()
            .UseSqlite($"Data Source={old};Pooling=False").Options))
        {
            await context.GetService<IMigrator>().MigrateAsync("20261123080022_Initial");
        }

        Run(
            old,
            """
            INSERT INTO KeySets VALUES ('old', '00000000-0000-0000-0000-00000000000A');
            INSERT INTO Keys (KeySetId, Ordinal, X5c, Kid) VALUES ('old', 0, '["YWJj"]', 'a');
            """);
        byte[] before = await File.ReadAllBytesAsync(old);

        await KeySetsCommand.SucceedAsync(
            Folder.FullPath, ["restore", old, .. KeySetsCommand.SettingsOf(_target.Database)]);

        Assert.That(
            await _target.Reader.GetStringAsync($"{HttpExtensions.KeySets}/old"), Does.Contain("\"x5c\":[\"YWJj\"]"));
        Assert.That(await File.ReadAllBytesAsync(old), Is.EqualTo(before));
    }

    private Task<string> RestoreAsync() => KeySetsCommand.SucceedAsync(
        Folder.FullPath, ["restore", Backup, .. KeySetsCommand.SettingsOf(_target.Database)]);

    private Task FailAsync(string reason, string file, params string[] settings) => KeySetsCommand.FailAsync(
        reason, Folder.FullPath, ["restore", file, .. KeySetsCommand.SettingsOf(_target.Database), .. settings]);

    /// <summary>What docs/operating.md asks an operator to keep beside the backup of a SQLite database.</summary>
    private void CopyKeyRing()
    {
        if (_source.Database is SqliteTestDatabase)
        {
            string ring = Directory.CreateDirectory(Path.Combine(_target.DataFolder, "key-ring")).FullName;
            foreach (string file in Directory.GetFiles(Path.Combine(_source.DataFolder, "key-ring")))
            {
                File.Copy(file, Path.Combine(ring, Path.GetFileName(file)));
            }
        }
    }

    private async Task AssertNothingIsThereAsync()
    {
        if (_target.Database is SqliteTestDatabase database)
        {
            Assert.That(File.Exists(database.File), Is.False);
        }
        else
        {
            Assert.That(await _target.CountKeySetsAsync(), Is.Zero);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are those of this class.")]
    private static void Run(string file, string statement)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = new(statement, connection);
        command.ExecuteNonQuery();
    }
}
