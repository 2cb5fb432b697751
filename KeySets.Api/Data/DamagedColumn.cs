namespace KeySets.Api.Data;

/// <summary>A value in the database that cannot be read.</summary>
/// <param name="KeySetId">The id of its set.</param>
/// <param name="Kid">The kid of its key; null for a column of the set itself.</param>
/// <param name="Column">The name of the column.</param>
public sealed record DamagedColumn(string KeySetId, string? Kid, string Column)
{
    /// <summary>The set, the key and the column, for people.</summary>
    public override string ToString() => string.Join(' ', new[] { KeySetId, Kid, Column }.OfType<string>());
}
