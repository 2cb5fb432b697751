using Npgsql;

namespace KeySets.Benchmarks.Bare.PostgreSql;

/// <summary>The rows that a reader of Npgsql gives.</summary>
internal sealed class NpgsqlRows(NpgsqlDataReader reader) : IBareRows
{
    /// <inheritdoc />
    public bool Step() => reader.Read();

    /// <inheritdoc />
    public ReadOnlySpan<byte> Text(int column) => reader.GetFieldValue<byte[]>(column);

    /// <inheritdoc />
    public long Number(int column) => reader.GetInt64(column);

    /// <inheritdoc />
    public bool IsNull(int column) => reader.IsDBNull(column);
}
