using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;

namespace KeySets.Tests.Support.Twins;

/// <summary>
/// Queries made up at random: of the grammar, and of the expressions that the service answers, with private members in
/// them. The same seed gives the same ones.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "A run must be repeatable from its seed.")]
public static partial class TwinRandomQueries
{
    private const string Sets = HttpExtensions.KeySets;

    /// <summary>Makes up queries.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="count">How many of each kind.</param>
    public static IEnumerable<TwinRequest> Of(int seed, int count)
    {
        Random random = new(seed);
        RandomExpressions expressions = new(seed);
        string[] examples =
            [.. QueryGrammar.Answered.Concat(QueryGrammar.Unsupported).Select(example => (string)example[0]!)];
        string[] tokens =
        [
            .. examples.SelectMany(QueryText.Tokens).Distinct(), .. PrivateConditions.Members,
            .. PrivateConditions.Members.Select(member => $"/{member}"), $"'{TwinSets.Guess}'",
        ];
        for (int number = 0; number < count; number++)
        {
            yield return TwinRequest.Get(Expression(expressions, random));
            if (Changed(examples, tokens, random) is { } changed)
            {
                yield return TwinRequest.Get(changed);
            }
        }
    }

    private static string Expression(RandomExpressions expressions, Random random)
    {
        string set = Escaped(WithPrivate(expressions.OfSet(2).Text, random));
        string key = Escaped(WithPrivate(expressions.OfKey("", 3).Text, random));
        string order = Escaped(WithPrivate(expressions.OrderOfKeys().Text, random));
        return expressions.One(
            $"{Sets}?$filter={set}&$orderby={Escaped(expressions.Order().Text)}",
            $"{Sets}('rsa')/keys?$filter={key}&$orderby={order}",
            $"{Sets}?$select=id&$expand=keys_v2($select=kid;$filter={key};$orderby={order})");
    }

    /// <returns>An expression, half of the time with a private member in the place of a public one.</returns>
    private static string WithPrivate(string expression, Random random) => random.Next(2) == 0
        ? expression
        : PublicMember().Replace(
            expression, random.GetItems([.. PrivateConditions.Members], 1)[0], count: 1);

    /// <returns>A query of the grammar with other tokens; null if it is no URL.</returns>
    private static string? Changed(string[] examples, string[] tokens, Random random)
    {
        List<string> text = [.. QueryText.Tokens(random.GetItems(examples, 1)[0])];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int place = random.Next(text.Count);
            text.RemoveRange(place, random.Next(2));
            text.InsertRange(place, random.GetItems(tokens, random.Next(2)));
        }

        string query = string.Concat(text);
        string url = query.StartsWith('/') ? query : $"{Sets}?{query}";
        return Uri.TryCreate(new Uri("http://localhost"), url, out Uri? whole) && whole.Host == "localhost"
            ? url
            : null;
    }

    private static string Escaped(string expression) => Uri.EscapeDataString(expression);

    [GeneratedRegex(@"(?<=^|[(, /])(kid|use|x5t|e|n)(?=[), ]|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex PublicMember();
}
