using KeySets.Api.Data.Sqlite;
using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeySets.Tests.Hosting.Commands;

/// <summary><c>restore FILE</c>.</summary>
public sealed class RestoreTests : RestoringTests
{
    [Test]
    public async Task Brings_back_every_answer_and_every_private_member_as_it_was()
    {
        CopyKeyRing();

        string output = await RestoreAsync();

        Assert.That(output, Does.Contain("3 sets with 6 keys").And.Contain("opens its private members"));
        Assert.That(
            await KeySetsCommand.AnswersAsync(Target), Is.EqualTo(await KeySetsCommand.AnswersAsync(Source)));
        Assert.That((await Target.Writer.CreateAsync("{}")).IsSuccessStatusCode, Is.True);
        Assert.That(
            await KeySetsCommand.SucceedAsync(
                Folder.FullPath, ["audit", "verify", .. KeySetsCommand.SettingsOf(Target.Database)]),
            Does.StartWith("6 events of 4 chains checked.").And.EndsWith("All are as they were made."));
    }

    [Test]
    public async Task Takes_the_place_of_a_database_without_sets_and_moves_more_than_a_page()
    {
        CopyKeyRing();
        await Target.Anonymous.GetAsync("/health/live");
        await ManySets.StoreAsync(Source, 450);
        File.Delete(Backup);
        RemoveRingBeside();
        await BackUpAsync();

        await RestoreAsync();

        Assert.That(await Target.CountKeySetsAsync(), Is.EqualTo(453));
        Assert.That(
            await KeySetsCommand.AnswersAsync(Target), Is.EqualTo(await KeySetsCommand.AnswersAsync(Source)));
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
            Folder.FullPath, ["restore", old, .. KeySetsCommand.SettingsOf(Target.Database)]);

        Assert.That(
            await Target.Reader.GetStringAsync($"{HttpExtensions.KeySets}/old"), Does.Contain("\"x5c\":[\"YWJj\"]"));
        Assert.That(await File.ReadAllBytesAsync(old), Is.EqualTo(before));
    }

    private Task<string> RestoreAsync() => KeySetsCommand.SucceedAsync(
        Folder.FullPath, ["restore", Backup, .. KeySetsCommand.SettingsOf(Target.Database)]);
}
