namespace KeySets.Api.OData;

/// <summary>The Prefer header (RFC 7240) of a write.</summary>
public static class Preferences
{
    // The library follows the first where a client sends both, so it comes first here too.
    private static readonly string[] Supported = ["return=minimal", "return=representation"];

    /// <summary>Tells the client that its preference for an answer with or without a body is followed.</summary>
    public static void Apply(HttpContext context)
    {
        string preferences = context.Request.Headers["Prefer"].ToString();
        if (Supported.FirstOrDefault(Has) is { } applied)
        {
            context.Response.Headers["Preference-Applied"] = applied;
        }

        bool Has(string preference) => preferences.Contains(preference, StringComparison.OrdinalIgnoreCase);
    }
}
