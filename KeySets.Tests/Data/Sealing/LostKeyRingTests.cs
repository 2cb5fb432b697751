using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Sealing;

/// <summary>
/// Writes while the key ring is lost or altered under the running service. The service acknowledges no write whose
/// private members could not be opened again.
/// </summary>
public sealed class LostKeyRingTests
{
    [Test]
    public async Task Notices_a_key_ring_that_was_altered_before_it_was_first_used()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.GetAsync("/health/live");
        string key = Directory.GetFiles(Path.Combine(application.DataFolder, "key-ring"), "key-*.xml").Single();
        await File.WriteAllTextAsync(
            key, (await File.ReadAllTextAsync(key)).Replace("<value>", "<value>A", StringComparison.Ordinal));

        await (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"""))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
    }

    [Test]
    public async Task Stores_no_private_member_while_the_key_ring_is_lost()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync(Documentation.CreateRequest);
        string ring = Path.Combine(application.DataFolder, "key-ring");
        Directory.Move(ring, $"{ring}-elsewhere");

        HttpResponseMessage response =
            await client.CreateAsync("""{"id":"sealed","keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");

        await response.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That(
            (await client.GetAsync("/trustFramework/keySets/sealed")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Directory.Move($"{ring}-elsewhere", ring);
        Assert.That(
            (await client.CreateAsync("""{"id":"sealed","keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task Stores_no_private_member_while_the_key_of_the_ring_is_altered(int bytes)
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");
        string key = Directory.GetFiles(Path.Combine(application.DataFolder, "key-ring"), "key-*.xml").Single();
        string text = await File.ReadAllTextAsync(key);
        await File.WriteAllTextAsync(
            key, bytes == 0 ? "" : text.Replace("<value>", "<value>A", StringComparison.Ordinal));

        await (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"""))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        await (await client.GetAsync("/health/ready"))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
    }

    [Test]
    public async Task Goes_on_after_the_key_of_the_ring_is_restored()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");
        string key = Directory.GetFiles(Path.Combine(application.DataFolder, "key-ring"), "key-*.xml").Single();
        byte[] content = await File.ReadAllBytesAsync(key);
        File.Delete(key);
        await (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"""))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");

        await File.WriteAllBytesAsync(key, content);

        Assert.That(
            (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Creates_no_folder_in_place_of_a_lost_key_ring()
    {
        await using KeySetsApplication application = new();
        string ring = Path.Combine(application.DataFolder, "key-ring");
        await application.Anonymous.GetAsync("/health/live");
        Directory.Move(ring, $"{ring}-elsewhere");

        await application.Anonymous.GetAsync("/health/ready");

        Assert.That(Directory.Exists(ring), Is.False, "Moving the ring back would put it inside this folder.");
    }
}
