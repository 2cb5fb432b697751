using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Gives each connection <c>lower</c> and <c>upper</c> for all letters, as OData has them (URL Conventions section
/// 5.1.1.7). The functions that SQLite brings along know the letters A to Z only.
/// </summary>
public sealed class UnicodeCase : DbConnectionInterceptor
{
    /// <summary>The function for lower case.</summary>
    public const string Lower = "lower";

    /// <summary>The function for upper case.</summary>
    public const string Upper = "upper";

    /// <inheritdoc />
    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        SqliteConnection connection = (SqliteConnection)result;
        connection.CreateFunction<string?, string?>(Lower, text => text?.ToLowerInvariant(), isDeterministic: true);
        connection.CreateFunction<string?, string?>(Upper, text => text?.ToUpperInvariant(), isDeterministic: true);
        return result;
    }
}
