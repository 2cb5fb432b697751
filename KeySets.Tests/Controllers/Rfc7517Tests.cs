using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Controllers;

/// <summary>
/// The example keys of RFC 7517 appendix A, without the members that the contract lacks: alg, crv, x and y.
/// </summary>
public sealed class Rfc7517Tests : OperationTests
{
    private const string Modulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK"
        + "RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic"
        + "AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
        + "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    private static readonly PrivateMembers Private = new(
        K: null,
        D: "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv"
            + "7B6NqXSzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t"
            + "8MN6TNwm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2W"
            + "Bii3RL-Us2lGVkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q",
        P: "83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmC"
            + "MjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs",
        Q: "3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGE"
            + "iovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk",
        Dp: "G4sPXkc6Ya9y8oJW9_ILj4xuppu0lzi_H7VTkS8xj5SdX3coE0oimYwxIi2emTAue0UOa5dpgFGyBJ4c8tQ2VF402XRugKDT"
            + "P8akYhFo5tAA77Qe_NmtuYZc3C3m3I24G2GvR5sSDxUyAN2zq8Lfn9EUms6rY3Ob8YeiKkTiBj0",
        Dq: "s9lAH9fggBsoFR8Oac2R_E2gw282rT2kGOAhvIllETE1efrA6huUUvMfBcMpn8lqeW6vzznYY5SSQF7pMdC_agI3nG8Ibp1B"
            + "Ub0JUiraRNqUfLhcQb_d9GF4Dh7e74WbRsobRonujTYN1xCaP6TO61jvWrX-L18txXw494Q_cgk",
        Qi: "GyM_p6JrXySiz1toFgKbWV-JdI3jQ4ypu9rbMWx3rQJBfmt0FoYzgUIZEVFEcOqwemRN81zoDAaa-Bk0KWNGDjJHZDdDmFhW"
            + "3AN7lI-puxk_mHZGJ11rxyR8O55XLSe3SPmRfKwZI6yU24ZxvQKFYItdldUKGzO6Ia6zTKhAVRU");

    [Test]
    public async Task Publishes_the_public_keys_of_appendix_A_1()
    {
        JsonObject rsa = new() { ["kty"] = "RSA", ["n"] = Modulus, ["e"] = "AQAB", ["kid"] = "2011-04-29" };
        JsonObject ec = new() { ["kty"] = "EC", ["use"] = "enc", ["kid"] = "1" };

        await PutKeysAsync(ec, rsa);

        Assert.That(await Application.Anonymous.GetStringAsync($"{Set}/jwks"), Is.EqualTo(
            $$"""{"keys":[{"kty":"RSA","kid":"2011-04-29","e":"AQAB","n":"{{Modulus}}"}]}"""));
        Assert.That(
            (await KeysAsync()).Select(key => Members(key!, "kty", "use", "kid")),
            Is.EqualTo(["EC enc 1", "RSA null 2011-04-29"]));
    }

    [Test]
    public async Task Seals_the_private_key_of_appendix_A_2_member_by_member()
    {
        await PutKeysAsync(PrivateKey());

        PrivateMembers members = (await Application.PrivateMembersAsync(Id, "2011-04-29"))!;
        Assert.That(members, Is.EqualTo(Private));
        using RSA rsa = SealedKeys.Rsa(Modulus, "AQAB", members);
        using RSA published = RSA.Create(
            ((RsaSecurityKey)new JsonWebKeySet(await Application.Anonymous.GetStringAsync($"{Set}/jwks"))
                .GetSigningKeys().Single()).Parameters);
        byte[] signature = rsa.SignData("what is signed"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.That(
            published.VerifyData("what is signed"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            Is.True);
    }

    [Test]
    public async Task Gives_the_key_of_appendix_A_2_the_thumbprint_of_RFC_7638_section_3_1_if_it_has_no_kid()
    {
        JsonObject key = PrivateKey();
        key.Remove("kid");

        await PutKeysAsync(key);

        Assert.That(
            (string?)(await KeysAsync()).Single()!["kid"], Is.EqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    }

    [Test]
    public async Task Does_not_publish_the_symmetric_keys_of_appendix_A_3()
    {
        const string Spec = "HMAC key used in JWS spec Appendix A.1 example";
        const string K = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

        await PutKeysAsync(
            new JsonObject { ["kty"] = "oct", ["k"] = "GawgguFyGrWKav7AX4VKUg" },
            new JsonObject { ["kty"] = "oct", ["k"] = K, ["kid"] = Spec });

        Assert.That((await Application.PrivateMembersAsync(Id, Spec))!.K, Is.EqualTo(K));
        Assert.That(await Application.Anonymous.GetStringAsync($"{Set}/jwks"), Is.EqualTo("""{"keys":[]}"""));
        Assert.That(
            (string?)(await (await Writer.GetAsync($"{Set}/keys_v2('{Spec}')")).JsonAsync())["kid"], Is.EqualTo(Spec));
    }

    [TestCase("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")]
    [TestCase("crv", "P-256")]
    [TestCase("x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4")]
    public async Task Refuses_members_that_the_contract_lacks(string member, string value)
    {
        JsonObject key = PrivateKey();
        key[member] = value;

        await AssertRefusedAsync("keys", key.ToJsonString(), "BadRequest", member);
    }

    private static JsonObject PrivateKey() => new()
    {
        ["kty"] = "RSA",
        ["n"] = Modulus,
        ["e"] = "AQAB",
        ["d"] = Private.D,
        ["p"] = Private.P,
        ["q"] = Private.Q,
        ["dp"] = Private.Dp,
        ["dq"] = Private.Dq,
        ["qi"] = Private.Qi,
        ["kid"] = "2011-04-29",
    };
}
