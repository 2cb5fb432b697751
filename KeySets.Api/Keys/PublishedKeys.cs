using System.Text.Json;
using System.Text.Json.Serialization;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>A JSON Web Key Set (RFC 7517 section 5) that anyone can read.</summary>
/// <param name="Keys">The keys.</param>
public sealed record PublishedKeys([property: JsonPropertyName("keys")] IReadOnlyList<PublishedKey> Keys)
{
    /// <summary>
    /// Publishes the public parts of the enabled RSA keys of a set that have not expired. Keys that are not valid yet
    /// are among them, so that verifiers have them before the first signature.
    /// </summary>
    /// <param name="keys">The keys of the set.</param>
    /// <param name="now">The instant, in seconds since 1970-01-01T00:00:00Z.</param>
    public static PublishedKeys Of(IEnumerable<TrustFrameworkKey> keys, long now) =>
        new([.. keys.Where(key => IsPublished(key, now)).Select(PublishedKey.Of)]);

    /// <summary>
    /// The first instant after now at which fewer keys are published; null if time alone changes nothing.
    /// </summary>
    public static long? NextChange(IEnumerable<TrustFrameworkKey> keys, long now) =>
        keys.Where(key => IsPublished(key, now)).Min(key => key.Exp);

    private static bool IsPublished(TrustFrameworkKey key, long now) =>
        KeyRules.IsRsa(key) && key.Status == TrustFrameworkKeyStatus.Enabled && (key.Exp is null || key.Exp > now);
}

/// <summary>
/// The public part of an RSA key. Members are listed here and copied one by one, so a member that keys gain one day is
/// not published.
/// </summary>
/// <param name="Use">sig or enc; not written if the key has none.</param>
/// <param name="Kid">The key id.</param>
/// <param name="E">The public exponent.</param>
/// <param name="N">The modulus.</param>
/// <param name="X5c">The certificate chain; not written if the key has none.</param>
/// <param name="X5t">The thumbprint of the first certificate; not written if the key has none.</param>
public sealed record PublishedKey(
    [property: JsonPropertyName("use"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Use,
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("e")] string E,
    [property: JsonPropertyName("n")] string N,
    [property: JsonPropertyName("x5c"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? X5c,
    [property: JsonPropertyName("x5t"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? X5t)
{
    /// <summary>The names of the members in JSON, in their order.</summary>
    public static IReadOnlyList<string> MemberNames { get; } =
    [
        .. JsonSerializerOptions.Default.GetTypeInfo(typeof(PublishedKey)).Properties
            .OrderBy(member => member.Order)
            .Select(member => member.Name),
    ];

    /// <summary>The key type as RFC 7518 section 6.1 writes it, whatever case the client sent.</summary>
    [JsonPropertyName("kty")]
    [JsonPropertyOrder(-1)]
    public string Kty => KeyRules.Rsa;

    /// <summary>The public part of an RSA key.</summary>
    public static PublishedKey Of(TrustFrameworkKey key) =>
        new(key.Use, key.Kid!, key.E!, key.N!, key.X5c.Count == 0 ? null : [.. key.X5c], key.X5t);
}
