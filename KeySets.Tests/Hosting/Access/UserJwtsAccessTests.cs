using System.Net;
using System.Security.Cryptography;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting.Access;

/// <summary>Tokens as <c>dotnet user-jwts create --scope …</c> makes them.</summary>
public sealed class UserJwtsAccessTests() : ApiTests(KeySetsApplication.WithUserJwts(Secret))
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [Test]
    public async Task Takes_a_token_with_the_permission_among_its_scopes() => Assert.That(
        (await CreateAsync(Secret, "Other", KeySetsApplication.ReadWrite)).StatusCode,
        Is.EqualTo(HttpStatusCode.Created));

    [Test]
    public async Task Refuses_a_token_without_the_permission() =>
        await (await CreateAsync(Secret, "Other"))
            .AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");

    [Test]
    public async Task Refuses_a_token_with_another_secret() =>
        await (await CreateAsync(RandomNumberGenerator.GetBytes(32), KeySetsApplication.ReadWrite))
            .AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");

    private async Task<HttpResponseMessage> CreateAsync(byte[] secret, params string[] scopes) =>
        await Application.ClientWith(Application.Issuer.CreateToken(token =>
        {
            token.Issuer = "dotnet-user-jwts";
            token.Claims["scope"] = scopes;
            token.SigningCredentials =
                new SigningCredentials(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256);
        })).CreateAsync("{}");
}
