using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>
/// npm odata2ts generates a TypeScript client from <c>$metadata</c>. The client does all that the service is for.
/// </summary>
public sealed class OData2TsTests
{
    private const string Secret =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    private GeneratedClient? _client;

    /// <remarks>Once for all tests, since it takes seconds. Each test has its own sets.</remarks>
    [OneTimeSetUp]
    public async Task Generate()
    {
        _client = new GeneratedClient("/$metadata", "metadata.xml", "round");
        await _client.StartAsync(
            "@odata2ts/odata2ts/lib/run-cli.js", "--source", "metadata.xml", "--output", "generated");
    }

    [OneTimeTearDown]
    public void Stop() => _client?.Dispose();

    [Test]
    public async Task Creates_a_set_with_a_generated_client()
    {
        JsonObject created = await DoAsync(201, "create", "Created");

        Assert.That((string?)created["headers"]!["location"], Does.EndWith("/trustFramework/keySets('Created')"));
        Assert.That((string?)Data(created)["@odata.etag"], Is.EqualTo(ETag(created)).And.Not.Empty);
        Assert.That(Data(created)["keys"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Shows_the_private_members_of_a_created_set_once()
    {
        JsonObject created = Data(await DoAsync(201, "createWithKey", "Secrets", "first", Secret));
        JsonObject read = Data(await DoAsync(200, "get", "Secrets"));

        Assert.That((string?)created["keys"]![0]!["k"], Is.EqualTo(Secret));
        Assert.That((string?)read["keys"]![0]!["kid"], Is.EqualTo("first"));
        Assert.That(read.ToJsonString(), Does.Not.Contain(Secret).And.Not.Contain("\"k\""));
    }

    [Test]
    public async Task Tells_why_a_second_set_with_the_same_id_is_refused()
    {
        await DoAsync(201, "create", "Twice");

        JsonObject refused = await DoAsync(409, "create", "Twice");

        Assert.That((string?)refused["message"], Does.EndWith("A key set with this id already exists."));
    }

    [Test]
    public async Task Finds_sets_by_a_typed_filter_and_gets_only_the_selected_members()
    {
        await DoAsync(201, "createWithKey", "Find-1", "1", Secret);
        await DoAsync(201, "create", "Find-2");
        await DoAsync(201, "createWithKey", "Find-3", "3", Secret);

        JsonObject found = await DoAsync(200, "find", "Find-", "oct", "1");

        Assert.That((int?)Data(found)["@odata.count"], Is.EqualTo(2));
        Assert.That(Values(found, "id"), Is.EqualTo(["Find-3"]));
        Assert.That(Data(found)["value"]![0]!.AsObject().ContainsKey("keys"), Is.False);
    }

    [Test]
    public async Task Gets_a_set_with_its_keys_as_entities()
    {
        await DoAsync(201, "createWithKey", "Expanded", "one", Secret);

        JsonObject read = await DoAsync(200, "getWithKeys", "Expanded");

        JsonObject key = Data(read)["keys_v2"]![0]!.AsObject();
        Assert.That(((string?)key["kid"], (string?)key["status"]), Is.EqualTo(("one", "enabled")));
        Assert.That(Data(read).ContainsKey("keys"), Is.False);
    }

    [TestCase("patch")]
    [TestCase("replace")]
    public async Task Changes_a_set_with_its_ETag_and_not_with_a_stale_one(string step)
    {
        string set = $"Changed-by-{step}";
        string stale = ETag(await DoAsync(201, "createWithKey", set, "one", Secret));

        JsonObject changed = await DoAsync(200, step, set, stale);
        JsonObject refused = await DoAsync(412, step, set, stale);

        Assert.That(ETag(changed), Is.Not.EqualTo(stale));
        Assert.That(Data(changed)["keys"]!.AsArray(), Is.Empty);
        Assert.That(
            (string?)refused["message"], Does.EndWith("The key set is not in the state that the header asks for."));
        Assert.That(ETag(await DoAsync(200, "get", set)), Is.EqualTo(ETag(changed)));
    }

    [Test]
    public async Task Removes_a_set()
    {
        await DoAsync(201, "create", "Removed");

        await DoAsync(204, "remove", "Removed");

        await DoAsync(404, "get", "Removed");
    }

    [TestCase("RSA")]
    [TestCase("oct")]
    public async Task Generates_a_key(string kty)
    {
        JsonObject key = await AddAsync("generateKey", kty);

        Assert.That(((string?)key["kty"], (string?)key["use"]), Is.EqualTo((kty, "sig")));
        Assert.That(key["n"] is null, Is.EqualTo(kty == "oct"));
    }

    [Test]
    public async Task Uploads_a_secret() =>
        Assert.That((string?)(await AddAsync("uploadSecret", "pässwörd €😀"))["kty"], Is.EqualTo("oct"));

    [Test]
    public async Task Uploads_a_certificate()
    {
        string certificate = SampleKeys.CertificateText();

        JsonObject key = await AddAsync("uploadCertificate", certificate);

        Assert.That((string?)key["x5c"]![0], Is.EqualTo(certificate));
        Assert.That((string?)key["n"], Is.EqualTo((string?)SampleKeys.PublicRsa()["n"]));
    }

    [Test]
    public async Task Uploads_a_PKCS_12_file_with_its_password()
    {
        JsonObject key = await AddAsync("uploadPkcs12", SampleKeys.Pkcs12Text("secret", otherKey: false), "secret");

        Assert.That((string?)key["n"], Is.EqualTo((string?)SampleKeys.PublicRsa()["n"]));
    }

    [Test]
    public async Task Gets_the_key_that_became_active_last()
    {
        await DoAsync(201, "create", "Active");
        await DoAsync(404, "getActiveKey", "Active");
        JsonObject last = Data(await DoAsync(200, "generateDatedKey", "Active", "2", "4000000000"));
        await DoAsync(200, "generateDatedKey", "Active", "1", "4000000000");

        JsonObject active = Data(await DoAsync(200, "getActiveKey", "Active"));

        Assert.That((string?)active["kid"], Is.EqualTo((string?)last["kid"]));
        Assert.That(((long?)active["nbf"], (long?)active["exp"]), Is.EqualTo((2, 4000000000)));
    }

    [Test]
    public async Task Filters_keys_by_their_status_after_one_was_disabled()
    {
        await DoAsync(201, "createWithKey", "Status", "first", Secret);
        await DoAsync(200, "addKey", "Status", "second", Secret);

        await DoAsync(204, "disableKey", "Status", "first");

        Assert.That(Values(await DoAsync(200, "listKeys", "Status"), "status"), Is.EqualTo(["disabled", "enabled"]));
        Assert.That(Values(await DoAsync(200, "keysWithStatus", "Status", "disabled"), "kid"), Is.EqualTo(["first"]));
        Assert.That(Values(await DoAsync(200, "keysWithStatus", "Status", "enabled"), "kid"), Is.EqualTo(["second"]));
    }

    [Test]
    public async Task Removes_a_key_whose_kid_is_a_URL()
    {
        const string kid = "https://issuer.example/a%2Fb?c=d#e";
        await DoAsync(201, "createWithKey", "Keys", kid, Secret);
        Assert.That((string?)Data(await DoAsync(200, "getKey", "Keys", kid))["kid"], Is.EqualTo(kid));

        await DoAsync(204, "removeKey", "Keys", kid);

        await DoAsync(404, "getKey", "Keys", kid);
        Assert.That(Data(await DoAsync(200, "get", "Keys"))["keys"]!.AsArray(), Is.Empty);
    }

    /// <summary>Calls an operation of a new set that adds a key.</summary>
    private async Task<JsonObject> AddAsync(string operation, params string[] values)
    {
        string set = $"Added-{TestContext.CurrentContext.Test.ID}";
        await DoAsync(201, "create", set);
        JsonObject key = Data(await DoAsync(200, [operation, set, .. values]));
        Assert.That(
            (string?)Data(await DoAsync(200, "get", set))["keys"]![0]!["kid"],
            Is.EqualTo((string?)key["kid"]).And.Not.Null);
        Assert.That(key.Select(member => member.Key), Has.None.AnyOf("k", "d"));
        return key;
    }

    private Task<JsonObject> DoAsync(int status, params string[] step) => _client!.DoAsync(status, step);

    private static string ETag(JsonObject seen) => (string)seen["headers"]!["etag"]!;

    private static JsonObject Data(JsonObject seen) => seen["data"]!.AsObject();

    private static IEnumerable<string?> Values(JsonObject seen, string member) =>
        Data(seen)["value"]!.AsArray().Select(item => (string?)item![member]);
}
