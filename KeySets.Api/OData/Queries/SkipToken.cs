using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeySets.Api.Data.Reading;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// A $skiptoken: the values that order the last element of a page, as a JSON array in base64url. The last of them is
/// never null: it tells any two elements apart.
/// </summary>
public static class SkipToken
{
    // Base64url encodes every character: JSON escapes would only make long links longer.
    private static readonly JsonSerializerOptions Short =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a token.</summary>
    public static string Write(IReadOnlyList<object?> values) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(values, Short));

    /// <summary>Reads a token.</summary>
    /// <exception cref="RefusalException">400: the token was not written for these orderings.</exception>
    public static IReadOnlyList<object?>? Read<T>(string? token, IReadOnlyList<Ordering<T>> orderings)
    {
        if (token is null)
        {
            return null;
        }

        Type[] types = [.. orderings.Select(SeekPagination.TypeOf)];
        JsonElement[]? values = Decode(token);
        return values?.Length == types.Length && values[^1].ValueKind != JsonValueKind.Null
            ? [.. values.Zip(types, Value)]
            : throw Refusal.BadSkipToken();
    }

    private static JsonElement[]? Decode(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement[]>(Base64Url.DecodeFromChars(token));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw Refusal.BadSkipToken();
        }
    }

    private static object? Value(JsonElement json, Type type)
    {
        try
        {
            return json.Deserialize(type);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refusal.BadSkipToken();
        }
    }
}
