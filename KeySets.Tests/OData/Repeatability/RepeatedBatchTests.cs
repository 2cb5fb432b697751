using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Repeatability;

/// <summary>Repeatable requests in batches (section 7.4 of the standard).</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class RepeatedBatchTests : RepeatabilityTests
{
    private const string KeySets = "trustFramework/keySets";

    [Test]
    public async Task Refuse_the_headers_on_the_batch_itself()
    {
        HttpResponseMessage answer = await SendAsync(
            "POST",
            "/$batch",
            new JsonObject
            {
                ["requests"] = new JsonArray(Batches.Request("1", "POST", KeySets, $$"""{"id":"{{Id}}b"}""")),
            }.ToJsonString(),
            NewHeaders());

        await AssertResultAsync(answer, HttpStatusCode.BadRequest, "rejected");
        Assert.That(await Application.CountKeySetsAsync($"{Id}b"), Is.Zero);
    }

    [Test]
    public async Task Carry_out_each_of_their_requests_once_by_its_own_headers()
    {
        JsonObject[] requests =
        [
            With(NewHeaders(), Batches.Request("1", "POST", KeySets, "{}")),
            Batches.Request("2", "GET", $"{KeySets}('{Id}')"),
            With(NewHeaders(), Batches.Request("3", "POST", $"{KeySets}('{Id}')/keys", """{"kty":"oct","k":"YQ"}""")),
            With(
                [("Repeatability-Request-ID", "no UUID"), NewHeaders()[1]],
                Batches.Request("4", "DELETE", $"{KeySets}('{Id}')")),
        ];

        Dictionary<string, JsonObject> first = await Writer.BatchAsync("", [.. requests.Select(Copy)]);
        Dictionary<string, JsonObject> second = await Writer.BatchAsync("", [.. requests.Select(Copy)]);

        Assert.That(first.Values.Select(StatusOf), Is.EqualTo([201, 200, 200, 400]));
        Assert.That(second.Values.Select(StatusOf), Is.EqualTo([201, 200, 200, 400]));
        Assert.That(
            second.Values.Select(ResultOf), Is.EqualTo((string?[])["accepted", null, "accepted", "rejected"]));
        Assert.That(Core(second["1"]), Is.EqualTo(Core(first["1"])));
        Assert.That(Core(second["3"]), Is.EqualTo(Core(first["3"])));
        Assert.That((await KeysAsync()).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Carry_out_a_change_set_once_and_refer_to_its_requests_each_time()
    {
        (string, string)[] headers = NewHeaders();
        JsonObject[] requests =
        [
            With(headers, Batches.Request("1", "POST", KeySets, "{}", "g")),
            With(headers, Batches.Request("2", "POST", "$1/keys", """{"kty":"oct","k":"YQ"}""", "g", "1")),
            With(headers, Batches.Request("3", "POST", KeySets, "{}", "g")),
            With(headers, Batches.Request(
                "4", "POST", $"{KeySets}('{Id}')/generateKey", """{"use":"sig","kty":"oct"}""", "g")),
            Batches.Request("5", "GET", "$1/keys", body: null, group: null, "1"),
        ];

        Dictionary<string, JsonObject> first = await Writer.BatchAsync("", [.. requests.Select(Copy)]);
        string[] stored = await IdsAsync();
        Dictionary<string, JsonObject> second = await Writer.BatchAsync("", [.. requests.Select(Copy)]);

        Assert.That(first.Values.Select(StatusOf), Is.EqualTo([201, 200, 201, 200, 200]), Text(first));
        Assert.That(second.Values.Select(StatusOf), Is.EqualTo([201, 200, 201, 200, 200]), Text(second));
        Assert.That(second.Values.Take(4).Select(ResultOf), Is.All.EqualTo("accepted"));
        Assert.That(second.Values.Take(4).Select(Core), Is.EqualTo(first.Values.Take(4).Select(Core)));
        Assert.That(second["5"]["body"]!["value"]!.AsArray(), Has.Count.EqualTo(1), "$1 is the set that was made");
        Assert.That(second.Values.Select(answer => (string?)answer["headers"]!["request-id"]), Has.All.Not.Null);
        Assert.That(await IdsAsync(), Is.EqualTo(stored));
        Assert.That((await KeysAsync()).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Carry_out_a_change_set_once_if_it_comes_at_the_same_time()
    {
        (string, string)[] headers = NewHeaders();
        JsonObject[] requests =
        [
            With(headers, Batches.Request("1", "POST", KeySets, "{}", "g")),
            With(headers, Batches.Request("2", "POST", $"{KeySets}('{Id}')/keys", """{"kty":"oct","k":"YQ"}""", "g")),
        ];

        Dictionary<string, JsonObject>[] answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Writer.BatchAsync("", [.. requests.Select(Copy)])));

        Assert.That(
            answers.Select(answer => string.Join('\n', answer.Values.Select(Core))).Distinct(),
            Has.Exactly(1).Items,
            Text(answers[0]));
        Assert.That(answers[0].Values.Select(StatusOf), Is.EqualTo([201, 200]));
        Assert.That((await KeysAsync()).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Refuse_a_change_set_whose_requests_have_other_headers()
    {
        (string, string)[] headers = NewHeaders();
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync("",
        [
            With(headers, Batches.Request("1", "POST", KeySets, $$"""{"id":"{{Id}}g"}""", "g")),
            With(NewHeaders(), Batches.Request("2", "DELETE", $"{KeySets}('{Id}')", body: null, "g")),
            With(headers, Batches.Request("3", "POST", KeySets, $$"""{"id":"{{Id}}h"}""", "h")),
            Batches.Request("4", "DELETE", $"{KeySets}('{Id}')", body: null, "h"),
        ]);

        Assert.That(answers.Values.Select(StatusOf), Is.EqualTo([400, 424, 400, 424]), Text(answers));
        Assert.That(answers.Values.Select(ResultOf), Is.All.EqualTo("rejected"));
        Assert.That(await Application.CountKeySetsAsync(Id), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_a_change_set_again_if_it_was_refused()
    {
        (string, string)[] headers = NewHeaders();
        JsonObject[] requests =
        [
            With(headers, Batches.Request("1", "POST", KeySets, $$"""{"id":"{{Id}}g"}""", "g")),
            With(headers, Batches.Request("2", "POST", KeySets, $$"""{"id":"{{Id}}"}""", "g")),
        ];
        Dictionary<string, JsonObject> first = await Writer.BatchAsync("", [.. requests.Select(Copy)]);
        await SendAsync("DELETE", Set, json: null);

        Dictionary<string, JsonObject> second = await Writer.BatchAsync("", [.. requests.Select(Copy)]);

        Assert.That(first.Values.Select(StatusOf), Is.EqualTo([424, 409]), Text(first));
        Assert.That(second.Values.Select(StatusOf), Is.EqualTo([201, 201]), Text(second));
    }

    [Test]
    public async Task Show_the_answer_of_a_change_set_to_nobody_else()
    {
        (string, string)[] headers = NewHeaders();
        JsonObject request = With(
            headers, Batches.Request("1", "POST", KeySets, """{"keys":[{"kty":"x","k":"YQ"}]}""", "g"));
        await Writer.BatchAsync("", [Copy(request)]);
        using HttpClient reader = Application.Reader;
        using HttpClient other = Application.ClientWith(Application.Issuer.CreateToken(
            token => (token.Claims["scp"], token.Claims["sub"]) = (KeySetsApplication.ReadWrite, "somebody else")));

        Dictionary<string, JsonObject> ofReader = await reader.BatchAsync("", [Copy(request)]);
        Dictionary<string, JsonObject> ofOther = await other.BatchAsync("", [Copy(request)]);

        Assert.That(StatusOf(ofReader["1"]), Is.EqualTo(403));
        Assert.That(StatusOf(ofOther["1"]), Is.EqualTo(201), "it is a request of its own");
    }

    private static JsonObject With((string Name, string Value)[] headers, JsonObject request)
    {
        request["headers"] ??= new JsonObject();
        foreach ((string name, string value) in headers)
        {
            request["headers"]![name] = value;
        }

        return request;
    }

    private static JsonObject Copy(JsonObject request) => request.DeepClone().AsObject();

    private static int StatusOf(JsonObject answer) => (int)answer["status"]!;

    private static string? ResultOf(JsonObject answer) => (string?)answer["headers"]?.AsObject()
        .FirstOrDefault(header => header.Key.Equals("Repeatability-Result", StringComparison.OrdinalIgnoreCase)).Value;

    private static string Text(Dictionary<string, JsonObject> answers) =>
        string.Join('\n', answers.Values.Select(answer => answer.ToJsonString()));

    /// <returns>An answer without the ids that each has of its own.</returns>
    private static string Core(JsonObject answer)
    {
        JsonObject core = Copy(answer);
        foreach (string name in (string[])["request-id", "client-request-id"])
        {
            core["headers"]!.AsObject().Remove(name);
        }

        core["headers"] = new JsonObject(core["headers"]!.AsObject()
            .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .Select(header => KeyValuePair.Create(header.Key.ToUpperInvariant(), header.Value?.DeepClone())));
        return core.ToJsonString();
    }

    private async Task<string[]> IdsAsync() =>
    [
        .. (await (await Writer.GetAsync($"{HttpExtensions.KeySets}?$select=id&$top=100")).JsonAsync())["value"]!
            .AsArray().Select(set => (string)set!["id"]!),
    ];
}
