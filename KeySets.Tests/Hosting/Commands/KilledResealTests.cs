using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Hosting.Commands;

/// <summary><c>reseal</c>, ended at any point, while a service goes on writing.</summary>
public sealed class KilledResealTests : ApiTests
{
    private const int Sets = 6000;

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Goes_on_where_it_was_killed_and_loses_nothing()
    {
        await StoreAsync();
        Guid old = (await KeyIdsAsync()).Single();
        string[] settings = KeySetsCommand.SettingsOf(Application.Database);
        await KeySetsCommand.SucceedAsync(_folder.FullPath, ["rotate", .. settings]);
        int kills = 0;
        long left = Sets;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using KeySetsProcess process = KeySetsProcess.OfCommand(_folder.FullPath, ["reseal", .. settings]);
            long before = left;
            Assert.That(
                () => left = CountSealedWith(old), Is.LessThan(before).After(30_000, 5), process.Output);
            await process.KillAsync();
            kills += left > 0 ? 1 : 0;
            await Writer.SendJsonAsync(HttpMethod.Put, $"{HttpExtensions.KeySets}('m-005999')", """{"keys":[]}""");
        }

        await KeySetsCommand.SucceedAsync(_folder.FullPath, ["reseal", .. settings]);

        Assert.That(kills, Is.Positive, "it was killed in the middle");
        Assert.That((await KeyIdsAsync()).Single(), Is.Not.EqualTo(old));
        await using WebApplicationFactory<Program> restarted = Application.WithWebHostBuilder(_ => { });
        PrivateMembersProtector protector = restarted.Services.GetRequiredService<PrivateMembersProtector>();
        IReadOnlyList<SealedKey> keys = await Application.Rows.ReadSealedAsync(after: null, most: Sets);
        Assert.That(keys, Has.Count.EqualTo(Sets - 1), "the set that lost its keys meanwhile has none");
        Assert.That(
            keys.Select(key => protector.Unseal(key.KeySetId, key.Kid, key.SealedMembers).K),
            Is.EqualTo(keys.Select(key => key.KeySetId)));
    }

    private async Task StoreAsync()
    {
        PrivateMembersProtector protector = Application.Services.GetRequiredService<PrivateMembersProtector>();
        IEnumerable<StoredSet> sets = Enumerable.Range(0, Sets).Select(number =>
        {
            TrustFrameworkKeySet set = new()
            {
                Id = $"m-{number:D6}",
                Revision = Guid.NewGuid(),
                Keys = [new TrustFrameworkKey { Kid = "1", Kty = "oct" }],
            };
            // Whatever it is: here, the id of the set.
            PrivateMembers members = new(set.Id, null, null, null, null, null, null);
            return StoredSet.Of(set, [protector.Seal(set.Id, "1", members)]);
        });
        foreach (StoredSet[] page in sets.Chunk(500))
        {
            await Application.Rows.WriteAsync(async rows =>
            {
                await rows.StoreAsync(page);
                return true;
            });
        }
    }

    private long CountSealedWith(Guid id) => Application.Rows.ReadSealedAsync(after: null, most: Sets).AsTask()
        .GetAwaiter().GetResult().Count(key => KeyRing.KeyOf(key.SealedMembers) == id);

    private async Task<IEnumerable<Guid>> KeyIdsAsync() =>
        (await Application.Rows.ReadSealedAsync(after: null, most: Sets))
            .Select(key => KeyRing.KeyOf(key.SealedMembers)!.Value).Distinct();
}
