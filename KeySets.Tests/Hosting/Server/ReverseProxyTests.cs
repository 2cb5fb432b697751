using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Server;

/// <summary>The service behind a reverse proxy, whose headers it believes if the settings list the proxy.</summary>
public sealed class ReverseProxyTests
{
    private static readonly (string, string)[] Forwarded =
    [
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "keys.example"),
        ("X-Forwarded-Prefix", "/policies"),
    ];

    [TestCase("ReverseProxy:KnownProxies:0", "127.0.0.1")]
    [TestCase("ReverseProxy:KnownNetworks:0", "127.0.0.0/8")]
    public async Task Builds_links_from_the_headers_of_a_known_proxy(string setting, string value)
    {
        await using KeySetsApplication application = KeySetsApplication.OnWebServer((setting, value));

        HttpResponseMessage response = await application.Writer.CreateAsync("""{"id":"x"}""", Forwarded);

        Assert.That(
            response.Header("Location"), Is.EqualTo("https://keys.example/policies/trustFramework/keySets('x')"));
        Assert.That(
            (string?)(await response.JsonAsync())["@odata.context"],
            Does.StartWith("https://keys.example/policies/$metadata#"));
    }

    [Test]
    public async Task Serves_beta_behind_the_prefix_of_the_proxy()
    {
        await using KeySetsApplication application =
            KeySetsApplication.OnWebServer(("ReverseProxy:KnownProxies:0", "127.0.0.1"));

        HttpResponseMessage response = await application.Writer.SendJsonAsync(
            HttpMethod.Post, "/beta/trustFramework/keySets", """{"id":"x"}""", Forwarded);

        Assert.That(
            response.Header("Location"),
            Is.EqualTo("https://keys.example/policies/beta/trustFramework/keySets('x')"));
    }

    [Test]
    public async Task Follows_the_headers_back_through_all_known_proxies()
    {
        await using KeySetsApplication application = KeySetsApplication.OnWebServer(
            ("ReverseProxy:KnownProxies:0", "127.0.0.1"), ("ReverseProxy:KnownProxies:1", "192.0.2.7"));

        HttpResponseMessage response = await application.Writer.CreateAsync(
            """{"id":"x"}""",
            ("X-Forwarded-For", "192.0.2.1, 192.0.2.7"),
            ("X-Forwarded-Host", "keys.example, inner"),
            ("X-Forwarded-Proto", "https, http"));

        Assert.That(response.Header("Location"), Is.EqualTo("https://keys.example/trustFramework/keySets('x')"));
    }

    [Test]
    public async Task Builds_no_link_with_a_host_that_the_settings_do_not_list()
    {
        await using KeySetsApplication application = KeySetsApplication.OnWebServer(
            ("ReverseProxy:KnownProxies:0", "127.0.0.1"), ("AllowedHosts", "127.0.0.1"));

        HttpResponseMessage response = await application.Writer.CreateAsync("""{"id":"x"}""", Forwarded);

        Assert.That(response.Header("Location"), Does.Not.Contain("keys.example"));
    }

    [TestCase(null, null)]
    [TestCase("ReverseProxy:KnownProxies:0", "192.0.2.7")]
    [TestCase("ReverseProxy:KnownNetworks:0", "10.0.0.0/8")]
    public async Task Ignores_the_headers_of_anybody_else(string? setting, string? value)
    {
        await using KeySetsApplication application =
            KeySetsApplication.OnWebServer(setting is null ? [] : [(setting, value!)]);

        HttpResponseMessage response = await application.Writer.CreateAsync("""{"id":"x"}""", Forwarded);

        Assert.That(
            response.Header("Location"),
            Does.StartWith("http://127.0.0.1:")
                .And.EndsWith("/trustFramework/keySets('x')")
                .And.Not.Contain("policies"));
    }
}
