using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using KeySets.Tests.Support;
using KeySets.Tests.Support.Ledgers;

namespace KeySets.Tests.Data;

/// <summary>
/// The service is killed while many clients write, again and again. <c>KEYSETS_KILL_ROUNDS</c> says how often,
/// <c>KEYSETS_KILL_SEED</c> repeats the writes of a run, if not its instants.
/// </summary>
[OnEveryDatabase]
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class KillTests : ProcessTests
{
    private TestDatabase _database = null!;

    /// <summary>How often this run kills.</summary>
    public static int Rounds { get; } = Number("KEYSETS_KILL_ROUNDS") ?? 25;

    /// <summary>What a run is made up from.</summary>
    public static int Seed => Number("KEYSETS_KILL_SEED") ?? RandomNumberGenerator.GetInt32(int.MaxValue);

    [SetUp]
    public void CreateDatabase() => _database = TestDatabase.Create(Folder);

    [TearDown]
    public void CloseDatabase() => _database.Close();

    [Test]
    public async Task Keeps_every_acknowledged_write_once_however_often_it_is_killed()
    {
        int seed = Seed;
        Random random = new(seed);
        Ledger ledger = new(seed);
        for (int round = 0; round <= Rounds; round++)
        {
            using KeySetsProcess service = Start();
            using HttpClient client = await service.ClientAsync();
            await (round == 0 ? ledger.BeginAsync(client) : ledger.RepeatAsync(client));
            await ledger.CheckAsync(client);
            await ledger.CheckSecretsAsync(_database.PrivateMembersAsync);
            if (round < Rounds)
            {
                await ledger.WriteAsync(client, async () =>
                {
                    await ledger.NextWriteAsync();
                    await Task.Delay(random.Next(500));
                    // What is acknowledged too early is lost within the next millisecond.
                    await (random.Next(2) == 0 ? Task.CompletedTask : ledger.Counts.AcknowledgementAsync());
                    await service.KillAsync();
                });
                await KillAtStartAsync(random);
                await _database.WaitForRestAsync();
            }
        }

        await TestContext.Out.WriteLineAsync($"{Rounds} kills, {ledger}");
    }

    /// <summary>Sometimes it does not come as far as to write.</summary>
    private async Task KillAtStartAsync(Random random)
    {
        if (random.Next(8) == 0)
        {
            using KeySetsProcess service = Start();
            await Task.Delay(random.Next(600));
            await service.KillAsync();
        }
    }

    private KeySetsProcess Start() => new(
        Folder.FullPath,
        "Development",
        environmentVariables: _database.Settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;
}
