using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.OData;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Explains the errors of ODataLib's parser. Its messages quote the client's text, and an error of this service never
/// does: it keeps only the position and the type that they name.
/// </summary>
public static partial class QueryErrors
{
    /// <summary>Parses an option.</summary>
    /// <param name="options">The options as the client sent them.</param>
    /// <param name="option">The name of the option.</param>
    /// <param name="parse">Calls ODataLib's parser, and nothing else.</param>
    /// <exception cref="RefusalException">
    /// 400: ODataLib cannot read the option; 501: OData allows it, but ODataLib does not support it.
    /// </exception>
    [SuppressMessage(
        "Design", "CA1031", Justification = "ODataLib throws exceptions of any type at malformed options.")]
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
        catch (Exception)
        {
            // ODataLib's lexer accepts some text that its binder does not expect: a number out of range, an unfinished
            // path.
            throw Explain(option, options.GetValueOrDefault(option, ""), message: "");
        }
    }

    private static RefusalException Explain(string option, string text, string message)
    {
        if (UnknownToODataLib().IsMatch(PrivateMemberGuard.WithoutLiterals(text)))
        {
            return Refusal.UnsupportedExpression(option);
        }

        if (message.StartsWith("Recursion depth", StringComparison.Ordinal))
        {
            return Refusal.QueryTooDeep(option, QueryLimits.MaximumDepth);
        }

        if (UnknownProperty().Match(message) is { Success: true } unknown)
        {
            return Refusal.UnknownQueryProperty(option, unknown.Groups["type"].Value);
        }

        return Position().Match(message) is { Success: true } position
            ? Refusal.BadQueryOption(option, position.Groups["position"].Value)
            : Refusal.BadQueryOption(option);
    }

    [GeneratedRegex(
        @"\s(divby)\s|\b(case|hassubset|hassubsequence|isdefined)\(|\bin\s+@|/microsoft\.cpim\.api\."
        + @"|[(;]\s*\$?(levels|compute|apply)\s*=",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex UnknownToODataLib();

    [GeneratedRegex(@" on type '(?<type>microsoft\.cpim\.api\.dataModels\.\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(@" at position (?<position>\d+) in ", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
