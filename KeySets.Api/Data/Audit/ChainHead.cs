namespace KeySets.Api.Data.Audit;

/// <summary>The event of a set that was its last one at some time.</summary>
/// <param name="KeySetId">The id of the set.</param>
/// <param name="Sequence">The place of the event.</param>
/// <param name="Hash">The hash of the event.</param>
public sealed record ChainHead(string KeySetId, long Sequence, string Hash);
