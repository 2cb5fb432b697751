using KeySets.Model;

namespace KeySets.Api.Data.Audit;

/// <summary>Who asks for a change, and by which request.</summary>
/// <param name="Subject">The subject of the token; null for none.</param>
/// <param name="Application">The application of the token; null for none.</param>
/// <param name="Issuer">The issuer of the token; null for none.</param>
/// <param name="Request">The method and the URL template of the request.</param>
/// <param name="RequestId">The id of the request.</param>
public sealed record Author(
    string? Subject, string? Application, string? Issuer, string Request, string RequestId)
{
    /// <summary>An event of this author.</summary>
    /// <param name="operation">One of <see cref="AuditOperations"/>.</param>
    /// <param name="keySetId">The id of the set.</param>
    /// <param name="kids">The kids of the keys that it is about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="result">One of <see cref="AuditResults"/>.</param>
    public AuditEvent Event(
        string operation,
        string keySetId,
        IEnumerable<string> kids,
        TimeProvider time,
        string result = AuditResults.Succeeded) => new()
        {
            KeySetId = keySetId,
            // As it is stored, and hashed.
            At = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Operation = operation,
            Kids = [.. kids],
            Result = result,
            Subject = Subject,
            Application = Application,
            Issuer = Issuer,
            Request = Request,
            RequestId = RequestId,
        };
}
