using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Repeatability;

/// <summary>
/// Carries repeatable requests out once. The sealed answer is kept in the transaction of what the request changes, so
/// that both are there, or none. A request that changes nothing, or is refused, is not kept: it can run again.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="answers">Seals answers.</param>
/// <param name="time">Tells how old a request is.</param>
public sealed class RepeatableRequests(Database database, SealedAnswers answers, TimeProvider time)
{
    /// <summary>Runs a request, or gives the answer that it has had before.</summary>
    /// <param name="request">The request.</param>
    /// <param name="contexts">The request, or those of a change set. The bodies of their responses are buffers.</param>
    /// <param name="prepare">Does what must not hold the transaction up.</param>
    /// <param name="run">Runs it within a transaction, and returns whether it has succeeded.</param>
    /// <returns>Whether it has succeeded, now or before.</returns>
    /// <exception cref="RefusalException">
    /// 400: the id was used for another request; 412: what was kept cannot be read; otherwise that of the request.
    /// </exception>
    public async Task<bool> RunAsync(
        RepeatableRequest request,
        IReadOnlyList<HttpContext> contexts,
        Func<Task> prepare,
        Func<GroupTransaction, Task<bool>> run)
    {
        if (await RepeatAsync(request, contexts, await database.FindAnswerAsync(request.Id)))
        {
            return true;
        }

        await prepare();
        bool isKept = false;
        try
        {
            await database.WriteAllOrNothingAsync(async transaction =>
                isKept = await transaction.WriteAsync(rows => rows.FindAnswerAsync(request.Id)) is null
                    && await run(transaction)
                    && await transaction.WriteAsync(rows => rows.KeepAnswerAsync(
                        request.Id,
                        answers.Seal(request.Id, RememberedAnswer.Of(request, contexts).ToJson()),
                        time.GetUtcNow())));
        }
        catch (RefusalException)
        {
            // It may have been refused because the same request was carried out meanwhile.
            if (!await RepeatAsync(request, contexts, await TryFindAnswerAsync(request.Id)))
            {
                throw;
            }

            return true;
        }

        return isKept || await RepeatAsync(request, contexts, await database.FindAnswerAsync(request.Id));
    }

    /// <returns>The answer; null if there is none, or if nobody can tell now.</returns>
    private async Task<byte[]?> TryFindAnswerAsync(Guid id)
    {
        try
        {
            return await database.FindAnswerAsync(id);
        }
        catch (RefusalException)
        {
            // The refusal of the request itself says more.
            return null;
        }
    }

    /// <summary>Gives the answer that a request has had before.</summary>
    /// <returns>Whether there is one.</returns>
    private async Task<bool> RepeatAsync(
        RepeatableRequest request, IReadOnlyList<HttpContext> contexts, byte[]? row)
    {
        if (row is null)
        {
            return false;
        }

        if (answers.Open(request.Id, row) is not { } json)
        {
            throw Rejected(contexts, Refusal.ForgottenRequest(RepeatabilityHeaders.RequestId));
        }

        RememberedAnswer answer = RememberedAnswer.Read(json);
        if (answer.Fingerprint != request.Fingerprint)
        {
            throw Rejected(contexts, Refusal.OtherRequest());
        }

        await answer.WriteAsync(contexts);
        return true;
    }

    private static RefusalException Rejected(IEnumerable<HttpContext> contexts, RefusalException refusal)
    {
        foreach (HttpContext context in contexts)
        {
            RepeatabilityHeaders.SetResult(context, isAccepted: false);
        }

        return refusal;
    }
}
