using System.Text;
using KeySets.Tests.Support;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>The functions for lower and upper case, which must be those of .NET on every server.</summary>
[OnPostgreSql]
public sealed class CaseFunctionTests : ApiTests
{
    // All letters but ideographs, and those of which .NET and others have had different opinions.
    private static readonly string Letters = "İıſKÅΣςßŉǰΐ" + string.Concat(
        Enumerable.Range(1, 0x1FFFF)
            .Where(code => Rune.IsValid(code) && code is < 0x3400 or > 0x9FFF and < 0xAC00 or > 0xD7FF and < 0x20000)
            .Select(code => new Rune(code))
            .Where(Rune.IsLetter));

    [TestCase("keysets_lower")]
    [TestCase("keysets_upper")]
    public async Task Change_every_letter_as_NET_does(string function)
    {
        await using NpgsqlDataSource source =
            NpgsqlDataSource.Create(PostgreSqlTestDatabase.Of(Application).ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand($"SELECT {function}(@letters)");
        command.Parameters.AddWithValue("letters", Letters);

        Assert.That(
            await command.ExecuteScalarAsync(),
            Is.EqualTo(function == "keysets_lower" ? Letters.ToLowerInvariant() : Letters.ToUpperInvariant()));
    }
}
