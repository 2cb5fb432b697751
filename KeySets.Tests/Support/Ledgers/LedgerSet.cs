namespace KeySets.Tests.Support.Ledgers;

/// <summary>What a set looks like.</summary>
/// <param name="Keys">Its keys, in order.</param>
/// <param name="Tag">Its ETag; null if no answer has told it.</param>
public sealed record SetState(IReadOnlyList<LedgerKey> Keys, string? Tag = null)
{
    /// <summary>Whether a set is in the state that it must be in; null stands for a set that is not there.</summary>
    public static bool Holds(SetState? expected, SetState? read) => expected is null || read is null
        ? expected is null && read is null
        : expected.Keys.SequenceEqual(read.Keys) && (expected.Tag is null || expected.Tag == read.Tag);

    /// <summary>A state, for people.</summary>
    public static string TextOf(SetState? state) =>
        state is null ? "not there" : $"[{string.Join(' ', state.Keys)}] {state.Tag ?? "any tag"}";
}

/// <summary>A set that only one client writes, so that its state is known.</summary>
/// <param name="id">Its id.</param>
public class LedgerSet(string id)
{
    private const int LinesOfHistory = 40;

    private readonly Queue<string> _history = new();

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Its URL, relative to the root of the service.</summary>
    public string Path { get; } = $"trustFramework/keySets('{id}')";

    /// <summary>Its state by all that was acknowledged; null if it is not there.</summary>
    public SetState? State { get; set; }

    /// <summary>
    /// The write whose outcome nobody has told; null for none. Meanwhile the client leaves the set alone.
    /// </summary>
    public LedgerWrite? Doubt { get; set; }

    /// <summary>What has happened to it, oldest first.</summary>
    public string History => string.Join('\n', _history);

    /// <summary>Adds a line to its history.</summary>
    public void Note(string line)
    {
        _history.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
        if (_history.Count > LinesOfHistory)
        {
            _history.Dequeue();
        }
    }
}
