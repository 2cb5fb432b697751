using System.Linq.Expressions;
using System.Text.Json;
using KeySets.Api.Data.Reading;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace KeySets.Api.Data.Sqlite;

/// <summary>Reads a JSON array of texts in a column for EF Core, as <see cref="StoredTexts"/> does.</summary>
public sealed class ReadableTexts : JsonValueReaderWriter<IList<string>>
{
    /// <summary>The one instance. EF Core finds it by its name.</summary>
    public static ReadableTexts Instance { get; } = new();

    /// <inheritdoc />
    public override Expression ConstructorExpression { get; } =
        Expression.Property(null, typeof(ReadableTexts), nameof(Instance));

    /// <inheritdoc />
    public override IList<string> FromJsonTyped(ref Utf8JsonReaderManager manager, object? existingObject = null)
    {
        List<string> texts = [];
        while (manager.MoveNext() != JsonTokenType.EndArray)
        {
            texts.Add(StoredTexts.Read(ref manager.CurrentReader));
        }

        return texts;
    }

    /// <inheritdoc />
    public override void ToJsonTyped(Utf8JsonWriter writer, IList<string> value)
    {
        writer.WriteStartArray();
        foreach (string text in value)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
