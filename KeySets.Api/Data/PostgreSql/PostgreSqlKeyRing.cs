using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>The key ring in the database, where all instances find it. Its elements have names, not numbers.</summary>
/// <param name="connections">The connections.</param>
public sealed class PostgreSqlKeyRing(NpgsqlDataSource connections) : IXmlRepository
{
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using NpgsqlCommand command = connections.CreateCommand("""SELECT "Xml" FROM "KeyRing" """);
        using NpgsqlDataReader rows = command.ExecuteReader();
        List<XElement> elements = [];
        while (rows.Read())
        {
            elements.Add(XElement.Parse(rows.GetString(0)));
        }

        return elements;
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        using NpgsqlCommand command = connections.CreateCommand(
            """INSERT INTO "KeyRing" ("Name", "Xml") VALUES (@p0, @p1) ON CONFLICT ("Name") DO NOTHING""");
        command.Parameters.AddWithValue("p0", friendlyName);
        command.Parameters.AddWithValue("p1", element.ToString(SaveOptions.DisableFormatting));
        command.ExecuteNonQuery();
    }
}
