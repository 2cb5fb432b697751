using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Reads a text of a JSON array in a column. One with escapes that are not Unicode, which SQLite takes for JSON, is read
/// as empty.
/// </summary>
public sealed class ReadableText : JsonValueReaderWriter<string>
{
    /// <summary>The one instance. EF Core finds it by its name.</summary>
    public static ReadableText Instance { get; } = new();

    /// <inheritdoc />
    public override Expression ConstructorExpression { get; } =
        Expression.Property(null, typeof(ReadableText), nameof(Instance));

    /// <inheritdoc />
    public override string FromJsonTyped(ref Utf8JsonReaderManager manager, object? existingObject = null)
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

    /// <inheritdoc />
    public override void ToJsonTyped(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);
}
