using System.Net;
using System.Security.Cryptography;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Api;

/// <summary>Tokens of Microsoft Entra ID, through Microsoft.Identity.Web.</summary>
public sealed class EntraAccessTests
{
    private const string Client = "11111111-1111-1111-1111-111111111111";
    private const string Tenant = "22222222-2222-2222-2222-222222222222";

    private readonly KeySetsApplication _application = KeySetsApplication.WithEntra(Client, Tenant);

    [OneTimeTearDown]
    public async Task StopApplication() => await _application.DisposeAsync();

    [TestCase("scp")]
    [TestCase("roles")]
    public async Task Takes_a_token_of_the_tenant(string claim) =>
        Assert.That((await CreateAsync(token => token.Claims[claim] = KeySetsApplication.ReadWrite)).StatusCode, Is.EqualTo(HttpStatusCode.Created));

    [Test]
    public async Task Refuses_a_token_without_any_permission_with_403() =>
        await (await CreateAsync(_ => { })).AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");

    [Test]
    public async Task Refuses_a_token_of_another_tenant() => await AssertInvalidAsync(token =>
    {
        token.Issuer = token.Issuer.Replace('2', '3');
        token.Claims["tid"] = Tenant.Replace('2', '3');
    });

    [Test]
    public async Task Refuses_an_expired_token() => await AssertInvalidAsync(token =>
    {
        token.NotBefore = DateTime.UtcNow.AddHours(-2);
        token.Expires = DateTime.UtcNow.AddMinutes(-10);
    });

    [Test]
    public async Task Refuses_a_token_that_is_not_valid_yet() => await AssertInvalidAsync(token => token.NotBefore = DateTime.UtcNow.AddMinutes(10));

    [Test]
    public async Task Refuses_a_token_that_another_key_signed()
    {
        using RSA other = RSA.Create(2048);
        RsaSecurityKey key = new(other) { KeyId = _application.Issuer.Key.KeyId };
        await AssertInvalidAsync(token => token.SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
    }

    [Test]
    public async Task Refuses_a_token_for_another_application() => await AssertInvalidAsync(token => token.Audience = "api://other");

    [Test]
    public async Task Refuses_a_token_without_a_signature() => await AssertInvalidAsync(token => token.SigningCredentials = null);

    private async Task AssertInvalidAsync(Action<SecurityTokenDescriptor> change)
    {
        HttpResponseMessage response = await CreateAsync(token =>
        {
            token.Claims["scp"] = KeySetsApplication.ReadWrite;
            change(token);
        });

        await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
    }

    private async Task<HttpResponseMessage> CreateAsync(Action<SecurityTokenDescriptor> change) =>
        await _application.ClientWith(_application.Issuer.CreateToken(token =>
        {
            token.Issuer = $"{TokenIssuer.Authority}/{Tenant}/v2.0";
            token.Audience = Client;
            token.Claims["tid"] = Tenant;
            token.Claims["ver"] = "2.0";
            change(token);
        })).CreateAsync("{}");
}
