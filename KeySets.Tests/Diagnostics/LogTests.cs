using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Diagnostics;

/// <summary>
/// The log, at every level and in every category: it holds the path of a request and the names of its query options,
/// never their values, and nothing of bodies and tokens.
/// </summary>
public sealed class LogTests
{
    private const string Canary = "c4narY";
    private const string K = HttpExtensions.KeySets;

    [Test]
    public async Task Holds_no_value_of_a_query_option_and_nothing_of_a_body_or_token()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        HttpClient writer = application.Writer;
        await writer.SendJsonAsync(
            HttpMethod.Post, K, $$"""{"id":"logged","keys":[{"kty":"oct","kid":"1","k":"{{Canary}}AA"}]}""");

        foreach (string query in (string[])[
            $"access_token={Canary}",
            $"other={Canary}",
            $"$filter=id eq '{Canary}'",
            $"$filter=id in ('{Canary}','b')",
            $"$filter=keys/any(k:k/d eq '{Canary}')",
            $"$filter=keys/any(k:k/exp in (1,2) and k/kid eq '{Canary}')",
            $"$filter=contains(id,'{Canary}') or substring('{Canary}',1) eq id",
            $"$filter={Canary}",
            $"$filter={Canary}(",
            $"$filter=id eq @p&@p='{Canary}'",
            $"$filter=id in [\"{Canary}\"]",
            $"$orderby='{Canary}'",
            $"$orderby={Canary}",
            $"$search={Canary}",
            $"$search=\"{Canary}",
            $"$select={Canary}",
            $"$select=keys($filter=kid eq '{Canary}')",
            $"$expand=keys_v2($filter=kid eq '{Canary}')",
            $"$expand=keys_v2($search={Canary})",
            $"$expand={Canary}",
            $"$top={Canary}",
            $"$skip={Canary}",
            $"$count={Canary}",
            $"$format={Canary}",
            $"$skiptoken={Canary}",
            $"$apply={Canary}",
            $"$filter=trim('{Canary}') eq id",
            $"$filter=cast('{Canary}',Edm.String) eq id",
        ])
        {
            foreach (string url in (string[])[K, $"{K}('logged')", $"{K}('logged')/keys", $"{K}('logged')/keys_v2"])
            {
                await writer.GetAsync($"{url}?{query}");
            }

            await writer.SendAsync(
                HttpMethod.Post, $"{K}/$query", new StringContent(query, Encoding.UTF8, "text/plain"));
            await writer.SendJsonAsync(HttpMethod.Post, "/$batch", new JsonObject
            {
                ["requests"] = new JsonArray(new JsonObject
                {
                    ["id"] = "1",
                    ["method"] = "GET",
                    ["url"] = $"trustFramework/keySets?{query}",
                }),
            }.ToJsonString());
        }

        foreach (string body in (string[])[
            $$"""{"id":"{{Canary}}","keys":[{"kty":"oct","k":"{{Canary}}!"}]}""",
            $$"""{"id":"x","{{Canary}}":1}""",
            $$"""{"id":"x","keys":"{{Canary}}"}""",
            $$"""{"id":"x" {{Canary}}"""])
        {
            await writer.SendJsonAsync(HttpMethod.Put, $"{K}('logged')", body);
            await writer.SendJsonAsync(HttpMethod.Post, $"{K}('logged')/uploadSecret", body);
        }

        await application.ClientWith($"{Canary}.{Canary}.{Canary}").GetAsync(K);
        await application.ClientWith(application.Issuer.CreateToken(token => token.Issuer = Canary)).GetAsync(K);
        await application.ClientWith(application.Issuer.CreateToken(token => token.Audience = Canary)).GetAsync(K);
        await application.ClientWith(application.Issuer.CreateToken(token => token.Claims["scp"] = Canary)).GetAsync(K);

        Assert.That(log.Lines.Where(line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase)), Is.Empty);
        Assert.That(log.Lines, Has.Some.Match(@"GET /trustFramework/keySets\?access_token 200 in "));
        Assert.That(log.Lines, Has.Some.Contains("A token was refused. The token is of another issuer"));
    }

    [Test]
    public async Task Holds_no_line_that_a_client_has_written()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };

        await application.Writer.GetAsync($"{K}?a%0AINFO%0D%0Afaked=1&{new string('n', 900)}=2");
        await application.Writer.GetAsync($"{K}('a%0D%0Afaked')");

        // Lines of ASP.NET Core hold the path as it is: the JSON of the console, the default, escapes it.
        Assert.That(
            log.Lines.Where(line => line.StartsWith("Debug KeySets", StringComparison.Ordinal)),
            Has.None.Match("(?m)^(INFO|faked)"));
        Assert.That(log.Lines, Has.Some.Contains("?a%0AINFO%0D%0Afaked&nnnn").And.None.Contains(new string('n', 65)));
    }

    [Test]
    public async Task Holds_nothing_of_a_request_that_is_not_HTTP()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        application.UseKestrel(0);
        Uri address = application.CreateClient().BaseAddress!;
        foreach (string line in (string[])[
            $"GET {K}?access_token={Canary} HTTP/9.9\r\n\r\n",
            $"GET {Canary} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: {Canary} {Canary}\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: x\r\nAuthorization {Canary}\r\n\r\n",
            $"{Canary}\0\r\n\r\n"])
        {
            Assert.That(await RawHttp.SendAsync(address, line), Does.StartWith("HTTP/1.1 ").Or.Empty);
        }

        Assert.That(log.Lines.Where(line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }
}
