using System.Net;
using System.Security.Cryptography;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting.Access;

/// <summary>Tokens of Microsoft Entra ID, validated by Microsoft.Identity.Web.</summary>
public sealed class EntraAccessTests() : ApiTests(KeySetsApplication.WithEntra(Client, Tenant))
{
    private const string Client = "11111111-1111-1111-1111-111111111111";
    private const string Tenant = "22222222-2222-2222-2222-222222222222";

    [TestCase("scp")]
    [TestCase("roles")]
    public async Task Takes_a_token_of_the_tenant(string claim) => Assert.That(
        (await CreateAsync(token => token.Claims[claim] = KeySetsApplication.ReadWrite)).StatusCode,
        Is.EqualTo(HttpStatusCode.Created));

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
    public async Task Refuses_an_expired_token() => await AssertInvalidAsync(TokenIssuer.Expire);

    [Test]
    public async Task Refuses_a_token_that_is_not_valid_yet() => await AssertInvalidAsync(TokenIssuer.Postpone);

    [Test]
    public async Task Refuses_a_token_that_another_key_signed()
    {
        using RSA other = RSA.Create(2048);
        await AssertInvalidAsync(token => TokenIssuer.Forge(token, other));
    }

    [Test]
    public async Task Refuses_a_token_for_another_application() =>
        await AssertInvalidAsync(token => token.Audience = "api://other");

    [Test]
    public async Task Refuses_a_token_without_a_signature() =>
        await AssertInvalidAsync(token => token.SigningCredentials = null);

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
        await Application.ClientWith(Application.Issuer.CreateToken(token =>
        {
            token.Issuer = $"{TokenIssuer.Authority}/{Tenant}/v2.0";
            token.Audience = Client;
            token.Claims["tid"] = Tenant;
            token.Claims["ver"] = "2.0";
            change(token);
        })).CreateAsync("{}");
}
