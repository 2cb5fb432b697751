using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The settings of a SQLite database (https://www.sqlite.org/pragma.html).</summary>
public static class Pragma
{
    /// <summary>Reads a setting, or changes it.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="pragma">The name of the setting, with <c>= value</c> to change it.</param>
    /// <returns>The value that SQLite answers with; null if it answers with none.</returns>
    [SuppressMessage(
        "Security", "CA2100", Justification = "Only constants and numbers come here: PRAGMA takes no parameters.")]
    public static async Task<object?> RunPragmaAsync(this DbConnection connection, string pragma)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        return await command.ExecuteScalarAsync();
    }
}
