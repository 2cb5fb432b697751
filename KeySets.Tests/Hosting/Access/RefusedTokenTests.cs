using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting.Access;

/// <summary>What a refused token leaves in the answer (RFC 6750 section 3): a description in fixed words.</summary>
public sealed class RefusedTokenTests : ApiTests
{
    private const string Url = HttpExtensions.KeySets;

    private static readonly string[] Hostile =
    [
        "https://é.example",
        "https://x.example\r\nSet-Cookie: a=b",
        "https://x.example\nSet-Cookie: a=b",
        "https://x.example\0",
        "x\", scope=\"y",
        "x\\",
        new string('x', 9000),
    ];

    [TestCaseSource(nameof(Hostile))]
    public async Task Says_nothing_of_the_token(string text)
    {
        foreach (Action<SecurityTokenDescriptor> change in (Action<SecurityTokenDescriptor>[])[
            token => token.Issuer = text,
            token => token.Audience = text,
            token => (token.Audience, token.Claims["jti"]) = ("other", text),
        ])
        {
            HttpResponseMessage response = await Application.ClientWith(Issuer(change)).GetAsync(Url);

            await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
            Assert.That(
                response.Header("WWW-Authenticate"),
                Does.Match(
                    "^Bearer error=\"invalid_token\", error_description=\"The token is (of|for) another \\w+\"$"));
        }
    }

    [TestCaseSource(nameof(Hostile))]
    public async Task Says_nothing_of_the_token_of_a_part_of_a_batch(string text)
    {
        string token = Issuer(descriptor => descriptor.Issuer = text);
        string multipart = string.Join("\r\n",
            "--b", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
            "GET trustFramework/keySets HTTP/1.1", $"Authorization: Bearer {token}", "", "", "--b--", "");

        StringContent content = new(multipart);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        HttpResponseMessage response = await Writer.SendAsync(HttpMethod.Post, "/$batch", content);

        string body = await response.Content.ReadAsStringAsync();
        Assert.That(body, Does.Contain("401 Unauthorized").And.Not.Contain("Set-Cookie").And.Not.Contain("xxxx"));
        Assert.That(body, Does.Contain("error_description=\"The token is of another issuer\""));
    }

    [Test]
    public async Task Says_in_fixed_words_what_is_wrong()
    {
        using RSA other = RSA.Create(2048);
        Dictionary<string, Action<SecurityTokenDescriptor>> expected = new()
        {
            ["The token is for another audience"] = token => token.Audience = "api://other",
            ["The token is of another issuer"] = token => token.Issuer = "https://other.example",
            ["The token never expires"] = token => token.Expires = null,
            ["The token has expired"] = TokenIssuer.Expire,
            ["The token is not valid yet"] = TokenIssuer.Postpone,
            ["The signature of the token is invalid"] = token => TokenIssuer.Forge(token, other),
            ["The issuer has no key that signed the token"] = token =>
                token.SigningCredentials = new(new RsaSecurityKey(other) { KeyId = "x" }, SecurityAlgorithms.RsaSha256),
        };
        foreach ((string description, Action<SecurityTokenDescriptor> change) in expected)
        {
            HttpResponseMessage response = await Application.ClientWith(Issuer(change)).GetAsync(Url);

            Assert.That(
                response.Header("WWW-Authenticate"),
                Is.EqualTo($"Bearer error=\"invalid_token\", error_description=\"{description}\""));
        }

        Assert.That(
            (await Application.ClientWith("x.y.z").GetAsync(Url)).Header("WWW-Authenticate"),
            Is.EqualTo("Bearer error=\"invalid_token\", error_description=\"The token cannot be read\""));
    }

    private string Issuer(Action<SecurityTokenDescriptor> change) => Application.Issuer.CreateToken(token =>
    {
        token.Claims["scp"] = KeySetsApplication.ReadWrite;
        change(token);
    });
}
