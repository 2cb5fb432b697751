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

    [GeneratedRegex("'[^']*'", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();

    [GeneratedRegex(@" on type '(?<type>microsoft\.cpim\.api\.dataModels\.\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(@" at position (?<position>\d+) in ", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
