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
    /// <exception cref="RefusalException">400: the option cannot be read.</exception>
    public static T Explain<T>(string option, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (ODataException exception)
        {
            throw Explain(option, exception.Message);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            // A literal that the library's lexer lets pass and its conversion does not.
            throw Refusal.BadQueryOption(option);
        }
    }

    private static RefusalException Explain(string option, string message)
    {
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

    [GeneratedRegex(@" on type '(?<type>microsoft\.cpim\.api\.dataModels\.\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(@" at position (?<position>\d+) in ", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
