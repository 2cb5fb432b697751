using System.Text.Json;
using KeySets.Api.Data;
using KeySets.Tests.Support;
using Npgsql;

namespace KeySets.Tests.Hosting.Commands;

/// <summary><c>copy --to:…</c>, from SQLite to PostgreSQL and back.</summary>
public sealed class CopyTests : ProcessTests
{
    private KeySetsApplication _source = null!;
    private PostgreSqlTestDatabase _server = null!;

    [SetUp]
    public async Task Start()
    {
        if (!PostgreSqlTestDatabase.IsThere)
        {
            Assert.Ignore($"{PostgreSqlTestDatabase.Variable} is not set to the connection string of a server.");
        }

        (_source, _server) = (new KeySetsApplication(), new PostgreSqlTestDatabase());
        await KeySetsCommand.FillAsync(_source);
    }

    [TearDown]
    public async Task Stop()
    {
        if (PostgreSqlTestDatabase.IsThere)
        {
            await _source.DisposeAsync();
            _server.Close();
        }
    }

    [Test]
    public async Task Keeps_every_answer_and_every_private_member_there_and_back()
    {
        await using KeySetsApplication back = new();

        string there = await CopyAsync(_source.Database, _server);
        string andBack = await CopyAsync(_server, back.Database);

        Assert.That(there, Does.StartWith("3 sets were copied, 0 were there already.").And.Contain("They agree."));
        Assert.That(
            there,
            Does.Contain("got what it lacked of that of the source: 1. ")
                .And.Contain("Warning: it has keys that no certificate encrypts"));
        Assert.That(
            andBack,
            Does.Contain("Source: 3 sets with 6 keys and 5 audit events.\n"
                + "Target: 3 sets with 6 keys and 5 audit events.\nThey agree."));
        Assert.That(
            await KeySetsCommand.AnswersAsync(back), Is.EqualTo(await KeySetsCommand.AnswersAsync(_source)));
        Assert.That(await RowsAsync(back), Is.EqualTo(await RowsAsync(_source)));
        Assert.That(
            await KeySetsCommand.SucceedAsync(
                Folder.FullPath, ["audit", "verify", .. KeySetsCommand.SettingsOf(back.Database)]),
            Does.StartWith("5 events of 3 chains checked.").And.EndsWith("All are as they were made."));
    }

    [Test]
    public async Task Ends_complete_and_without_doubles_however_often_it_was_killed()
    {
        await ManySets.StoreAsync(_source, 6000);
        long copied = 0;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            using KeySetsProcess process = KeySetsProcess.OfCommand(
                Folder.FullPath, ["copy", .. SettingsOf(_source.Database, _server)]);
            long before = copied;
            Assert.That(() => copied = CountOnServer(), Is.GreaterThan(before).After(30_000, 10), process.Output);
            await process.KillAsync();
        }

        copied = CountOnServer();
        Assert.That(copied, Is.InRange(1, 6002), "it was killed in the middle");

        string output = await CopyAsync(_source.Database, _server);

        Assert.That(output, Does.Contain($"{copied:N0} were there already").And.Contain("They agree."));
        await using KeySetsApplication back = new();
        await CopyAsync(_server, back.Database);
        Assert.That(await RowsAsync(back), Is.EqualTo(await RowsAsync(_source)));
    }

    [Test]
    public async Task Brings_what_has_changed_since_when_it_runs_again()
    {
        await CopyAsync(_source.Database, _server);
        HttpClient client = _source.Writer;
        await client.CreateAsync("""{"id":"new"}""");
        await client.DeleteAsync($"{HttpExtensions.KeySets}/other/keys_v2('a')");

        string output = await CopyAsync(_source.Database, _server);

        Assert.That(output, Does.StartWith("2 sets were copied, 2 were there already.").And.Contain("They agree."));
        Assert.That(output, Does.Contain("The key ring of the target has all keys"));
    }

    [Test]
    public async Task Says_which_sets_the_source_does_not_have()
    {
        await CopyAsync(_source.Database, _server);
        await _source.Writer.DeleteAsync($"{HttpExtensions.KeySets}/rsa");

        (int exitCode, string output) = await KeySetsCommand.RunAsync(
            Folder.FullPath, ["copy", .. SettingsOf(_source.Database, _server)]);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("They do not agree. The source does not have these sets of the target: rsa"));
    }

    [Test]
    public async Task Takes_a_service_that_writes_for_no_reason_to_fail()
    {
        await ManySets.StoreAsync(_source, 1000);
        using CancellationTokenSource end = new();
        Task<int> writer = Task.Run(async () =>
        {
            int written = 0;
            for (; !end.IsCancellationRequested; written++)
            {
                // Before all others: the copy has been there already.
                HttpResponseMessage created = await _source.Writer.CreateAsync($$"""{"id":"A{{written}}"}""");
                Assert.That(created.IsSuccessStatusCode, Is.True);
            }

            return written;
        });

        await KeySetsCommand.RunAsync(Folder.FullPath, ["copy", .. SettingsOf(_source.Database, _server)]);
        await end.CancelAsync();

        Assert.That(await writer, Is.GreaterThan(0));
        Assert.That(await CopyAsync(_source.Database, _server), Does.Contain("They agree."));
    }

    [Test]
    public async Task Copies_what_does_not_open_as_it_is()
    {
        await _source.PutSealedMembersAsync("other", "a", [1, 2, 3]);
        await using KeySetsApplication back = new();

        Assert.That(await CopyAsync(_source.Database, _server), Does.Contain("They agree."));
        Assert.That(await CopyAsync(_server, back.Database), Does.Contain("They agree."));

        Assert.That(await RowsAsync(back), Is.EqualTo(await RowsAsync(_source)));
    }

    private static string[] SettingsOf(TestDatabase from, TestDatabase to) =>
        [.. KeySetsCommand.SettingsOf(from), .. KeySetsCommand.SettingsOf(to, "to:")];

    private Task<string> CopyAsync(TestDatabase from, TestDatabase to) =>
        KeySetsCommand.SucceedAsync(Folder.FullPath, ["copy", .. SettingsOf(from, to)]);

    private static Task<string[]> RowsAsync(KeySetsApplication application) =>
        application.Rows.ReadMomentAsync<string[]>(async rows =>
        {
            List<string> all = [];
            while (await rows.ReadStoredAsync(all.Count == 0 ? "" : all[^1].Split(' ')[0], most: 100)
                is { Count: > 0 } page)
            {
                all.AddRange(page.Select(TextOf));
            }

            return [.. all];
        });

    private static string TextOf(StoredSet stored) => string.Join(
        ' ',
        [
            stored.Set.Id,
            $"{stored.Set.Revision}",
            .. stored.Set.Keys.Select(key => JsonSerializer.Serialize(key)),
            .. stored.Ordinals.Select(ordinal => $"{ordinal}"),
            .. stored.SealedMembers.Select(members => Convert.ToHexString(members ?? [])),
        ]);

    private long CountOnServer()
    {
        using NpgsqlDataSource source = NpgsqlDataSource.Create(_server.ConnectionString);
        using NpgsqlCommand command = source.CreateCommand("""SELECT count(*) FROM "KeySets" """);
        return (long)command.ExecuteScalar()!;
    }
}
