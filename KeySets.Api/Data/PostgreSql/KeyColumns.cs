using KeySets.Model;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>The keys of any number of sets for one statement, as one array a column.</summary>
public static class KeyColumns
{
    /// <summary>How many columns there are.</summary>
    public const int Count = 13;

    /// <summary>Begins the insert of the keys that a query gives.</summary>
    public const string Insert =
        """
        INSERT INTO "Keys" ("KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "N", "E", "X5t", "X5c", "Status",
            "SealedMembers")
        """;

    // No array can hold arrays of different lengths, so the certificates of a key come as a text.
    /// <summary>Selects the keys, which are the first parameters of the statement.</summary>
    public const string Select =
        """
        SELECT k."KeySetId", k."Ordinal", k."Kid", k."Kty", k."Use", k."Nbf", k."Exp", k."N", k."E", k."X5t",
            k."X5c"::text[], k."Status", k."SealedMembers"
        FROM unnest(@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
            AS k("KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "N", "E", "X5t", "X5c", "Status",
                "SealedMembers")
        """;

    /// <summary>The values of the columns.</summary>
    public static object?[] Of(params IReadOnlyCollection<StoredSet> sets)
    {
        int count = sets.Sum(stored => stored.Set.Keys.Count);
        (string[] ids, int[] ordinals, string?[] kids, string?[] ktys, string?[] uses) =
            (new string[count], new int[count], new string[count], new string[count], new string[count]);
        (long?[] nbfs, long?[] exps, string?[] ns, string?[] es) =
            (new long?[count], new long?[count], new string[count], new string[count]);
        (string?[] x5ts, string[] x5cs, int[] statuses, byte[]?[] sealedMembers) =
            (new string[count], new string[count], new int[count], new byte[count][]);
        int row = 0;
        foreach (StoredSet stored in sets)
        {
            foreach ((int index, TrustFrameworkKey key) in stored.Set.Keys.Index())
            {
                (ids[row], ordinals[row], kids[row], ktys[row], uses[row]) =
                    (stored.Set.Id, stored.Ordinals[index], key.Kid, key.Kty, key.Use);
                (nbfs[row], exps[row], ns[row], es[row]) = (key.Nbf, key.Exp, key.N, key.E);
                (x5ts[row], x5cs[row], statuses[row], sealedMembers[row]) =
                    (key.X5t, ArrayOf(key.X5c), (int)key.Status, stored.SealedMembers[index]);
                row++;
            }
        }

        return [ids, ordinals, kids, ktys, uses, nbfs, exps, ns, es, x5ts, x5cs, statuses, sealedMembers];
    }

    /// <summary>
    /// Texts in the syntax of arrays (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-INPUT).
    /// </summary>
    public static string ArrayOf(IList<string> texts)
    {
        return $"{{{string.Join(',', texts.Select(Quoted))}}}";

        static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
    }
}
