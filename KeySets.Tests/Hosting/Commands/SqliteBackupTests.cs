using KeySets.Api.Data.Sqlite;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeySets.Tests.Hosting.Commands;

/// <summary>Backups of SQLite, whose format they have.</summary>
public sealed class SqliteBackupTests : ProcessTests
{
    private string Backup => Folder.File("backup");

    [Test]
    public async Task Start_in_the_place_of_the_database()
    {
        await using KeySetsApplication source = new();
        await using KeySetsApplication target = new();
        await KeySetsCommand.FillAsync(source);
        await KeySetsCommand.SucceedAsync(
            Folder.FullPath, ["backup", Backup, .. KeySetsCommand.SettingsOf(source.Database)]);

        File.Move(Backup, SqliteTestDatabase.Of(target).File);
        string ring = Directory.CreateDirectory(Path.Combine(target.DataFolder, "key-ring")).FullName;
        string key = Directory.GetFiles(Path.Combine(source.DataFolder, "key-ring")).Single();
        File.Copy(key, Path.Combine(ring, Path.GetFileName(key)));

        Assert.That(
            await KeySetsCommand.AnswersAsync(target), Is.EqualTo(await KeySetsCommand.AnswersAsync(source)));
        Assert.That((await target.Writer.CreateAsync("{}")).IsSuccessStatusCode, Is.True);
    }

    [Test]
    public async Task Are_made_before_an_upgrade_and_upgrade_nothing()
    {
        const string Initial = "20261123080022_Initial";
        string old = Folder.File("old.db");
        await using SqliteContext context = new(new DbContextOptionsBuilder<SqliteContext>()
            .UseSqlite($"Data Source={old};Pooling=False").Options);
        await context.GetService<IMigrator>().MigrateAsync(Initial);

        string output = await KeySetsCommand.SucceedAsync(
            Folder.FullPath, "backup", Backup, $"--ConnectionStrings:KeySets=Data Source={old}");

        Assert.That(output, Does.Contain("has 0 sets with 0 keys").And.Contain("needs no key of the key ring"));
        Assert.That(await context.Database.GetAppliedMigrationsAsync(), Is.EqualTo([Initial]));
    }

    [Test]
    public async Task Leave_out_what_was_deleted()
    {
        await using KeySetsApplication source = new();
        await source.Writer.CreateAsync("""{"id":"deleted","keys":[{"kid":"1","kty":"findMe","k":"AAAA"}]}""");
        await source.Writer.DeleteAsync($"{HttpExtensions.KeySets}/deleted");

        await KeySetsCommand.SucceedAsync(
            Folder.FullPath, ["backup", Backup, .. KeySetsCommand.SettingsOf(source.Database)]);

        Assert.That((await File.ReadAllBytesAsync(Backup)).AsSpan().IndexOf("findMe"u8), Is.Negative);
        Assert.That(source.Database.ReadStored().AsSpan().IndexOf("findMe"u8), Is.Not.Negative);
    }

    [Test]
    public async Task Of_a_database_that_lacks_acknowledged_writes_are_refused()
    {
        string file = Folder.File("keysets.db");
        await using (KeySetsApplication source = new())
        {
            await source.Writer.CreateAsync("{}");
            File.Copy($"{SqliteTestDatabase.Of(source).File}-mark", $"{file}-mark");
        }

        await using (SqliteConnection connection = new($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync();
            await SqliteTables.CreateAsync(connection);
        }

        await KeySetsCommand.FailAsync(
            "lacks writes that were acknowledged",
            Folder.FullPath,
            "backup",
            Backup,
            $"--ConnectionStrings:KeySets=Data Source={file}");
        Assert.That(File.Exists(Backup), Is.False);
    }
}
