using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>
/// <c>GET /trustFramework/auditEvents</c>: each change of a set leaves one event, and so does each request that is
/// refused for lack of a permission.
/// </summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class AuditEventsTests : AuditTests
{
    private const string Secret = "c2VjcmV0LXRoYXQtbm8tZXZlbnQtc2hvd3M";

    private static readonly string[] MembersOfEvent =
    [
        "keySetId", "sequence", "at", "operation", "kids", "result", "subject", "application", "issuer", "request",
        "requestId", "revision", "previousHash", "hash",
    ];

    private static IEnumerable<TestCaseData> Changes =>
    [
        Change("replaceKeys", ["a", "b"], "PUT", "", """{"keys":[{"kty":"x","kid":"a"},{"kty":"x","kid":"b"}]}"""),
        Change("replaceKeys", ["a"], "PATCH", "", """{"keys":[{"kty":"x","kid":"a"}]}"""),
        Change("replaceKeys", ["a"], "PUT", "/keys", """{"value":[{"kty":"x","kid":"a"}]}"""),
        Change("replaceKeys", [], "DELETE", "/keys", body: null),
        Change("addKey", ["a"], "POST", "/keys", $$"""{"kty":"oct","kid":"a","k":"{{Secret}}"}"""),
        Change("disableKey", ["first"], "PATCH", "/keys_v2('first')", """{"status":"disabled"}"""),
        Change("updateKey", ["first"], "PATCH", "/keys_v2('first')", """{"status":"enabled"}"""),
        Change("updateKey", ["first"], "PATCH", "/keys_v2('first')", "{}"),
        Change("removeKey", ["first"], "DELETE", "/keys_v2('first')", body: null),
        Change("deleteKeySet", ["first"], "DELETE", "", body: null),
    ];

    private static IEnumerable<TestCaseData> Denied =>
    [
        Denial("write", "POST", "/generateKey", """{"use":"sig","kty":"oct"}"""),
        Denial("write", "PATCH", "/keys_v2('first')", """{"status":"disabled"}""", "first"),
        Denial("write", "DELETE", "", body: null),
        Denial("read", "GET", "", body: null),
        Denial("read", "GET", "/keys_v2('a%20b')", body: null, "a b"),
        Denial("read", "GET", "/getActiveKey()", body: null),
    ];

    [SetUp]
    public async Task AddKey() =>
        await Writer.SendJsonAsync(HttpMethod.Put, Set, """{"keys":[{"kty":"x","kid":"first"}]}""");

    [Test]
    public async Task Of_a_new_set_names_its_keys_and_who_made_it()
    {
        HttpClient client = Application.ClientWith(Application.Issuer.CreateToken(token =>
        {
            token.Claims["scp"] = KeySetsApplication.ReadWrite;
            token.Claims["sub"] = "somebody";
            token.Claims["azp"] = "an-application";
        }));
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        HttpResponseMessage created = await client.CreateAsync(
            $$"""{"id":"{{Id}}n","keys":[{"kty":"oct","kid":"a","k":"{{Secret}}"},{"kty":"x","kid":"b"}]}""");

        JsonObject one = (await EventsOfAsync($"{Id}n")).Single();

        Assert.That(one.Select(member => member.Key), Is.EqualTo(MembersOfEvent));
        Assert.That((string?)one["operation"], Is.EqualTo("createKeySet"));
        Assert.That((string?)one["result"], Is.EqualTo("succeeded"));
        Assert.That(one["kids"]!.AsArray().Select(kid => (string)kid!), Is.EqualTo(["a", "b"]));
        Assert.That((string?)one["subject"], Is.EqualTo("somebody"));
        Assert.That((string?)one["application"], Is.EqualTo("an-application"));
        Assert.That((string?)one["issuer"], Is.EqualTo(TokenIssuer.Authority));
        Assert.That((string?)one["request"], Is.EqualTo("POST /trustFramework/keySets"));
        Assert.That((string?)one["requestId"], Is.EqualTo(created.Header("request-id")));
        Assert.That((DateTimeOffset)one["at"]!, Is.InRange(before, DateTimeOffset.UtcNow));
        Assert.That(
            created.Header("ETag"),
            Is.EqualTo($"W/\"{((string)one["revision"]!).Replace("-", "", StringComparison.Ordinal)}\""));
        Assert.That((int)one["sequence"]!, Is.EqualTo(1));
        Assert.That((string?)one["previousHash"], Is.Null);
        Assert.That((string?)one["hash"], Does.Match("^[0-9a-f]{64}$"));
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Is_one_for_each_change(
        string operation, string[] kids, string method, string path, string? body)
    {
        int before = (await EventsOfAsync(Id)).Length;
        HttpResponseMessage answer = await SendAsync(Writer, method, path, body);

        JsonObject[] events = await EventsOfAsync(Id);

        Assert.That((int)answer.StatusCode, Is.InRange(200, 299));
        Assert.That(events, Has.Length.EqualTo(before + 1));
        Assert.That((string?)events[^1]["operation"], Is.EqualTo(operation));
        Assert.That(events[^1]["kids"]!.AsArray().Select(kid => (string)kid!), Is.EqualTo(kids));
        Assert.That((string?)events[^1]["requestId"], Is.EqualTo(answer.Header("request-id")));
        Assert.That((string?)events[^1]["previousHash"], Is.EqualTo((string?)events[^2]["hash"]));
        Assert.That((int)events[^1]["sequence"]!, Is.EqualTo(before + 1));
    }

    [Test]
    public async Task Tells_that_a_key_was_generated_and_imported_and_renewed_and_enabled()
    {
        string file = SampleKeys.Pkcs12Text(password: null);
        await PostAsync("generateKey", """{"use":"sig","kty":"oct"}""");
        await Writer.DeleteAsync($"{Set}/keys");
        await PostAsync("uploadPkcs12", $$"""{"key":"{{file}}"}""");
        await PostAsync("uploadPkcs12", $$"""{"key":"{{file}}"}""");
        string kid = (string)(await EventsOfAsync(Id))[^1]["kids"]![0]!;
        await SendAsync(Writer, "PATCH", $"/keys_v2('{kid}')", """{"status":"disabled"}""");
        await SendAsync(Writer, "PATCH", $"/keys_v2('{kid}')", """{"status":"enabled"}""");

        JsonObject[] events = await EventsOfAsync(Id);

        Assert.That(
            events.Select(one => (string)one["operation"]!),
            Is.EqualTo([
                "createKeySet", "replaceKeys", "addKey", "replaceKeys", "addKey", "renewKey", "disableKey", "enableKey",
            ]));
        Assert.That(
            events
                .Where(one => (string)one["operation"]! is "addKey" or "renewKey")
                .Select(one => (string)one["request"]!),
            Is.EqualTo([
                "POST /trustFramework/keySets({id})/generateKey", "POST /trustFramework/keySets({id})/uploadPkcs12",
                "POST /trustFramework/keySets({id})/uploadPkcs12",
            ]));
    }

    [TestCaseSource(nameof(Denied))]
    public async Task Is_one_for_each_request_that_lacks_its_permission(
        string operation, string method, string path, string? body, string[] kids)
    {
        string permission = operation == "read" ? "other" : KeySetsApplication.Read;
        HttpClient client = Application.ClientWith(Application.Issuer.CreateToken(permission));
        int before = (await EventsOfAsync(Id)).Length;
        HttpResponseMessage answer = await SendAsync(client, method, path, body);

        JsonObject[] events = await EventsOfAsync(Id);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(events, Has.Length.EqualTo(before + 1));
        Assert.That((string?)events[^1]["operation"], Is.EqualTo(operation));
        Assert.That((string?)events[^1]["result"], Is.EqualTo("denied"));
        Assert.That(events[^1]["kids"]!.AsArray().Select(kid => (string)kid!), Is.EqualTo(kids));
        Assert.That(events[^1]["revision"], Is.Null);
        Assert.That((string?)events[^1]["requestId"], Is.EqualTo(answer.Header("request-id")));
    }

    [Test]
    public async Task Of_a_request_that_is_about_no_set_has_no_id()
    {
        HttpResponseMessage created = await Application.Reader.CreateAsync("""{"id":"denied"}""");
        HttpResponseMessage listed = await Writer.GetAsync(Events);
        await Application.Reader.SendJsonAsync(
            HttpMethod.Put, $"{HttpExtensions.KeySets}('{new string('x', 129)}')", "{}");

        JsonObject[] events = await EventsOfAsync("");

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((string?)Of(created)["request"], Is.EqualTo("POST /trustFramework/keySets"));
        Assert.That((string?)Of(listed)["operation"], Is.EqualTo("readAudit"));
        Assert.That(events.Select(one => (string?)one["request"]), Does.Contain("PUT /trustFramework/keySets({id})"));

        JsonObject Of(HttpResponseMessage answer) =>
            events.Single(one => (string?)one["requestId"] == answer.Header("request-id"));
    }

    [Test]
    public async Task Is_none_for_what_changes_nothing()
    {
        int before = (await EventsOfAsync(Id)).Length;
        HttpResponseMessage[] answers =
        [
            await Writer.CreateAsync($$"""{"id":"{{Id}}"}"""),
            await SendAsync(Writer, "PUT", "", """{"keys":[{"kty":"oct"}]}"""),
            await Writer.SendJsonAsync(HttpMethod.Put, Set, "{}", ("If-Match", "W/\"other\"")),
            await SendAsync(Writer, "DELETE", "/keys_v2('none')", body: null),
            await SendAsync(Application.Anonymous, "DELETE", "", body: null),
            await SendAsync(Writer, "PATCH", "", "{}"),
            await SendAsync(Writer, "GET", "", body: null),
        ];

        Assert.That(
            answers.Select(answer => (int)answer.StatusCode), Is.EqualTo([409, 400, 412, 404, 401, 200, 200]));
        Assert.That(await EventsOfAsync(Id), Has.Length.EqualTo(before));
    }

    [Test]
    public async Task Goes_with_its_change_set_but_for_a_request_that_lacks_its_permission()
    {
        JsonObject denied = Batches.Request("3", "DELETE", $"{Set[1..]}", group: "g");
        denied["headers"] = new JsonObject
        {
            ["Authorization"] = Application.Reader.DefaultRequestHeaders.Authorization!.ToString(),
        };
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync("",
        [
            Batches.Request("1", "PUT", $"{Set[1..]}/keys", """{"value":[]}""", group: "g"),
            Batches.Request("2", "POST", $"{Set[1..]}/keys", """{"kty":"x","kid":"b"}""", group: "g"),
            denied,
        ]);
        string[] undone = await OperationsOfAsync(Id);
        await Writer.BatchAsync("",
        [
            Batches.Request("1", "PUT", $"{Set[1..]}/keys", """{"value":[]}""", group: "g"),
            Batches.Request("2", "POST", $"{Set[1..]}/keys", """{"kty":"x","kid":"b"}""", group: "g"),
        ]);

        Assert.That((int)answers["3"]["status"]!, Is.EqualTo(403));
        Assert.That(undone, Is.EqualTo(["createKeySet", "replaceKeys", "write"]));
        Assert.That(
            await OperationsOfAsync(Id),
            Is.EqualTo(["createKeySet", "replaceKeys", "write", "replaceKeys", "addKey"]));
    }

    [Test]
    public async Task Is_one_for_a_repeatable_request_however_often_it_comes()
    {
        (string, string)[] headers =
        [
            ("Repeatability-Request-ID", $"{Guid.NewGuid()}"),
            ("Repeatability-First-Sent", $"{DateTimeOffset.UtcNow:R}"),
        ];
        for (int time = 0; time < 3; time++)
        {
            await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys", """{"kty":"x","kid":"b"}""", headers);
        }

        Assert.That(await OperationsOfAsync(Id), Is.EqualTo(["createKeySet", "replaceKeys", "addKey"]));
    }

    [Test]
    public async Task Goes_on_where_a_removed_set_ended_if_it_is_made_anew()
    {
        await Writer.DeleteAsync(Set);
        await Writer.CreateAsync($$"""{"id":"{{Id}}"}""");

        JsonObject[] events = await EventsOfAsync(Id);

        Assert.That(events.Select(one => (int)one["sequence"]!), Is.EqualTo([1, 2, 3, 4]));
        Assert.That((string?)events[3]["operation"], Is.EqualTo("createKeySet"));
        Assert.That((string?)events[3]["previousHash"], Is.EqualTo((string?)events[2]["hash"]));
    }

    [Test]
    public async Task Holds_a_claim_without_what_breaks_lines_and_not_longer_than_256_characters()
    {
        HttpClient client = Application.ClientWith(Application.Issuer.CreateToken(token =>
        {
            token.Claims["scp"] = KeySetsApplication.ReadWrite;
            token.Claims["oid"] = "a\r\nb\0c\ud800d😀" + new string('x', 500);
            token.Claims["sub"] = "not the oid";
        }));
        await client.CreateAsync($$"""{"id":"{{Id}}n"}""");

        string subject = (string)(await EventsOfAsync($"{Id}n")).Single()["subject"]!;

        Assert.That(subject, Does.StartWith("a\ufffd\ufffdb\ufffdc\ufffdd😀xxx").And.Length.EqualTo(256));
    }

    private static TestCaseData Change(
        string operation, string[] kids, string method, string path, string? body) =>
        new TestCaseData(operation, kids, method, path, body).SetArgDisplayNames(operation, method, path, body ?? "");

    private static TestCaseData Denial(
        string operation, string method, string path, string? body, params string[] kids) =>
        new TestCaseData(operation, method, path, body, kids).SetArgDisplayNames(operation, method, path);

    private Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? body) =>
        body is null
            ? client.SendAsync(new HttpMethod(method), $"{Set}{path}")
            : client.SendJsonAsync(new HttpMethod(method), $"{Set}{path}", body);
}
