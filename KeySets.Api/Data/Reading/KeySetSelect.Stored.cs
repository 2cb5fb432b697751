using System.Data.Common;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <content>Sets as they are stored, with what no other read shows.</content>
public partial class KeySetSelect
{
    private const int OrdinalColumn = 12;
    private const int SealedColumn = 13;

    /// <summary>Reads the sets after the id <c>@p0</c> as they are stored.</summary>
    public string StoredAfter => field ??= After.Replace(
        " FROM ",
        """
        , k."Ordinal", k."SealedMembers" FROM 
        """,
        StringComparison.Ordinal);

    /// <summary>Reads the revisions of the sets after the id <c>@p0</c>, up to the id <c>@p1</c>.</summary>
    public string Revisions => field ??=
        $"""SELECT "Id", "{CheckedRevision}" FROM "KeySets" WHERE "Id" > @p0 AND "Id" <= @p1""";

    /// <summary>Reads the revision of the set <c>@p0</c>.</summary>
    public string RevisionOf => field ??= $"""SELECT "{CheckedRevision}" FROM "KeySets" WHERE "Id" = @p0""";

    /// <summary>Reads rows of sets as they are stored until there are enough.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="most">The most sets. Large sets end the page earlier.</param>
    public async Task<IReadOnlyList<StoredSet>> ReadStoredAsync(DbDataReader rows, int most)
    {
        List<StoredSet> page = [];
        long size = 0;
        while (await rows.ReadAsync())
        {
            string id = Text(rows, 0)!;
            if (page.Count == 0 || page[^1].Set.Id != id)
            {
                if (page.Count == most || size > MostCharacters)
                {
                    return page;
                }

                page.Add(new StoredSet(new TrustFrameworkKeySet { Id = id, Revision = Revision(rows, 1) }, [], []));
            }

            if (Text(rows, 2) is { } kid)
            {
                size += Add(page[^1], rows, kid);
            }
        }

        return page;
    }

    /// <returns>The size of the key.</returns>
    private long Add(StoredSet stored, DbDataReader row, string kid)
    {
        TrustFrameworkKey key = ReadKey(row, kid);
        byte[]? sealedMembers = row.IsDBNull(SealedColumn) ? null : row.GetFieldValue<byte[]>(SealedColumn);
        stored.Set.Keys.Add(key);
        stored.Ordinals.Add(row.GetInt32(OrdinalColumn));
        stored.SealedMembers.Add(sealedMembers);
        return key.CountPublicCharacters() + (sealedMembers?.Length ?? 0);
    }
}
