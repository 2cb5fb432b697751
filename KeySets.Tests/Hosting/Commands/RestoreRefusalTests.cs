using KeySets.Tests.Support;
using Microsoft.AspNetCore.DataProtection;

namespace KeySets.Tests.Hosting.Commands;

/// <summary>What <c>restore FILE</c> refuses. It changes nothing then.</summary>
public sealed class RestoreRefusalTests : RestoringTests
{
    [Test]
    public async Task Leaves_a_database_as_it_is_that_has_sets()
    {
        CopyKeyRing();
        await Target.Writer.CreateAsync("""{"id":"mine"}""");

        await FailAsync("has 1 set with 0 keys and 1 audit event already", Backup);

        Assert.That(await Target.CountKeySetsAsync(), Is.EqualTo(1));
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
        RemoveRingBeside();

        await FailAsync("The key ring lacks keys that have sealed private members: ", Backup);

        string ring = Path.Combine(Target.DataFolder, "other-ring");
        DataProtectionProvider.Create(new DirectoryInfo(ring)).CreateProtector("another ring").Protect("x");
        await FailAsync("The key ring lacks keys", Backup, $"--DataProtection:KeyDirectory={ring}");
        await AssertNothingIsThereAsync();
    }

    [Test]
    public async Task Refuses_a_key_ring_whose_keys_have_the_same_names_and_open_nothing()
    {
        string ring = Path.Combine(Target.DataFolder, "other-ring");
        DataProtectionProvider.Create(new DirectoryInfo(ring)).CreateProtector("another ring").Protect("x");
        string other = Directory.GetFiles(ring).Single();
        string id = Path.GetFileNameWithoutExtension(SourceKey)["key-".Length..];
        string otherId = Path.GetFileNameWithoutExtension(other)["key-".Length..];
        await File.WriteAllTextAsync(
            other, (await File.ReadAllTextAsync(other)).Replace(otherId, id, StringComparison.Ordinal));
        File.Move(other, Path.Combine(ring, Path.GetFileName(SourceKey)));

        await FailAsync("The key ring is not the one of the backup", Backup, $"--DataProtection:KeyDirectory={ring}");

        await AssertNothingIsThereAsync();
    }

    private Task FailAsync(string reason, string file, params string[] settings) => KeySetsCommand.FailAsync(
        reason, Folder.FullPath, ["restore", file, .. KeySetsCommand.SettingsOf(Target.Database), .. settings]);

    private async Task AssertNothingIsThereAsync()
    {
        if (Target.Database is SqliteTestDatabase database)
        {
            Assert.That(File.Exists(database.File), Is.False);
        }
        else
        {
            Assert.That(await Target.CountKeySetsAsync(), Is.Zero);
        }
    }
}
