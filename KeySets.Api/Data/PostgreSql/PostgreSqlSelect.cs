using System.Data.Common;
using KeySets.Api.Data.Reading;
using KeySets.Model;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>Reads the rows of sets from PostgreSQL.</summary>
public sealed class PostgreSqlSelect() : KeySetSelect(
    nameof(TrustFrameworkKeySet.Revision), nameof(TrustFrameworkKey.X5c), nameof(TrustFrameworkKey.Status))
{
    /// <summary>The statements, which need to be composed only once.</summary>
    public static PostgreSqlSelect Default { get; } = new();

    /// <summary>
    /// Reads <c>@p1</c> sets after the id <c>@p0</c>. The server sends all rows of a statement, and not just those that
    /// are read.
    /// </summary>
    public string Page => field ??= Limited(After);

    /// <summary>Reads <c>@p1</c> sets as they are stored after the id <c>@p0</c>.</summary>
    public string StoredPage => field ??= Limited(StoredAfter);

    /// <inheritdoc />
    protected override void ReadTexts(DbDataReader row, int column, IList<string> texts)
    {
        foreach (string text in row.GetFieldValue<string[]>(column))
        {
            texts.Add(text);
        }
    }

    private static string Limited(string after) => after.Replace(
        "\"KeySets\" AS s",
        """(SELECT * FROM "KeySets" WHERE "Id" > @p0 ORDER BY "Id" LIMIT @p1) AS s""",
        StringComparison.Ordinal);
}
