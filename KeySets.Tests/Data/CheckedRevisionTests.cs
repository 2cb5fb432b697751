using System.Net;
using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Refusals;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data;

/// <summary>
/// The service changes a set in one statement, which finds the set only at the revision that was checked. So If-Match
/// holds on any database, even if another write can come between the check and the change. Here the check itself makes
/// that write.
/// </summary>
public sealed class CheckedRevisionTests : ApiTests
{
    private static readonly TestCaseData[] Changes =
    [
        Change("Replacing_the_keys", (store, id, check) =>
            store.PutAsync(
                new TrustFrameworkKeySet { Id = id, Keys = [new() { Kty = "x", Kid = "new" }] },
                SampleEvents.Author,
                check)),
        Change("Appending_a_key", (store, id, check) =>
            store.AppendAsync(
                id, new TrustFrameworkKey { Kty = "x", Kid = "new" }, SampleEvents.Author, check)),
        Change("Disabling_a_key", (store, id, check) =>
            store.SetStatusAsync(id, "old", TrustFrameworkKeyStatus.Disabled, SampleEvents.Author, check)),
        Change("Removing_a_key", (store, id, check) =>
            store.RemoveKeyAsync(id, "old", SampleEvents.Author, check)),
        Change("Removing_the_set", (store, id, check) =>
            store.DeleteAsync(id, SampleEvents.Author, check)),
    ];

    [TestCaseSource(nameof(Changes))]
    public async Task Is_refused_and_changes_nothing_if_another_write_comes_in_between(
        Func<KeySetStore, string, StoredCheck, Task> change)
    {
        string id = $"between-{Guid.NewGuid()}";
        await Writer.CreateAsync($$"""{"id":"{{id}}","keys":[{"kty":"x","kid":"old"}]}""");
        RefusalException? refusal = null;
        TrustFrameworkKeySet? left = null;

        await Application.Rows.WriteAllOrNothingAsync(async group =>
        {
            void WriteInBetween(TrustFrameworkKeySet? stored) => group
                .WriteAsync(async rows =>
                {
                    TrustFrameworkKeySet set = (await rows.FindAsync(id))!;
                    await rows.ReviseAsync(set, SampleEvents.Of(set));
                    return set;
                })
                .GetAwaiter()
                .GetResult();

            refusal = await Assert.ThrowsAsync<RefusalException>(() => change(StoreOf(group), id, WriteInBetween));
            left = await group.WriteAsync(async rows => await rows.FindAsync(id));
            return false;
        });

        Assert.That(refusal!.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(
            left!.Keys.Select(key => (key.Kid, key.Status)), Is.EqualTo([("old", TrustFrameworkKeyStatus.Enabled)]));
    }

    private static TestCaseData Change(string name, Func<KeySetStore, string, StoredCheck, Task> change) =>
        new TestCaseData(change).SetArgDisplayNames(name);

    private KeySetStore StoreOf(GroupTransaction group)
    {
        WriteScope scope = new(Application.Rows) { Group = group };
        return new KeySetStore(
            scope, Application.Services.GetRequiredService<PrivateMembersProtector>(), TimeProvider.System);
    }
}
