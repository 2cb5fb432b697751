using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data;

/// <summary>Several clients that change the same set at once.</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class ConcurrentChangeTests : ApiTests
{
    [TestCase("PUT", "", """{"keys":[{"kty":"EC","kid":"{0}"}]}""")]
    [TestCase("PATCH", "", """{"keys":[{"kty":"EC","kid":"{0}"}]}""")]
    [TestCase("PUT", "/keys", """{"value":[{"kty":"EC","kid":"{0}"}]}""")]
    [TestCase("POST", "/keys", """{"kty":"EC","kid":"{0}"}""")]
    public async Task Lets_one_client_win_if_several_send_the_same_ETag(string method, string path, string body)
    {
        string url = $"{HttpExtensions.KeySets}('raced')";
        for (int round = 0; round < 5; round++)
        {
            string tag = (await SendAsync(HttpMethod.Put, url, """{"keys":[]}""")).Header("ETag")!;

            HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => SendAsync(
                new HttpMethod(method),
                url + path,
                body.Replace("{0}", $"{number}", StringComparison.Ordinal),
                ("If-Match", tag))));

            HttpResponseMessage winner = responses.Single(response => response.StatusCode == HttpStatusCode.OK);
            Assert.That(
                responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed), Is.EqualTo(15));
            JsonObject set = await (await Writer.GetAsync(url)).JsonAsync();
            Assert.That((string?)set["@odata.etag"], Is.EqualTo(winner.Header("ETag")));
            Assert.That(
                (string?)set["keys"]!.AsArray().Single()!["kid"],
                Is.EqualTo($"{Array.IndexOf(responses, winner)}"));
        }
    }

    [Test]
    public async Task Lets_one_client_win_if_several_create_the_same_set()
    {
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            SendAsync(HttpMethod.Put, $"{HttpExtensions.KeySets}('created')", "{}", ("If-None-Match", "*"))));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(
            responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed), Is.EqualTo(15));
    }

    [Test]
    public async Task Keeps_every_key_that_clients_add_at_once()
    {
        string url = $"{HttpExtensions.KeySets}('added')";
        await SendAsync(HttpMethod.Put, url, "{}");

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            SendAsync(HttpMethod.Post, $"{url}/keys", $$"""{"kty":"EC","kid":"{{number}}"}""")));

        Assert.That(responses.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(responses.Select(response => response.Header("ETag")), Is.Unique);
        JsonArray keys = (await (await Writer.GetAsync($"{url}/keys")).JsonAsync())["value"]!.AsArray();
        Assert.That(keys.Select(key => int.Parse((string)key!["kid"]!)), Is.EquivalentTo(Enumerable.Range(0, 50)));
    }

    [Test]
    public async Task Keeps_change_sets_whole_beside_other_change_sets_and_single_changes()
    {
        await SendAsync(HttpMethod.Put, $"{HttpExtensions.KeySets}('taken')", "{}");
        IEnumerable<Task> groups = Enumerable.Range(0, 12).Select(number => Writer.BatchAsync("",
        [
            Batches.Request("1", "POST", "trustFramework/keySets", $$"""{"id":"pair{{number}}a"}""", "g"),
            Batches.Request("2", "POST", "trustFramework/keySets", $$"""{"id":"pair{{number}}b"}""", "g"),
            Batches.Request("3", "POST", "trustFramework/keySets", number % 2 == 0 ? "{}" : """{"id":"taken"}""", "g"),
        ]));
        IEnumerable<Task> singles = Enumerable.Range(0, 24).Select(number =>
            SendAsync(HttpMethod.Put, $"{HttpExtensions.KeySets}('single{number}')", "{}"));

        await Task.WhenAll([.. groups, .. singles]);

        JsonObject pairs = await (await Writer.GetAsync(
            $"{HttpExtensions.KeySets}?$filter=startswith(id,'pair')")).JsonAsync();
        Assert.That(
            pairs["value"]!.AsArray().Select(set => (string?)set!["id"]).Order(),
            Is.EqualTo(Enumerable.Range(0, 6)
                .SelectMany(number => (string[])[$"pair{number * 2}a", $"pair{number * 2}b"])
                .Order()));
        JsonObject alone = await (await Writer.GetAsync(
            $"{HttpExtensions.KeySets}?$filter=startswith(id,'single')&$count=true")).JsonAsync();
        Assert.That((int)alone["@odata.count"]!, Is.EqualTo(24));
    }

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string url, string body, params (string Name, string Value)[] headers) =>
        Writer.SendAsync(method, url, new StringContent(body, Encoding.UTF8, "application/json"), headers);
}
