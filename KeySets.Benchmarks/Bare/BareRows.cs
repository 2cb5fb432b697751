using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace KeySets.Benchmarks.Bare;

/// <summary>Writes rows as JSON, straight from the memory of the database client.</summary>
internal static class BareRows
{
    private const int SetsOfPage = 100;
    private const int Id = 0;
    private const int Tag = 1;
    private const int Ordinal = 2;
    private const int Kid = 3;
    private const int Kty = 4;
    private const int Exp = 6;

    private static readonly JsonEncodedText TypeOfSet =
        JsonEncodedText.Encode("#microsoft.cpim.api.dataModels.trustFrameworkKeySet");

    private static readonly JsonEncodedText TypeOfKey =
        JsonEncodedText.Encode("microsoft.cpim.api.dataModels.trustFrameworkKey");

    // By column, in the order in which the service writes them.
    private static readonly (int Column, bool IsNumber, JsonEncodedText Name)[] Members =
    [
        (Kty, false, JsonEncodedText.Encode("kty")),
        (5, false, JsonEncodedText.Encode("use")),
        (Exp, true, JsonEncodedText.Encode("exp")),
        (7, true, JsonEncodedText.Encode("nbf")),
        (Kid, false, JsonEncodedText.Encode("kid")),
        (8, false, JsonEncodedText.Encode("e")),
        (9, false, JsonEncodedText.Encode("n")),
    ];

    // Those that verifiers get.
    private static readonly int[] Published = [0, 1, 4, 5, 6];

    /// <summary>The entity tag of the set in the row.</summary>
    public static string EntityTag(IBareRows row, int column = Tag) =>
        $"W/\"{Encoding.ASCII.GetString(row.Text(column))}\"";

    /// <summary>Writes the set of the row and of the rows after it.</summary>
    /// <returns>Whether there is a row of another set.</returns>
    public static bool WriteSet(Utf8JsonWriter json, IBareRows row)
    {
        Span<byte> tag = stackalloc byte[36];
        "W/\""u8.CopyTo(tag);
        row.Text(Tag).CopyTo(tag[3..]);
        tag[^1] = (byte)'"';
        json.WriteString("@odata.type"u8, TypeOfSet);
        json.WriteString("@odata.etag"u8, tag);
        Span<byte> id = stackalloc byte[row.Text(Id).Length];
        row.Text(Id).CopyTo(id);
        json.WriteString("id"u8, id);
        json.WriteStartArray("keys"u8);
        bool isMore;
        do
        {
            if (!row.IsNull(Ordinal))
            {
                json.WriteStartObject();
                WriteKey(json, row);
                json.WriteEndObject();
            }

            isMore = row.Step();
        }
        while (isMore && row.Text(Id).SequenceEqual(id));
        json.WriteEndArray();
        return isMore;
    }

    /// <summary>Writes the members of the key in the row.</summary>
    public static void WriteKey(Utf8JsonWriter json, IBareRows row)
    {
        json.WriteString("@odata.type"u8, TypeOfKey);
        json.WriteStartArray("x5c"u8);
        json.WriteEndArray();
        json.WriteNull("x5t"u8);
        for (int member = 0; member < Members.Length; member++)
        {
            WriteMember(json, row, member);
        }
    }

    /// <summary>Whether verifiers get the key in the row.</summary>
    public static bool IsPublished(IBareRows row, long now) =>
        row.Text(Kty).SequenceEqual("RSA"u8) && (row.IsNull(Exp) || row.Number(Exp) > now);

    /// <summary>Writes what verifiers get of the key in the row.</summary>
    public static void WritePublished(Utf8JsonWriter json, IBareRows row)
    {
        json.WriteStartObject();
        foreach (int member in Published)
        {
            WriteMember(json, row, member);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the sets of the rows, at most a page.</summary>
    /// <returns>What the link to the next page carries; null if there is none.</returns>
    public static string? WritePage(Utf8JsonWriter json, IBareRows rows)
    {
        string? last = null;
        bool isMore = rows.Step();
        for (int count = 0; isMore && count < SetsOfPage; count++)
        {
            last = count == SetsOfPage - 1 ? Encoding.UTF8.GetString(rows.Text(Id)) : null;
            json.WriteStartObject();
            isMore = WriteSet(json, rows);
            json.WriteEndObject();
        }

        return isMore ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"[\"{last}\"]")) : null;
    }

    private static void WriteMember(Utf8JsonWriter json, IBareRows row, int member)
    {
        (int column, bool isNumber, JsonEncodedText name) = Members[member];
        if (row.IsNull(column))
        {
            json.WriteNull(name);
        }
        else if (isNumber)
        {
            json.WriteNumber(name, row.Number(column));
        }
        else
        {
            json.WriteString(name, row.Text(column));
        }
    }
}
