using System.Collections.Immutable;
using System.Net;

namespace KeySets.Tests.Support;

/// <summary>
/// A model of the service in memory: its sets, and the effect and the answer of each operation. It was written from the
/// description of the API, OData and RFC 9110, not from the service.
/// </summary>
public sealed class KeySetModel
{
    private ImmutableSortedDictionary<string, ModelSet> _sets =
        ImmutableSortedDictionary.Create<string, ModelSet>(StringComparer.Ordinal);

    private ImmutableDictionary<string, ImmutableList<int>> _revisions =
        ImmutableDictionary.Create<string, ImmutableList<int>>(StringComparer.Ordinal);

    private int _lastRevision;

    /// <summary>All revisions of the sets that have had this id, oldest first.</summary>
    public IReadOnlyList<int> RevisionsOf(string id) => _revisions.GetValueOrDefault(id, []);

    /// <summary>Whether an operation would fail if it came next.</summary>
    public bool Refuses(KeySetOperation operation) =>
        Refuse(operation, Named(operation.Keys) ?? [], Stored(operation)) is not null;

    /// <summary>Runs operations.</summary>
    /// <returns>The answers, in order.</returns>
    public IReadOnlyList<Outcome> Run(OperationBatch batch)
    {
        List<Outcome> outcomes = [];
        foreach (OperationGroup group in batch.Groups)
        {
            List<Outcome> answered = group.IsAtomic
                ? RunAllOrNothing(group.Operations, batch.Format)
                : [Run(group.Operations[0])];
            outcomes.AddRange(answered);

            // After an error, a JSON batch goes on and a multipart batch stops (OData Protocol section 8.2.8.3).
            if (batch.Format is BatchFormat.Multipart && answered.Any(outcome => outcome.IsError))
            {
                break;
            }
        }

        return outcomes;
    }

    /// <remarks>
    /// If a group fails, a JSON batch answers each of its requests (OData JSON section 19.5). A multipart batch answers
    /// only the one that failed.
    /// </remarks>
    private List<Outcome> RunAllOrNothing(IReadOnlyList<KeySetOperation> operations, BatchFormat format)
    {
        (ImmutableSortedDictionary<string, ModelSet> sets, ImmutableDictionary<string, ImmutableList<int>> revisions) =
            (_sets, _revisions);
        List<Outcome> outcomes = [];
        foreach (KeySetOperation operation in operations)
        {
            outcomes.Add(Run(operation));
            if (outcomes[^1].IsError)
            {
                (_sets, _revisions) = (sets, revisions);
                Outcome failed = outcomes[^1];
                return format is BatchFormat.Multipart
                    ? [failed]
                    : [.. operations.Select((other, index) => index == outcomes.Count - 1 ? failed : Undone(other))];
            }
        }

        return outcomes;
    }

    private Outcome Run(KeySetOperation operation)
    {
        IReadOnlyList<ModelKey>? keys = Named(operation.Keys);
        ModelSet? stored = Stored(operation);
        return Refuse(operation, keys ?? [], stored) ?? Perform(operation, keys, stored);
    }

    private ModelSet? Stored(KeySetOperation operation) =>
        operation.Id is null ? null : _sets.GetValueOrDefault(operation.Id);

    /// <remarks>Here only RSA keys come without a kid: the service gives other keys a random one.</remarks>
    private static List<ModelKey>? Named(IReadOnlyList<ModelKey>? keys) =>
        keys?.Select(key => key with { Kid = key.Kid ?? ModelKey.RsaThumbprint }).ToList();

    /// <summary>
    /// The refusal of an operation; null if it succeeds. The checks come in this order: the body by itself; whether the
    /// set and the key exist; the precondition; whether a new key goes with the keys of the set.
    /// </summary>
    private static Outcome? Refuse(KeySetOperation operation, IReadOnlyList<ModelKey> keys, ModelSet? stored)
    {
        bool replaces = operation.Verb is Verb.Put or Verb.Patch or Verb.PutKeys;
        string[] faults = [.. FaultsOfEach(keys, canLackSecrets: replaces), .. FaultsTogether(keys)];
        string[] clashes = operation.Verb is Verb.AppendKey
            ? [.. FaultsTogether([.. stored?.Keys ?? [], .. keys])]
            : [.. replaces ? FaultsInPlaceOf(stored?.Keys ?? [], keys) : []];
        return operation.Verb switch
        {
            _ when faults is not [] => Error(operation, HttpStatusCode.BadRequest, faults),
            Verb.List or Verb.Count => null,
            // POST creates a set, which has no state yet that a precondition could refer to.
            Verb.Create => stored is null ? null : Error(operation, HttpStatusCode.Conflict, "AADB2C95028"),
            // PUT and PATCH create a set that does not exist (OData Protocol section 11.4.4).
            not (Verb.Put or Verb.Patch) when stored is null =>
                Error(operation, HttpStatusCode.NotFound, "AADB2C90073"),
            _ when operation.IsAboutKey && stored!.Keys.All(key => key.Kid != operation.Kid) =>
                Error(operation, HttpStatusCode.NotFound, "NotFound"),
            _ when operation.Precondition?.Holds(stored) == false => Unmet(operation, stored),
            _ when clashes is not [] => Error(operation, HttpStatusCode.BadRequest, clashes),
            _ => null,
        };
    }

    private Outcome Perform(
        KeySetOperation operation, IReadOnlyList<ModelKey>? keys, ModelSet? stored) => operation.Verb switch
        {
            Verb.Create => Store(operation, HttpStatusCode.Created, keys ?? []),
            Verb.Patch when keys is null && stored is not null => Show(operation, HttpStatusCode.OK, stored),
            Verb.Patch or Verb.Put =>
                Store(operation, stored is null ? HttpStatusCode.Created : HttpStatusCode.OK, keys ?? []),
            Verb.PutKeys => Store(operation, HttpStatusCode.OK, keys!),
            Verb.AppendKey => Store(operation, HttpStatusCode.OK, [.. stored!.Keys, .. keys!]),
            Verb.DeleteKeys => Store(operation, HttpStatusCode.NoContent, []) with { Sets = null },
            Verb.Delete => Remove(operation),
            Verb.Get => Show(operation, HttpStatusCode.OK, stored!),
            Verb.List => new Outcome(operation, HttpStatusCode.OK, Sets: [.. _sets.Values.Select(WithoutStatus)]),
            Verb.Count => new Outcome(operation, HttpStatusCode.OK, Number: _sets.Count),
            Verb.CountKeys => new Outcome(operation, HttpStatusCode.OK, Number: stored!.Keys.Count),
            Verb.GetEntities => new Outcome(operation, HttpStatusCode.OK, Revision: stored!.Revision, Sets: [stored]),
            Verb.Disable =>
                Store(operation, HttpStatusCode.NoContent, WithStatus(stored!, operation.Kid!, "disabled")) with
                {
                    Sets = null,
                },
            Verb.Enable =>
                Store(operation, HttpStatusCode.NoContent, WithStatus(stored!, operation.Kid!, "enabled")) with
                {
                    Sets = null,
                },
            Verb.RemoveKey =>
                Store(operation, HttpStatusCode.NoContent, [.. stored!.Keys.Where(key => key.Kid != operation.Kid)]) with
                {
                    Sets = null,
                    Revision = null,
                },
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };

    private static List<ModelKey> WithStatus(ModelSet stored, string kid, string status) =>
        [.. stored.Keys.Select(key => key.Kid == kid ? key with { Status = status } : key)];

    /// <remarks>
    /// The answer shows the private members of the request. Nothing shows them again, so the model does not keep them.
    /// A key without a status gets the status of the replaced key with its kid.
    /// </remarks>
    private Outcome Store(KeySetOperation operation, HttpStatusCode status, IReadOnlyList<ModelKey> keys)
    {
        ModelSet set = new(operation.Id ?? "as the service chooses", keys, ++_lastRevision);
        IReadOnlyList<ModelKey> before = _sets.GetValueOrDefault(set.Id)?.Keys ?? [];
        _sets = _sets.SetItem(set.Id, set with
        {
            Keys =
            [
                .. keys.Select(key => key with
                {
                    K = null,
                    Status = key.Status ?? before.FirstOrDefault(old => old.Kid == key.Kid)?.Status ?? "enabled",
                }),
            ],
        });
        _revisions = _revisions.SetItem(set.Id, [.. RevisionsOf(set.Id), set.Revision]);
        return Show(operation, status, set);
    }

    private Outcome Remove(KeySetOperation operation)
    {
        _sets = _sets.Remove(operation.Id!);
        return new Outcome(operation, HttpStatusCode.NoContent);
    }

    private static Outcome Show(KeySetOperation operation, HttpStatusCode status, ModelSet set) =>
        new(operation, status, Revision: set.Revision, Sets: [WithoutStatus(set)]);

    /// <remarks>A set shows its keys without their status.</remarks>
    private static ModelSet WithoutStatus(ModelSet set) =>
        set with { Keys = [.. set.Keys.Select(key => key with { Status = null })] };

    private static Outcome Undone(KeySetOperation operation) =>
        Error(operation, HttpStatusCode.FailedDependency, "FailedDependency");

    private static Outcome Error(KeySetOperation operation, HttpStatusCode status, params string[] codes) =>
        new(operation, status, codes);

    /// <remarks>A client that already has the set gets 304 for a GET (RFC 9110 section 13.2.2).</remarks>
    private static Outcome Unmet(KeySetOperation operation, ModelSet? stored) =>
        operation is { Verb: Verb.Get, Precondition.Header: Precondition.IfNoneMatch }
            ? new Outcome(operation, HttpStatusCode.NotModified, Revision: stored!.Revision)
            : Error(operation, HttpStatusCode.PreconditionFailed, "PreconditionFailed");

    private static IEnumerable<string> FaultsOfEach(IReadOnlyList<ModelKey> keys, bool canLackSecrets) => keys
        .Select(key => key.Kty is null ? "AADB2C95030"
            : key is { IsOct: true, K: null } && !canLackSecrets ? "AADB2C90253" : "")
        .Where(code => code.Length > 0);

    /// <remarks>A client sends back what it has read: an oct key of the set may come without its value.</remarks>
    private static IEnumerable<string> FaultsInPlaceOf(IReadOnlyList<ModelKey> stored, IReadOnlyList<ModelKey> keys) =>
        keys.Where(key => key is { IsOct: true, K: null }
            && !stored.Any(other => other.IsOct && other.Kid == key.Kid)).Select(_ => "AADB2C90253");

    private static IEnumerable<string> FaultsTogether(IReadOnlyList<ModelKey> keys)
    {
        if (keys.DistinctBy(key => key.Kid).Count() < keys.Count)
        {
            yield return "BadRequest";
        }

        if (keys.Any(key => key.IsRsa) && keys.Any(key => key.IsOct))
        {
            yield return "AADB2C95032";
        }

        // The service knows nothing about keys of other types, not even their use.
        ILookup<string?, ModelKey> uses = keys.Where(key => key.IsRsa || key.IsOct).ToLookup(key => key.Use);
        if (uses.Contains("sig") && uses.Contains("enc"))
        {
            yield return "AADB2C95042";
        }
    }
}
