using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>Rules for every action of a key set: generateKey, uploadSecret, uploadCertificate, uploadPkcs12.</summary>
public sealed class OperationsTests : OperationTests
{
    private static readonly string[] Actions = ["generateKey", "uploadSecret", "uploadCertificate", "uploadPkcs12"];

    [Test]
    public async Task Answers_at_every_spelling_of_its_url([ValueSource(nameof(Actions))] string action)
    {
        string[] sets = [Set, $"{HttpExtensions.KeySets}/{Id}", $"{HttpExtensions.KeySets}(id='{Id}')"];
        string[] urls =
        [
            .. from root in (string[])["", "/beta"]
               from set in sets
               from space in (string[])["", "microsoft.cpim.api.dataModels."]
               select $"{root}{set}/{space}{action}",
        ];
        foreach (string url in urls)
        {
            HttpResponseMessage response = await Writer.SendJsonAsync(HttpMethod.Post, url, Body(action));
            Assert.That(
                response.StatusCode,
                Is.EqualTo(HttpStatusCode.OK),
                $"{url} {await response.Content.ReadAsStringAsync()}");
            await Writer.DeleteAsync($"{Set}/keys");
        }
    }

    [Test]
    public async Task Adds_the_key_at_the_end_and_gives_the_set_a_new_revision(
        [ValueSource(nameof(Actions))] string action)
    {
        await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys", """{"kty":"first"}""");
        string before = (await Writer.GetAsync(Set)).Header("ETag")!;

        HttpResponseMessage response = await PostAsync(action, Body(action));

        HttpResponseMessage after = await Writer.GetAsync(Set);
        Assert.That(after.Header("ETag"), Is.Not.EqualTo(before).And.EqualTo(response.Header("ETag")));
        Assert.That(
            (await KeysAsync()).Select(key => (string?)key!["kid"]).Last(),
            Is.EqualTo((string?)(await response.JsonAsync())["kid"]));
    }

    [Test]
    public async Task Obeys_If_Match([ValueSource(nameof(Actions))] string action)
    {
        string tag = (await Writer.GetAsync(Set)).Header("ETag")!;

        await (await PostAsync(action, Body(action), ("If-Match", "W/\"stale\"")))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
        Assert.That(await KeysAsync(), Is.Empty);
        Assert.That(
            (await PostAsync(action, Body(action), ("If-Match", tag))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Answers_with_the_key_whatever_the_client_prefers([ValueSource(nameof(Actions))] string action)
    {
        HttpResponseMessage response = await PostAsync(action, Body(action), ("Prefer", "return=minimal"));

        // The preference does not apply to actions (OData Protocol section 8.2.8.7).
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("Preference-Applied"), Is.Null);
    }

    [Test]
    public async Task Takes_null_for_every_parameter_that_a_client_does_not_set(
        [ValueSource(nameof(Actions))] string action)
    {
        JsonObject body = JsonNode.Parse(Body(action))!.AsObject();
        foreach (string name in (string[])["K", "Kid", "x5c", "NBF", "exp", "kty", "key", "Password"])
        {
            if (!body.Any(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                body[name] = null;
            }
        }

        Assert.That((await PostAsync(action, body.ToJsonString())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("uploadSecret", "OCT", "RSA")]
    [TestCase("uploadCertificate", "rsa", "oct")]
    [TestCase("uploadPkcs12", "RSA", "oct")]
    public async Task Takes_only_the_type_of_the_uploaded_key(string action, string right, string wrong)
    {
        JsonObject body = JsonNode.Parse(Body(action))!.AsObject();

        body["Kty"] = wrong;
        await AssertRefusedAsync(action, body.ToJsonString(), "AADB2C95031", "Kty");
        body["Kty"] = right;
        Assert.That((await PostAsync(action, body.ToJsonString())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refuses_before_it_stores_anything([ValueSource(nameof(Actions))] string action)
    {
        await (await Writer.SendJsonAsync(HttpMethod.Post, $"{HttpExtensions.KeySets}/none/{action}", Body(action)))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
        await (await PostAsync(action, Body(action), ("Accept", "image/png")))
            .AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
        await (await PostAsync(action, Body(action), ("Content-Type", "text/plain")))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
        await (await PostAsync($"{action}?$select=kid", Body(action)))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", "$select");
        await (await Writer.GetAsync($"{Set}/{action}"))
            .AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task Refuses_a_body_of_more_than_a_mebibyte([ValueSource(nameof(Actions))] string action) =>
        await AssertRefusedAsync(
            action,
            $$"""{"key":"{{new string('A', 1024 * 1024)}}"}""",
            "AADB2C95024",
            null,
            HttpStatusCode.RequestEntityTooLarge);

    [Test]
    public async Task All_add_their_keys_when_they_are_called_at_the_same_time()
    {
        string[] calls =
        [
            .. Enumerable.Repeat("generateKey", 6),
            .. Enumerable.Repeat("uploadCertificate", 1),
            .. Enumerable.Repeat("uploadPkcs12", 6),
        ];

        HttpResponseMessage[] responses = await Task.WhenAll(
            calls.Select(action => PostAsync(action, Body(action, otherKey: action == "uploadPkcs12"))));

        string?[] kids = await Task.WhenAll(
            responses.Select(async response => (string?)(await response.JsonAsync())["kid"]));
        Assert.That(responses.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That((await KeysAsync()).Select(key => (string?)key!["kid"]), Is.EquivalentTo(kids));
    }

    [TestCase("generateKey")]
    [TestCase("microsoft.cpim.api.dataModels.generateKey")]
    [TestCase("GENERATEKEY/")]
    public async Task Are_limited_to_five_in_a_change_set(string action)
    {
        JsonNode body = JsonNode.Parse("""{"use":"sig","kty":"oct"}""")!;
        JsonObject Batch(int count) => new()
        {
            ["requests"] = new JsonArray(
            [
                .. Enumerable.Range(0, count)
                    .Select(id => Part($"{id}", "POST", $"{Set}/{action}", body.DeepClone())),
            ]),
        };

        JsonArray six = (await (await Writer.SendJsonAsync(
            HttpMethod.Post, "/$batch", Batch(6).ToJsonString())).JsonAsync())["responses"]!.AsArray();
        Assert.That((string?)six[0]!["body"]!["error"]!["code"], Is.EqualTo("BadRequest"));
        Assert.That(six.Select(part => (int)part!["status"]!), Is.EqualTo(Enumerable.Repeat(424, 5).Prepend(400)));
        Assert.That(await KeysAsync(), Is.Empty);

        JsonArray five = (await (await Writer.SendJsonAsync(
            HttpMethod.Post, "/$batch", Batch(5).ToJsonString())).JsonAsync())["responses"]!.AsArray();
        Assert.That(five.Select(part => (int)part!["status"]!), Is.All.EqualTo(200));
    }

    [Test]
    public async Task Are_undone_with_their_change_set()
    {
        HttpResponseMessage response = await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", new JsonObject
        {
            ["requests"] = new JsonArray(
                Part("1", "POST", $"{Set}/generateKey", JsonNode.Parse("""{"use":"sig","kty":"oct"}""")),
                Part("2", "PUT", $"{Set}/id", null)),
        }.ToJsonString());

        Assert.That(
            (await response.JsonAsync())["responses"]!.AsArray().Select(part => (int)part!["status"]!),
            Has.All.GreaterThanOrEqualTo(400));
        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task Are_kept_with_their_change_set()
    {
        HttpResponseMessage response = await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", new JsonObject
        {
            ["requests"] = new JsonArray(
                Part("1", "POST", $"{Set}/generateKey", JsonNode.Parse("""{"use":"sig","kty":"oct"}""")),
                Part("2", "POST", $"{Set}/uploadSecret", JsonNode.Parse("""{"use":"sig","k":"secret"}"""))),
        }.ToJsonString());

        Assert.That(
            (await response.JsonAsync())["responses"]!.AsArray().Select(part => (int)part!["status"]!),
            Is.EqualTo([200, 200]));
        Assert.That(await KeysAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Neither_show_nor_log_a_secret_that_they_are_given()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        await application.Writer.CreateAsync("""{"id":"s"}""");
        foreach ((string action, string body) in ((string, string)[])
            [
                ("uploadSecret", """{"use":"sig","k":"canary-1"}"""),
                ("uploadSecret", """{"use":"no","k":"canary-2"}"""),
                ("uploadSecret", """{"use":"sig","k":"canary-3","canary-4":"x"}"""),
                ("uploadPkcs12", """{"key":"canary","password":"canary-5"}"""),
                ("uploadPkcs12", Body("uploadPkcs12").Replace("secret", "canary-6", StringComparison.Ordinal)),
                ("generateKey", """{"use":"sig","kty":"canary-7"}"""),
                ("uploadCertificate", """{"key":"-----BEGIN PRIVATE KEY-----canary-8"}"""),
            ])
        {
            HttpResponseMessage response = await application.Writer.SendJsonAsync(
                HttpMethod.Post, $"{HttpExtensions.KeySets}/s/{action}", body);
            Assert.That(
                (await response.Content.ReadAsStringAsync()).Replace("\"canary-4\"", "", StringComparison.Ordinal),
                Does.Not.Contain("canary"),
                body);
        }

        Assert.That(log.Lines.Where(line => line.Contains("canary", StringComparison.Ordinal)), Is.Empty);
    }

    private static JsonObject Part(string id, string method, string url, JsonNode? body) => new()
    {
        ["id"] = id,
        ["method"] = method,
        ["url"] = url,
        ["atomicityGroup"] = "g",
        ["body"] = body,
    };

    private static string Body(string action, bool otherKey = false) => action switch
    {
        "generateKey" => """{"use":"sig","kty":"RSA"}""",
        "uploadSecret" => """{"use":"sig","k":"secret"}""",
        "uploadCertificate" => new JsonObject { ["key"] = SampleKeys.CertificateText() }.ToJsonString(),
        _ => new JsonObject
        {
            ["key"] = SampleKeys.Pkcs12Text("secret", otherKey),
            ["password"] = "secret",
        }.ToJsonString(),
    };
}
