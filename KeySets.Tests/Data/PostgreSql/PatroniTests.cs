using KeySets.Tests.Support;
using KeySets.Tests.Support.Ledgers;
using KeySets.Tests.Support.Servers;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>Servers that Patroni looks after: it makes a standby the primary when the primary is lost.</summary>
public sealed class PatroniTests : ProcessTests
{
    private PatroniCluster _cluster = null!;

    [SetUp]
    public async Task StartCluster() => _cluster = await PatroniCluster.StartAsync();

    [TearDown]
    public async Task StopCluster() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Lose_no_acknowledged_write_and_the_service_goes_on_by_itself()
    {
        Ledger ledger = new(KillTests.Seed);
        using KeySetsProcess service = new(
            Folder.FullPath,
            "Development",
            ["--Database:Provider=PostgreSql", $"--ConnectionStrings:KeySets={_cluster.Hosts}"]);
        using HttpClient client = await service.ClientAsync();
        await ledger.BeginAsync(client);

        await ledger.WriteAsync(client, async () =>
        {
            await ledger.NextWriteAsync();
            await Task.Delay(2000);
            await _cluster.LosePrimaryAsync();
            await ledger.NextWriteAsync();
            await Task.Delay(2000);
        });

        Assert.That(ledger.Counts.Broken, Is.Zero, "The service has gone on, and has answered.");
        await ledger.RepeatAsync(client);
        await ledger.CheckAsync(client);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(await _cluster.PrimaryAsync());
        await ledger.CheckSecretsAsync((id, kid) => SealedKeys.OpenAsync(source, id, kid));
        await TestContext.Out.WriteLineAsync($"{ledger}");
    }
}
