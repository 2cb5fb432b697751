using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets('{id}')/uploadSecret</c>.</summary>
public sealed class UploadSecretTests : OperationTests
{
    private const string Action = "uploadSecret";

    [TestCase("secret", "c2VjcmV0")]
    [TestCase("pässwörd €😀", "cMOkc3N3w7ZyZCDigqzwn5iA")]
    [TestCase(" ", "IA")]
    [TestCase("c2VjcmV0", "YzJWamNtVjA")]
    public async Task Keeps_the_bytes_of_the_text_in_utf_8(string secret, string base64Url)
    {
        JsonObject key = await AddAsync(Action, new JsonObject { ["use"] = "sig", ["k"] = secret });

        PrivateMembers? members = await Application.PrivateMembersAsync(Id, (string)key["kid"]!);
        Assert.That(members, Is.EqualTo(new PrivateMembers(base64Url, null, null, null, null, null, null)));
        Assert.That(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(members!.K)), Is.EqualTo(secret));
    }

    [Test]
    public async Task Answers_with_the_key_and_without_the_secret()
    {
        HttpResponseMessage response = await PostAsync(
            Action, """{"use":"enc","k":"my-canary-secret","nbf":1508969811,"exp":1508973711}""");

        string text = await response.Content.ReadAsStringAsync();
        JsonObject key = await response.JsonAsync();
        Assert.That(Members(key, "kty", "use", "nbf", "exp"), Is.EqualTo("oct enc 1508969811 1508973711"));
        Assert.That((string?)key["kid"], Has.Length.EqualTo(43));
        Assert.That(
            text,
            Does.Not.Contain("canary")
                .And.Not.Contain(Base64Url.EncodeToString("my-canary-secret"u8))
                .And.Not.Contain("\"k\""));
        key.Remove("@odata.context");
        Assert.That((await KeysAsync()).Single()!.ToJsonString(), Is.EqualTo(key.ToJsonString()));
    }

    [TestCase("""{"use":"sig","k":"s","kty":"oct"}""")]
    [TestCase("""{"use":"sig","k":"s","kty":"OCT","nbf":null,"exp":null}""")]
    [TestCase("""{"Use":"sig","K":"s","kty":null}""")]
    [TestCase("""{"use":"sig","k":"s","nbf":"1508969811","exp":"1508973711"}""")]
    public async Task Takes_every_spelling_that_clients_send(string body) =>
        Assert.That((await PostAsync(Action, body)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("""{"k":"s"}""", "AADB2C90253", "use")]
    [TestCase("""{"use":"sig"}""", "AADB2C90253", "k")]
    [TestCase("""{"use":"sig","k":""}""", "AADB2C90253", "k")]
    [TestCase("""{"use":"sig","k":null}""", "AADB2C90253", "k")]
    [TestCase("""{"use":"both","k":"s"}""", "AADB2C95033", "use")]
    [TestCase("""{"use":"sig","k":"s","kty":"RSA"}""", "AADB2C95031", "kty")]
    [TestCase("""{"use":"sig","k":"s","nbf":2,"exp":1}""", "AADB2C95034", "exp")]
    [TestCase("""{"use":"sig","k":1}""", "BadRequest", "k")]
    [TestCase("""{"use":"sig","k":"s","password":"s"}""", "BadRequest", "password")]
    public Task Refuses_invalid_parameters(string body, string code, string target) =>
        AssertRefusedAsync(Action, body, code, target);

    [TestCase("s", 4096)]
    [TestCase("€", 1365)]
    public async Task Keeps_4096_bytes_and_no_more(string character, int most)
    {
        await AddAsync(
            Action, new JsonObject { ["use"] = "sig", ["k"] = string.Concat(Enumerable.Repeat(character, most)) });

        string body = new JsonObject
        {
            ["use"] = "sig",
            ["k"] = string.Concat(Enumerable.Repeat(character, most + 1)),
        }.ToJsonString();
        await AssertRefusedAsync(Action, body, "AADB2C95029", "k");
        Assert.That(
            (string?)(await (await PostAsync(Action, body)).JsonAsync())["error"]!["message"],
            Does.Contain("4096 bytes of UTF-8"));
    }

    [Test]
    public async Task Keeps_two_equal_secrets_under_two_kids()
    {
        JsonObject first = await AddAsync(Action, new JsonObject { ["use"] = "sig", ["k"] = "same" });
        JsonObject second = await AddAsync(Action, new JsonObject { ["use"] = "sig", ["k"] = "same" });

        Assert.That(
            (string?)first["kid"],
            Is.Not.EqualTo((string?)second["kid"]),
            "a kid made from the secret would reveal that they are equal");
    }
}
