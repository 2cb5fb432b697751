using System.Data.Common;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <content>Audit events as they are stored.</content>
public partial class KeySetSelect
{
    /// <summary>
    /// Reads <c>@p2</c> events after the event <c>@p1</c> of the set <c>@p0</c>, in the order of sets and places.
    /// </summary>
    public const string EventsAfter =
        """
        SELECT "KeySetId", "Sequence", "At", "Operation", "Kids", "Result", "Subject", "Application", "Issuer",
            "Request", "RequestId", "Revision", "PreviousHash", "Hash" FROM "AuditEvents"
            WHERE ("KeySetId", "Sequence") > (@p0, @p1) ORDER BY "KeySetId", "Sequence" LIMIT @p2
        """;

    /// <summary>Reads an event.</summary>
    public AuditEvent ReadEvent(DbDataReader row)
    {
        AuditEvent one = new()
        {
            KeySetId = row.GetString(0),
            Sequence = row.GetInt64(1),
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            Operation = row.GetString(3),
            Result = row.GetString(5),
            Subject = TextOrNull(row, 6),
            Application = TextOrNull(row, 7),
            Issuer = TextOrNull(row, 8),
            Request = row.GetString(9),
            RequestId = row.GetString(10),
            Revision = row.IsDBNull(11) ? null : row.GetGuid(11),
            PreviousHash = TextOrNull(row, 12),
            Hash = row.GetString(13),
        };
        ReadTexts(row, 4, one.Kids);
        return one;
    }

    private static string? TextOrNull(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
