using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>A key with the members that the model knows. All RSA keys have the same modulus and exponent.</summary>
/// <param name="Kty">Its type; null for an invalid key.</param>
/// <param name="Kid">Its id; null if the service is to choose it.</param>
/// <param name="Use">sig, enc or null.</param>
/// <param name="K">The value of an oct key, or the private members in an answer; null for none.</param>
/// <param name="Status">enabled or disabled; null if it is not shown.</param>
public sealed record ModelKey(string? Kty, string? Kid, string? Use = null, string? K = null, string? Status = null)
{
    private static readonly string[] PrivateMembers = ["k", "d", "p", "q", "dp", "dq", "qi"];

    /// <summary>The thumbprint of the RSA key (RFC 7638 section 3).</summary>
    public static string RsaThumbprint { get; } = Thumbprint(SampleKeys.PublicRsa());

    public bool IsRsa => "RSA".Equals(Kty, StringComparison.OrdinalIgnoreCase);

    public bool IsOct => "oct".Equals(Kty, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a key from an answer.</summary>
    public static ModelKey Read(JsonNode json)
    {
        string[] shown =
        [
            .. PrivateMembers.Where(json.AsObject().ContainsKey).Select(member => (string?)json[member] ?? "null"),
        ];
        return new ModelKey(
            (string?)json["kty"],
            (string?)json["kid"],
            (string?)json["use"],
            shown is [] ? null : string.Join(", ", shown),
            (string?)json["status"]);
    }

    /// <summary>The key as a client sends it.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = IsRsa ? SampleKeys.PublicRsa() : [];
        Set(json, "kty", Kty);
        Set(json, "kid", Kid);
        Set(json, "use", Use);
        Set(json, "k", K);
        return json;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Kty ?? "-"} {Kid ?? "-"} {Use ?? "-"} {K ?? "-"} {Status ?? "-"}";

    private static void Set(JsonObject json, string member, string? value)
    {
        json.Remove(member);
        if (value is not null)
        {
            json[member] = value;
        }
    }

    private static string Thumbprint(JsonObject rsa) =>
        SampleKeys.Text(SHA256.HashData(
            Encoding.UTF8.GetBytes($$"""{"e":"{{rsa["e"]}}","kty":"RSA","n":"{{rsa["n"]}}"}""")));
}
