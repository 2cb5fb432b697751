using System.Diagnostics.CodeAnalysis;
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
            atPause = _ledger.Acknowledged;
            await Task.Delay(3000);
            // The same, by an operator. The second ends the connection too.
            await _cluster.Primary.ExecuteAsync(Waiting("pg_cancel_backend"));
            await _cluster.Primary.ExecuteAsync(Waiting("pg_terminate_backend"));
            await Task.Delay(2000);
            afterPause = _ledger.Acknowledged;
            await _cluster.Primary.KillAsync();
            _cluster.Standby.Resume();
            await _cluster.PromoteStandbyAsync();
            await _ledger.NextWriteAsync();
            await Task.Delay(2000);
        });

        Assert.That(afterPause, Is.EqualTo(atPause), "acknowledged while the standby hung");
        await CheckAsync(client);
    }

    private async Task CheckAsync(HttpClient client)
    {
        Assert.That(_ledger.Broken, Is.Zero, "The service has gone on, and has answered.");
        await _ledger.CheckAsync(client);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_cluster.Primary.ConnectionString);
        await _ledger.CheckSecretsAsync((id, kid) => SealedKeys.OpenAsync(source, id, kid));
        await TestContext.Out.WriteLineAsync($"{_ledger}");
    }

    private static string Waiting(string function) =>
        $"SELECT count({function}(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
}
