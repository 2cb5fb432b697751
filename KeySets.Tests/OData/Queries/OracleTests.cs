using KeySets.Model;
using KeySets.Tests.Support;
using KeySets.Tests.Support.Twins;

namespace KeySets.Tests.OData.Queries;

/// <summary>
/// No answer tells anything about a private member: two services whose databases differ in private members alone give
/// the same status, headers and bytes to every request. How long an answer takes is not compared.
/// </summary>
[OnEveryDatabase]
public sealed class OracleTests
{
    private const string Sets = HttpExtensions.KeySets;

    private TwinServices _twins = null!;

    [OneTimeSetUp]
    public async Task Start() => _twins = await TwinServices.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _twins.DisposeAsync();

    [Test]
    public async Task Answers_every_condition_at_every_place_alike() =>
        await AssertAlikeAsync(TwinQueries.OfConditions(), least: 800, 200, 400, 501);

    [Test]
    public async Task Answers_every_query_option_alike() =>
        await AssertAlikeAsync(TwinQueries.OfOptions(), least: 200, 200, 400, 501);

    [Test]
    public async Task Answers_queries_in_a_body_alike() => await AssertAlikeAsync(
        TwinQueries.OfConditions().Where((_, index) => index % 7 == 0).Select(read => read.WithQueryInBody()),
        least: 100, 200, 400, 501);

    [Test]
    public async Task Answers_at_every_address_alike() =>
        await AssertAlikeAsync(TwinReads.OfUrls(), least: 400, 200, 304, 400, 404, 406, 412);

    [Test]
    public async Task Goes_on_behind_every_token_alike() =>
        await AssertAlikeAsync(TwinReads.OfTokens(), least: 100, 200, 400);

    [Test]
    public async Task Answers_batches_alike() => await AssertAlikeAsync(
        TwinBatches.Of(TwinQueries.OfConditions()
            .Concat(TwinReads.Urls.Select(url => TwinRequest.Get(url)))
            .Where((_, index) => index % 5 == 0)),
        least: 10, 200);

    [TestCase(1)]
    [TestCase(2)]
    public async Task Answers_random_queries_alike(int seed) =>
        await AssertAlikeAsync(TwinRandomQueries.Of(seed, 100), least: 150, 200, 400, 501);

    [Test]
    public async Task Changes_sets_alike()
    {
        await using TwinServices twins = await TwinServices.StartAsync();

        await AssertAlikeAsync(twins, TwinWrites.All(), least: 400, 200, 204, 304, 400, 404, 409, 412);
    }

    [Test]
    public async Task Ends_pages_and_sets_by_their_public_members_alone()
    {
        await using TwinServices twins = await TwinServices.StartAsync();
        foreach (string id in (string[])["long0", "long1", "long2", "long3", "long4", "long5"])
        {
            await twins.StoreAsync(id, 900_000, 1);
        }

        TwinRequest key = new(
            "POST", $"{Sets}('long0')/keys", $$"""{"kid":"more","kty":"EC","n":"{{new string('n', 300_000)}}"}""");
        await AssertAlikeAsync(
            twins, [TwinRequest.Get(Sets), key, TwinRequest.Get($"{Sets}?$count=true&$select=id")], least: 3, 200);
    }

    [Test]
    public async Task Would_not_be_alike_if_any_public_member_differed()
    {
        await using TwinServices twins = await TwinServices.StartAsync();
        (string Member, Action<TrustFrameworkKey, bool> Set)[] changes =
        [
            ("x5t", (key, isOther) => key.X5t = isOther ? "AAAB" : "AAAA"),
            ("kty", (key, isOther) => key.Kty = isOther ? "ec" : "EC"),
            ("n", (key, isOther) => key.N = isOther ? "al" : "all"),
            ("e", (key, isOther) => key.E = isOther ? "" : null),
            ("use", (key, isOther) => key.Use = isOther ? "sig" : null),
            ("exp", (key, isOther) => key.Exp = isOther ? long.MaxValue : null),
            ("nbf", (key, isOther) => key.Nbf = isOther ? 0 : null),
            ("status", (key, isOther) => key.Status = (TrustFrameworkKeyStatus)(isOther ? 1 : 0)),
        ];
        foreach ((string member, Action<TrustFrameworkKey, bool> change) in changes)
        {
            TwinRequest[] requests =
            [
                TwinRequest.Get($"{Sets}?$expand=keys_v2"),
                TwinRequest.Get($"{Sets}('other')/keys_v2('all')/{member}"),
                TwinBatches.Json(Batches.Request("1", "GET", $"{Sets}('other')/keys_v2?$select={member}")),
                TwinBatches.Multipart(Batches.Part("GET", $"{Sets}('other')/keys_v2?$select={member}")),
            ];
            await twins.ChangeSecondAsync("other", set => change(set.Keys[0], true));
            bool[] alike = [.. await AreAlikeAsync(twins, requests)];
            await twins.ChangeSecondAsync("other", set => change(set.Keys[0], false));

            Assert.That(alike, Is.All.False, member);
            Assert.That(await AreAlikeAsync(twins, requests), Is.All.True, member);
        }
    }

    [Test]
    public async Task Would_not_be_alike_if_a_write_gave_a_new_tag_in_one_database_alone()
    {
        await using TwinServices twins = await TwinServices.StartAsync();
        TwinRequest[] requests = [new("PATCH", $"{Sets}('off')", "{}"), TwinRequest.Get($"{Sets}('off')")];
        Assert.That(await AreAlikeAsync(twins, requests), Is.All.True);

        await twins.ChangeSecondAsync("off", set => set.Revision = TwinSets.RevisionOf("new"));

        Assert.That(await AreAlikeAsync(twins, [requests[1]]), Is.All.False);
    }

    private static async Task<List<bool>> AreAlikeAsync(TwinServices twins, TwinRequest[] requests)
    {
        List<bool> alike = [];
        foreach (TwinRequest request in requests)
        {
            (string first, string second) = await twins.SendAsync(request);
            alike.Add(first == second);
        }

        return alike;
    }

    private Task AssertAlikeAsync(IEnumerable<TwinRequest> requests, int least, params int[] statuses) =>
        AssertAlikeAsync(_twins, requests, least, statuses);

    private static async Task AssertAlikeAsync(
        TwinServices twins, IEnumerable<TwinRequest> requests, int least, params int[] statuses)
    {
        Dictionary<int, int> found = await twins.AssertAlikeAsync(requests);
        string sum = string.Join(", ", found.Select(status => $"{status.Value} of {status.Key}"));
        await TestContext.Out.WriteLineAsync(sum);
        Assert.That(found.Values.Sum(), Is.AtLeast(least));
        Assert.That(found.Keys, Is.SupersetOf(statuses), sum);
        Assert.That(found.Keys, Is.All.LessThan(500).Or.EqualTo(501), sum);
    }
}
