using System.Text.RegularExpressions;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// Gives one answer to every query option that names a private member, whatever else is wrong with the request:
/// different answers could reveal something about a key.
/// </summary>
public static partial class PrivateMemberGuard
{
    private static readonly string AnyName = string.Join('|', PrivateMembers.Names);

    // A private member in a path, or by itself. A name before a colon or a slash is a variable.
    private static readonly Regex PrivateMember = new(
        $@"/({AnyName})\b|(?<![\w/@$.])({AnyName})(?![\w/:(.])",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase);

    /// <summary>
    /// Reads options. If the reader refuses them and one names a private member, that is the reason given.
    /// </summary>
    /// <param name="options">The options as the client sent them, by their canonical names.</param>
    /// <param name="read">The reader.</param>
    /// <exception cref="RefusalException">
    /// 400: an option names a private member. Otherwise, the reader's refusal.
    /// </exception>
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

    /// <remarks>The values of other options hold no names of members.</remarks>
    private static bool NamesPrivateMember(string name, string value) =>
        name is ['$' or '@', ..]
            and not (SystemQueryOptions.Search or SystemQueryOptions.SkipToken or SystemQueryOptions.Format)
        && NamesPrivateMember(QueryText.WithoutLiterals(value));

    private static bool NamesPrivateMember(string text)
    {
        HashSet<string> variables = [.. Variable().Matches(text).Select(match => match.Value)];
        return PrivateMember.Matches(text)
            .Any(match => match.Value.StartsWith('/') || !variables.Contains(match.Value));
    }

    [GeneratedRegex(@"(?<=\(\s*)\w+(?=\s*:)")]
    private static partial Regex Variable();
}
