using System.Diagnostics.CodeAnalysis;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <summary>A set with all that its rows hold, so that another database can hold the same.</summary>
/// <param name="Set">The set with its keys in order, without private members.</param>
/// <param name="Ordinals">The place of each key. Removed keys have left gaps.</param>
/// <param name="SealedMembers">The sealed private members of each key; null for none.</param>
[SuppressMessage("Performance", "CA1819", Justification = "Data Protection opens arrays.")]
public sealed record StoredSet(TrustFrameworkKeySet Set, IList<int> Ordinals, IList<byte[]?> SealedMembers)
{
    /// <summary>A set whose keys lie one behind the other.</summary>
    public static StoredSet Of(TrustFrameworkKeySet set, byte[]?[] sealedMembers) =>
        new(set, [.. Enumerable.Range(0, set.Keys.Count)], sealedMembers);
}

/// <summary>A set that is to be added.</summary>
/// <param name="Stored">The set.</param>
/// <param name="Change">The event that records it.</param>
public sealed record NewSet(StoredSet Stored, AuditEvent Change)
{
    /// <summary>Gives the set its first revision.</summary>
    public void Revise() => Change.Revision = Stored.Set.Revision = Guid.NewGuid();
}

/// <summary>How many sets, keys and audit events there are.</summary>
/// <param name="Sets">The number of sets.</param>
/// <param name="Keys">The number of keys of all sets.</param>
/// <param name="Events">The number of audit events of all sets, those that are gone included.</param>
public sealed record StoredCount(long Sets, long Keys, long Events)
{
    /// <summary>The numbers, for people.</summary>
    public override string ToString() =>
        $"{Of(Sets, "set")} with {Of(Keys, "key")} and {Of(Events, "audit event")}";

    /// <summary>A number of something, for people.</summary>
    public static string Of(long count, string one) => $"{count:N0} {one}{(count == 1 ? "" : "s")}";
}
