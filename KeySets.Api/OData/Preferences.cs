using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData;

/// <summary>The Prefer header (RFC 7240).</summary>
public static partial class Preferences
{
    private const string Prefer = "Prefer";

    /// <summary>
    /// Leaves out of the Prefer header what is malformed, and parameters: a preference that cannot be followed is ignored (section 2),
    /// and the library fails at it after the action is run.
    /// </summary>
    public static void Normalize(IHeaderDictionary headers)
    {
        if (headers[Prefer].Count > 0)
        {
            Rewrite(headers, headers.GetCommaSeparatedValues(Prefer)
                .Select(text => WellFormed().Match(text))
                .Where(match => match.Success)
                .Select(match => match.Groups["value"].Success ? $"{match.Groups["name"].Value}={match.Groups["value"].Value}" : match.Groups["name"].Value));
        }
    }

    /// <summary>Whether the client prefers an answer without a body. Says in Preference-Applied which preference is followed.</summary>
    public static bool ReturnMinimal(HttpContext context) => Return(context) == "minimal";

    /// <summary>Whether the client prefers an answer with a body. Says in Preference-Applied which preference is followed.</summary>
    public static bool ReturnRepresentation(HttpContext context) => Return(context) == "representation";

    private static string? Return(HttpContext context)
    {
        // The first of several counts (RFC 7240 section 2).
        string? preference = Values(context, "return").FirstOrDefault(value => value is "minimal" or "representation");
        if (preference is not null)
        {
            Apply(context, $"return={preference}");
        }

        return preference;
    }

    /// <summary>The most elements of a page that the client prefers, at least 1; null where it has no preference.</summary>
    public static int? MaxPageSize(HttpContext context)
    {
        foreach (string name in (ReadOnlySpan<string>)["maxpagesize", "odata.maxpagesize"])
        {
            if (int.TryParse(Values(context, name).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0)
            {
                Apply(context, $"{name}={size}");
                return size;
            }
        }

        return null;
    }

    /// <summary>
    /// Says that the preference for all annotations is followed: the service has none but those of the protocol, which are not asked for
    /// by it. Patterns of names match none of them, and the library fails at some patterns after the action is run: it sees no such preference.
    /// </summary>
    public static void IncludeAnnotations(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (headers[Prefer].Count == 0)
        {
            return;
        }

        foreach (string name in (ReadOnlySpan<string>)["include-annotations", "odata.include-annotations"])
        {
            if (Values(context, name).FirstOrDefault() is "*")
            {
                Apply(context, $"{name}=\"*\"");
            }
        }

        Rewrite(headers, headers.GetCommaSeparatedValues(Prefer)
            .Where(preference => !preference.Contains("include-annotations", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The values of a preference in the order in which they are sent.</summary>
    public static IEnumerable<string> Values(HttpContext context, string name) => context.Request.Headers.GetCommaSeparatedValues(Prefer)
        .Select(preference => NameValueHeaderValue.TryParse(preference.Split(';')[0], out NameValueHeaderValue? value) ? value : null)
        .Where(value => value is not null && value.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(value => HeaderUtilities.RemoveQuotes(value!.Value).ToString());

    [GeneratedRegex("""^\s*(?<name>[\w.-]+)(\s*=\s*(?<value>[\w.*-]+|"[ !#-\[\]-~]*"))?\s*(;.*)?$""", RegexOptions.ExplicitCapture | RegexOptions.ECMAScript)]
    private static partial Regex WellFormed();

    private static void Rewrite(IHeaderDictionary headers, IEnumerable<string> preferences)
    {
        string text = string.Join(", ", preferences);
        headers[Prefer] = text.Length == 0 ? default : new StringValues(text);
    }

    private static void Apply(HttpContext context, string preference) => context.Response.Headers.Append("Preference-Applied", preference);
}
