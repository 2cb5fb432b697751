using System.Globalization;
using System.Net;
using System.Text;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Repeatability;

/// <summary>Tests of OASIS Repeatable Requests Version 1.0.</summary>
public abstract class RepeatabilityTests : TimedTests
{
    // The service writes request-id, and HTTP clients may name it otherwise.
    private static readonly HashSet<string> Own =
        new(["request-id", "Date", "Content-Length", "Transfer-Encoding"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Tests on Kestrel, which refuses answers that a server for tests takes.</summary>
    protected RepeatabilityTests() => Application.UseKestrel(0);

    /// <summary>The headers of a new repeatable request, first sent now or some time before.</summary>
    protected (string Name, string Value)[] NewHeaders(TimeSpan age = default) =>
    [
        ("Repeatability-Request-ID", Guid.NewGuid().ToString()),
        ("Repeatability-First-Sent", DateOf(Clock.GetUtcNow() - age)),
    ];

    /// <summary>A time as an IMF-fixdate.</summary>
    protected static string DateOf(DateTimeOffset time) => time.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>Sends a request with JSON, or without a body.</summary>
    protected Task<HttpResponseMessage> SendAsync(
        string method, string url, string? json, params (string Name, string Value)[] headers) =>
        Writer.SendAsync(
            new HttpMethod(method),
            url,
            json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
            headers);

    /// <summary>Asserts that an answer has a status, and the result accepted or rejected.</summary>
    protected static async Task AssertResultAsync(HttpResponseMessage answer, HttpStatusCode status, string? result)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(status), text);
        Assert.That(answer.Header("Repeatability-Result"), Is.EqualTo(result), text);
    }

    /// <summary>
    /// An answer as text: its status, its headers but for those that each answer has of its own, and its body.
    /// </summary>
    protected static async Task<string> TextOfAsync(HttpResponseMessage answer)
    {
        IEnumerable<string> headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(header => !Own.Contains(header.Key))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
            .Order(StringComparer.OrdinalIgnoreCase);
        return string.Join(
            '\n', [$"{(int)answer.StatusCode}", .. headers, "", await answer.Content.ReadAsStringAsync()]);
    }
}
