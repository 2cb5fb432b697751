using System.Net;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>
/// A set that all clients write, each only if the set is still what it has just read. Its first key names the last
/// write, and the others those before it: so each state tells which writes it is made of.
/// </summary>
/// <param name="id">Its id.</param>
public sealed class HotSet(string id) : LedgerSet(id)
{
    private const int OlderKeys = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HotWrite> _writes = new(StringComparer.Ordinal);

    /// <summary>Reads the set and puts a key before its keys.</summary>
    public async Task<LedgerAnswer> WriteAsync(HttpClient client, LedgerKey key)
    {
        SetState read;
        try
        {
            read = await LedgerReader.ReadAsync(client, this)
                ?? throw new HttpRequestException("It is not there.", inner: null, HttpStatusCode.NotFound);
        }
        catch (HttpRequestException exception)
        {
            return LedgerAnswer.OfRead(exception);
        }

        LedgerChange change = LedgerChange.Replace(this, [key, .. read.Keys.Take(OlderKeys)], read.Tag!);
        LedgerAnswer answer = await new LedgerWrite([change]).SendAsync(client);
        lock (_lock)
        {
            _writes.Add(key.Kid, new HotWrite(read, change.After!, answer));
            Note($"{change}: {answer.Outcome} {answer.Text}");
        }

        return answer;
    }

    /// <summary>Checks that a state is made of every acknowledged write since the last check, each once.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? Check(SetState? read)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        SetState? state = read;
        while (!SetState.Holds(State, state))
        {
            if (state is not { Keys: [{ Kid: var kid }, ..] }
                || !_writes.TryGetValue(kid, out HotWrite? write)
                || write.Answer.Outcome is WriteOutcome.Refused
                || !found.Add(kid)
                || !SetState.Holds(write.After, state))
            {
                return $"{SetState.TextOf(state)}, which {SetState.TextOf(read)} is made of, was never written.";
            }

            state = write.Read;
        }

        string[] lost =
        [
            .. _writes.Where(write => write.Value.Answer.Outcome is WriteOutcome.Acknowledged)
                .Select(write => write.Key)
                .Except(found),
        ];
        State = read;
        _writes.Clear();
        return lost is [] ? null : $"{SetState.TextOf(read)} lacks {string.Join(' ', lost)}.";
    }

    private sealed record HotWrite(SetState Read, SetState Written, LedgerAnswer Answer)
    {
        public SetState After => Written with { Tag = Answer.Tags is [{ } tag] ? tag : null };
    }
}
