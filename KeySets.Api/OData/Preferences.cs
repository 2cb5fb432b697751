using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData;

/// <summary>The Prefer header (RFC 7240) of a write.</summary>
public static class Preferences
{
    /// <summary>Whether the client prefers an answer without a body. Says in Preference-Applied which preference is followed.</summary>
    public static bool ReturnMinimal(HttpContext context)
    {
        // The first of several counts (RFC 7240 section 2).
        string? preference = context.Request.Headers.GetCommaSeparatedValues("Prefer")
            .Select(ReturnPreference)
            .FirstOrDefault(value => value is "minimal" or "representation");
        if (preference is not null)
        {
            context.Response.Headers["Preference-Applied"] = $"return={preference}";
        }

        return preference == "minimal";
    }

    private static string? ReturnPreference(string preference) =>
        NameValueHeaderValue.TryParse(preference.Split(';')[0], out NameValueHeaderValue? value)
        && value.Name.Equals("return", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(value.Value).ToString()
            : null;
}
