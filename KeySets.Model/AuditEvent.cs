namespace KeySets.Model;

/// <summary>
/// What happened to a key set, at <c>/trustFramework/auditEvents</c>. The events of a set are a chain: each carries the
/// hash of the one before it.
/// </summary>
[InMetadata(
    "A change of a key set, or a request for one that was refused for lack of a permission. The events of a set are a "
    + "chain: each carries the hash of the one before it. No event holds a value of a key.")]
public sealed class AuditEvent
{
    /// <summary>The id of the set; empty for a request that is about no single set.</summary>
    [InMetadata("The id of the set, which may be gone by now; empty for a request that is about no single set.")]
    public string KeySetId { get; init; } = "";

    /// <summary>Its place among the events of the set, from 1.</summary>
    [InMetadata("Its place among the events of the set, from 1.")]
    public long Sequence { get; set; }

    /// <summary>When it happened, to the millisecond.</summary>
    [InMetadata("When it happened, to the millisecond.")]
    public DateTimeOffset At { get; init; }

    /// <summary>What happened: one of <see cref="AuditOperations"/>.</summary>
    [InMetadata(
        "What happened: createKeySet, replaceKeys, addKey, renewKey, enableKey, disableKey, updateKey, removeKey, "
        + "deleteKeySet; or what was refused: read, write, readAudit.")]
    public string Operation { get; init; } = "";

    /// <summary>The kids of the keys that it is about.</summary>
    [InMetadata("The kids of the keys that it is about: those that a set was made with, or a key was added with.")]
    public IList<string> Kids { get; init; } = [];

    /// <summary>Whether it was done: one of <see cref="AuditResults"/>.</summary>
    [InMetadata("succeeded for what was done, denied for what was refused for lack of a permission.")]
    public string Result { get; init; } = "";

    /// <summary>Who asked for it: the claim <c>oid</c> of the token, or else <c>sub</c>.</summary>
    [InMetadata("Who asked for it: the claim oid of the token, or else sub.")]
    public string? Subject { get; init; }

    /// <summary>The application: the claim <c>azp</c>, or else <c>appid</c> or <c>client_id</c>.</summary>
    [InMetadata("The application that asked for it: the claim azp of the token, or else appid or client_id.")]
    public string? Application { get; init; }

    /// <summary>The issuer of the token: the claim <c>iss</c>.</summary>
    [InMetadata("Who issued the token: its claim iss.")]
    public string? Issuer { get; init; }

    /// <summary>The method and the URL template of the request.</summary>
    [InMetadata("The method of the request and the template of its URL.")]
    public string Request { get; init; } = "";

    /// <summary>The id of the request, which its answer and its lines in the log have too.</summary>
    [InMetadata("The id of the request: its answer has it in the header request-id, and its lines in the log have it.")]
    public string RequestId { get; init; } = "";

    /// <summary>The revision that the change gave the set; null if it removed the set, or if nothing changed.</summary>
    [InMetadata("The revision that the change gave the set, of which its ETag is made; null if there is none.")]
    public Guid? Revision { get; set; }

    /// <summary>The hash of the event before it; null for the first one of the set.</summary>
    [InMetadata("The hash of the event before it; null for the first one of the set.")]
    public string? PreviousHash { get; set; }

    /// <summary>Its own hash, in hexadecimal.</summary>
    [InMetadata("Its own hash: SHA-256 in hexadecimal, over the one before it, its place and its other members.")]
    public string Hash { get; set; } = "";
}
