using System.Diagnostics.CodeAnalysis;
using System.Net;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>What was acknowledged before a kill, and is gone when the service starts again.</summary>
public sealed class CommitMarkTests : ProcessTests
{
    private string Database => Folder.File("App_Data/keysets.db");

    [Test]
    public async Task Refuses_a_start_after_the_log_was_deleted()
    {
        await AddAndKillAsync("first");
        File.Delete($"{Database}-wal");
        File.Delete($"{Database}-shm");

        using (KeySetsProcess refused = new(Folder.FullPath, "Development"))
        {
            Assert.That(await refused.ExitAsync(), Is.EqualTo(1), refused.Output);
            Assert.That(
                refused.Output,
                Does.StartWith("KeySets cannot start. ").And.Contain("lacks writes that were acknowledged")
                    .And.Contain($"delete {Database}-mark").And.Not.Contain("   at "));
        }

        File.Delete($"{Database}-mark");
        Assert.That(await CountAsync(), Is.EqualTo("0"), "the operator has decided to go on");
    }

    [Test]
    public async Task Refuses_a_start_on_an_older_copy()
    {
        await AddAndKillAsync("first");
        CloseByAnotherProgram();
        File.Copy(Database, Folder.File("copy.db"));
        await AddAndKillAsync("second");
        CloseByAnotherProgram();
        File.Copy(Folder.File("copy.db"), Database, overwrite: true);

        using KeySetsProcess refused = new(Folder.FullPath, "Development");

        Assert.That(await refused.ExitAsync(), Is.EqualTo(1), refused.Output);
        Assert.That(refused.Output, Does.Contain("or it is an older copy"));
    }

    [Test]
    public async Task Refuses_a_start_without_the_database_and_makes_no_other()
    {
        await AddAndKillAsync("first");
        CloseByAnotherProgram();
        File.Delete(Database);

        using KeySetsProcess refused = new(Folder.FullPath, "Development");

        Assert.That(await refused.ExitAsync(), Is.EqualTo(1), refused.Output);
        Assert.That(refused.Output, Does.Contain("the file or its log (-wal) was deleted"));
        Assert.That(File.Exists(Database), Is.False);
    }

    [Test]
    public async Task Starts_after_an_earlier_version_has_checked_its_readiness()
    {
        await AddAndKillAsync("first");
        CloseByAnotherProgram("PRAGMA user_version = 0");

        Assert.That(await CountAsync(), Is.EqualTo("1"));
    }

    [Test]
    public async Task Starts_after_a_kill_with_all_that_was_acknowledged()
    {
        await AddAndKillAsync("first");

        Assert.That(await CountAsync(), Is.EqualTo("1"));
    }

    [Test]
    public async Task Starts_after_another_program_has_taken_the_log_into_the_database()
    {
        await AddAndKillAsync("first");
        CloseByAnotherProgram();
        Assert.That(File.Exists($"{Database}-wal"), Is.False);

        Assert.That(await CountAsync(), Is.EqualTo("1"));
    }

    [Test]
    public async Task Starts_with_a_mark_that_a_power_cut_has_left_empty()
    {
        await AddAndKillAsync("first");
        await File.WriteAllBytesAsync($"{Database}-mark", []);

        Assert.That(await CountAsync(), Is.EqualTo("1"));
    }

    [Test]
    public async Task Starts_when_the_numbers_have_gone_around()
    {
        await AddAndKillAsync("first");
        CloseByAnotherProgram("PRAGMA application_id = 2147483647");
        File.Delete($"{Database}-mark");
        await AddAndKillAsync("second");

        Assert.That(await CountAsync(), Is.EqualTo("2"));
    }

    [Test]
    public async Task Counts_no_write_that_was_refused()
    {
        await using KeySetsApplication application = new();
        await application.Writer.CreateAsync("""{"id":"a"}""");
        string log = $"{SqliteTestDatabase.Of(application).File}-wal";
        long before = new FileInfo(log).Length;

        HttpResponseMessage refused = await application.Writer.CreateAsync("""{"id":"a"}""");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(new FileInfo(log).Length, Is.EqualTo(before));
    }

    private async Task AddAndKillAsync(string id)
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        HttpResponseMessage created = await client.CreateAsync($$"""{"id":"{{id}}"}""");
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created), service.Output);
        await service.KillAsync();
    }

    private async Task<string> CountAsync()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        return await client.GetStringAsync("/trustFramework/keySets/$count");
    }

    [SuppressMessage("Security", "CA2100", Justification = "Only constants come here.")]
    private void CloseByAnotherProgram(string statement = "SELECT count(*) FROM KeySets")
    {
        using SqliteConnection connection = new($"Data Source={Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteScalar();
    }
}
