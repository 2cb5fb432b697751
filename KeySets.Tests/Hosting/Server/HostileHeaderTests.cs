using System.Text.RegularExpressions;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Server;

/// <summary>Headers that a client fills with anything, sent byte by byte.</summary>
public sealed class HostileHeaderTests
{
    private const string Canary = "canaryZQ9";
    private const string K = "/trustFramework/keySets";

    private static readonly string[] Headers =
    [
        "Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded",
        "Content-Type", "Content-Encoding", "Content-Language", "Content-ID", "Accept", "Accept-Charset",
        "Accept-Encoding", "Accept-Language", "Prefer", "OData-Version", "OData-MaxVersion", "OData-EntityId",
        "Isolation", "If-Match", "If-None-Match", "Range", "traceparent", "tracestate", "baggage", "Origin",
        "Access-Control-Request-Method", "Access-Control-Request-Headers", "Authorization", "Cookie", "User-Agent",
        "Referer", "TE", "Upgrade", "X-HTTP-Method-Override", "request-id",
    ];

    private static readonly string[] Values =
    [
        Canary, $"{Canary}\"\\;=,'<script>", $"{Canary}\u00e9\u00ff", $"\"{Canary}\"",
        $"text/{Canary};charset={Canary}", $"{Canary}\u0001\u007f", $"{Canary}:{Canary}", $"//{Canary}/{Canary}?a", $"[{Canary}",
        string.Concat(Enumerable.Repeat(Canary, 500)), "",
    ];

    [TestCase("GET", K, "")]
    [TestCase("GET", $"{K}('nobody')/getActiveKey()", "")]
    [TestCase("GET", $"{K}/nobody/jwks", "")]
    [TestCase("GET", "/", "")]
    [TestCase("GET", "/openapi/v1.json", "")]
    [TestCase("OPTIONS", K, "")]
    [TestCase("POST", K, """{"id":"x","keys":[{}]}""")]
    [TestCase("PATCH", $"{K}/nobody", "{}")]
    [TestCase("POST", $"{K}/$query", "$top=1")]
    [TestCase("POST", "/$batch", """{"requests":[{"id":"1","method":"GET","url":"trustFramework/keySets"}]}""")]
    [TestCase("POST", "/beta/$batch", """{"requests":[{"id":"1","method":"POST","url":"/trustFramework/keySets"}]}""")]
    public async Task Are_no_failure_of_the_service_and_come_back_nowhere(string method, string path, string body)
    {
        using LogCollector log = new();
        await using KeySetsApplication application =
            new(("ReverseProxy:KnownProxies:0", "127.0.0.1"), ("ReverseProxy:KnownProxies:1", "::1")) { Log = log };
        application.UseKestrel(0);
        Uri address = application.CreateClient().BaseAddress!;
        string token = application.Issuer.CreateToken(KeySetsApplication.ReadWrite);

        foreach (string header in Headers)
        {
            foreach (string value in Values)
            {
                Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase)
                {
                    ["Host"] = address.Authority,
                    ["Authorization"] = $"Bearer {token}",
                    ["Connection"] = "close",
                };
                if (body.Length > 0)
                {
                    headers["Content-Type"] = body[0] == '{' ? "application/json" : "text/plain";
                    headers["Content-Length"] = $"{body.Length}";
                }

                // The path of a request, which the log has, begins with what a known proxy says.
                headers[header] =
                    header == "X-Forwarded-Prefix" ? value.Replace(Canary, "x", StringComparison.Ordinal) : value;
                string lines = string.Concat(headers.Select(line => $"{line.Key}: {line.Value}\r\n"));

                string answer = await RawHttp.SendAsync(address, $"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}");

                Assert.That(answer, Does.StartWith("HTTP/1.1 "), $"{header}: {value}");
                Assert.That(answer, Does.Not.StartWith("HTTP/1.1 5"), $"{header}: {value}");
                // Links are built from what a known proxy says, and from the host.
                if (!Regex.IsMatch(header, "^(Host|X-Forwarded-(Host|Proto))$"))
                {
                    Assert.That(answer, Does.Not.Contain(Canary).IgnoreCase, $"{header}: {value}");
                }
            }
        }

        Assert.That(log.Lines.Where(line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [Test]
    public async Task Are_no_failure_either_if_the_client_is_gone_before_the_answer()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        application.UseKestrel(0);
        Uri address = application.CreateClient().BaseAddress!;
        string token = application.Issuer.CreateToken(KeySetsApplication.ReadWrite);

        for (int attempt = 0; attempt < 100; attempt++)
        {
            await RawHttp.SendAsync(
                address,
                $"GET {K}('nobody') HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
                isGone: true);
        }

        Assert.That(
            log.Lines.Where(line => Regex.IsMatch(line, "^(Warning|Error|Critical) Microsoft.AspNetCore.Diag")),
            Is.Empty);
    }
}
