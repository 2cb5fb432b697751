using KeySets.Api.Data.Audit;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Audit;

/// <summary>
/// Events that are older than they are kept are removed, but only those that a checkpoint holds. Their chains go on.
/// </summary>
public sealed class AuditRetentionTests : AuditedSets
{
    [SetUp]
    public async Task LetTenDaysGoBy()
    {
        await MakeCheckpointsAsync();
        Clock.Advance(TimeSpan.FromDays(10));
        await PutAsync("changed");
        await MakeCheckpointsAsync();
    }

    [Test]
    public async Task Removes_what_is_older_and_nothing_else()
    {
        await TrimAsync(days: 11);
        Assert.That((await VerifyAsync()).Events, Is.EqualTo(7));

        await TrimAsync(days: 9);

        AuditVerifier audit = await VerifyAsync(days: 9);
        Assert.That(audit.Faults, Is.Empty);
        Assert.That(audit.Events, Is.EqualTo(1));
        Assert.That((await EventsAsync("changed")).Single().Sequence, Is.EqualTo(4));
    }

    [Test]
    public async Task Lets_chains_go_on_whose_events_are_all_gone()
    {
        string last = (await EventsAsync("removed"))[^1].Hash;
        await TrimAsync(days: 9);
        await Writer.CreateAsync("""{"id":"removed"}""");
        await PutAsync("new");

        AuditEvent one = (await EventsAsync("removed")).Single();

        Assert.That((one.Sequence, one.PreviousHash), Is.EqualTo((3L, last)));
        Assert.That((await EventsAsync("new")).Single().Sequence, Is.EqualTo(2));
        await MakeCheckpointsAsync();
        Assert.That((await VerifyAsync(days: 9)).Faults, Is.Empty);
        Assert.That((await VerifyAsync(days: 9)).SetsWithoutEvents, Is.Zero);
    }

    [Test]
    public async Task Keeps_what_no_checkpoint_holds()
    {
        await PutAsync("new");
        Clock.Advance(TimeSpan.FromMinutes(0.5));

        await Upkeep.TrimAsync(TimeSpan.FromTicks(1));

        Assert.That((await EventsAsync("new")).Single().Sequence, Is.EqualTo(2));
    }

    [Test]
    public async Task Is_no_excuse_for_events_that_are_younger()
    {
        await TrimAsync(days: 9);

        Assert.That(
            (await VerifyAsync(days: 30)).Faults, Has.One.Contain("not older than Audit:RetentionDays"));
        Assert.That((await VerifyAsync()).Faults, Has.One.Contain("not older than Audit:RetentionDays"));
    }

    [Test]
    public async Task Cannot_be_feigned()
    {
        await TamperAsync(
            $"""
            INSERT INTO "AuditTrimmedChains" ("KeySetId", "Sequence", "Hash")
                SELECT "KeySetId", "Sequence", "Hash" FROM "AuditEvents" WHERE "KeySetId" = 'changed' AND "Sequence" = 2
            """);
        await TamperAsync($"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'changed' AND "Sequence" <= 2""");

        Assert.That(
            (await VerifyAsync(days: 9)).Faults,
            Is.EqualTo(["Set changed: no checkpoint tells that its events up to 2 were removed by age"]));
    }
}
