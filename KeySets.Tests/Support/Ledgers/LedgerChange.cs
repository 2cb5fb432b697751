using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>A change of one set: the request, and what must be if it is acknowledged.</summary>
/// <param name="Set">The set.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The URL, relative to the root of the service.</param>
/// <param name="Status">The status that acknowledges it.</param>
/// <param name="After">What the set looks like then; null if it is not there.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="IfMatch">The precondition; null for none.</param>
public sealed record LedgerChange(
    LedgerSet Set,
    string Method,
    string Path,
    int Status,
    SetState? After,
    JsonObject? Body = null,
    string? IfMatch = null)
{
    /// <summary>Creates a set.</summary>
    public static LedgerChange Create(LedgerSet set, IReadOnlyList<LedgerKey> keys) => new(
        set,
        "POST",
        "trustFramework/keySets",
        201,
        new SetState(keys),
        new JsonObject { ["id"] = set.Id, ["keys"] = JsonOf(keys) });

    /// <summary>Replaces the keys of a set. Those whose kid was there keep their status.</summary>
    public static LedgerChange Replace(LedgerSet set, IReadOnlyList<LedgerKey> keys, string ifMatch) => new(
        set, "PUT", $"{set.Path}/keys", 200, new SetState(keys), new JsonObject { ["value"] = JsonOf(keys) }, ifMatch);

    /// <summary>Adds a key to the end of a set.</summary>
    public static LedgerChange Append(LedgerSet set, LedgerKey key, string? ifMatch) => new(
        set, "POST", $"{set.Path}/keys", 200, new SetState([.. set.State!.Keys, key]), key.ToJson(), ifMatch);

    /// <summary>Disables a key.</summary>
    public static LedgerChange Disable(LedgerSet set, LedgerKey key, string? ifMatch) => new(
        set,
        "PATCH",
        $"{set.Path}/keys_v2('{key.Kid}')",
        204,
        new SetState([.. set.State!.Keys.Select(other => other == key ? key with { IsDisabled = true } : other)]),
        new JsonObject { ["status"] = "disabled" },
        ifMatch);

    /// <summary>Removes a key.</summary>
    public static LedgerChange Remove(LedgerSet set, LedgerKey key, string? ifMatch) => new(
        set,
        "DELETE",
        $"{set.Path}/keys_v2('{key.Kid}')",
        204,
        new SetState([.. set.State!.Keys.Where(other => other != key)]),
        IfMatch: ifMatch);

    /// <summary>Deletes a set.</summary>
    public static LedgerChange Delete(LedgerSet set, string? ifMatch) =>
        new(set, "DELETE", set.Path, 204, After: null, IfMatch: ifMatch);

    /// <inheritdoc />
    public override string ToString() =>
        $"{Method} {Path}{(IfMatch is null ? "" : $" If {IfMatch}")} -> {SetState.TextOf(After)}";

    private static JsonArray JsonOf(IEnumerable<LedgerKey> keys) => [.. keys.Select(key => key.ToJson())];
}
