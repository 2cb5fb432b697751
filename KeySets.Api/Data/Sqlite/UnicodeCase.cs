using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Gives a connection <c>lower</c> and <c>upper</c> for all letters, as OData has them (URL Conventions section 5.1.1.7). SQLite's own know the
/// letters A to Z.
/// </summary>
public sealed class UnicodeCase : DbConnectionInterceptor
{
    /// <inheritdoc />
    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        SqliteConnection connection = (SqliteConnection)result;
        connection.CreateFunction<string?, string?>("lower", text => text?.ToLowerInvariant(), isDeterministic: true);
        connection.CreateFunction<string?, string?>("upper", text => text?.ToUpperInvariant(), isDeterministic: true);
        return result;
    }
}
