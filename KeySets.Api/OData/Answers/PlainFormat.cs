using System.Collections.Frozen;
using KeySets.Api.OData.Requests;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.OData;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// A format that <see cref="PlainAnswer"/> writes: JSON with metadata=minimal or metadata=none. ASP.NET Core OData
/// writes the other formats.
/// </summary>
/// <param name="HasMetadata">Whether annotations are written: metadata=minimal.</param>
/// <param name="Version">The version of the answer.</param>
public sealed record PlainFormat(bool HasMetadata, ODataVersion Version)
{
    private const string Minimal = "application/json; odata.metadata=minimal; odata.streaming=true";
    private const string None = "application/json; odata.metadata=none; odata.streaming=true";

    // The Accept headers that clients send, as ProtocolHeaders has translated them, and whether annotations are wanted.
    private static readonly FrozenDictionary<string, bool> Accepted = new Dictionary<string, bool>
    {
        [""] = true,
        ["*/*"] = true,
        ["application/json"] = true,
        ["application/json, text/plain, */*"] = true,
        ["application/json,text/plain,*/*"] = true,
        ["application/json, */*"] = true,
        ["application/json;odata.metadata=minimal"] = true,
        ["application/json; odata.metadata=minimal"] = true,
        ["application/json;odata.metadata=minimal;odata.streaming=true"] = true,
        [Minimal] = true,
        ["application/json;odata.metadata=none"] = false,
        ["application/json; odata.metadata=none"] = false,
        ["application/json;odata.metadata=none;odata.streaming=true"] = false,
        [None] = false,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly PlainFormat[] All =
    [
        new(HasMetadata: true, ODataVersion.V4), new(HasMetadata: true, ODataVersion.V401),
        new(HasMetadata: false, ODataVersion.V4), new(HasMetadata: false, ODataVersion.V401),
    ];

    /// <summary>The Content-Type of the answer, with the names of version 4.0.</summary>
    public string ContentType => HasMetadata ? Minimal : None;

    /// <summary>The format of the answer to a request; null if it is another one.</summary>
    public static PlainFormat? Of(HttpRequest request)
    {
        if (request.Headers.AcceptCharset.Count > 0
            || !Accepted.TryGetValue(request.Headers.Accept.ToString(), out bool hasMetadata)
            // An alias can stand for the id of the URL, which the context URL repeats.
            || (request.QueryString.HasValue
                && request.Query.Keys.Any(name => name is SystemQueryOptions.Format or ['@', ..])))
        {
            return null;
        }

        ODataVersion version = request.GetODataVersion();
        return All.FirstOrDefault(format => format.HasMetadata == hasMetadata && format.Version == version);
    }
}
