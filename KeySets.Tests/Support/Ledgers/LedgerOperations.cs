using System.Diagnostics.CodeAnalysis;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>Makes up writes of the sets of one client, all of which the service must accept.</summary>
/// <param name="name">The name of the client, with which the kids of its keys begin.</param>
/// <param name="sets">Its sets.</param>
/// <param name="random">What it is made up from.</param>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class LedgerOperations(string name, IReadOnlyList<LedgerSet> sets, Random random)
{
    private const int MostKeys = 6;

    private int _keys;

    /// <summary>The next write; null while the outcome of a write of each set is unknown.</summary>
    public LedgerWrite? Next()
    {
        LedgerSet[] known = [.. sets.Where(set => set.Doubt is null)];
        random.Shuffle(known);
        int changes = random.Next(5) == 0 ? random.Next(2, 4) : 1;
        return known is [] ? null : new LedgerWrite(
            [.. known.Take(changes).Select(Change)], isRepeatable: random.Next(2) == 0);
    }

    /// <summary>A key that is new.</summary>
    public LedgerKey NewKey() => new($"{name}-{++_keys}");

    private LedgerChange Change(LedgerSet set)
    {
        if (set.State is not { } state)
        {
            return LedgerChange.Create(set, NewKeys());
        }

        LedgerKey? key = state.Keys.Count == 0 ? null : state.Keys[random.Next(state.Keys.Count)];
        string? ifMatch = random.Next(2) == 0 ? state.Tag : null;
        return random.Next(10) switch
        {
            0 => LedgerChange.Delete(set, ifMatch),
            1 or 2 when key is not null => LedgerChange.Remove(set, key, ifMatch),
            3 or 4 when key is { IsDisabled: false } => LedgerChange.Disable(set, key, ifMatch),
            < 8 when state.Keys.Count < MostKeys => LedgerChange.Append(set, NewKey(), ifMatch),
            _ => LedgerChange.Replace(
                set,
                [.. state.Keys.Where(_ => random.Next(2) == 0).Take(MostKeys / 2), .. NewKeys()],
                state.Tag ?? "*"),
        };
    }

    private List<LedgerKey> NewKeys() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => NewKey())];
}
