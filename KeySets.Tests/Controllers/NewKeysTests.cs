using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using KeySets.Api.Capacity;
using KeySets.Api.Diagnostics;
using KeySets.Tests.Support;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.Controllers;

/// <summary>Keys take long to be made or imported. Only who asks for them waits.</summary>
public sealed class NewKeysTests : OperationTests
{
    private const string Rsa = """{"use":"sig","kty":"RSA"}""";

    private static readonly string[] Addresses =
    [
        "trustFramework/keySets('{0}')/generateKey",
        "/trustFramework/keySets('{0}')/microsoft.cpim.api.dataModels.generateKey",
        "trustFramework/keySets/{0}/GENERATEKEY/",
        "/beta/trustFramework/keySets('{0}')/generate%4Bey",
        "$set/generateKey",
    ];

    [Test]
    public async Task Are_made_before_their_change_set_holds_up_another_writer()
    {
        string id = $"{Id}-new";
        ConcurrentQueue<HttpStatusCode> others = [];
        HttpClient client = Application.Writer;
        using ActivityListener listener = Listen(client, "generate key", () => others.Enqueue(Add()));

        Dictionary<string, JsonObject> answers = await client.BatchAsync(
            "",
            [
                Request("set", "POST", "trustFramework/keySets", $$"""{"id":"{{id}}"}""", "g"),
                .. Addresses.Index().Select(address => Request(
                    $"{address.Index}",
                    "POST",
                    string.Format(CultureInfo.InvariantCulture, address.Item, id),
                    Rsa,
                    "g")),
            ]);

        Assert.That(
            answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([201, 200, 200, 200, 200, 200]));
        Assert.That(others, Is.EqualTo(Enumerable.Repeat(HttpStatusCode.Created, Addresses.Length)));
    }

    [Test]
    public async Task Are_imported_before_their_change_set_holds_up_another_writer()
    {
        ConcurrentQueue<HttpStatusCode> others = [];
        HttpClient client = Application.Writer;
        using ActivityListener listener = Listen(client, "import key", () => others.Enqueue(Add()));
        JsonObject body = new() { ["key"] = SampleKeys.Pkcs12Text("secret"), ["password"] = "secret" };

        Dictionary<string, JsonObject> answers = await client.BatchAsync(
            "", [Request("import", "POST", $"{Set}/uploadPkcs12", body.ToJsonString(), "g")]);

        Assert.That((int)answers["import"]["status"]!, Is.EqualTo(200));
        Assert.That(others, Is.EqualTo([HttpStatusCode.Created]));
    }

    [Test]
    public async Task Are_counted_and_made_before_where_a_url_is_that_of_another_request()
    {
        ConcurrentQueue<HttpStatusCode> others = [];
        HttpClient client = Application.Writer;
        using ActivityListener listener = Listen(client, "generate key", () => others.Enqueue(Add()));
        JsonObject[] Requests(int count) =>
        [
            Request("alone", "POST", $"{Set}/generateKey", Rsa),
            Request("same", "POST", "$alone", Rsa, "g", "alone"),
            Request("first", "POST", $"{Set}/generateKey", Rsa, "g"),
            .. Enumerable.Range(0, count).Select(number =>
                Request($"{number}", "POST", number == 0 ? "$first" : $"${number - 1}/", Rsa, "g")),
        ];

        Dictionary<string, JsonObject> five = await client.BatchAsync("", Requests(3));

        Assert.That(five.Values.Select(answer => (int)answer["status"]!), Is.All.EqualTo(200));
        Assert.That(others, Is.EqualTo(Enumerable.Repeat(HttpStatusCode.Created, 6)));

        Dictionary<string, JsonObject> six = await client.BatchAsync("", Requests(4));

        Assert.That(
            six.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 400, 424, 424, 424, 424, 424]));
    }

    [Test]
    public async Task Are_those_of_the_action_whatever_the_id_of_a_request_ends_in()
    {
        JsonObject secret = new() { ["use"] = "sig", ["k"] = "first" };
        JsonObject another = new() { ["use"] = "sig", ["k"] = "second" };

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            "",
            [
                Request("x.generateKey", "POST", $"{Set}/uploadSecret", secret.ToJsonString(), "g"),
                Request("last", "POST", "$x.generateKey", another.ToJsonString(), "g"),
            ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.All.EqualTo(200));
        Assert.That((await KeysAsync()).Select(key => (string?)key!["kty"]), Is.EqualTo(["oct", "oct"]));
    }

    [Test]
    public Task Are_not_made_for_a_url_outside_of_the_service() =>
        AssertNoneIsMadeAsync(Application.Writer, "https://elsewhere.example/generateKey", HttpStatusCode.BadRequest);

    [Test]
    public Task Are_not_made_for_a_client_that_may_not_write() =>
        AssertNoneIsMadeAsync(Application.Reader, $"{Set}/generateKey", HttpStatusCode.Forbidden);

    [Test]
    public async Task Are_refused_at_their_place_in_the_change_set()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            "",
            [
                Request("fits", "POST", $"{Set}/generateKey", Rsa, "g"),
                Request("unfit", "POST", $"{Set}/generateKey", """{"use":"sig","kty":"EC"}""", "g"),
                Request("missing", "POST", $"{Set}/generateKey", "{}", "g"),
            ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([424, 400, 424]));
        Assert.That((string?)answers["unfit"]["body"]!["error"]!["code"], Is.EqualTo("AADB2C95031"));
        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task Wait_for_those_of_the_same_caller_and_are_refused_behind_a_hundred()
    {
        int atOnce = CallerSeats.OfCaller;
        HttpClient busy = ClientOf("busy");
        HttpClient other = ClientOf("other");
        using ManualResetEventSlim resume = new();
        using ActivityListener listener = Listen(busy, "generate key", () => resume.Wait(TimeSpan.FromSeconds(60)));

        Task<HttpResponseMessage>[] calls = StartGenerating(busy, atOnce + Seats.MostWaiting + 1);
        Task<HttpResponseMessage> first = await Task.WhenAny(calls);
        HttpResponseMessage otherKey = await GenerateAsync(other);
        resume.Set();
        HttpResponseMessage[] answers = await Task.WhenAll(calls);

        Assert.That(otherKey.StatusCode, Is.EqualTo(HttpStatusCode.OK), "another caller does not wait");
        Assert.That((await first).Header("Retry-After"), Is.EqualTo("1"));
        await (await first).AssertErrorAsync(HttpStatusCode.TooManyRequests, "AADB2C95043");
        Assert.That(
            answers.Where(answer => answer != first.Result).Select(answer => answer.StatusCode),
            Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.BadRequest),
            "all others had their turn; the set is full at a hundred");
        Assert.That(await KeysAsync(), Has.Count.EqualTo(100));
    }

    [Test]
    public async Task Of_all_callers_are_made_a_few_at_once_and_keep_nobody_else_waiting()
    {
        int seats = CallerSeats.OfAll;
        using SemaphoreSlim begun = new(0);
        using ManualResetEventSlim resume = new();
        HttpClient[] callers = [.. Enumerable.Range(0, seats + Seats.MostWaiting + 1).Select(n => ClientOf($"c{n}"))];
        using ActivityListener listener = Listen(callers[0], "generate key", () =>
        {
            begun.Release();
            resume.Wait(TimeSpan.FromSeconds(60));
        });
        foreach (HttpClient caller in callers[1..])
        {
            caller.DefaultRequestHeaders.Add("traceparent", callers[0].DefaultRequestHeaders.GetValues("traceparent"));
        }

        Task<HttpResponseMessage>[] running = [.. callers[..seats].Select(GenerateAsync)];
        for (int begin = 0; begin < seats; begin++)
        {
            Assert.That(await begun.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Task<HttpResponseMessage>[] waiting = [.. callers[seats..].Select(GenerateAsync)];
        Task<HttpResponseMessage> refused = await Task.WhenAny(waiting);
        HttpStatusCode[] others =
        [
            (await Writer.GetAsync("/health/live")).StatusCode,
            (await Writer.GetAsync(Set)).StatusCode,
            Add(),
        ];
        resume.Set();
        await Task.WhenAll([.. running, .. waiting]);

        await (await refused).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await refused).Header("Retry-After"), Is.EqualTo("1"));
        Assert.That(others.Select(status => (int)status), Is.EqualTo([200, 200, 201]));
    }

    private static async Task AssertNoneIsMadeAsync(HttpClient client, string url, HttpStatusCode status)
    {
        int made = 0;
        using ActivityListener listener = Listen(client, "generate key", () => made++);

        Dictionary<string, JsonObject> answers = await client.BatchAsync("", [Request("1", "POST", url, Rsa, "g")]);

        Assert.That((int)answers["1"]["status"]!, Is.EqualTo((int)status));
        Assert.That(made, Is.Zero);
    }

    private HttpClient ClientOf(string subject) => Application.ClientWith(Application.Issuer.CreateToken(token =>
    {
        token.Claims["scp"] = KeySetsApplication.ReadWrite;
        token.Claims["sub"] = subject;
    }));

    private Task<HttpResponseMessage>[] StartGenerating(HttpClient client, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => GenerateAsync(client))];

    private Task<HttpResponseMessage> GenerateAsync(HttpClient client) =>
        client.PostAsync($"{Set}/generateKey", JsonContent.Create(new { use = "sig", kty = "oct" }));

    private HttpStatusCode Add() => Writer.CreateAsync("{}").GetAwaiter().GetResult().StatusCode;

    /// <summary>Calls back within each span of a name that a client's requests start.</summary>
    private static ActivityListener Listen(HttpClient client, string name, Action started)
    {
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == Instruments.Name,
            Sample = (ref options) => options.TraceId == trace && options.Name == name
                ? ActivitySamplingResult.AllData
                : ActivitySamplingResult.None,
            // Activities that other listeners ask for start here as well.
            ActivityStarted = span =>
            {
                if (span.TraceId == trace && span.OperationName == name)
                {
                    started();
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
