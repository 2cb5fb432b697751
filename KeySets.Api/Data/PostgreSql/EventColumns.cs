using KeySets.Api.Data.Audit;
using KeySets.Model;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>Any number of audit events for one statement, as one array a column, each of another set.</summary>
public static class EventColumns
{
    private const string Members =
        """
        "KeySetId", "At", "Operation", "Kids", "Result", "Subject", "Application", "Issuer", "Request", "RequestId",
            "Revision"
        """;

    /// <summary>Adds each event to the chain of its set: the server finds its place, and makes its hash.</summary>
    /// <param name="first">The place of the first of the parameters.</param>
    /// <param name="condition">What follows the events: a join, for some of them alone.</param>
    public static string Insert(int first, string condition = "") =>
        $"""
        INSERT INTO "AuditEvents" ("Sequence", "PreviousHash", "Hash", {Members})
            SELECT COALESCE(last."Sequence", 0) + 1, last."Hash",
                encode(sha256(decode(COALESCE(last."Hash", ''), 'hex')
                    || int8send(COALESCE(last."Sequence", 0) + 1) || e."Digest"), 'hex'),
                e."KeySetId", e."At", e."Operation", e."Kids"::text[], e."Result", e."Subject", e."Application",
                e."Issuer", e."Request", e."RequestId", e."Revision"
            FROM unnest({string.Join(", ", Enumerable.Range(first, 12).Select(place => $"@p{place}"))})
                AS e({Members}, "Digest")
            {condition}
            LEFT JOIN LATERAL (
                (SELECT "Sequence", "Hash" FROM "AuditEvents" AS a WHERE a."KeySetId" = e."KeySetId"
                    ORDER BY "Sequence" DESC LIMIT 1)
                UNION ALL SELECT "Sequence", "Hash" FROM "AuditTrimmedChains" AS t WHERE t."KeySetId" = e."KeySetId"
                ORDER BY "Sequence" DESC LIMIT 1) AS last ON TRUE
        """;

    /// <summary>The values of the parameters.</summary>
    public static object?[] Of(params IReadOnlyCollection<AuditEvent> events) =>
    [
        events.Select(one => one.KeySetId).ToArray(),
        events.Select(one => one.At.ToUnixTimeMilliseconds()).ToArray(),
        events.Select(one => one.Operation).ToArray(),
        events.Select(one => KeyColumns.ArrayOf(one.Kids)).ToArray(),
        events.Select(one => one.Result).ToArray(),
        events.Select(one => one.Subject).ToArray(),
        events.Select(one => one.Application).ToArray(),
        events.Select(one => one.Issuer).ToArray(),
        events.Select(one => one.Request).ToArray(),
        events.Select(one => one.RequestId).ToArray(),
        events.Select(one => one.Revision).ToArray(),
        events.Select(EventHash.DigestOf).ToArray(),
    ];
}
