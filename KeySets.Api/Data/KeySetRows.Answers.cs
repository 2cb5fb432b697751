using System.Data.Common;

namespace KeySets.Api.Data;

/// <content>The answers to repeatable requests.</content>
public partial class KeySetRows
{
    private const string FindAnswer = """SELECT "Answer" FROM "RepeatableRequests" WHERE "Id" = @p0""";

    private const string InsertAnswer =
        """
        INSERT INTO "RepeatableRequests" ("KeySetId", "Id", "At", "Answer") VALUES (@p0, @p1, @p2, @p3)
            ON CONFLICT ("KeySetId", "Id") DO NOTHING
        """;

    private const string DeleteAnswers = """DELETE FROM "RepeatableRequests" WHERE "At" < @p0""";

    /// <summary>The sealed answer to a repeatable request; null if it is not known.</summary>
    public async Task<byte[]?> FindAnswerAsync(Guid id)
    {
        await using DbDataReader rows = await statements.ReadAsync(FindAnswer, id);
        return await rows.ReadAsync() ? await rows.GetFieldValueAsync<byte[]>(0) : null;
    }

    /// <summary>Keeps the sealed answer to a repeatable request beside what it has changed.</summary>
    /// <returns>Whether it is kept, or nothing was changed. If not, the same request has been kept meanwhile.</returns>
    public async Task<bool> KeepAnswerAsync(Guid id, byte[] answer, DateTimeOffset at) =>
        ChangedSet is null
        || await statements.ExecuteAsync(InsertAnswer, ChangedSet, id, at.ToUnixTimeSeconds(), answer) == 1;

    /// <summary>Forgets the answers that are older than a time.</summary>
    public virtual Task ForgetAsync(DateTimeOffset before) =>
        statements.ExecuteAsync(DeleteAnswers, before.ToUnixTimeSeconds());
}
