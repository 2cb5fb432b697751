using System.Text.Json;
using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Requests;
using KeySets.Model;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// The JSON of sets and keys (OData JSON sections 4 to 7), in the order of the documentation of the API.
/// </summary>
/// <param name="json">Where it is written.</param>
/// <param name="format">The format.</param>
/// <param name="request">What it answers.</param>
internal readonly struct PlainJson(Utf8JsonWriter json, PlainFormat format, HttpRequest request)
{
    private const string SetType = $"#{KeySetsEdmModel.KeySetType}";

    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Keys = JsonEncodedText.Encode("keys");
    private static readonly JsonEncodedText K = JsonEncodedText.Encode("k");
    private static readonly JsonEncodedText X5c = JsonEncodedText.Encode("x5c");
    private static readonly JsonEncodedText X5t = JsonEncodedText.Encode("x5t");
    private static readonly JsonEncodedText Kty = JsonEncodedText.Encode("kty");
    private static readonly JsonEncodedText Use = JsonEncodedText.Encode("use");
    private static readonly JsonEncodedText Exp = JsonEncodedText.Encode("exp");
    private static readonly JsonEncodedText Nbf = JsonEncodedText.Encode("nbf");
    private static readonly JsonEncodedText Kid = JsonEncodedText.Encode("kid");
    private static readonly JsonEncodedText E = JsonEncodedText.Encode("e");
    private static readonly JsonEncodedText N = JsonEncodedText.Encode("n");
    private static readonly JsonEncodedText D = JsonEncodedText.Encode("d");
    private static readonly JsonEncodedText P = JsonEncodedText.Encode("p");
    private static readonly JsonEncodedText Q = JsonEncodedText.Encode("q");
    private static readonly JsonEncodedText Dp = JsonEncodedText.Encode("dp");
    private static readonly JsonEncodedText Dq = JsonEncodedText.Encode("dq");
    private static readonly JsonEncodedText Qi = JsonEncodedText.Encode("qi");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");

    private readonly PlainAnnotations _names = PlainAnnotations.Of(format.Version);

    /// <summary>Writes a set.</summary>
    public void Write(TrustFrameworkKeySet set)
    {
        json.WriteStartObject();
        WriteContext(ContextUrl.OfSet);
        WriteMembers(set);
        json.WriteEndObject();
    }

    /// <summary>Writes a key.</summary>
    public void Write(TrustFrameworkKey key)
    {
        json.WriteStartObject();
        WriteContext(ContextUrl.OfKey);
        WriteMembers(key);
        json.WriteEndObject();
    }

    /// <summary>Writes a page of sets.</summary>
    public void Write(PagedCollection<TrustFrameworkKeySet> sets)
    {
        WriteStart(ContextUrl.OfSets, sets);
        foreach (TrustFrameworkKeySet set in sets)
        {
            json.WriteStartObject();
            WriteMembers(set);
            json.WriteEndObject();
        }

        WriteEnd(sets);
    }

    /// <summary>Writes the keys of a set.</summary>
    public void Write(PagedCollection<TrustFrameworkKey> keys)
    {
        WriteStart(ContextUrl.OfKeys, keys);
        WriteKeys(keys);
        WriteEnd(keys);
    }

    private void WriteStart<T>(Func<HttpRequest, string> contextUrl, PagedCollection<T> page)
    {
        json.WriteStartObject();
        WriteContext(contextUrl);
        if (page.TotalCount is { } count)
        {
            json.WriteNumber(_names.Count, count);
        }

        json.WriteStartArray(Value);
    }

    private void WriteEnd<T>(PagedCollection<T> page)
    {
        json.WriteEndArray();
        if (page.NextLink is { } next)
        {
            json.WriteString(_names.NextLink, next.AbsoluteUri);
        }

        json.WriteEndObject();
    }

    private void WriteContext(Func<HttpRequest, string> url)
    {
        if (format.HasMetadata)
        {
            json.WriteString(_names.Context, url(request));
        }
    }

    private void WriteMembers(TrustFrameworkKeySet set)
    {
        if (format.HasMetadata)
        {
            json.WriteString(_names.Type, SetType);
            Span<char> tag = stackalloc char[EntityTag.Length];
            EntityTag.Write(set, tag);
            json.WriteString(_names.ETag, tag);
        }

        json.WriteString(Id, set.Id);
        json.WriteStartArray(Keys);
        WriteKeys(set.Keys);
        json.WriteEndArray();
    }

    private void WriteKeys(IList<TrustFrameworkKey> keys)
    {
        foreach (TrustFrameworkKey key in keys)
        {
            json.WriteStartObject();
            WriteMembers(key);
            json.WriteEndObject();
        }
    }

    private void WriteMembers(TrustFrameworkKey key)
    {
        if (format.HasMetadata)
        {
            json.WriteString(_names.Type, KeySetsEdmModel.KeyType);
        }

        WritePrivate(K, key.K);
        json.WriteStartArray(X5c);
        foreach (string certificate in key.X5c)
        {
            json.WriteStringValue(certificate);
        }

        json.WriteEndArray();
        json.WriteString(X5t, key.X5t);
        json.WriteString(Kty, key.Kty);
        json.WriteString(Use, key.Use);
        Write(Exp, key.Exp);
        Write(Nbf, key.Nbf);
        json.WriteString(Kid, key.Kid);
        json.WriteString(E, key.E);
        json.WriteString(N, key.N);
        WritePrivate(D, key.D);
        WritePrivate(P, key.P);
        WritePrivate(Q, key.Q);
        WritePrivate(Dp, key.Dp);
        WritePrivate(Dq, key.Dq);
        WritePrivate(Qi, key.Qi);
    }

    private void Write(JsonEncodedText name, long? number)
    {
        if (number is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, number.Value);
        }
    }

    /// <remarks>A private member that a key does not have is omitted, not null.</remarks>
    private void WritePrivate(JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
