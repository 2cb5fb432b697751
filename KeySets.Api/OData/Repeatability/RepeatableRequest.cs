using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Repeatability;

/// <summary>
/// A request that a client may send again, until it gets an answer: a single one, or all requests of a change set.
/// </summary>
/// <param name="Id">Names it among all requests of all callers.</param>
/// <param name="Fingerprint">What it asks for. The same id with another fingerprint is another request.</param>
public sealed record RepeatableRequest(Guid Id, string Fingerprint)
{
    /// <summary>How long after it was first sent a request can come again.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromDays(1);

    /// <summary>How long the row of a request is kept: the clock of a client can be ahead.</summary>
    public static TimeSpan Retention => Memory + (2 * ClockSkew);

    private static TimeSpan ClockSkew { get; } = TimeSpan.FromMinutes(15);

    // The headers that say what a request asks for. Proxies, tokens and traces change the others.
    private static readonly string[] Headers =
    [
        "Accept", "Accept-Charset", "Content-Type", "If-Match", "If-None-Match", "Prefer", ProtocolHeaders.Version,
        ProtocolHeaders.MaxVersion, RepeatabilityHeaders.FirstSent,
    ];

    /// <summary>Reads the headers of a request, and what it asks for.</summary>
    /// <param name="caller">Who sends it. Others can have requests with the same id.</param>
    /// <param name="requests">The request, or those of a change set, with their bodies.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="RefusalException">
    /// 400: a header is missing, malformed, or not the same for all; 412: it is too old to be remembered.
    /// </exception>
    public static RepeatableRequest Of(
        string caller, IReadOnlyList<(HttpRequest Request, ReadOnlyMemory<byte> Body)> requests, DateTimeOffset now)
    {
        (Guid RequestId, DateTimeOffset FirstSent, Guid? ClientId)[] headers =
            [.. requests.Select(one => RepeatabilityHeaders.Read(one.Request.Headers))];
        (Guid id, DateTimeOffset firstSent, Guid? client) = headers[0];
        if (headers.Any(other => other != headers[0]))
        {
            throw Refusal.UnequalRepeatability();
        }

        // One from the future would be remembered for less than a day after it was sent.
        if (firstSent < now - Memory || firstSent > now + ClockSkew)
        {
            throw Refusal.ForgottenRequest(RepeatabilityHeaders.FirstSent);
        }

        return new RepeatableRequest(IdOf($"{caller}\n{client}\n{id}"), FingerprintOf(requests));
    }

    /// <summary>The id of a set that a repeatable request makes without naming it; null for any other one.</summary>
    public static Guid? NewSetIdOf(HttpContext context) => context.Items[typeof(RepeatableRequest)] as Guid?;

    /// <summary>
    /// Accepts the request, or those of a change set. Sent again, each makes the set with the same id, so that only one
    /// of both is stored.
    /// </summary>
    public void Accept(IReadOnlyList<HttpContext> contexts)
    {
        foreach ((int index, HttpContext context) in contexts.Index())
        {
            RepeatabilityHeaders.SetResult(context, isAccepted: true);
            context.Items[typeof(RepeatableRequest)] = IdOf($"{Id}\n{index}");
        }
    }

    private static Guid IdOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static string FingerprintOf(IEnumerable<(HttpRequest Request, ReadOnlyMemory<byte> Body)> requests)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((HttpRequest request, ReadOnlyMemory<byte> body) in requests)
        {
            Append($"{request.Method} {request.PathBase}{request.Path}{request.QueryString}");
            foreach (string header in Headers)
            {
                Append($"{header}: {request.Headers[header]}");
            }

            AppendBytes(body.Span);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());

        void Append(string text) => AppendBytes(Encoding.UTF8.GetBytes(text));

        void AppendBytes(ReadOnlySpan<byte> bytes)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
