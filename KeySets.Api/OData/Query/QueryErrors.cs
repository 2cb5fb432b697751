using System.Text.RegularExpressions;
using KeySets.Api.Keys;
using Microsoft.OData;

namespace KeySets.Api.OData.Query;

/// <summary>
/// Says what the library's parser found wrong. Its own messages quote what the client sent, which an error never does; what
/// they know besides, the position and the type, is kept.
/// </summary>
public static partial class QueryErrors
{
    /// <summary>Reads an option.</summary>
    /// <param name="options">The options as they were sent.</param>
    /// <param name="option">The name of the option.</param>
    /// <param name="parse">Reads it.</param>
    /// <exception cref="RefusalException">400: the option cannot be read; 501: the standard has it and the library does not.</exception>
    public static T Explain<T>(IReadOnlyDictionary<string, string> options, string option, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (ODataException exception)
        {
            throw Explain(option, options.GetValueOrDefault(option, ""), exception.Message);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            // A literal that the library's lexer lets pass and its conversion does not.
            throw Refusal.BadQueryOption(option);
        }
    }

    /// <summary>The first option that names a private member, whether or not it can be read; null where none does.</summary>
    public static string? OptionWithPrivateMember(IReadOnlyDictionary<string, string> options) =>
        options.FirstOrDefault(option => NamesPrivateMember(Literal().Replace(option.Value, ""))).Key;

    private static bool NamesPrivateMember(string text)
    {
        HashSet<string> variables = [.. Variable().Matches(text).Select(match => match.Value)];
        return PrivateMember().Matches(text).Any(match => match.Value.StartsWith('/') || !variables.Contains(match.Value));
    }

    private static RefusalException Explain(string option, string text, string message)
    {
        if (UnknownToLibrary().IsMatch(Literal().Replace(text, "")))
        {
            return Refusal.UnsupportedExpression(option);
        }

        if (message.StartsWith("Recursion depth", StringComparison.Ordinal))
        {
            return Refusal.QueryTooDeep(option, QueryRules.MaximumDepth);
        }

        if (UnknownProperty().Match(message) is { Success: true } unknown)
        {
            return Refusal.UnknownQueryProperty(option, unknown.Groups["type"].Value);
        }

        return Position().Match(message) is { Success: true } position
            ? Refusal.BadQueryOption(option, position.Groups["position"].Value)
            : Refusal.BadQueryOption(option);
    }

    [GeneratedRegex(@"\s(divby)\s|\b(case|hassubset|hassubsequence|isdefined)\(", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex UnknownToLibrary();

    /// <remarks>A path has one, or it stands by itself; before a colon or a slash the name is that of a variable.</remarks>
    [GeneratedRegex(@"/(k|d|p|q|dp|dq|qi)\b|(?<![\w/@$.])(k|d|p|q|dp|dq|qi)(?![\w/:(.])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex PrivateMember();

    [GeneratedRegex(@"(?<=\(\s*)\w+(?=\s*:)")]
    private static partial Regex Variable();

    [GeneratedRegex("'[^']*'", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();

    [GeneratedRegex(@" on type '(?<type>microsoft\.cpim\.api\.dataModels\.\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(@" at position (?<position>\d+) in ", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
