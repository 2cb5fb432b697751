using KeySets.Tests.Support;
using KeySets.Tests.Support.Ledgers;
using KeySets.Tests.Support.Servers;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>
/// A full disk of the server, and another session that holds a table, while many clients write. No acknowledged write
/// is lost, nothing is stored of a refused one, and afterwards the service goes on by itself.
/// </summary>
public sealed class PostgreSqlOutageTests : ProcessTests
{
    private Ledger _ledger = null!;

    [SetUp]
    public void BeginLedger() => _ledger = new Ledger(KillTests.Seed);

    // With small files the server soon cannot extend its log, and ends. With large ones it cannot extend its tables.
    [TestCase(1)]
    [TestCase(64)]
    public async Task Refuses_writes_while_the_disk_of_the_server_is_full(int megabytesOfLog)
    {
        using SmallDisk disk = new(megabytes: 64 + (5 * megabytesOfLog));
        await using PostgreSqlCluster cluster = await PostgreSqlCluster.StartAsync(disk.FullPath, megabytesOfLog);

        await RunAsync(cluster, async () =>
        {
            disk.Fill();
            await Task.Delay(4000);
            disk.Free();
            await cluster.Primary.StartAgainAsync();
        });

        Assert.That(_ledger.Counts.RefusedBy(507) + _ledger.Counts.RefusedBy(503), Is.Positive, $"{_ledger}");
    }

    [Test]
    public async Task Refuses_writes_while_another_session_holds_a_table()
    {
        await using PostgreSqlCluster cluster = await PostgreSqlCluster.StartAsync();

        await RunAsync(cluster, async () =>
        {
            await using NpgsqlConnection other = new(cluster.Primary.ConnectionString);
            await other.OpenAsync();
            await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
            await using NpgsqlCommand take = new("""LOCK TABLE "Keys" """, other);
            await take.ExecuteNonQueryAsync();
            await Task.Delay(7000);
        });

        Assert.That(_ledger.Counts.RefusedBy(503), Is.Positive, $"{_ledger}");
    }

    private async Task RunAsync(PostgreSqlCluster cluster, Func<Task> outage)
    {
        using KeySetsProcess service = cluster.StartService(Folder.FullPath);
        using HttpClient client = await service.ClientAsync();
        await _ledger.BeginAsync(client);
        for (int round = 0; round < 2; round++)
        {
            await _ledger.WriteAsync(client, async () =>
            {
                await _ledger.NextWriteAsync();
                await Task.Delay(1000);
                await outage();
                await _ledger.NextWriteAsync();
                await Task.Delay(500);
            });
            await _ledger.CheckAsync(client);
        }

        Assert.That(_ledger.Counts.Broken, Is.Zero, "The service has gone on, and has answered.");
        await TestContext.Out.WriteLineAsync($"{_ledger}");
    }
}
