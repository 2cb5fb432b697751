using System.Diagnostics.CodeAnalysis;

namespace KeySets.Api.Data;

/// <summary>A key with sealed private members.</summary>
/// <param name="KeySetId">The id of its set.</param>
/// <param name="Ordinal">Its place in the set.</param>
/// <param name="Kid">Its kid.</param>
/// <param name="SealedMembers">What was sealed.</param>
[SuppressMessage("Performance", "CA1819", Justification = "Data Protection opens arrays.")]
public sealed record SealedKey(string KeySetId, long Ordinal, string Kid, byte[] SealedMembers);

/// <summary>A sealed answer to a repeatable request.</summary>
/// <param name="KeySetId">The id of the set that the request has changed.</param>
/// <param name="Id">The id of the request.</param>
/// <param name="Answer">What was sealed.</param>
[SuppressMessage("Performance", "CA1819", Justification = "Data Protection opens arrays.")]
public sealed record SealedAnswer(string KeySetId, Guid Id, byte[] Answer);
