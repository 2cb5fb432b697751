using System.Text;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// Lower and upper case of all letters, as .NET has them. What PostgreSQL has depends on the collation of the database,
/// on its version and on its operating system.
/// </summary>
public static class CaseFunctions
{
    /// <summary>The function for lower case.</summary>
    public const string Lower = "keysets_lower";

    /// <summary>The function for upper case.</summary>
    public const string Upper = "keysets_upper";

    /// <summary>The statements that create the functions, or replace them.</summary>
    public static string Create { get; } =
        $"""
        {Function(Lower, "lower", text => text.ToLowerInvariant())}
        {Function(Upper, "upper", text => text.ToUpperInvariant())}
        """;

    /// <summary>The statements that drop them.</summary>
    public static string Drop { get; } = $"DROP FUNCTION {Lower}(text); DROP FUNCTION {Upper}(text);";

    /// <remarks>Most texts are ASCII, and <c>translate</c> looks each letter up in a list.</remarks>
    private static string Function(string name, string ofAscii, Func<string, string> change)
    {
        (string from, string to) = Pairs(change);
        return $"""
            CREATE OR REPLACE FUNCTION {name}(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT CASE WHEN octet_length($1) = length($1) THEN {ofAscii}($1 COLLATE "C")
                    ELSE translate($1, '{from}', '{to}') END $$;
            """;
    }

    private static (string From, string To) Pairs(Func<string, string> change)
    {
        StringBuilder from = new();
        StringBuilder to = new();
        for (int code = 1; code <= 0x10FFFF; code++)
        {
            if (Rune.IsValid(code)
                && new Rune(code).ToString() is var letter
                && change(letter) is var changed
                && changed != letter)
            {
                from.Append(letter);
                to.Append(changed);
            }
        }

        return (from.ToString(), to.ToString());
    }
}
