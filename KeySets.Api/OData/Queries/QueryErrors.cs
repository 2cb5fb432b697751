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
/// <param name="sent">The options as the client sent them.</param>
/// <param name="read">The same options, by name, in the form that ODataLib reads.</param>
public sealed partial class QueryErrors(
    IReadOnlyCollection<QueryOption> sent, IReadOnlyDictionary<string, string> read)
{
    /// <summary>Parses an option.</summary>
    /// <param name="option">The name of the option.</param>
    /// <param name="parse">Calls ODataLib's parser, and nothing else.</param>
    /// <exception cref="RefusalException">
    /// 400: ODataLib cannot read the option; 501: OData allows it, but ODataLib does not support it.
    /// </exception>
    [SuppressMessage(
        "Design", "CA1031", Justification = "ODataLib throws exceptions of any type at malformed options.")]
    public T Explain<T>(string option, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (ODataException exception)
        {
            throw Explain(option, exception.Message);
        }
        catch (Exception)
        {
            // ODataLib's lexer accepts some text that its binder does not expect: a number out of range, an unfinished
            // path.
            throw Explain(option, message: "");
        }
    }

    private RefusalException Explain(string option, string message)
    {
        string text = read.GetValueOrDefault(option, "");
        if (UnknownToODataLib().IsMatch(QueryText.WithoutLiterals(text)) || UnsupportedByODataLib().IsMatch(message))
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

        // ODataLib's position is one in the text that it has read.
        bool isAsSent = sent.Any(value => value.Name == option && value.Value == text);
        return isAsSent && Position().Match(message) is { Success: true } position
            ? Refusal.BadQueryOption(option, position.Groups["position"].Value)
            : Refusal.BadQueryOption(option);
    }

    [GeneratedRegex(
        """
        \sdivby\s
        | \b(case|hassubset|hassubsequence|isdefined)\s*\(
        | (generateKey|uploadSecret|uploadCertificate|uploadPkcs12|getActiveKey)\b # unqualified operations
        | (?<![.\w])trustFramework\w*/                                            # unqualified types
        | /microsoft\.cpim\.api\.                                                 # types and operations after a path
        | @(\w+\.)+\w+ | /@\w+                                                   # annotations
        | keys_v2\s*\(\s*(kid\s*=\s*)?\)                                          # a key without its literal
        | /\$filter\s*\( | x5c/\$count\s*\( | ^\s*\$value\b
        | [(;]\s*\$?(levels|compute|apply)\s*=
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex UnknownToODataLib();

    // ODataLib compares members of enumerations for equality only, and does not know $it and $this everywhere.
    [GeneratedRegex(
        @"'microsoft\.cpim\.api\.dataModels\.trustFrameworkKeyStatus' .*'(Less|Greater)Than"
        + @"|'\$(it|this)' is not in scope",
        RegexOptions.ExplicitCapture)]
    private static partial Regex UnsupportedByODataLib();

    [GeneratedRegex(@" on type '(?<type>microsoft\.cpim\.api\.dataModels\.\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex(@" at position (?<position>\d+) in ", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
