namespace KeySets.Api.OData.Requests;

/// <summary>Preference-Applied (RFC 7240 section 3): the preferences that an answer follows.</summary>
public static class AppliedPreferences
{
    /// <summary>Adds a preference to the header; null adds nothing.</summary>
    public static void Add<T>(HttpResponse response, Preference<T>? preference)
    {
        if (preference is not null)
        {
            Add(response, preference.Applied);
        }
    }

    /// <summary>Adds preferences to the header.</summary>
    public static void Add(HttpResponse response, params IEnumerable<string> preferences)
    {
        foreach (string preference in preferences)
        {
            response.Headers.Append("Preference-Applied", preference);
        }
    }
}
