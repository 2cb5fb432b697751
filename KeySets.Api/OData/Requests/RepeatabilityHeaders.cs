using System.Globalization;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Requests;

/// <summary>The headers of OASIS Repeatable Requests Version 1.0 (section 3).</summary>
public static class RepeatabilityHeaders
{
    /// <summary>Names the request: a UUID.</summary>
    public const string RequestId = "Repeatability-Request-ID";

    /// <summary>When the client sent the request for the first time: an IMF-fixdate.</summary>
    public const string FirstSent = "Repeatability-First-Sent";

    /// <summary>Names the client: a UUID. It is optional.</summary>
    public const string ClientId = "Repeatability-Client-ID";

    /// <summary>Whether the service sees to it that the request is carried out once: accepted or rejected.</summary>
    public const string Result = "Repeatability-Result";

    /// <summary>Whether a request asks to be carried out once, however often it is sent.</summary>
    public static bool AreIn(IHeaderDictionary headers) =>
        headers.ContainsKey(RequestId) || headers.ContainsKey(FirstSent);

    /// <summary>Reads the headers.</summary>
    /// <exception cref="RefusalException">400: one is missing or malformed.</exception>
    public static (Guid RequestId, DateTimeOffset FirstSent, Guid? ClientId) Read(IHeaderDictionary headers) =>
    (
        IdOf(headers, RequestId),
        headers[FirstSent] is [var sent] && DateTimeOffset.TryParseExact(
            sent, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw Refusal.BadRepeatability(FirstSent),
        headers.ContainsKey(ClientId) ? IdOf(headers, ClientId) : null
    );

    /// <summary>Records the result for the answer, whatever becomes of it.</summary>
    public static void SetResult(HttpContext context, bool isAccepted) =>
        context.Items[Result] = isAccepted ? "accepted" : "rejected";

    /// <summary>Adds the result to the answer.</summary>
    public static void Complete(HttpContext context)
    {
        if (context.Items.TryGetValue(Result, out object? result))
        {
            context.Response.Headers[Result] = (string)result!;
        }
    }

    private static Guid IdOf(IHeaderDictionary headers, string name) =>
        headers[name] is [var text] && Guid.TryParseExact(text, "D", out Guid id)
            ? id
            : throw Refusal.BadRepeatability(name);
}
