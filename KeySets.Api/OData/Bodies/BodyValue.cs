using System.Globalization;
using System.Text.Json;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Bodies;

/// <summary>A value of a request body, and its path, which a refusal can name.</summary>
/// <param name="Json">The value.</param>
/// <param name="Parent">The OData path of its container, such as <c>keys/0</c>; empty for the body itself.</param>
/// <param name="Name">Its own name; empty for the body itself.</param>
/// <param name="NumbersAsText">Whether 64-bit numbers may stand as text (IEEE754Compatible=true).</param>
public readonly record struct BodyValue(JsonElement Json, string Parent, string Name, bool NumbersAsText)
{
    /// <summary>Whether the value is null.</summary>
    public bool IsNull => Json.ValueKind == JsonValueKind.Null;

    /// <summary>The OData path of the value, such as <c>keys/0/exp</c>.</summary>
    public string Path => Parent.Length == 0 ? Name : $"{Parent}/{Name}";

    /// <summary>
    /// The properties of an object, without its annotations. Its type, in <c>@odata.type</c> or <c>@type</c>, with or
    /// without <c>#</c> or the URL of the metadata, must be the expected one (OData JSON section 4.5.3).
    /// </summary>
    /// <exception cref="RefusalException">
    /// 400: not an object, or of another type; 501: a delta, a removal or a binding.
    /// </exception>
    public IEnumerable<BodyValue> Properties(string type)
    {
        foreach (BodyValue value in Members(type))
        {
            if (!value.Name.Contains('@', StringComparison.Ordinal))
            {
                yield return value;
            }
            else if (value is { Name: "@odata.type" or "@type", IsNull: false } && !value.IsTypeName(type))
            {
                throw Refusal.WrongEntityType(value.Path, type);
            }
            else if (value.IsChange)
            {
                throw Refusal.UnsupportedControlInformation(value.Path);
            }
        }
    }

    /// <summary>
    /// The members of an object without a type, such as the parameters of an action. Skips annotations.
    /// </summary>
    /// <param name="name">The expected type, for the refusal.</param>
    /// <exception cref="RefusalException">400: not an object.</exception>
    public IEnumerable<BodyValue> Parameters(string name) =>
        Members(name).Where(value => !value.Name.Contains('@', StringComparison.Ordinal));

    /// <summary>The elements of an array.</summary>
    /// <exception cref="RefusalException">400: not an array.</exception>
    public IEnumerable<BodyValue> Elements(string elementType)
    {
        Require(JsonValueKind.Array, $"Collection({elementType})");
        string path = Path;
        foreach ((int index, JsonElement element) in Json.EnumerateArray().Index())
        {
            yield return this with
            {
                Json = element,
                Parent = path,
                Name = index.ToString(CultureInfo.InvariantCulture),
            };
        }
    }

    /// <summary>A text, not null.</summary>
    /// <exception cref="RefusalException">400: not a text, or with U+0000, which databases do not keep.</exception>
    public string Text()
    {
        Require(JsonValueKind.String, "Edm.String");
        string text = JsonText.Read(Json);
        return text.Contains('\0', StringComparison.Ordinal) ? throw Refusal.UnreadableText(Path) : text;
    }

    /// <summary>A text or null.</summary>
    /// <exception cref="RefusalException">400: anything else.</exception>
    public string? OptionalText() => IsNull ? null : Text();

    /// <summary>Checks that the value is true, false or null.</summary>
    /// <exception cref="RefusalException">400: anything else.</exception>
    public void OptionalFlag()
    {
        if (Json.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
        {
            throw Refusal.WrongJsonType(Path, "Edm.Boolean");
        }
    }

    /// <summary>A 64-bit number or null.</summary>
    /// <exception cref="RefusalException">400: anything else.</exception>
    public long? OptionalNumber() => Json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when Json.TryGetInt64(out long number) => number,
        JsonValueKind.String when NumbersAsText && long.TryParse(
            JsonText.Read(Json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) =>
            number,
        _ => throw Refusal.WrongJsonType(Path, "Edm.Int64"),
    };

    /// <summary>The members of an object.</summary>
    /// <param name="type">The expected type, for the refusal.</param>
    /// <exception cref="RefusalException">400: not an object.</exception>
    private IEnumerable<BodyValue> Members(string type)
    {
        Require(JsonValueKind.Object, type);
        string path = Path;
        foreach (JsonProperty property in Json.EnumerateObject())
        {
            yield return this with { Json = property.Value, Parent = path, Name = JsonText.ReadName(property) };
        }
    }

    /// <remarks>
    /// A type is a URL whose fragment is its name (OData JSON section 4.5.3). Clients may leave out all but the name.
    /// </remarks>
    private bool IsTypeName(string type)
    {
        if (Json.ValueKind != JsonValueKind.String || JsonText.Read(Json).Split('#', 2) is not [.. var url, var name])
        {
            return false;
        }

        return name == type && (url is [] or [""]
            || (Uri.TryCreate(url[0], UriKind.Absolute, out Uri? metadata)
                && metadata.AbsolutePath.EndsWith("/$metadata", StringComparison.Ordinal)));
    }

    /// <remarks>
    /// These annotations ask for an action (OData JSON sections 4.5, 8.5 and 15). Others describe a value and can be
    /// ignored.
    /// </remarks>
    private bool IsChange =>
        Name.Split('@')[^1].Replace("odata.", "", StringComparison.Ordinal) is "delta" or "removed" or "bind";

    private void Require(JsonValueKind kind, string type)
    {
        if (Json.ValueKind != kind)
        {
            throw Refusal.WrongJsonType(Path, type);
        }
    }
}
