using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Model;

namespace KeySets.Tests.Support.Twins;

/// <summary>
/// Sets that are alike in two databases but for the private members of their keys: other values of the same and of
/// another length, and none at all.
/// </summary>
public static class TwinSets
{
    private static readonly RSA Half = RSA.Create(2048);
    private static readonly JsonObject Public = SampleKeys.NewPublicRsa();
    private static readonly string Certificate = SampleKeys.CertificateText();

    /// <summary>A guess that is right in the first database, and in no other.</summary>
    public static string Guess { get; } = Secret(first: true, 8);

    /// <summary>
    /// The certificate of the key <c>half</c>, of which the second database has no private part, and its private key.
    /// </summary>
    public static X509Certificate2 HalfCertificate { get; } = SampleKeys.Certificate(Half);

    /// <summary>The key <c>half</c> as a client reads it.</summary>
    public static JsonObject ReadHalf() => Rsa("half", SampleKeys.PublicRsa(Half), ("nbf", 1));

    /// <summary>Keys that differ.</summary>
    public static IReadOnlyList<(string Set, string Kid)> Keys { get; } =
        [("oct", "longer"), ("rsa", "half"), ("other", "all")];

    /// <summary>The bodies that create the sets.</summary>
    /// <param name="first">Whether for the first database.</param>
    public static IEnumerable<string> Bodies(bool first) =>
    [
        """{"id":"empty"}""",
        Body("oct",
            Oct("same", Secret(first, 44)), Oct("longer", Secret(first, first ? 8 : 44)),
            Oct("old", Secret(first, 8), ("exp", 1)), Oct("off", Secret(first, 8), ("nbf", 7))),
        Body("enc", Oct("enc", Secret(first, first ? 44 : 8), ("use", "enc"))),
        Body("off", Oct("off", Secret(first, 44))),
        Body("rsa",
            Rsa("private", SampleKeys.PrivateRsa(), ("x5c", new JsonArray(Certificate))),
            Rsa("half", SampleKeys.PrivateRsa(Half), ("nbf", 1)),
            Rsa("public", Public, ("nbf", 4102444800), ("exp", 4102444801))),
        Body("other",
            Other("all", first, ["k", "d", "p", "q", "dp", "dq", "qi"]),
            Other("some", first, first ? ["d", "qi"] : ["d", "p"]),
            Other("none", first, first ? ["k", "d"] : [])),
    ];

    /// <summary>
    /// The private members in the second database for keys that the API would refuse, since they belong to no such
    /// public part.
    /// </summary>
    /// <returns>Whether the key is one of these, and the members: null for none.</returns>
    public static bool TryReplace(string kid, out PrivateMembers? members)
    {
        members = kid == "private"
            ? new PrivateMembers(
                null, Secret(first: false, 400), Secret(first: false, 8), "z", "zz", null, Secret(first: false, 44))
            : null;
        return kid is "private" or "half";
    }

    /// <summary>The revision of a set, which is the same in both databases.</summary>
    public static Guid RevisionOf(string id) => new(Encoding.ASCII.GetBytes(id.PadRight(16)));

    /// <summary>The tag of a set before it is changed.</summary>
    public static string TagOf(string id) => $"W/\"{RevisionOf(id):N}\"";

    /// <summary>A secret of a database, in base64url.</summary>
    public static string Secret(bool first, int length) => string.Create(length, first, static (text, first) =>
        text.Fill(first ? 'A' : 'z'));

    private static string Body(string id, params JsonNode[] keys) =>
        new JsonObject { ["id"] = id, ["keys"] = new JsonArray(keys) }.ToJsonString();

    private static JsonObject Oct(string kid, string value, params (string Name, JsonNode Value)[] members) =>
        With(new JsonObject { ["kid"] = kid, ["kty"] = "oct", ["use"] = "sig", ["k"] = value }, members);

    private static JsonObject Rsa(string kid, JsonObject key, params (string Name, JsonNode Value)[] members) =>
        With(key.DeepClone().AsObject(), [("kid", kid), .. members]);

    private static JsonObject Other(string kid, bool first, string[] members) => With(
        new JsonObject { ["kid"] = kid, ["kty"] = "EC", ["x5t"] = "AAAA", ["n"] = kid },
        [.. members.Select(member => (member, (JsonNode)Secret(first, 8 + member.Length)))]);

    private static JsonObject With(JsonObject key, (string Name, JsonNode Value)[] members)
    {
        foreach ((string name, JsonNode value) in members)
        {
            key[name] = value;
        }

        return key;
    }
}
