using System.Diagnostics.CodeAnalysis;
using KeySets.Model;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>
/// What clients were told, kept outside of the service. Each client has sets of its own, whose states are known, and
/// shares some with all others.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class Ledger
{
    private const int Writers = 16;
    private const int SetsOfEach = 6;
    private const int SharedSets = 3;
    private const int MostLooks = 6000;

    private readonly List<LedgerSet> _sets = [];
    private readonly List<LedgerWriter> _writers = [];
    private readonly Random _random;
    private readonly int _seed;
    private int _checks;
    private int _doubts;
    private int _stored;
    private int _opened;
    private int _repeated;

    /// <summary>A ledger without entries.</summary>
    /// <param name="seed">What its writes are made up from.</param>
    public Ledger(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        HotSets = [.. Enumerable.Range(0, SharedSets).Select(number => new HotSet($"shared-{number}"))];
        for (int writer = 0; writer < Writers; writer++)
        {
            LedgerSet[] sets =
                [.. Enumerable.Range(0, SetsOfEach).Select(number => new LedgerSet($"client-{writer}-{number}"))];
            Random random = new(_random.Next());
            _sets.AddRange(sets);
            _writers.Add(new LedgerWriter(this, new LedgerOperations($"{writer}", sets, random), random));
        }
    }

    /// <summary>The sets that all clients write.</summary>
    public IReadOnlyList<HotSet> HotSets { get; }

    /// <summary>The answers so far.</summary>
    public LedgerCounts Counts { get; } = new();

    /// <summary>What is wrong; null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Creates the sets that all clients write.</summary>
    public async Task BeginAsync(HttpClient client)
    {
        foreach (HotSet set in HotSets)
        {
            LedgerChange create = LedgerChange.Create(set, [new LedgerKey($"{set.Id}-first")]);
            LedgerAnswer answer = await new LedgerWrite([create]).SendAsync(client);
            Assert.That(answer.Outcome, Is.EqualTo(WriteOutcome.Acknowledged), answer.Text);
            set.State = create.After! with { Tag = answer.Tags[0] };
        }
    }

    /// <summary>Lets all clients write while something happens, and until their last answers are there.</summary>
    public async Task WriteAsync(HttpClient client, Func<Task> incident)
    {
        using CancellationTokenSource stop = new();
        Task[] writing =
            [.. _writers.Select(writer => Task.Run(() => writer.RunAsync(client, stop.Token), CancellationToken.None))];
        try
        {
            await incident();
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(writing);
        }

        Assert.That(Fault, Is.Null);
    }

    /// <summary>Waits until a further write is acknowledged: a service that has just started takes its time.</summary>
    public async Task NextWriteAsync()
    {
        int before = Counts.Acknowledged;
        for (int look = 0; Counts.Acknowledged == before && Fault is null && look < MostLooks; look++)
        {
            await Task.Delay(10);
        }

        Assert.That(Counts.Acknowledged, Is.GreaterThan(before), Fault ?? "No write is acknowledged.");
    }

    /// <summary>Records the answer to a write of sets that only one client writes.</summary>
    public void Record(LedgerWrite write, LedgerAnswer answer)
    {
        foreach ((int index, LedgerChange change) in write.Changes.Index())
        {
            change.Set.Note($"{write}: {answer.Outcome} {answer.Text}");
            switch (answer.Outcome)
            {
                case WriteOutcome.Acknowledged:
                    change.Set.State = change.After is null ? null : change.After with { Tag = answer.Tags[index] };
                    change.Set.Doubt = null;
                    break;
                case WriteOutcome.Unclear or WriteOutcome.Broken:
                    change.Set.Doubt = write;
                    break;
                case WriteOutcome.Wrong:
                    Fail(change.Set, answer.Text);
                    break;
            }
        }
    }

    /// <summary>
    /// Sends half of the repeatable writes again whose outcome is unknown. Now each is done, whether it was before or
    /// not, and its answer tells the states of its sets.
    /// </summary>
    public async Task RepeatAsync(HttpClient client)
    {
        LedgerWrite[] repeatable =
        [
            .. _sets.Select(set => set.Doubt).OfType<LedgerWrite>().Where(write => write.IsRepeatable).Distinct(),
        ];
        foreach (LedgerWrite write in repeatable.Where(_ => _random.Next(2) == 0))
        {
            LedgerAnswer answer = await write.SendAsync(client);
            Record(write, answer);
            if (answer.Outcome is WriteOutcome.Acknowledged)
            {
                _repeated++;
            }
            else
            {
                Fail(write.Changes[0].Set, $"The repeated {write} was not done: {answer.Text}");
            }
        }
    }

    /// <summary>Records what is wrong with a set, which ends the test.</summary>
    public void Fail(LedgerSet set, string what) =>
        Fault ??= $"Seed {_seed}, check {_checks}: {set.Id}: {what}\n{set.History}";

    /// <summary>
    /// Reads all sets and compares: what was acknowledged is there, once, and of the others each is whole or absent.
    /// </summary>
    public async Task CheckAsync(HttpClient client)
    {
        _checks++;
        LedgerSet[] all = [.. _sets, .. HotSets];
        Dictionary<LedgerSet, SetState?> read = new(all.Length);
        foreach (LedgerSet[] some in all.Chunk(Writers))
        {
            SetState?[] states = await Task.WhenAll(some.Select(set => LedgerReader.ReadPatientlyAsync(client, set)));
            Array.ForEach([.. some.Index()], item => read.Add(item.Item, states[item.Index]));
        }

        foreach (LedgerWrite doubt in _sets.Select(set => set.Doubt).OfType<LedgerWrite>().Distinct().ToArray())
        {
            Resolve(doubt, read);
        }

        _sets.ForEach(set => Check(set, read[set]));
        foreach (HotSet set in HotSets)
        {
            if (set.Check(read[set]) is { } fault)
            {
                Fail(set, fault);
            }
        }

        Assert.That(Fault, Is.Null);
        Assert.That(
            await LedgerReader.ReadIdsAsync(client),
            Is.EqualTo(read.Where(set => set.Value is not null).Select(set => set.Key.Id)
                .Order(StringComparer.Ordinal)),
            $"The ids of all sets. Seed {_seed}, check {_checks}");
    }

    /// <summary>Opens the private members of some keys.</summary>
    /// <param name="open">Opens those of a key of a set.</param>
    public async Task CheckSecretsAsync(Func<string, string, Task<PrivateMembers?>> open)
    {
        LedgerSet[] present = [.. _sets.Concat(HotSets).Where(set => set.State is { Keys.Count: > 0 })];
        foreach (LedgerSet set in _random.GetItems(present, 5))
        {
            LedgerKey key = set.State!.Keys[_random.Next(set.State.Keys.Count)];
            Assert.That((await open(set.Id, key.Kid))?.K, Is.EqualTo(key.Secret), $"{set.Id} {key}\n{set.History}");
            _opened++;
        }
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"seed {_seed}: {_checks} checks; {Counts}; {_repeated} of unknown outcome were repeated; "
        + $"of {_doubts} others {_stored} were stored; "
        + $"{_opened} keys opened; lost 0";

    private void Resolve(LedgerWrite doubt, Dictionary<LedgerSet, SetState?> read)
    {
        _doubts++;
        bool isStored = doubt.Changes.All(change => SetState.Holds(change.After, read[change.Set]));
        if (isStored)
        {
            _stored++;
        }
        else if (!doubt.Changes.All(change => SetState.Holds(change.Set.State, read[change.Set])))
        {
            IEnumerable<string> states = doubt.Changes.Select(change => SetState.TextOf(read[change.Set]));
            Fail(doubt.Changes[0].Set, $"{doubt} is neither whole nor absent: {string.Join(" & ", states)}");
        }

        foreach (LedgerChange change in doubt.Changes)
        {
            change.Set.Note($"check {_checks}: the unknown outcome is {(isStored ? "stored" : "absent")}");
            change.Set.State = read[change.Set];
            change.Set.Doubt = null;
        }
    }

    private void Check(LedgerSet set, SetState? read)
    {
        if (!SetState.Holds(set.State, read))
        {
            Fail(set, $"It is {SetState.TextOf(read)}, not {SetState.TextOf(set.State)}.");
        }

        set.State = read;
    }
}
