using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Reads a JSON array of texts in a column. A text with escapes that are not Unicode, which SQLite takes for JSON, is
/// read as empty.
/// </summary>
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
            texts.Add(Read(ref manager));
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

    private static string Read(ref Utf8JsonReaderManager manager)
    {
        try
        {
            return manager.CurrentReader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
