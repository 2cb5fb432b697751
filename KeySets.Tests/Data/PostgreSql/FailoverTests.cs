using System.Diagnostics.CodeAnalysis;
using System.Net;
using KeySets.Tests.Support;
using KeySets.Tests.Support.Ledgers;
using KeySets.Tests.Support.Servers;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>
/// A primary and a synchronous standby, which takes its place while many clients write. The service goes on by itself,
/// and every acknowledged write is there, once.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class FailoverTests : ProcessTests
{
    private readonly Random _random = new(KillTests.Seed);
    private PostgreSqlCluster _cluster = null!;
    private Ledger _ledger = null!;

    [SetUp]
    public async Task StartCluster()
    {
        _cluster = await PostgreSqlCluster.StartAsync();
        await _cluster.AddStandbyAsync();
        _ledger = new Ledger(_random.Next());
    }

    [TearDown]
    public async Task StopCluster() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Loses_nothing_when_the_primary_is_killed()
    {
        using KeySetsProcess service = _cluster.StartService(Folder.FullPath);
        using HttpClient client = await service.ClientAsync();
        await _ledger.BeginAsync(client);

        await _ledger.WriteAsync(client, async () =>
        {
            await _ledger.NextWriteAsync();
            await Task.Delay(_random.Next(1000, 2000));
            await _cluster.Primary.KillAsync();
            await Task.Delay(_random.Next(500));
            await _cluster.PromoteStandbyAsync();
            await _ledger.NextWriteAsync();
            await Task.Delay(2000);
        });

        await CheckAsync(client);
    }

    [Test]
    public async Task Acknowledges_nothing_that_the_standby_does_not_have()
    {
        // After this time PostgreSQL gives up waiting for the standby, and commits nevertheless.
        using KeySetsProcess service =
            _cluster.StartService(Folder.FullPath, "--Database:LongestQuerySeconds=2");
        using HttpClient client = await service.ClientAsync();
        await _ledger.BeginAsync(client);
        int atPause = 0;
        int afterPause = 0;

        await _ledger.WriteAsync(client, async () =>
        {
            await _ledger.NextWriteAsync();
            await Task.Delay(1000);
            _cluster.Standby!.Pause();
            await Task.Delay(500);
            atPause = _ledger.Counts.Acknowledged;
            await Task.Delay(3000);
            // The same, by an operator. The second ends the connection too.
            await _cluster.Primary.ExecuteAsync(Waiting("pg_cancel_backend"));
            await _cluster.Primary.ExecuteAsync(Waiting("pg_terminate_backend"));
            await Task.Delay(2000);
            afterPause = _ledger.Counts.Acknowledged;
            await _cluster.Primary.KillAsync();
            _cluster.Standby.Resume();
            await _cluster.PromoteStandbyAsync();
            await _ledger.NextWriteAsync();
            await Task.Delay(2000);
        });

        Assert.That(afterPause, Is.EqualTo(atPause), "acknowledged while the standby hung");
        await CheckAsync(client);
    }

    [Test]
    public async Task Loses_nothing_when_the_primary_hangs()
    {
        using KeySetsProcess service =
            _cluster.StartService(Folder.FullPath, $"--ConnectionStrings:KeySets={_cluster.Hosts};Command Timeout=2");
        using HttpClient client = await service.ClientAsync();
        await _ledger.BeginAsync(client);

        await _ledger.WriteAsync(client, async () =>
        {
            await _ledger.NextWriteAsync();
            await Task.Delay(1500);
            _cluster.Primary.Pause();
            await Task.Delay(5000);
            await _cluster.Primary.KillAsync();
            await _cluster.PromoteStandbyAsync();
            await _ledger.NextWriteAsync();
            await Task.Delay(1000);
        });

        await CheckAsync(client);
    }

    [Test]
    public async Task Acknowledges_no_set_whose_row_comes_before_its_commit()
    {
        // A server that tells all that it does sends the rows of a statement before it commits.
        await _cluster.Primary.ExecuteAsync("ALTER ROLE postgres SET client_min_messages = debug5");
        using KeySetsProcess service = _cluster.StartService(
            Folder.FullPath,
            $"--ConnectionStrings:KeySets={_cluster.Hosts};Command Timeout=1;Cancellation Timeout=-1");
        using HttpClient client = await service.ClientAsync();
        await _ledger.BeginAsync(client);
        await _cluster.Standby!.KillAsync();

        Task failover = LoseAndStartAsync();
        HttpResponseMessage told = await client.CreateAsync("""{"id":"early"}""");
        await failover;

        Assert.That(
            (await client.GetAsync("/trustFramework/keySets/early")).StatusCode,
            Is.EqualTo(told.IsSuccessStatusCode ? HttpStatusCode.OK : HttpStatusCode.NotFound));
    }

    private async Task LoseAndStartAsync()
    {
        await Task.Delay(4000);
        await _cluster.Primary.KillAsync();
        await _cluster.Standby!.StartAsync();
        await _cluster.PromoteStandbyAsync();
    }

    private async Task CheckAsync(HttpClient client)
    {
        Assert.That(_ledger.Counts.Broken, Is.Zero, "The service has gone on, and has answered.");
        await _ledger.CheckAsync(client);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_cluster.Primary.ConnectionString);
        await _ledger.CheckSecretsAsync((id, kid) => SealedKeys.OpenAsync(source, id, kid));
        await TestContext.Out.WriteLineAsync($"{_ledger}");
    }

    private static string Waiting(string function) =>
        $"SELECT count({function}(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
}
