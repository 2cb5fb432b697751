using System.Text;
using System.Text.Json;

namespace KeySets.Api.Data.Reading;

/// <summary>
/// A JSON array of texts in a column. A text with escapes that are not Unicode, which a database takes for JSON, is
/// read as empty.
/// </summary>
public static class StoredTexts
{
    /// <summary>Adds the texts of an array to a list.</summary>
    public static void Read(string json, IList<string> texts)
    {
        if (json is "[]")
        {
            return;
        }

        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                texts.Add(Read(ref reader));
            }
        }
    }

    /// <summary>The text that a reader is at.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
