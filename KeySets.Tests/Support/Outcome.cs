using System.Net;

namespace KeySets.Tests.Support;

/// <summary>A key set as the model keeps it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Keys">The keys in their order.</param>
/// <param name="Revision">
/// The number of its last change, counted over all sets. The service may choose any ETags, one for each revision.
/// </param>
public sealed record ModelSet(string Id, IReadOnlyList<ModelKey> Keys, int Revision)
{
    /// <inheritdoc />
    public override string ToString() => $"{Id} #{Revision} [{string.Join(" | ", Keys)}]";
}

/// <summary>The expected answer to an operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Status">The status.</param>
/// <param name="Codes">The codes that an error may have: of any rule, if a body breaks several.</param>
/// <param name="Revision">The revision whose tag the ETag header must have; null for any header.</param>
/// <param name="Sets">The sets that it shows; null if it shows none.</param>
/// <param name="Number">The number that it shows; null if it shows none.</param>
public sealed record Outcome(
    KeySetOperation Operation,
    HttpStatusCode Status,
    IReadOnlyList<string>? Codes = null,
    int? Revision = null,
    IReadOnlyList<ModelSet>? Sets = null,
    int? Number = null)
{
    /// <summary>Whether it is an error.</summary>
    public bool IsError => Status >= HttpStatusCode.BadRequest;
}
