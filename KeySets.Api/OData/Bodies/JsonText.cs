using System.Text.Json;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Bodies;

/// <summary>
/// The strings and names of a JSON document. System.Text.Json decodes them only when they are read, and throws
/// <see cref="InvalidOperationException"/> at bytes and escapes that are not Unicode.
/// </summary>
public static class JsonText
{
    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="RefusalException">400: it is not Unicode.</exception>
    public static string Read(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refusal.UnreadableText();
        }
    }

    /// <summary>The name of a member.</summary>
    /// <exception cref="RefusalException">400: it is not Unicode.</exception>
    public static string ReadName(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw Refusal.UnreadableText();
        }
    }

    /// <summary>Whether every string and every name of a document is Unicode.</summary>
    public static bool IsUnicode(JsonElement root)
    {
        try
        {
            Decode(root);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Decode(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                json.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement element in json.EnumerateArray())
                {
                    Decode(element);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in json.EnumerateObject())
                {
                    _ = member.Name;
                    Decode(member.Value);
                }

                break;
            default:
                break;
        }
    }
}
