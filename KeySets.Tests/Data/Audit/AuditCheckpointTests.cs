using System.Runtime.CompilerServices;
using KeySets.Api.Data.Audit;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Audit;

/// <summary>
/// Checkpoints hold the last events of all chains that have grown. Each carries the hash of the one before it, and is
/// sealed by the key ring.
/// </summary>
public sealed class AuditCheckpointTests : AuditedSets
{
    [Test]
    public async Task Hold_the_last_events_of_all_sets_that_have_changed_since()
    {
        await MakeCheckpointsAsync();
        await MakeCheckpointsAsync();
        await PutAsync("new");
        await MakeCheckpointsAsync();

        IReadOnlyList<AuditCheckpoint> checkpoints = await CheckpointsAsync();

        Assert.That(checkpoints.Select(one => one.Number), Is.EqualTo([1, 2]));
        Assert.That(
            checkpoints.Select(one =>
                string.Join(' ', one.ReadHeads().Select(head => $"{head.KeySetId}:{head.Sequence}"))),
            Is.EqualTo(["changed:3 new:1 removed:2", "new:2"]));
        Assert.That(checkpoints[1].PreviousHash, Is.EqualTo(checkpoints[0].Hash));
    }

    [Test]
    public async Task Wait_for_transactions_that_began_before_them()
    {
        Clock.Advance(TimeSpan.FromSeconds(59));
        await Upkeep.MakeCheckpointsAsync();

        Assert.That(await CheckpointsAsync(), Is.Empty);
    }

    [Test]
    public async Task Are_several_where_there_are_many_events()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), async (number, _) =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Writer.CreateAsync($$"""{"id":"many-{{number}}"}""");
        });

        await MakeCheckpointsAsync();

        IReadOnlyList<AuditCheckpoint> checkpoints = await CheckpointsAsync();
        Assert.That(checkpoints, Has.Count.EqualTo(2));
        Assert.That(checkpoints.SelectMany(one => one.ReadHeads()).Select(head => head.KeySetId), Is.Unique);
        Assert.That(checkpoints.Sum(one => one.ReadHeads().Count), Is.EqualTo(1103));
        Assert.That((await VerifyAsync()).Faults, Is.Empty);
    }

    [Test]
    public async Task Are_made_once_if_several_instances_make_them()
    {
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Upkeep.MakeCheckpointsAsync()));

        Assert.That(await CheckpointsAsync(), Has.Count.EqualTo(1));
        Assert.That((await VerifyAsync()).Faults, Is.Empty);
    }

    [TestCase("""UPDATE "AuditCheckpoints" SET "Until" = "Until" + 1 WHERE "Number" = 2""", "Checkpoint 2 was altered")]
    [TestCase(
        """
        UPDATE "AuditCheckpoints" SET "Heads" = (SELECT "Heads" FROM "AuditCheckpoints" WHERE "Number" = 3)
            WHERE "Number" = 2
        """,
        "Checkpoint 2 was altered")]
    [TestCase("""DELETE FROM "AuditCheckpoints" WHERE "Number" = 2""", "Checkpoint 2 was removed")]
    [TestCase("""DELETE FROM "AuditCheckpoints" WHERE "Number" = 1""", "Checkpoint 1 was removed")]
    [TestCase(
        """
        UPDATE "AuditCheckpoints" SET "Seal" = (SELECT "Seal" FROM "AuditCheckpoints" WHERE "Number" = 1)
            WHERE "Number" = 2
        """,
        "The seal of checkpoint 2 does not open")]
    [TestCase(
        """UPDATE "AuditCheckpoints" SET "IsTrimmed" = TRUE WHERE "Number" = 1""",
        "though they are not older than Audit:RetentionDays")]
    public async Task Cannot_be_altered_or_removed_unnoticed(string sql, string fault)
    {
        for (int number = 1; number <= 3; number++)
        {
            await PutAsync("new");
            await MakeCheckpointsAsync();
        }

        Assert.That(await CheckpointsAsync(), Has.Count.EqualTo(3));
        await TamperAsync(FormattableStringFactory.Create(sql));

        Assert.That((await VerifyAsync()).Faults, Has.One.Contain(fault));
    }

    private Task<IReadOnlyList<AuditCheckpoint>> CheckpointsAsync() =>
        Application.Rows.ReadMomentAsync<IReadOnlyList<AuditCheckpoint>>(async rows =>
        {
            List<AuditCheckpoint> all = [];
            while (await rows.FindCheckpointAfterAsync(all.Count == 0 ? 0 : all[^1].Number) is { } next)
            {
                all.Add(next);
            }

            return all;
        });
}
