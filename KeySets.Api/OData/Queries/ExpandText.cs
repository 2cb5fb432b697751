using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The options in the parentheses of <c>$expand=keySets(…;…)</c> and <c>$select=keys(…;…)</c>, as the client
/// sent them. Next links are built from this text: ODataLib does not parse all that the standard allows, and cannot
/// write all that it parses.
/// </summary>
public static partial class ExpandText
{
    /// <summary>The options in order, each as its name and value.</summary>
    /// <param name="expand">A well-formed $expand of one item.</param>
    public static IEnumerable<(string Name, string Value)> Options(string expand)
    {
        int open = expand.IndexOf('(', StringComparison.Ordinal);
        return open < 0 || !expand.TrimEnd().EndsWith(')')
            ? []
            : Split(expand[(open + 1)..expand.LastIndexOf(')')], ';').Select(option => option.Split('=', 2) switch
            {
                [string name, string value] => (name.Trim(), value),
                _ => (option, ""),
            });
    }

    /// <summary>
    /// Refuses a repeated option, a collection that is expanded twice, and <c>$expand</c> inside <c>$expand</c> or
    /// <c>$select</c>, where nothing can be expanded. ODataLib accepts them without following them.
    /// </summary>
    /// <param name="name">$select or $expand.</param>
    /// <param name="text">Its value, with options in their canonical names.</param>
    /// <exception cref="RefusalException">400: the text has one of these.</exception>
    public static void Check(string name, string text)
    {
        if (name == SystemQueryOptions.Expand && Split(text, ',').Count(item => item.Trim() != "*") > 1)
        {
            throw Refusal.RepeatedQueryOption(name);
        }

        CheckItems(name, text);
    }

    /// <summary>
    /// Writes options in parentheses in the form that ODataLib reads: with '$', which OData 4.01 makes optional, and
    /// with the words of a $search in quotes (see <see cref="SearchExpressions.QuoteWords"/>).
    /// </summary>
    public static string Canonicalize(string text)
    {
        string named = BareName().Replace(
            text, match => match.Groups["name"].Success ? $"${match.Value.ToLowerInvariant()}" : match.Value);
        int open = named.IndexOf('(', StringComparison.Ordinal);
        return open < 0 || !named.EndsWith(')')
            ? named
            : $"{named[..open]}({string.Join(';', Split(named[(open + 1)..^1], ';').Select(QuoteSearch))})";
    }

    private static void CheckItems(string target, string text)
    {
        foreach ((string Name, string Value)[] options in Split(text, ',').Select(item => Options(item).ToArray()))
        {
            if (options.Any(option => option.Name == SystemQueryOptions.Expand))
            {
                throw Refusal.MisplacedQueryOption(SystemQueryOptions.Expand);
            }

            if (options.DistinctBy(option => option.Name).Count() < options.Length)
            {
                throw Refusal.RepeatedQueryOption(target);
            }

            foreach ((_, string select) in options.Where(option => option.Name == SystemQueryOptions.Select))
            {
                CheckItems(target, select);
            }
        }
    }

    private static string QuoteSearch(string option) => option.Split('=', 2) is [string name, string value]
        && name.Trim().Equals(SystemQueryOptions.Search, StringComparison.OrdinalIgnoreCase)
            ? $"{name}={SearchExpressions.QuoteWords(value)}"
            : option;

    /// <remarks>Ignores separators inside parentheses, literals and phrases.</remarks>
    private static List<string> Split(string options, char separator)
    {
        List<string> parts = [];
        int depth = 0;
        int start = 0;
        char quote = '\0';
        foreach ((int index, char character) in options.Index())
        {
            if (character is '\'' or '"' && (quote == '\0' || quote == character))
            {
                quote = quote == '\0' ? character : '\0';
            }
            else if (quote == '\0')
            {
                depth += character == '(' ? 1 : character == ')' ? -1 : 0;
                if (character == separator && depth == 0)
                {
                    parts.Add(options[start..index]);
                    start = index + 1;
                }
            }
        }

        return [.. parts, options[start..]];
    }

    /// <remarks>Matches literals and phrases, which stay as they are, and names of options without '$'.</remarks>
    [GeneratedRegex(
        """'[^']*'|"[^"]*"|(?<=[(;]\s*)(?<name>select|filter|orderby|top|skip|count|search|expand)(?=\s*=)""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex BareName();
}
