using System.Net;

namespace KeySets.Tests.Support;

/// <summary>A key set as the model keeps it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Keys">The keys in their order.</param>
/// <param name="Revision">Counts the changes of all sets. What the service makes its ETag of is its own affair: one per revision.</param>
public sealed record ModelSet(string Id, IReadOnlyList<ModelKey> Keys, int Revision)
{
    /// <inheritdoc />
    public override string ToString() => $"{Id} #{Revision} [{string.Join(" | ", Keys)}]";
}

/// <summary>What the answer to an operation must be.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Status">The status.</param>
/// <param name="Codes">The codes that an error may have: where a body breaks several rules, it is not said which comes first.</param>
/// <param name="Revision">The revision whose tag the ETag header has; null where it is not said.</param>
/// <param name="Sets">The sets that it shows; null where it shows none.</param>
/// <param name="Number">The number that it shows.</param>
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
