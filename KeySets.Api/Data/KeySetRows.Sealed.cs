using System.Data.Common;

namespace KeySets.Api.Data;

/// <content>What is sealed by the key ring.</content>
public partial class KeySetRows
{
    private const string AnySealed = """SELECT 1 FROM "Keys" WHERE "SealedMembers" IS NOT NULL LIMIT 1""";

    private const string CountSealed = """SELECT COUNT(*) FROM "Keys" WHERE "SealedMembers" IS NOT NULL""";

    private const string SealedAfter =
        """
        SELECT "KeySetId", "Ordinal", "Kid", "SealedMembers" FROM "Keys"
            WHERE "SealedMembers" IS NOT NULL AND ("KeySetId", "Ordinal") > (@p0, @p1)
            ORDER BY "KeySetId", "Ordinal" LIMIT @p2
        """;

    private const string SealedMembersOf =
        """SELECT "SealedMembers" FROM "Keys" WHERE "KeySetId" = @p0 AND "Kid" = @p1""";

    private const string Reseal =
        """
        UPDATE "Keys" SET "SealedMembers" = @p3 WHERE "KeySetId" = @p0 AND "Kid" = @p1 AND "SealedMembers" = @p2
        """;

    private const string AnswersAfter =
        """
        SELECT "KeySetId", "Id", "Answer" FROM "RepeatableRequests" WHERE ("KeySetId", "Id") > (@p0, @p1)
            ORDER BY "KeySetId", "Id" LIMIT @p2
        """;

    private const string ResealAnswer =
        """
        UPDATE "RepeatableRequests" SET "Answer" = @p3 WHERE "KeySetId" = @p0 AND "Id" = @p1 AND "Answer" = @p2
        """;

    /// <summary>Whether any key has sealed private members.</summary>
    public async ValueTask<bool> AnySealedAsync()
    {
        await using DbDataReader rows = await statements.ReadAsync(AnySealed);
        return await rows.ReadAsync();
    }

    /// <summary>Counts the keys with sealed private members.</summary>
    public async ValueTask<long> CountSealedAsync()
    {
        await using DbDataReader rows = await statements.ReadAsync(CountSealed);
        await rows.ReadAsync();
        return rows.GetInt64(0);
    }

    /// <summary>Reads keys with sealed private members, in the order of their sets and of their places there.</summary>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="most">The most keys of the page.</param>
    public async ValueTask<IReadOnlyList<SealedKey>> ReadSealedAsync(SealedKey? after, int most)
    {
        await using DbDataReader rows =
            await statements.ReadAsync(SealedAfter, after?.KeySetId ?? "", after?.Ordinal ?? -1, most);
        List<SealedKey> page = [];
        while (await rows.ReadAsync())
        {
            page.Add(new SealedKey(
                rows.GetString(0), rows.GetInt64(1), rows.GetString(2), await rows.GetFieldValueAsync<byte[]>(3)));
        }

        return page;
    }

    /// <summary>The sealed private members of a key; null if it has none.</summary>
    public Task<byte[]?> SealedMembersAsync(string keySetId, string kid) =>
        ReadOneAsync<byte[]?>(SealedMembersOf, keySetId, kid);

    /// <summary>Puts another seal in the place of the one that was read, unless it was changed meanwhile.</summary>
    public Task<int> ResealAsync(SealedKey key, byte[] sealedMembers) =>
        statements.ExecuteAsync(Reseal, key.KeySetId, key.Kid, key.SealedMembers, sealedMembers);

    /// <summary>Reads the sealed answers to repeatable requests, in the order of their sets and ids.</summary>
    /// <param name="after">The last answer of the page before; null for the first page.</param>
    /// <param name="most">The most answers of the page.</param>
    public async ValueTask<IReadOnlyList<SealedAnswer>> ReadAnswersAsync(SealedAnswer? after, int most)
    {
        await using DbDataReader rows =
            await statements.ReadAsync(AnswersAfter, after?.KeySetId ?? "", after?.Id ?? Guid.Empty, most);
        List<SealedAnswer> page = [];
        while (await rows.ReadAsync())
        {
            page.Add(new SealedAnswer(
                rows.GetString(0), rows.GetGuid(1), await rows.GetFieldValueAsync<byte[]>(2)));
        }

        return page;
    }

    /// <summary>Puts another seal in the place of the one that was read, unless the answer is gone.</summary>
    public Task<int> ResealAsync(SealedAnswer answer, byte[] sealedAnswer) =>
        statements.ExecuteAsync(ResealAnswer, answer.KeySetId, answer.Id, answer.Answer, sealedAnswer);
}
