using System.Data.Common;
using KeySets.Api.Data.Sqlite;
using KeySets.Tests.Support;
using KeySets.Tests.Support.Ledgers;
using KeySets.Tests.Support.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>
/// A full disk, and another process that holds the database, while many clients write. No acknowledged write is lost,
/// nothing is stored of a refused one, and afterwards the service goes on by itself.
/// </summary>
public sealed class SqliteOutageTests
{
    private Ledger _ledger = null!;

    [SetUp]
    public void BeginLedger() => _ledger = new Ledger(KillTests.Seed);

    [Test]
    public async Task Refuses_writes_while_the_disk_is_full()
    {
        using SmallDisk disk = new(megabytes: 16);
        string folder = Path.Combine(disk.FullPath, "data");

        await RunAsync(folder, async () =>
        {
            disk.Fill();
            await Task.Delay(2000);
            disk.Free();
        });

        Assert.That(_ledger.Counts.RefusedBy(507), Is.Positive, $"{_ledger}");
    }

    [Test]
    public async Task Refuses_writes_while_another_process_holds_the_database()
    {
        using TemporaryFolder folder = new();

        await RunAsync(folder.FullPath, async () =>
        {
            await using SqliteConnection other = new($"Data Source={folder.File("keysets.db")};Pooling=False");
            await other.OpenAsync();
            // It takes the lock of the writer at once.
            await using DbTransaction transaction = await other.BeginTransactionAsync();
            await Task.Delay(3000);
        });

        Assert.That(_ledger.Counts.RefusedBy(503), Is.Positive, $"{_ledger}");
    }

    [Test]
    public async Task Refuses_writes_while_the_database_may_not_grow()
    {
        // The service logs each write that it refuses with 507.
        await using KeySetsApplication application = new(("Logging:LogLevel:Microsoft.AspNetCore.Diagnostics", "None"));
        WriteQueue queue = application.Services.GetRequiredService<WriteQueue>();
        HttpClient client = application.Writer;
        await _ledger.BeginAsync(client);

        await _ledger.WriteAsync(client, async () =>
        {
            await _ledger.NextWriteAsync();
            // It becomes the number of pages that there are.
            await queue.RunAsync(connection => connection.Connection.RunPragmaAsync("max_page_count = 1"));
            await Task.Delay(2000);
            await queue.RunAsync(connection => connection.Connection.RunPragmaAsync("max_page_count = 1000000"));
            await _ledger.NextWriteAsync();
            await Task.Delay(500);
        });

        await _ledger.CheckAsync(client);
        Assert.That(_ledger.Counts.RefusedBy(507), Is.Positive, $"{_ledger}");
    }

    private async Task RunAsync(string folder, Func<Task> outage)
    {
        string[] settings = [$"--ConnectionStrings:KeySets=Data Source={folder}/keysets.db;Default Timeout=1"];
        Directory.CreateDirectory(folder);
        using KeySetsProcess service = new(folder, "Development", settings);
        using HttpClient client = await service.ClientAsync();
        await _ledger.BeginAsync(client);
        for (int round = 0; round < 3; round++)
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

        // What was stored in spite of its refusal would come back with the log.
        await service.KillAsync();
        using KeySetsProcess again = new(folder, "Development", settings);
        using HttpClient reader = await again.ClientAsync();
        await _ledger.CheckAsync(reader);
        Assert.That(_ledger.Counts.Broken, Is.Zero);
        await TestContext.Out.WriteLineAsync($"{_ledger}");
    }
}
