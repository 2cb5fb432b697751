using System.Globalization;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>
/// An .http file in the form that Visual Studio, C# Dev Kit and REST Client for VS Code read alike. Each tool also
/// accepts forms that another tool reads differently; this parser accepts none of them.
/// </summary>
/// <param name="Variables">The variables, by name.</param>
/// <param name="Requests">The requests, in order.</param>
public sealed partial record HttpFile(
    IReadOnlyDictionary<string, string> Variables, IReadOnlyList<HttpFileRequest> Requests)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">The file is not in that form. The message tells where.</exception>
    public static HttpFile Parse(string text)
    {
        string[] parts = StartOfRequest().Split(text.ReplaceLineEndings("\n"));
        Match head = Match(Head(), parts[0]);
        HttpFileRequest[] requests = [.. parts.Skip(1).Select(ParseRequest)];
        if (requests.Where(request => request.Name is not null)
            .GroupBy(request => request.Name)
            .FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new FormatException($"Two requests have the name {twice.Key}.");
        }

        return new HttpFile(Pairs(head, "variable").ToDictionary(pair => pair.Name, pair => pair.Value), requests);
    }

    private static HttpFileRequest ParseRequest(string part)
    {
        Match match = Match(Request(), part);
        HttpFileRequest request = new(
            match.Groups["title"].Value,
            int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture),
            ValueOrNull(match.Groups["name"]),
            HttpMethod.Parse(match.Groups["method"].ValueSpan),
            match.Groups["target"].Value,
            [.. Pairs(match, "header")],
            ValueOrNull(match.Groups["body"])?.TrimEnd('\n'));
        return request.ContentType is null == request.Body is null
            ? request
            : throw new FormatException(
                $"{request.Title}: a request has a Content-Type if it has a body, and only then.");
    }

    private static Match Match(Regex form, string part) =>
        form.Match($"{part.TrimEnd('\n')}\n") is { Success: true } match
            ? match
            : throw new FormatException($"Not in the form of an .http file:\n{part}");

    private static IEnumerable<(string Name, string Value)> Pairs(Match match, string name) =>
        match.Groups[name].Captures.Zip(match.Groups["value"].Captures, (left, right) => (left.Value, right.Value));

    private static string? ValueOrNull(Group group) => group.Success ? group.Value : null;

    [GeneratedRegex("^(?=###)", RegexOptions.Multiline)]
    private static partial Regex StartOfRequest();

    // The value of a variable has no reference: not every tool resolves nested references.
    [GeneratedRegex("""
        \A (
          (\#.*)? \n |
          @ (?<variable> [A-Za-z]\w* ) \ =\  (?<value> (?! .*\{\{ ) \S+ ) \n
        )* \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Head();

    // No line of a body may look like a comment: REST Client would not send it.
    [GeneratedRegex("""
        \A \#\#\#\  (?<title> \S.* ) \n
        \#\  (?<status> [1-5]\d\d ) \n
        ( \#\ @name\  (?<name> [A-Za-z]\w* ) \n )?
        (?<method> GET|HEAD|POST|PUT|PATCH|DELETE ) \  (?<target> \S+ ) \n
        ( (?<header> [A-Za-z-]+ ) :\  (?<value> \S.* ) \n )*
        ( \n (?<body> (?! \n ) ( (?! \s* ( \# | // ) ) .* \n )+ ) )? \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Request();
}
