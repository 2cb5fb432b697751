using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Tests.Hosting.Commands;

/// <summary><c>audit verify</c>. What it finds is in <c>AuditVerifierTests</c>.</summary>
public sealed class AuditCommandTests : ApiTests
{
    private readonly TemporaryFolder _folder = new();

    private string[] Arguments => ["audit", "verify", .. KeySetsCommand.SettingsOf(Application.Database)];

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Ends_with_1_and_names_what_was_altered()
    {
        await Writer.CreateAsync("""{"id":"altered"}""");
        string before = await KeySetsCommand.SucceedAsync(_folder.FullPath, Arguments);
        await Application.Rows.ReadAsync(context => context.Database.ExecuteSqlAsync(
            $"""UPDATE "AuditEvents" SET "Subject" = 'another' WHERE "KeySetId" = 'altered'"""));

        (int exitCode, string output) = await KeySetsCommand.RunAsync(_folder.FullPath, Arguments);

        Assert.That(before, Does.StartWith("1 event of 1 chain checked."));
        Assert.That(before, Does.Contain("There is no checkpoint yet").And.EndsWith("All are as they were made."));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("FAULT. Set altered: its event 1, of ").And.EndsWith("1 fault found."));
    }

    [TestCase("--Audit:RetentionDays=0")]
    [TestCase("--Audit:RetentionDays=a week")]
    public async Task Refuses_a_retention_that_is_no_number_of_days(string setting) => await KeySetsCommand.FailAsync(
        "Audit:RetentionDays is not a number of days", _folder.FullPath, [.. Arguments, setting]);
}
