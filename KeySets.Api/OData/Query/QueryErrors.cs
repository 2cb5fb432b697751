using System.Diagnostics.CodeAnalysis;
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
    [SuppressMessage("Design", "CA1031", Justification = "The library throws whatever it meets at an option that is malformed.")]
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
        catch (Exception exception) when (exception is not RefusalException)
        {
            // What the library's lexer lets pass and its binder does not expect, such as a number out of range or a path that breaks off.
            throw Explain(option, options.GetValueOrDefault(option, ""), message: "");
        }
    }

    /// <summary>Reads options. Whatever is wrong with them: where one of them names a private member there is one answer.</summary>
    /// <param name="options">The options as they were sent, by their canonical names.</param>
    /// <param name="read">Reads them.</param>
    /// <exception cref="RefusalException">400: a private member is named; else what is refused otherwise.</exception>
    public static T PrivateFirst<T>(IEnumerable<KeyValuePair<string, string>> options, Func<T> read)
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

    /// <summary>An option without what stands in quotes.</summary>
    public static string WithoutLiterals(string text) => Literal().Replace(text, "");

    /// <remarks>Other options than these have no names of members in them.</remarks>
    private static bool NamesPrivateMember(string name, string value) =>
        name is ['$' or '@', ..] and not (SystemQueryOptions.Search or SystemQueryOptions.SkipToken or SystemQueryOptions.Format)
        && NamesPrivateMember(WithoutLiterals(value));

    private static bool NamesPrivateMember(string text)
    {
        HashSet<string> variables = [.. Variable().Matches(text).Select(match => match.Value)];
        return PrivateMember().Matches(text).Any(match => match.Value.StartsWith('/') || !variables.Contains(match.Value));
    }

    private static RefusalException Explain(string option, string text, string message)
    {
        if (UnknownToLibrary().IsMatch(WithoutLiterals(text)))
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

    [GeneratedRegex(@"\s(divby)\s|\b(case|hassubset|hassubsequence|isdefined)\(|\bin\s+@|/microsoft\.cpim\.api\.|[(;]\s*\$?(levels|compute|apply)\s*=", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
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
