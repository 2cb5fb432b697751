using System.Text.RegularExpressions;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// The one answer to a query option that names a private member, whatever else is wrong with the request: different answers
/// could tell something about a key.
/// </summary>
public static partial class PrivateMemberGuard
{
    private static readonly string AnyName = string.Join('|', PrivateMembers.Names);

    // A private member in a path, or by itself. Before a colon or a slash, the name is that of a variable.
    private static readonly Regex PrivateMember = new(
        $@"/({AnyName})\b|(?<![\w/@$.])({AnyName})(?![\w/:(.])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase);

    /// <summary>Reads options. If that is refused and one of them names a private member, it is refused for that reason.</summary>
    /// <param name="options">The options as they were sent, by their canonical names.</param>
    /// <param name="read">Reads them.</param>
    /// <exception cref="RefusalException">400: an option names a private member; otherwise the refusal of the reader.</exception>
    public static T Read<T>(IEnumerable<KeyValuePair<string, string>> options, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RefusalException refusal)
        {
            throw options.FirstOrDefault(option => NamesPrivateMember(option.Key, option.Value)).Key is { } name
                ? Refusal.PrivateMemberInQuery(name)
                : refusal;
        }
    }

    /// <summary>An option without its literals in single quotes.</summary>
    public static string WithoutLiterals(string text) => Literal().Replace(text, "");

    /// <remarks>The values of other options hold no names of members.</remarks>
    private static bool NamesPrivateMember(string name, string value) =>
        name is ['$' or '@', ..]
            and not (SystemQueryOptions.Search or SystemQueryOptions.SkipToken or SystemQueryOptions.Format)
        && NamesPrivateMember(WithoutLiterals(value));

    private static bool NamesPrivateMember(string text)
    {
        HashSet<string> variables = [.. Variable().Matches(text).Select(match => match.Value)];
        return PrivateMember.Matches(text).Any(match => match.Value.StartsWith('/') || !variables.Contains(match.Value));
    }

    [GeneratedRegex(@"(?<=\(\s*)\w+(?=\s*:)")]
    private static partial Regex Variable();

    [GeneratedRegex("'[^']*'", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}
