using KeySets.Api.Data;

namespace KeySets.Api.Hosting.Commands;

/// <summary>What commands require of a database.</summary>
internal static class StoredTablesExtensions
{
    /// <summary>Requires that the tables are those of this version.</summary>
    /// <param name="database">The database.</param>
    /// <param name="orNone">Whether a new database is as good.</param>
    /// <exception cref="CommandException">They are not.</exception>
    public static async Task RequireCurrentAsync(this Database database, bool orNone = false)
    {
        StoredTables tables = await database.FindTablesAsync();
        if (tables != StoredTables.Current && !(orNone && tables == StoredTables.None))
        {
            throw new CommandException(tables switch
            {
                StoredTables.None => $"There are no key sets in {database.Location}",
                StoredTables.Older =>
                    $"An earlier version has made {database.Location}. Start this version on it first.",
                _ => $"A newer version of the service has changed {database.Location}.",
            });
        }
    }
}
