using System.Security.Cryptography;
using System.Text.Json;
using KeySets.Api.Refusals;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// Seals anew what was sealed with other keys of the key ring than its current one, so that they can be taken away. It
/// can be ended at any point and run again: what has the current key already is left as it is. A service can go on
/// writing meanwhile.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="members">Seals private members.</param>
/// <param name="answers">Seals the answers to repeatable requests.</param>
/// <param name="checkpoints">Seals audit checkpoints.</param>
/// <param name="current">The current key of the ring.</param>
public sealed class Resealing(
    Database database,
    PrivateMembersProtector members,
    SealedAnswers answers,
    CheckpointSeals checkpoints,
    Guid current)
{
    private const int RowsOfPage = 200;

    private readonly List<DamagedKey> _damaged = [];

    /// <summary>How many keys have been sealed anew.</summary>
    public long Resealed { get; private set; }

    /// <summary>How many keys had the current key of the ring already.</summary>
    public long Same { get; private set; }

    /// <summary>The keys whose private members do not open. They are left as they are.</summary>
    public IReadOnlyList<DamagedKey> Damaged => _damaged;

    /// <summary>How many audit checkpoints have a seal that does not open. They are left as they are.</summary>
    public long DamagedCheckpoints { get; private set; }

    /// <summary>Seals everything anew.</summary>
    /// <param name="progress">Is told how many of how many keys are done.</param>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full, or the ring is lost.</exception>
    public async Task RunAsync(Action<long, long> progress)
    {
        await ResealKeysAsync(progress);
        await ResealAnswersAsync();
        await ResealCheckpointsAsync();
    }

    private async Task ResealKeysAsync(Action<long, long> progress)
    {
        long all = await database.ReadMomentAsync(async rows => await rows.CountSealedAsync());
        IReadOnlyList<SealedKey> page = [];
        do
        {
            page = await database.ReadSealedAsync(page.Count == 0 ? null : page[^1], RowsOfPage);
            (SealedKey Key, byte[] Anew)[] others =
            [
                .. page.Where(key => !IsCurrent(key.SealedMembers))
                    .Select(key => (key, Anew: SealAnew(key)))
                    .Where(pair => pair.Anew is not null)
                    .Select(pair => (pair.key, pair.Anew!)),
            ];
            await WriteAsync(others, (rows, pair) => rows.ResealAsync(pair.Key, pair.Anew));
            Resealed += others.Length;
            Same += page.Count(key => IsCurrent(key.SealedMembers));
            progress(Resealed + Same + _damaged.Count, all);
        }
        while (page.Count > 0);
    }

    private async Task ResealAnswersAsync()
    {
        IReadOnlyList<SealedAnswer> page = [];
        do
        {
            SealedAnswer? last = page.Count == 0 ? null : page[^1];
            page = await database.ReadMomentAsync(async rows => await rows.ReadAnswersAsync(last, RowsOfPage));
            // One that does not open tells its client so, and is forgotten in time.
            await WriteAsync(
                [.. page.Where(answer => !IsCurrent(answer.Answer))],
                async (rows, answer) =>
                {
                    if (answers.Open(answer.Id, answer.Answer) is { } opened)
                    {
                        await rows.ResealAsync(answer, answers.Seal(answer.Id, opened));
                    }
                });
        }
        while (page.Count > 0);
    }

    private async Task ResealCheckpointsAsync()
    {
        for (long number = 0;
            await database.ReadMomentAsync(rows => rows.FindCheckpointAfterAsync(number)) is { } checkpoint;
            number = checkpoint.Number)
        {
            if (IsCurrent(checkpoint.Seal))
            {
                continue;
            }

            // A seal that another hash has is none of this checkpoint: a new one would make it genuine.
            if (checkpoints.Open(checkpoint.Number, checkpoint.Seal) != checkpoint.Hash)
            {
                DamagedCheckpoints++;
                continue;
            }

            byte[] seal = checkpoints.Seal(checkpoint.Number, checkpoint.Hash);
            await WriteAsync(new[] { checkpoint }, (rows, one) => rows.SealCheckpointAsync(one, seal));
        }
    }

    private bool IsCurrent(byte[] sealedBytes) => KeyRing.KeyOf(sealedBytes) == current;

    private byte[]? SealAnew(SealedKey key)
    {
        try
        {
            return members.Seal(
                key.KeySetId, key.Kid, members.Unseal(key.KeySetId, key.Kid, key.SealedMembers));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            _damaged.Add(new DamagedKey(key.KeySetId, key.Kid));
            return null;
        }
    }

    private Task WriteAsync<T>(IReadOnlyCollection<T> all, Func<KeySetRows, T, Task> write) => all.Count == 0
        ? Task.CompletedTask
        : database.WriteAsync(async rows =>
        {
            foreach (T one in all)
            {
                await write(rows, one);
            }

            return true;
        });
}
