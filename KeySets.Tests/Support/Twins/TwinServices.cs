using System.Net;
using System.Net.Http.Headers;
using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace KeySets.Tests.Support.Twins;

/// <summary>
/// Two services on Kestrel whose databases hold <see cref="TwinSets"/>: they are alike, revisions included, but for
/// private members. Their clocks stand still.
/// </summary>
public sealed class TwinServices : IAsyncDisposable
{
    private readonly List<StoredNames> _names = [];
    private readonly HttpClient[] _clients;

    private TwinServices(KeySetsApplication first, KeySetsApplication second)
    {
        Services = [first, second];
        _clients = [first.Writer, second.Writer];
        foreach (HttpClient client in _clients)
        {
            // Links have the host, and the ports differ.
            client.DefaultRequestHeaders.Host = "localhost";
        }
    }

    /// <summary>Both services.</summary>
    public IReadOnlyList<KeySetsApplication> Services { get; }

    /// <summary>Starts both, and stores the sets.</summary>
    public static async Task<TwinServices> StartAsync()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        TwinServices twins = new(Start(clock), Start(clock));
        foreach ((int index, KeySetsApplication service) in twins.Services.Index())
        {
            foreach (string body in TwinSets.Bodies(first: index == 0))
            {
                HttpResponseMessage created = await twins._clients[index].CreateAsync(body);
                Assert.That(
                    created.StatusCode, Is.EqualTo(HttpStatusCode.Created), await created.Content.ReadAsStringAsync());
            }

            await MakeAlikeAsync(service, isSecond: index == 1);
            twins._names.Add(new StoredNames(await ReadAsync(service)));
        }

        return twins;
    }

    /// <summary>Sends a request to both.</summary>
    /// <returns>Both answers as text, with names for what is made at random.</returns>
    public async Task<(string First, string Second)> SendAsync(TwinRequest request)
    {
        string[] answers = await Task.WhenAll(
            _clients.Select((client, index) => SendAsync(client, request.With(_names[index].TakeFrom))));
        if (request.CanWrite)
        {
            await LearnAsync();
        }

        return (_names[0].PutInto(answers[0]), _names[1].PutInto(answers[1]));
    }

    /// <summary>Sends requests to both, and asserts that each gets the same answer twice.</summary>
    /// <returns>How many answers there were of each status.</returns>
    public async Task<Dictionary<int, int>> AssertAlikeAsync(IEnumerable<TwinRequest> requests)
    {
        Dictionary<int, int> statuses = [];
        foreach (TwinRequest request in requests)
        {
            (string first, string second) = await SendAsync(request);
            Assert.That(second, Is.EqualTo(first), $"{request}");
            int status = int.Parse(first.AsSpan(0, 3));
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        return statuses;
    }

    /// <summary>Changes a set of the second database alone, below the API.</summary>
    public async Task ChangeSecondAsync(string id, Action<TrustFrameworkKeySet> change)
    {
        StoredSet stored = (await ReadAsync(Services[1])).Single(stored => stored.Set.Id == id);
        change(stored.Set);
        await StoreAsync(Services[1], [stored]);
    }

    /// <summary>Stores a set with one key in both, whose private exponent has one length in each.</summary>
    public async Task StoreAsync(string id, params int[] lengths)
    {
        foreach ((int index, KeySetsApplication service) in Services.Index())
        {
            TrustFrameworkKeySet set =
                new() { Id = id, Revision = TwinSets.RevisionOf(id), Keys = { new() { Kid = "d" } } };
            PrivateMembers members =
                new(null, TwinSets.Secret(index == 0, lengths[index]), null, null, null, null, null);
            await StoreAsync(service, [StoredSet.Of(set, [ProtectorOf(service).Seal(id, "d", members)])]);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (KeySetsApplication service in Services)
        {
            await service.DisposeAsync();
        }
    }

    private static KeySetsApplication Start(TimeProvider clock)
    {
        KeySetsApplication service = new() { Clock = clock };
        service.UseKestrel(0);
        return service;
    }

    private static async Task<string> SendAsync(HttpClient client, TwinRequest request)
    {
        using HttpResponseMessage answer = await client.SendAsync(
            new HttpMethod(request.Method),
            request.Target,
            request.Body is null ? null : new StringContent(request.Body, new MediaTypeHeaderValue("application/json")),
            [.. request.Headers]);
        return await AnswerText.ReadAsync(answer);
    }

    /// <summary>Gives the sets revisions that both databases have, and disables keys.</summary>
    private static async Task MakeAlikeAsync(KeySetsApplication service, bool isSecond)
    {
        IReadOnlyList<StoredSet> sets = await ReadAsync(service);
        foreach (StoredSet stored in sets)
        {
            stored.Set.Revision = TwinSets.RevisionOf(stored.Set.Id);
            foreach ((int index, TrustFrameworkKey key) in stored.Set.Keys.Index())
            {
                key.Status = key.Kid == "off" ? TrustFrameworkKeyStatus.Disabled : TrustFrameworkKeyStatus.Enabled;
                if (isSecond && TwinSets.TryReplace(key.Kid!, out PrivateMembers? members))
                {
                    stored.SealedMembers[index] =
                        members is null ? null : ProtectorOf(service).Seal(stored.Set.Id, key.Kid!, members);
                }
            }
        }

        await StoreAsync(service, sets);
    }

    private static PrivateMembersProtector ProtectorOf(KeySetsApplication service) =>
        service.Services.GetRequiredService<PrivateMembersProtector>();

    private static Task<bool> StoreAsync(KeySetsApplication service, IReadOnlyList<StoredSet> sets) =>
        service.Rows.WriteAsync(async rows =>
        {
            await rows.StoreAsync(sets);
            return true;
        });

    private static Task<IReadOnlyList<StoredSet>> ReadAsync(KeySetsApplication service) =>
        service.Rows.ReadMomentAsync<IReadOnlyList<StoredSet>>(async rows =>
        {
            List<StoredSet> sets = [];
            while (await rows.ReadStoredAsync(sets.Count == 0 ? "" : sets[^1].Set.Id, most: 100) is { Count: > 0 } page)
            {
                sets.AddRange(page);
            }

            return sets;
        });

    private async Task LearnAsync()
    {
        foreach ((int index, KeySetsApplication service) in Services.Index())
        {
            _names[index].Learn(await ReadAsync(service));
        }
    }
}
