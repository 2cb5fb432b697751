using System.Diagnostics.CodeAnalysis;

namespace KeySets.Tests.Support;

/// <summary>
/// Makes up operations on few sets with few keys, so that they affect each other. The same seed and the same state of
/// the model give the same operations.
/// </summary>
[SuppressMessage(
    "Security", "CA5394", Justification = "Nothing here is secret, and a run must be repeatable from its seed.")]
public sealed class RandomOperations(int seed, KeySetModel model)
{
    private static readonly Verb[] Changes =
    [
        Verb.Create, Verb.Create, Verb.Patch, Verb.Patch, Verb.Put, Verb.Put, Verb.PutKeys,
        Verb.AppendKey, Verb.AppendKey, Verb.AppendKey, Verb.DeleteKeys, Verb.Delete, Verb.Delete,
        Verb.Disable, Verb.Disable, Verb.Enable, Verb.RemoveKey, Verb.RemoveKey,
    ];

    private static readonly Verb[] Reads =
        [Verb.Get, Verb.Get, Verb.GetEntities, Verb.GetEntities, Verb.List, Verb.Count, Verb.CountKeys];

    private static readonly string[] Kids = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    private static readonly string?[] Uses = [null, "sig", "sig", "sig", "enc", "enc"];

    // These sort differently by case, by culture and by code unit. An id that the service chose replaces the last one.
    private readonly string[] _ids = ["B", "a", "a-", "A.1", "a_1", "10", "9", "Z"];
    private readonly Random _random = new(seed);
    private int _secrets;

    /// <summary>Makes later operations use a set whose id the service has chosen.</summary>
    public void Meet(string id) => _ids[^1] = id;

    /// <summary>Makes up one operation, or a batch of them.</summary>
    public OperationBatch Next() => _random.Next(10) switch
    {
        0 => new OperationBatch(BatchFormat.Json, Groups()),
        1 => new OperationBatch(BatchFormat.Multipart, Groups()),
        2 or 3 => OperationBatch.Of(Operation(One(Reads))),
        // Never in a batch: the model would not know the chosen id when it runs the next operation.
        4 when Chance(5) => OperationBatch.Of(Operation(Verb.Create) with { Id = null }),
        _ => OperationBatch.Of(Operation(One(Changes))),
    };

    private List<OperationGroup> Groups() => Many(1, 3, () => Chance(2)
        ? new OperationGroup(IsAtomic: true, Many(1, 4, Promising))
        : new OperationGroup(IsAtomic: false, [Operation(Chance(4) ? One(Reads) : One(Changes))]));

    /// <remarks>Favors changes that succeed: a group is kept only if all its changes succeed.</remarks>
    private KeySetOperation Promising()
    {
        KeySetOperation change = Operation(One(Changes));
        return Chance(5) || !model.Refuses(change) ? change : Promising();
    }

    private KeySetOperation Operation(Verb verb)
    {
        string id = One(_ids);
        return verb switch
        {
            Verb.List or Verb.Count => new KeySetOperation(verb),
            Verb.CountKeys or Verb.GetEntities => new KeySetOperation(verb, id),
            Verb.Disable or Verb.Enable or Verb.RemoveKey =>
                new KeySetOperation(verb, id, Keys: null, Precondition(id), One(Kids)),
            Verb.Delete or Verb.DeleteKeys or Verb.Get => new KeySetOperation(verb, id, Keys: null, Precondition(id)),
            Verb.AppendKey => new KeySetOperation(verb, id, [Key()], Precondition(id)),
            Verb.PutKeys => new KeySetOperation(verb, id, Many(0, 3, Key), Precondition(id)),
            _ => new KeySetOperation(verb, id, Chance(3) ? null : Many(0, 3, Key), Precondition(id)),
        };
    }

    private Precondition? Precondition(string id)
    {
        // If the set is deleted, no revision is current: the last one is that of the deleted set.
        IReadOnlyList<int> revisions = model.RevisionsOf(id);
        int present = revisions.Count == 0 ? 0 : revisions[^1];
        return _random.Next(16) switch
        {
            0 or 1 => new Precondition(Support.Precondition.IfMatch, present),
            2 => new Precondition(Support.Precondition.IfMatch, Stale(revisions)),
            3 => new Precondition(Support.Precondition.IfMatch, 0),
            4 => new Precondition(Support.Precondition.IfMatch, null),
            5 => new Precondition(Support.Precondition.IfNoneMatch, null),
            6 => new Precondition(Support.Precondition.IfNoneMatch, present),
            7 => new Precondition(Support.Precondition.IfNoneMatch, Stale(revisions)),
            _ => null,
        };
    }

    private int Stale(IReadOnlyList<int> revisions) =>
        revisions.Count < 2 ? 0 : revisions[_random.Next(revisions.Count - 1)];

    /// <remarks>
    /// Keys of unknown types can have private members too. Only RSA keys lack a kid: the model can predict it.
    /// </remarks>
    private ModelKey Key() => _random.Next(30) switch
    {
        0 => new ModelKey(Kty: null, One(Kids), One(Uses)),
        1 => new ModelKey("oct", One(Kids), One(Uses)),
        2 => new ModelKey("RSA", Kid: null, One(Uses)),
        3 => new ModelKey("rsa", One(Kids), One(Uses)),
        4 => new ModelKey("OCT", One(Kids), One(Uses), Secret()),
        < 14 => new ModelKey("oct", One(Kids), One(Uses), Secret()),
        < 16 => new ModelKey("EC", One(Kids), One(Uses), Secret()),
        _ => new ModelKey("EC", One(Kids), One(Uses)),
    };

    private string Secret() => SampleKeys.Text(BitConverter.GetBytes(++_secrets));

    private bool Chance(int oneOf) => _random.Next(oneOf) == 0;

    private T One<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private List<T> Many<T>(int least, int most, Func<T> make) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => make())];
}
