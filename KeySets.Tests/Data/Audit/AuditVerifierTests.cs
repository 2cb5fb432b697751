using KeySets.Api.Data.Audit;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Audit;

/// <summary>Whoever alters or removes an audit event in the tables is found out, and the event is named.</summary>
public sealed class AuditVerifierTests : AuditedSets
{
    private static readonly FormattableString[] Alterations =
    [
        $"""UPDATE "AuditEvents" SET "Subject" = 'another' WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Application" = 'x' WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Issuer" = NULL WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Request" = '' WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "RequestId" = '' WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Operation" = 'addKey' WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Result" = 'denied' WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "At" = "At" + 1 WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Revision" = NULL WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "Hash" = "PreviousHash" WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""UPDATE "AuditEvents" SET "PreviousHash" = "Hash" WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
        $"""
        UPDATE "AuditEvents" SET "Kids" = (SELECT "Kids" FROM "AuditEvents" WHERE "KeySetId" = 'new')
            WHERE "KeySetId" = 'changed' AND "Sequence" = 2
        """,
    ];

    private static readonly object[][] Removals =
    [
        [
            (FormattableString)$"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'changed' AND "Sequence" = 2""",
            "Set changed: its event 2 was removed",
        ],
        [
            (FormattableString)$"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'changed' AND "Sequence" = 1""",
            "Set changed: its event 1 was removed",
        ],
        [
            (FormattableString)$"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'changed' AND "Sequence" = 3""",
            "Set changed: it has changed since its event 2, and no event tells how",
        ],
        [
            (FormattableString)$"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'removed' AND "Sequence" = 2""",
            "Set removed: it is gone, and no event behind its event 1 removed it",
        ],
        [
            (FormattableString)$"""UPDATE "KeySets" SET "Revision" = {Guid.NewGuid()} WHERE "Id" = 'new'""",
            "Set new: it has changed since its event 1, and no event tells how",
        ],
        [
            (FormattableString)$"""DELETE FROM "KeySets" WHERE "Id" = 'new'""",
            "Set new: it is gone, and no event behind its event 1 removed it",
        ],
        [
            (FormattableString)$"""
            INSERT INTO "AuditTrimmedChains" ("KeySetId", "Sequence", "Hash")
                SELECT "KeySetId", 1, "Hash" FROM "AuditEvents" WHERE "KeySetId" = 'new'
            """,
            "Set new: its event 2 was removed",
        ],
    ];

    [Test]
    public async Task Finds_no_fault_where_there_is_none()
    {
        await Application.Reader.DeleteAsync($"{HttpExtensions.KeySets}('changed')");
        await Application.Reader.DeleteAsync($"{HttpExtensions.KeySets}('never-there')");

        AuditVerifier audit = await VerifyAsync();
        await MakeCheckpointsAsync();
        AuditVerifier again = await VerifyAsync();

        Assert.That(audit.Faults.Concat(again.Faults), Is.Empty);
        Assert.That((audit.Events, audit.Chains, audit.SetsWithoutEvents), Is.EqualTo((8, 4, 0)));
        Assert.That((audit.LastCheckpoint, again.LastCheckpoint?.Number), Is.EqualTo((default(AuditCheckpoint), 1)));
    }

    [TestCaseSource(nameof(Alterations))]
    public async Task Names_the_event_that_was_altered(FormattableString alteration)
    {
        await TamperAsync(alteration);

        Assert.That(
            (await VerifyAsync()).Faults, Has.One.Match("^Set changed: its event 2(, of .*)? was altered$"));
    }

    [TestCaseSource(nameof(Removals))]
    public async Task Names_the_event_that_was_removed_or_never_made(FormattableString removal, string fault)
    {
        await TamperAsync(removal);

        Assert.That((await VerifyAsync()).Faults, Is.EqualTo([fault]));
    }

    [Test]
    public async Task Finds_by_a_checkpoint_that_a_chain_was_written_anew()
    {
        await RewriteAsync("changed");
        Assert.That((await VerifyAsync()).Faults, Is.Empty, "whoever can write all can make all, until a checkpoint");

        await MakeCheckpointsAsync();
        await RewriteAsync("removed");

        Assert.That(
            (await VerifyAsync()).Faults,
            Is.EqualTo(["Set removed: its event 2, which checkpoint 1 holds, was altered or removed"]));
    }

    [Test]
    public async Task Finds_by_a_checkpoint_that_all_events_of_a_removed_set_are_gone()
    {
        await MakeCheckpointsAsync();
        await TamperAsync($"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'removed'""");

        Assert.That(
            (await VerifyAsync()).Faults,
            Is.EqualTo(["Set removed: its event 2, which checkpoint 1 holds, was altered or removed"]));
    }

    [Test]
    public async Task Counts_the_sets_from_before_there_were_events()
    {
        await TamperAsync($"""DELETE FROM "AuditEvents" WHERE "KeySetId" = 'new'""");

        AuditVerifier audit = await VerifyAsync();

        Assert.That(audit.Faults, Is.Empty);
        Assert.That(audit.SetsWithoutEvents, Is.EqualTo(1));
    }
}
