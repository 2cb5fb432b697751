using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Repeatability;

/// <summary>Requests that are sent again: each is carried out once, and has the same answer each time.</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class RepeatedRequestTests : RepeatabilityTests
{
    private static IEnumerable<TestCaseData> Writes =>
    [
        Write("Create", "POST", "", """{"id":"{0}n","keys":[{"kty":"oct","kid":"a","k":"bGFzdA"},{"kty":"x"}]}"""),
        Write("Create_without_an_id", "POST", "", """{"keys":[{"kty":"oct","k":"bGFzdA"}]}"""),
        Write("Create_by_PUT", "PUT", "('{0}n')", """{"keys":[{"kty":"oct","kid":"a","k":"bGFzdA"}]}"""),
        Write("Replace", "PUT", "('{0}')", """{"keys":[{"kty":"x"}]}"""),
        Write("Merge", "PATCH", "('{0}')", """{"keys":[{"kty":"x"},{"kty":"x"}]}"""),
        Write("Append", "POST", "('{0}')/keys", """{"kty":"oct","k":"bGFzdA"}"""),
        Write("Disable", "PATCH", "('{0}')/keys_v2('first')", """{"status":"disabled"}"""),
        Write("Remove_a_key", "DELETE", "('{0}')/keys_v2('first')", body: null),
        Write("Delete", "DELETE", "('{0}')", body: null),
        Write("Generate_an_RSA_key", "POST", "('{0}')/generateKey", """{"use":"sig","kty":"RSA"}"""),
        Write("Generate_an_oct_key", "POST", "('{0}')/generateKey", """{"use":"sig","kty":"oct"}"""),
        Write("Upload_a_secret", "POST", "('{0}')/uploadSecret", """{"use":"sig","k":"a secret to be kept"}"""),
        Write("Upload_a_certificate", "POST", "('{0}')/uploadCertificate", $$"""{"key":"{{Certificate}}"}"""),
        Write("Upload_PKCS_12", "POST", "('{0}')/uploadPkcs12", $$"""{"key":"{{Pkcs12}}","password":"p"}"""),
        Write("Create_minimally", "POST", "", """{"keys":[]}""", ("Prefer", "return=minimal")),
        Write("Create_at_beta", "POST", "/beta", """{"id":"{0}n"}"""),
    ];

    private static string Certificate { get; } = SampleKeys.CertificateText();

    private static string Pkcs12 { get; } = SampleKeys.Pkcs12Text("p");

    [SetUp]
    public async Task AddKey() =>
        await SendAsync("PUT", Set, """{"keys":[{"kty":"x","kid":"first"}]}""");

    [TestCaseSource(nameof(Writes))]
    public async Task Are_carried_out_once(string method, string path, string? body, (string, string)[] headers)
    {
        string url = UrlOf(path);
        (string, string)[] all = [.. NewHeaders(), .. headers];

        HttpResponseMessage first = await SendAsync(method, url, TextOf(body), all);
        string stored = await StoredAsync();
        HttpResponseMessage second = await SendAsync(method, url, TextOf(body), all);

        Assert.That((int)first.StatusCode, Is.InRange(200, 299), await first.Content.ReadAsStringAsync());
        await AssertResultAsync(second, first.StatusCode, "accepted");
        Assert.That(await TextOfAsync(second), Is.EqualTo(await TextOfAsync(first)));
        Assert.That(second.Header("request-id"), Is.Not.EqualTo(first.Header("request-id")));
        Assert.That(await StoredAsync(), Is.EqualTo(stored), "the second one changes nothing");
    }

    [Test]
    public async Task Have_the_answer_of_the_first_whatever_has_happened_since()
    {
        (string, string)[] headers = NewHeaders();
        HttpResponseMessage first = await SendAsync("PUT", Set, """{"keys":[{"kty":"x","kid":"a"}]}""", headers);
        await SendAsync("DELETE", Set, json: null);

        HttpResponseMessage second = await SendAsync("PUT", Set, """{"keys":[{"kty":"x","kid":"a"}]}""", headers);

        Assert.That(await TextOfAsync(second), Is.EqualTo(await TextOfAsync(first)));
        Assert.That((await Writer.GetAsync(Set)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Have_the_private_members_of_their_own_request_which_are_stored_nowhere_in_clear()
    {
        string secret = $"canary{Guid.NewGuid():N}";
        string body = $$"""{"keys":[{"kty":"x","kid":"c","k":"{{secret}}"}]}""";
        (string, string)[] headers = NewHeaders();
        await SendAsync("POST", HttpExtensions.KeySets, body, headers);

        JsonObject again = await (await SendAsync("POST", HttpExtensions.KeySets, body, headers)).JsonAsync();

        Assert.That((string?)again["keys"]![0]!["k"], Is.EqualTo(secret));
        Assert.That(
            Application.Database.ReadStored().AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)), Is.Negative);
    }

    [TestCase("PUT", "", """{"keys":[]}""", TestName = "Refuse_another_method_of_the_same_id")]
    [TestCase("POST", "/keys", """{"kty":"x"}""", TestName = "Refuse_another_URL_of_the_same_id")]
    [TestCase("PATCH", "", """{"keys":[{"kty":"x","kid":"other"}]}""", TestName = "Refuse_another_body_of_the_same_id")]
    public async Task Refuse(string method, string path, string body)
    {
        (string, string)[] headers = NewHeaders();
        await SendAsync("PATCH", Set, """{"keys":[{"kty":"x","kid":"a"}]}""", headers);
        string stored = await StoredAsync();

        HttpResponseMessage other = await SendAsync(method, $"{Set}{path}", body, headers);

        await AssertResultAsync(other, HttpStatusCode.BadRequest, "rejected");
        Assert.That(await StoredAsync(), Is.EqualTo(stored));
    }

    [Test]
    public async Task Refuse_another_set_by_the_same_id()
    {
        (string, string)[] headers = NewHeaders();
        await SendAsync("POST", HttpExtensions.KeySets, $$"""{"id":"{{Id}}-1"}""", headers);

        HttpResponseMessage other =
            await SendAsync("POST", HttpExtensions.KeySets, $$"""{"id":"{{Id}}-2"}""", headers);

        await AssertResultAsync(other, HttpStatusCode.BadRequest, "rejected");
    }

    [Test]
    public async Task Refuse_another_precondition_or_date_with_the_same_id()
    {
        (string Name, string Value)[] headers = NewHeaders();
        await SendAsync("DELETE", $"{Set}/keys_v2('first')", json: null, headers);

        await AssertResultAsync(
            await SendAsync("DELETE", $"{Set}/keys_v2('first')", json: null, [.. headers, ("If-Match", "*")]),
            HttpStatusCode.BadRequest,
            "rejected");
        Clock.Advance(TimeSpan.FromSeconds(1));
        await AssertResultAsync(
            await SendAsync("DELETE", $"{Set}/keys_v2('first')", json: null, headers[0], NewHeaders()[1]),
            HttpStatusCode.BadRequest,
            "rejected");
    }

    [Test]
    public async Task Run_again_if_they_were_refused()
    {
        (string, string)[] headers = NewHeaders();
        string body = $$"""{"id":"{{Id}}"}""";
        await AssertResultAsync(
            await SendAsync("POST", HttpExtensions.KeySets, body, headers), HttpStatusCode.Conflict, "accepted");
        await SendAsync("DELETE", Set, json: null);

        await AssertResultAsync(
            await SendAsync("POST", HttpExtensions.KeySets, body, headers), HttpStatusCode.Created, "accepted");
    }

    [Test]
    public async Task Are_others_for_another_caller()
    {
        (string, string)[] headers = NewHeaders();
        string body = $$"""{"id":"{{Id}}-x"}""";
        await SendAsync("POST", HttpExtensions.KeySets, body, headers);
        using HttpClient other = Application.ClientWith(Application.Issuer.CreateToken(
            token => (token.Claims["scp"], token.Claims["sub"]) = (KeySetsApplication.ReadWrite, "somebody else")));

        HttpResponseMessage answer = await other.SendAsync(
            HttpMethod.Post,
            HttpExtensions.KeySets,
            new StringContent(body, Encoding.UTF8, "application/json"),
            headers);

        await AssertResultAsync(answer, HttpStatusCode.Conflict, "accepted");
    }

    [TestCaseSource(nameof(Writes))]
    public async Task Are_carried_out_once_if_they_come_at_the_same_time(
        string method, string path, string? body, (string, string)[] headers)
    {
        (string, string)[] all = [.. NewHeaders(), .. headers];

        HttpResponseMessage[] answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => SendAsync(method, UrlOf(path), TextOf(body), all)));

        string[] texts = await Task.WhenAll(answers.Select(TextOfAsync));
        Assert.That((int)answers[0].StatusCode, Is.InRange(200, 299), texts[0]);
        Assert.That(texts.Distinct(), Has.Exactly(1).Items, string.Join("\n\n", texts.Distinct()));
    }

    [Test]
    public async Task Are_forgotten_after_a_day()
    {
        (string, string)[] headers = NewHeaders();
        await SendAsync("POST", HttpExtensions.KeySets, "{}", headers);

        Clock.Advance(TimeSpan.FromHours(25));

        await AssertResultAsync(
            await SendAsync("POST", HttpExtensions.KeySets, "{}", headers),
            HttpStatusCode.PreconditionFailed,
            "rejected");
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(() => CountAnswersAsync().Result, Is.Zero.After(5000, 20));
    }

    private static TestCaseData Write(
        string name, string method, string path, string? body, params (string, string)[] headers) =>
        new TestCaseData(method, path, body, headers).SetArgDisplayNames(name);

    private Task<int> CountAnswersAsync() => Application.Rows.ReadAsync(context => Microsoft.EntityFrameworkCore
        .EntityFrameworkQueryableExtensions.CountAsync(context.Set<Dictionary<string, object>>("RepeatableRequests")));

    private string UrlOf(string path) => path.StartsWith('/')
        ? $"{path}{HttpExtensions.KeySets}"
        : $"{HttpExtensions.KeySets}{path.Replace("{0}", Id, StringComparison.Ordinal)}";

    private string? TextOf(string? body) => body?.Replace("{0}", Id, StringComparison.Ordinal);

    /// <returns>The sets of this test, with their entity tags, and the number of all.</returns>
    private async Task<string> StoredAsync() => await Writer.GetStringAsync(
        $"{HttpExtensions.KeySets}?$count=true&$filter=startswith(id,'{Id}')&$expand=keys_v2")
        + await Writer.GetStringAsync($"{HttpExtensions.KeySets}/$count");
}
