using System.Net;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>What an answer tells of a write.</summary>
public enum WriteOutcome
{
    /// <summary>It is stored.</summary>
    Acknowledged,

    /// <summary>Nothing was stored.</summary>
    Refused,

    /// <summary>The service says that it cannot tell.</summary>
    Unclear,

    /// <summary>No answer came.</summary>
    Broken,

    /// <summary>An answer that the service must not give.</summary>
    Wrong,
}

/// <summary>The answer to a request, or to a part of a batch.</summary>
/// <param name="Status">The status.</param>
/// <param name="Tag">The ETag; null for none.</param>
/// <param name="RetryAfter">The header of that name; null for none.</param>
/// <param name="Body">The body; null for none.</param>
public sealed record PartAnswer(int Status, string? Tag, string? RetryAfter, JsonObject? Body)
{
    /// <summary>The message of an error; null if there is none.</summary>
    public string? Message => (string?)Body?["error"]?["message"];

    /// <summary>The answer to a part of a batch.</summary>
    public static PartAnswer Of(JsonNode part) => new(
        (int)part["status"]!,
        (string?)part["headers"]?["etag"],
        (string?)part["headers"]?["retry-after"],
        part["body"] as JsonObject);

    /// <summary>The answer to a request.</summary>
    public static async Task<PartAnswer> OfAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        return new PartAnswer(
            (int)response.StatusCode,
            response.Header("ETag"),
            response.Header("Retry-After"),
            body.Length == 0 ? null : JsonNode.Parse(body) as JsonObject);
    }

    /// <inheritdoc />
    public override string ToString() => $"{Status} {Tag}{Message}";
}

/// <summary>The answer to a write.</summary>
/// <param name="Outcome">What it tells.</param>
/// <param name="Text">The answer, for people.</param>
/// <param name="Tags">The ETag for each change; null if there is none.</param>
/// <param name="Status">The status of the refusal; 0 for none.</param>
public sealed record LedgerAnswer(WriteOutcome Outcome, string Text, IReadOnlyList<string?> Tags, int Status = 0)
{
    private const int FailedDependency = 424;
    private const int Unavailable = 503;

    /// <summary>No answer came.</summary>
    public static LedgerAnswer Broken(Exception exception) => new(
        WriteOutcome.Broken, $"{exception.GetType().Name} {exception.GetBaseException().Message}", []);

    /// <summary>The answer to a read before the write, which did not come to it.</summary>
    public static LedgerAnswer OfRead(HttpRequestException exception) => exception.StatusCode switch
    {
        null => Broken(exception),
        HttpStatusCode.ServiceUnavailable => new LedgerAnswer(WriteOutcome.Refused, exception.Message, [], Unavailable),
        _ => new LedgerAnswer(WriteOutcome.Wrong, exception.Message, []),
    };

    /// <summary>Tells what an answer means.</summary>
    public static LedgerAnswer Of(IReadOnlyList<LedgerChange> changes, PartAnswer[] parts)
    {
        // In a change set that failed, one part has the reason.
        PartAnswer[] reasons = [.. parts.Where(part => part.Status != FailedDependency)];
        WriteOutcome outcome =
            parts.Select(part => part.Status).SequenceEqual(changes.Select(change => change.Status))
                ? WriteOutcome.Acknowledged
                : reasons is [var reason] ? OutcomeOf(changes, reason) : WriteOutcome.Wrong;
        return new LedgerAnswer(
            outcome,
            string.Join(" & ", parts.AsEnumerable()),
            [.. parts.Select(part => part.Tag)],
            outcome is WriteOutcome.Refused ? reasons[0].Status : 0);
    }

    /// <inheritdoc />
    public override string ToString() => Status == 0 ? $"{Outcome}" : $"{Outcome} by {Status}";

    private static WriteOutcome OutcomeOf(IReadOnlyList<LedgerChange> changes, PartAnswer reason) => reason switch
    {
        { Status: Unavailable, RetryAfter: not null, Message: { } message } =>
            message.Contains("cannot be told", StringComparison.Ordinal) ? WriteOutcome.Unclear : WriteOutcome.Refused,
        { Status: 507, Message: not null } => WriteOutcome.Refused,
        // Another client was first.
        { Status: 412 } when changes is [{ Set: HotSet }] => WriteOutcome.Refused,
        _ => WriteOutcome.Wrong,
    };
}
