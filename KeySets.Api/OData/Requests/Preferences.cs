using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Requests;

/// <summary>A preference of the client that the service follows.</summary>
/// <param name="Value">The preference.</param>
/// <param name="Applied">The preference as Preference-Applied repeats it.</param>
public sealed record Preference<T>(T Value, string Applied);

/// <summary>The Prefer header (RFC 7240).</summary>
public static partial class Preferences
{
    private const string Prefer = "Prefer";

    /// <summary>
    /// Removes malformed preferences and all parameters from the Prefer header of a request. A service ignores a
    /// preference that it cannot follow (RFC 7240 section 2), but ASP.NET Core OData fails at it after the action has
    /// run.
    /// </summary>
    public static void Normalize(IHeaderDictionary headers)
    {
        if (headers[Prefer].Count > 0)
        {
            Rewrite(headers, headers.GetCommaSeparatedValues(Prefer)
                .Select(text => WellFormed().Match(text))
                .Where(match => match.Success)
                .Select(match => match.Groups["value"].Success
                    ? $"{match.Groups["name"].Value}={match.Groups["value"].Value}"
                    : match.Groups["name"].Value));
        }
    }

    /// <summary>
    /// Removes the preferences for annotations from the Prefer header of a request. The service has only the
    /// annotations of the protocol, which clients request in other ways, and ASP.NET Core OData fails at some patterns
    /// of names after the action has run.
    /// </summary>
    /// <returns>
    /// The preference for all annotations, which the service follows, in the form of Preference-Applied.
    /// </returns>
    public static IReadOnlyList<string> TakeAnnotations(IHeaderDictionary headers)
    {
        if (headers[Prefer].Count == 0)
        {
            return [];
        }

        string[] applied =
        [
            .. ((string[])["include-annotations", "odata.include-annotations"])
                .Where(name => Values(headers, name).FirstOrDefault() is "*")
                .Select(name => $"{name}=\"*\""),
        ];
        Rewrite(headers, headers.GetCommaSeparatedValues(Prefer)
            .Where(preference => !preference.Contains("include-annotations", StringComparison.OrdinalIgnoreCase)));
        return applied;
    }

    /// <summary>
    /// Whether the answer to a change should have a body: false for <c>return=minimal</c>, true for
    /// <c>return=representation</c>. Null if the client has no preference.
    /// </summary>
    public static Preference<bool>? Return(IHeaderDictionary headers) =>
        // If there are several, the first one counts (RFC 7240 section 2).
        Values(headers, "return").FirstOrDefault(value => value is "minimal" or "representation") switch
        {
            { } value => new Preference<bool>(value == "representation", $"return={value}"),
            null => null,
        };

    /// <summary>
    /// The most elements on a page that the client prefers, at least 1; null if it has no preference.
    /// </summary>
    public static Preference<int>? MaxPageSize(IHeaderDictionary headers)
    {
        foreach (string name in (ReadOnlySpan<string>)["maxpagesize", "odata.maxpagesize"])
        {
            string? value = Values(headers, name).FirstOrDefault();
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0)
            {
                return new Preference<int>(size, $"{name}={size}");
            }
        }

        return null;
    }

    /// <summary>Whether a batch should continue after an error; null if the client has no preference.</summary>
    public static Preference<bool>? ContinueOnError(IHeaderDictionary headers)
    {
        foreach (string name in (ReadOnlySpan<string>)["continue-on-error", "odata.continue-on-error"])
        {
            if (Values(headers, name).FirstOrDefault() is { } value)
            {
                bool continues = !value.Equals("false", StringComparison.OrdinalIgnoreCase);
                return new Preference<bool>(continues, continues ? name : $"{name}=false");
            }
        }

        return null;
    }

    private static IEnumerable<string> Values(IHeaderDictionary headers, string name) =>
        headers.GetCommaSeparatedValues(Prefer)
            .Select(preference =>
                NameValueHeaderValue.TryParse(preference.Split(';')[0], out NameValueHeaderValue? value) ? value : null)
            .Where(value => value is not null && value.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(value => HeaderUtilities.RemoveQuotes(value!.Value).ToString());

    private static void Rewrite(IHeaderDictionary headers, IEnumerable<string> preferences)
    {
        string text = string.Join(", ", preferences);
        headers[Prefer] = text.Length == 0 ? default : new StringValues(text);
    }

    [GeneratedRegex(
        """^\s*(?<name>[\w.-]+)(\s*=\s*(?<value>[\w.*-]+|"[ !#-\[\]-~]*"))?\s*(;.*)?$""",
        RegexOptions.ExplicitCapture | RegexOptions.ECMAScript)]
    private static partial Regex WellFormed();
}
