using System.Text.Json;
using Microsoft.OData;

namespace KeySets.Api.OData.Answers;

/// <summary>The names of annotations, which differ by version (OData JSON section 4.5).</summary>
/// <param name="Context">The context URL.</param>
/// <param name="Type">The type of an object.</param>
/// <param name="ETag">The entity tag of an entity.</param>
/// <param name="Count">The number of all elements of a collection.</param>
/// <param name="NextLink">The URL of the next page.</param>
internal sealed record PlainAnnotations(
    JsonEncodedText Context,
    JsonEncodedText Type,
    JsonEncodedText ETag,
    JsonEncodedText Count,
    JsonEncodedText NextLink)
{
    private static readonly PlainAnnotations V4 = WithPrefix("@odata.");
    private static readonly PlainAnnotations V401 = WithPrefix("@");

    /// <summary>The names in a version.</summary>
    public static PlainAnnotations Of(ODataVersion version) => version < ODataVersion.V401 ? V4 : V401;

    private static PlainAnnotations WithPrefix(string prefix)
    {
        return new(Name("context"), Name("type"), Name("etag"), Name("count"), Name("nextLink"));

        JsonEncodedText Name(string name) => JsonEncodedText.Encode(prefix + name);
    }
}
