using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Commands;

/// <summary>Backups of a database with sealed values that do not open, and how they are restored.</summary>
public sealed class DamagedBackupTests : RestoringTests
{
    private const string GiveUp = "UPDATE Keys SET SealedMembers = NULL WHERE KeySetId = 'other' AND Kid = 'a'";

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(19)]
    [TestCase(20)]
    [TestCase(60)]
    public async Task Keep_what_was_cut_as_it_is(int length)
    {
        byte[] cut = (await Source.SealedMembersAsync("other", "a"))![..length];
        await BackUpWithAsync(cut);

        Assert.That(await RestoreAsync(), Does.Contain("3 sets with 6 keys").And.Contain("opens its private members"));

        await AssertOnlyOtherKeysOpenAsync(cut);
    }

    [Test]
    public async Task Keep_what_was_moved_or_flipped_as_it_is()
    {
        byte[] moved = (await Source.SealedMembersAsync("other", "c"))!;
        moved[^1] ^= 1;
        await BackUpWithAsync(moved);

        await RestoreAsync();

        await AssertOnlyOtherKeysOpenAsync(moved);
    }

    [Test]
    public async Task Need_a_decision_where_a_row_names_a_key_of_the_ring_that_nobody_has()
    {
        byte[] flipped = (await Source.SealedMembersAsync("other", "a"))!;
        flipped[4] ^= 1;
        await BackUpWithAsync(flipped);

        await KeySetsCommand.FailAsync(
            "They have sealed set other, kid a. ",
            Folder.FullPath,
            ["restore", Backup, .. KeySetsCommand.SettingsOf(Target.Database)]);

        Run(Backup, GiveUp);
        await RestoreAsync();
        Assert.That(await Target.PrivateMembersAsync("other", "a"), Is.Null);
        Assert.That((await Target.PrivateMembersAsync("other", "c"))!.K, Is.EqualTo("AAAB"));
    }

    [Test]
    public async Task Need_a_decision_where_nothing_opens()
    {
        string kid = Path.GetFileName((await Source.Reader.GetStringAsync($"{HttpExtensions.KeySets}('rsa')/keys_v2"))
            .Split("\"kid\":\"")[1].Split('"')[0]);
        foreach ((string id, string other) in ((string, string)[])[("rsa", kid), ("other", "a"), ("other", "c")])
        {
            byte[] flipped = (await Source.SealedMembersAsync(id, other))!;
            flipped[^1] ^= 1;
            await Source.PutSealedMembersAsync(id, other, flipped);
        }

        await BackUpWithAsync((await Source.SealedMembersAsync("other", "a"))!);

        await KeySetsCommand.FailAsync(
            "They have sealed set other, kid a, and 2 others. ",
            Folder.FullPath,
            ["restore", Backup, .. KeySetsCommand.SettingsOf(Target.Database)]);
        Assert.That(Target.Database is SqliteTestDatabase ? 0 : await Target.CountKeySetsAsync(), Is.Zero);
    }

    private async Task BackUpWithAsync(byte[] sealedMembers)
    {
        CopyKeyRing();
        await Source.PutSealedMembersAsync("other", "a", sealedMembers);
        File.Delete(Backup);
        RemoveRingBeside();
        Assert.That(await BackUpAsync(), Does.StartWith($"{Backup} has 3 sets with 6 keys and "));
    }

    private Task<string> RestoreAsync() => KeySetsCommand.SucceedAsync(
        Folder.FullPath, ["restore", Backup, .. KeySetsCommand.SettingsOf(Target.Database)]);

    private async Task AssertOnlyOtherKeysOpenAsync(byte[] expected)
    {
        Assert.That(await Target.SealedMembersAsync("other", "a"), Is.EqualTo(expected));
        Assert.That((await Target.PrivateMembersAsync("other", "c"))!.K, Is.EqualTo("AAAB"));
        await Target.ScanOfStart;
        Assert.That(
            await Target.Reader.GetStringAsync("/health/ready"),
            Is.EqualTo("Degraded: the private members of 1 keys do not open:\nother a"));
    }
}
