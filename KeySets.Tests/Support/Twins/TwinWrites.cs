using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Twins;

/// <summary>
/// Changes of the sets, one after the other, that meet private members: keys that come back without them, guesses at
/// them, and operations on keys that have them in one database alone.
/// </summary>
public static class TwinWrites
{
    private const string Sets = HttpExtensions.KeySets;

    private static readonly string[] Addresses =
    [
        Sets,
        .. from set in (string[])["oct", "rsa", "other"]
           from path in (string[])["", "/jwks", "/getActiveKey"]
           select $"{Sets}('{set}'){path}",
    ];

    /// <summary>The changes, and reads of what is there after each.</summary>
    public static IEnumerable<TwinRequest> All() => Changes().SelectMany((TwinRequest change) =>
        new[] { change }.Concat(Addresses.Select(url => TwinRequest.Get(url))));

    private static IEnumerable<TwinRequest> Changes() =>
        [.. OfOct(), .. OfRsa(), .. OfOther(), .. Operations(), .. Repeatable(), .. InBatches(), .. Removals()];

    private static IEnumerable<TwinRequest> OfOct() =>
    [
        Put("oct", [Oct("same"), Oct("longer"), Oct("old"), Oct("off")], ("If-Match", TwinSets.TagOf("rsa"))),
        Put("oct", [Oct("same"), Oct("longer"), Oct("old"), Oct("off")], ("If-Match", TwinSets.TagOf("oct"))),
        Put("oct", [Oct("same"), Oct("longer")], ("If-Match", TwinSets.TagOf("oct"))),
        Put("oct", [Oct("longer"), Oct("same"), Oct("off")], ("If-Match", "W/\"<revision of oct 1>\"")),
        TwinRequest.Get($"{Sets}('oct')", ("If-None-Match", "W/\"<revision of oct 1>\"")),
        TwinRequest.Get($"{Sets}('oct')", ("If-None-Match", "W/\"<revision of oct 2>\"")),
        Put("oct", [Oct("longer"), Oct("new")]),
        Put("oct", [Oct("longer"), Oct("same", TwinSets.Guess)], ("Prefer", "return=minimal")),
        Json("PATCH", "('oct')", """{"keys":[{"kid":"longer","kty":"oct"},{"kid":"same","kty":"OCT"}]}"""),
        Json("PUT", "('oct')/keys", """{"value":[{"kid":"longer","kty":"oct","k":null}]}"""),
        Json("POST", "('oct')/keys", """{"kid":"longer","kty":"oct","k":"AAAAAAAA"}"""),
        Json("POST", "('oct')/keys", """{"kid":"same","kty":"oct"}"""),
        Json("POST", "('oct')/keys", """{"kid":"more","kty":"oct","k":"AAAAAAAA"}"""),
        Json("POST", "('oct')/keys", """{"kid":"mixed","kty":"RSA","n":"AAAA","e":"AQAB"}"""),
        Json("POST", "", """{"id":"oct","keys":[{"kid":"longer","kty":"oct","k":"AAAAAAAA"}]}"""),
        Json("PUT", "('oct')", "{}", ("If-None-Match", "*")),
    ];

    private static IEnumerable<TwinRequest> OfRsa() =>
    [
        Put("rsa", [TwinSets.ReadHalf()]),
        Json("PATCH", "('rsa')/keys_v2('half')", """{"status":"disabled"}"""),
        Json("PATCH", "('rsa')/keys_v2('half')", """{"status":"enabled","d":"AAAA"}"""),
        Json("PATCH", "('rsa')/keys_v2('half')", """{"d":null,"p":null}"""),
        Json("PATCH", "('rsa')/keys_v2('half')", """{"status":"enabled"}""", ("If-Match", "*")),
        Put("rsa", [Changed("d", "AAAA")]),
        Put("rsa", [Changed("qi", TwinSets.Guess)]),
        Put("rsa", [Changed("n", "AAAA")]),
        Put("rsa", [Changed("use", "enc")]),
    ];

    private static IEnumerable<TwinRequest> OfOther() =>
    [
        Put("other", [Other("all"), Other("some"), Other("none")]),
        Put("other", [Other("none"), Other("some")]),
        Json("DELETE", "('other')/keys_v2('some')", null),
        Json("DELETE", "('other')/keys_v2('some')", null),
    ];

    private static IEnumerable<TwinRequest> Operations()
    {
        string certificate = Convert.ToBase64String(TwinSets.HalfCertificate.RawData);
        string pfx = Convert.ToBase64String(TwinSets.HalfCertificate.ExportPkcs12(
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1), "password"));
        return
        [
            Json("POST", "('oct')/uploadSecret", """{"use":"sig","k":"secret"}"""),
            Json("POST", "('oct')/generateKey", """{"use":"sig","kty":"oct"}"""),
            Json("POST", "('oct')/generateKey", """{"use":"sig","kty":"RSA"}"""),
            Json("POST", "('rsa')/uploadCertificate", $$"""{"key":"{{certificate}}"}"""),
            Json("POST", "('rsa')/uploadPkcs12", $$"""{"key":"{{pfx}}","password":"wrong"}"""),
            Json("POST", "('rsa')/uploadPkcs12", $$"""{"key":"{{pfx}}","password":"password"}"""),
            Json("POST", "('rsa')/generateKey", """{"use":"sig","kty":"RSA"}"""),
            TwinRequest.Get($"{Sets}('rsa')/keys_v2?$filter=n eq '<n 1 of rsa 1>'"),
        ];
    }

    private static IEnumerable<TwinRequest> Repeatable()
    {
        (string, string)[] headers =
        [
            ("Repeatability-Request-ID", "112a3a3e-f94c-4f56-b49b-5aab3d97e5b7"),
            ("Repeatability-First-Sent", DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture)),
        ];
        return
        [
            Put("enc", [Oct("enc"), Oct("guess", TwinSets.Guess)], headers),
            Put("enc", [Oct("enc"), Oct("guess", TwinSets.Guess)], headers),
            Put("enc", [Oct("enc"), Oct("guess", "zzzz")], headers),
        ];
    }

    private static IEnumerable<TwinRequest> InBatches()
    {
        string back = """{"keys":[{"kid":"enc","kty":"oct"}]}""";
        string unknown = """{"keys":[{"kid":"unknown","kty":"oct"}]}""";
        return
        [
            TwinBatches.Json(
                Batches.Request("1", "PUT", $"{Sets}('enc')", back, "g"),
                Batches.Request("2", "DELETE", "$1/keys_v2('guess')", null, "g")),
            TwinBatches.Json(
                Batches.Request("1", "PUT", $"{Sets}('enc')", back, "g"),
                Batches.Request("2", "PUT", $"{Sets}('off')", unknown, "g"),
                Batches.Request("3", "GET", $"{Sets}('enc')", null, null, "g")),
            TwinBatches.Json(
                Batches.Request("1", "PUT", $"{Sets}('enc')", back),
                Batches.Request("2", "GET", "$1", null, null, "1")),
            TwinBatches.Multipart(
                Batches.ChangeSet(Batches.Part("PUT", $"{Sets}('enc')", back, "1")),
                Batches.Part("GET", $"{Sets}('enc')")),
            TwinBatches.Multipart(Batches.ChangeSet(
                Batches.Part("PUT", $"{Sets}('enc')", back, "1"), Batches.Part("PUT", $"{Sets}('off')", unknown, "2"))),
        ];
    }

    private static IEnumerable<TwinRequest> Removals() =>
        [Json("DELETE", "('oct')/keys", null), Put("oct", [Oct("longer")]), Json("DELETE", "('rsa')", null)];

    private static TwinRequest Put(string set, JsonNode[] keys, params (string Name, string Value)[] headers) => Json(
        "PUT", $"('{set}')", new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString(), headers);

    private static TwinRequest Json(
        string method, string path, string? body, params (string Name, string Value)[] headers) =>
        new(method, $"{Sets}{path}", body, headers);

    private static JsonObject Oct(string kid, string? value = null) =>
        new() { ["kid"] = kid, ["kty"] = "oct", ["k"] = value };

    private static JsonObject Other(string kid) =>
        new() { ["kid"] = kid, ["kty"] = "EC", ["x5t"] = "AAAA", ["n"] = kid };

    private static JsonObject Changed(string member, string value)
    {
        JsonObject key = TwinSets.ReadHalf();
        key[member] = value;
        return key;
    }
}
