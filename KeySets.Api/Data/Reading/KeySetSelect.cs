using System.Data.Common;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>
/// The statements that read sets with their keys, in the order of ids and ordinals, and their rows: one per key, and
/// one for a set without keys.
/// </summary>
/// <param name="revision">The column that a revision is read from.</param>
/// <param name="x5c">The column that certificates are read from.</param>
/// <param name="status">The column that a status is read from.</param>
public partial class KeySetSelect(string revision, string x5c, string status)
{
    /// <summary>
    /// A page ends early when its sets have this many characters: a hundred of the largest sets would be 100 MiB.
    /// </summary>
    public const long MostCharacters = 4 * 1024 * 1024;

    private readonly string _rows =
        $"""
        SELECT s."Id", s."{revision}", k."Kid", k."Kty", k."Use", k."Nbf", k."Exp", k."N", k."E", k."X5t", k."{x5c}",
            k."{status}" FROM "KeySets" AS s LEFT JOIN "Keys" AS k ON k."KeySetId" = s."Id"
        """;

    /// <summary>The column that a statement compares a revision with that was read.</summary>
    public virtual string CheckedRevision => revision;

    /// <summary>Gives the set <c>@p0</c> the revision <c>@p2</c>, if <c>@p1</c> is the one that it has.</summary>
    public string Revise => field ??=
        $"""UPDATE "KeySets" SET "Revision" = @p2 WHERE "Id" = @p0 AND "{CheckedRevision}" = @p1""";

    /// <summary>Deletes the set <c>@p0</c>, if <c>@p1</c> is the revision that it has.</summary>
    public string Delete => field ??= $"""DELETE FROM "KeySets" WHERE "Id" = @p0 AND "{CheckedRevision}" = @p1""";

    /// <summary>Reads the set with the id <c>@p0</c>.</summary>
    public string One => field ??= $"""{_rows} WHERE s."Id" = @p0 ORDER BY k."Ordinal" """;

    /// <summary>
    /// Reads the sets after the id <c>@p0</c>. Both tables are read in the order of their keys, so that whoever has
    /// enough stops reading, and nothing is sorted.
    /// </summary>
    public string After => field ??= $"""{_rows} WHERE s."Id" > @p0 ORDER BY s."Id", k."Ordinal" """;

    /// <summary>Reads rows until there are enough sets.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="most">The most sets.</param>
    public async ValueTask<KeySetPage> ReadAsync(DbDataReader rows, int most)
    {
        List<TrustFrameworkKeySet> sets = [];
        TrustFrameworkKeySet? last = null;
        long characters = 0;
        while (await rows.ReadAsync())
        {
            string id = Text(rows, 0)!;
            if (last?.Id != id)
            {
                if (sets.Count == most || characters > MostCharacters)
                {
                    return new KeySetPage(sets, last is null ? null : [last.Id]);
                }

                last = new TrustFrameworkKeySet { Id = id, Revision = Revision(rows, 1) };
                sets.Add(last);
            }

            if (Text(rows, 2) is { } kid)
            {
                TrustFrameworkKey key = ReadKey(rows, kid);
                characters += key.CountPublicCharacters();
                last!.Keys.Add(key);
            }
        }

        return new KeySetPage(sets, Last: null);
    }

    /// <summary>Reads the revision of a set.</summary>
    protected virtual Guid Revision(DbDataReader row, int column) => row.GetGuid(column);

    /// <summary>Reads a column of a row; null if it is null.</summary>
    protected virtual string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>Adds the texts in a column of a row to a list.</summary>
    protected virtual void ReadTexts(DbDataReader row, int column, IList<string> texts) =>
        StoredTexts.Read(Text(row, column)!, texts);

    private TrustFrameworkKey ReadKey(DbDataReader row, string kid)
    {
        TrustFrameworkKey key = new()
        {
            Kid = kid,
            Kty = Text(row, 3),
            Use = Text(row, 4),
            Nbf = Number(row, 5),
            Exp = Number(row, 6),
            N = Text(row, 7),
            E = Text(row, 8),
            X5t = Text(row, 9),
            Status = (TrustFrameworkKeyStatus)row.GetInt32(11),
        };
        ReadTexts(row, 10, key.X5c);
        return key;
    }

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
