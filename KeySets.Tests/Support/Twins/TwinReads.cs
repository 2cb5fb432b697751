using System.Buffers.Text;
using System.Text;
using KeySets.Model;

namespace KeySets.Tests.Support.Twins;

/// <summary>Reads of everything that has an address, in every format and with every condition.</summary>
public static class TwinReads
{
    private const string Sets = HttpExtensions.KeySets;

    private static readonly string Tag = TwinSets.TagOf("oct");

    private static readonly string[] Properties =
        [.. typeof(TrustFrameworkKeyV2).GetProperties().Select(property => property.Name), "nothing"];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "application/json;odata.metadata=none"), ("Accept", "application/json;odata.metadata=full"),
        ("Accept", "application/json;IEEE754Compatible=true"), ("Accept", "text/plain"), ("Accept", "application/xml"),
        ("OData-MaxVersion", "4.01"), ("OData-Version", "3.0"), ("Prefer", "maxpagesize=1"),
        ("Prefer", "maxpagesize=0"),
        ("If-None-Match", Tag), ("If-None-Match", "*"), ("If-None-Match", "W/\"none\""), ("If-Match", Tag),
        ("If-Match", "W/\"none\""), ("If-Match", "no tag"), ("Isolation", "snapshot"), ("client-request-id", "mine"),
        ("Origin", "https://example.com"), ("Range", "bytes=0-9"),
    ];

    private static readonly string[] Forged =
    [
        "k", "AAAAAAAA", "[]", "[null]", "[\"oct\"]", "[\"AAAAAAAA\"]", "[\"AAAAAAAA\",\"oct\"]", "[true,\"oct\"]",
        "[1,\"oct\"]", "[\"k\",\"oct\"]", "{\"k\":\"A\"}", "[\"oct\",\"A\",\"z\"]", "[[\"k\"],\"oct\"]", "\"oct\"",
    ];

    /// <summary>URLs of everything that can be read.</summary>
    public static IReadOnlyList<string> Urls { get; } =
    [
        "/", "/$metadata", "/openapi/v1.json", "/health/live", "/trustFramework", "/trustFramework/id", Sets,
        "/keySets", $"{Sets}/$count", $"{Sets}?$top=2&$count=true", $"{Sets}?$expand=keys_v2", $"{Sets}?$select=*",
        "/trustFramework?$expand=keySets($expand=keys_v2)", "/trustFramework?$expand=keySets/$ref",
        .. from set in (string[])["oct", "off", "rsa", "other", "none"]
           from path in (string[])
           [
               "", "/id", "/id/$value", "/keys", "/keys/$count", "/keys_v2", "/keys_v2/$count", "/jwks", "/jwks()",
               "/getActiveKey", "/getActiveKey()", "/keys/0", "/$value", "?$expand=keys_v2", "?$select=keys/kid",
           ]
           select $"{Sets}('{set}'){path}",
        .. from key in TwinSets.Keys.Select(key => $"('{key.Set}')/keys_v2('{key.Kid}')")
               .Append("('oct')/getActiveKey()")
           from property in Properties.Select(name => $"/{char.ToLowerInvariant(name[0])}{name[1..]}").Append("")
           from end in (string[])["", "/$value", "/$count"]
           select $"{Sets}{key}{property}{end}",
    ];

    /// <summary>Every URL, by GET; the some also by HEAD, at the other root, and with headers.</summary>
    public static IEnumerable<TwinRequest> OfUrls() =>
    [
        .. Urls.Select(url => TwinRequest.Get(url)),
        .. Urls.Where((_, index) => index % 4 == 1).Select(url => new TwinRequest("HEAD", url)),
        .. Urls.Where((_, index) => index % 5 == 2).Select(url => TwinRequest.Get($"/beta{url}")),
        .. from url in (string[])
           [
               Sets, $"{Sets}('oct')", $"{Sets}('oct')/keys_v2('longer')", $"{Sets}('oct')/getActiveKey",
               $"{Sets}('rsa')/jwks", $"{Sets}?$filter=keys/any(x:x/k eq 'A')",
           ]
           from header in Headers
           select TwinRequest.Get(url, header),
    ];

    /// <summary>
    /// Pages behind each token that the service writes, tokens of one ordering in another, and tokens made up.
    /// </summary>
    public static IEnumerable<TwinRequest> OfTokens() =>
        from token in Forged
            .Concat(["[\"oct\"]", "[4,\"other\"]", "[false,\"oct\"]", "[\"oct\",\"oct\"]"])
            .Select(json => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json)))
            .Concat(["", "%00", "AAAA", "zzzz"])
        from options in (string[])
        [
            "", "$orderby=id desc&", "$orderby=keys/$count&", "$orderby=keys/any(x:x/kid ge 'p')&",
            "$orderby=length(id) desc,id&", "$orderby=keys/any(x:x/k ge 'A')&", "$filter=keys/any(x:x/d gt '')&",
            "$expand=keys_v2&",
        ]
        select TwinRequest.Get($"{Sets}?{options}$skiptoken={token}", ("Prefer", "maxpagesize=1"));
}
