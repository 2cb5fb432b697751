using System.Net;

namespace KeySets.Api.Refusals;

/// <summary>
/// A request that the service refuses. A factory of <see cref="Refusal"/> creates it, and <see cref="ErrorWriter"/>
/// writes it to the client. Messages name members and limits, never values: a value may be a secret.
/// </summary>
public sealed class RefusalException(
    HttpStatusCode status, string code, string message, string? target = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>The HTTP status of the answer, 400 to 507.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The code that clients compare: one of the published AADB2C codes if one fits.</summary>
    public string Code { get; } = code;

    /// <summary>
    /// Whether clients ask for too much at once. Metrics count such refusals; in the log, as many as there can be would
    /// hide all else.
    /// </summary>
    public bool IsOfLoad { get; init; }

    /// <summary>
    /// Whether another write came between the checks and the change. The same work may succeed if it runs again.
    /// </summary>
    public bool IsOfRace { get; init; }

    /// <summary>The OData path of the member at fault, such as <c>keys/0/exp</c>, or the name of the header.</summary>
    public string? Target { get; } = target;
}
