namespace KeySets.Benchmarks.Bare;

/// <summary>The rows of a query, one after the other.</summary>
internal interface IBareRows
{
    /// <summary>Goes to the next row, at first to the first one.</summary>
    /// <returns>Whether there is one.</returns>
    bool Step();

    /// <summary>A text of the row, in UTF-8, counted from 0. It is valid until the next step.</summary>
    ReadOnlySpan<byte> Text(int column);

    /// <summary>A number of the row, counted from 0.</summary>
    long Number(int column);

    /// <summary>Whether a value of the row is null, counted from 0.</summary>
    bool IsNull(int column);
}
