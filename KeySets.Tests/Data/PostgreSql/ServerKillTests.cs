using System.Diagnostics.CodeAnalysis;
using KeySets.Tests.Support;
using KeySets.Tests.Support.Ledgers;
using KeySets.Tests.Support.Servers;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>The server of the database is killed and started again. The service goes on by itself.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class ServerKillTests : ProcessTests
{
    private static readonly int Rounds = Math.Max(1, KillTests.Rounds / 5);

    private PostgreSqlCluster _cluster = null!;

    [SetUp]
    public async Task StartServer() => _cluster = await PostgreSqlCluster.StartAsync();

    [TearDown]
    public async Task StopServer() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Keeps_every_acknowledged_write_once_however_often_the_server_is_killed()
    {
        int seed = KillTests.Seed;
        Random random = new(seed);
        Ledger ledger = new(seed);
        using KeySetsProcess service = _cluster.StartService(Folder.FullPath);
        using HttpClient client = await service.ClientAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_cluster.Primary.ConnectionString);
        await ledger.BeginAsync(client);

        for (int round = 0; round < Rounds; round++)
        {
            await ledger.WriteAsync(client, async () =>
            {
                await ledger.NextWriteAsync();
                await Task.Delay(random.Next(1000));
                await _cluster.Primary.KillAsync();
                // Sometimes longer than a client waits, so that it gets 503.
                await Task.Delay(round == 0 ? 7000 : random.Next(1000));
                await _cluster.Primary.StartAsync();
                await ledger.NextWriteAsync();
            });
            await ledger.CheckAsync(client);
            await ledger.CheckSecretsAsync((id, kid) => SealedKeys.OpenAsync(source, id, kid));
        }

        Assert.That(ledger.Counts.Broken, Is.Zero, "The service has gone on, and has answered.");
        Assert.That(ledger.Counts.RefusedBy(503), Is.Positive, $"{ledger}");
        await TestContext.Out.WriteLineAsync($"{Rounds} kills of the server, {ledger}");
    }
}
