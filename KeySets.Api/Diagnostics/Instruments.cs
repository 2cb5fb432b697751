using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace KeySets.Api.Diagnostics;

/// <summary>
/// What the service measures of itself, besides what ASP.NET Core does: meter and activity source <c>KeySets</c>, with names as the semantic
/// conventions of OpenTelemetry form them. No measurement holds an id, a kid or a value that somebody sent.
/// </summary>
public sealed class Instruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "KeySets";

    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitWrites;
    private readonly Histogram<double> _keyDuration;
    private readonly Counter<long> _refusals;

    /// <summary>Makes the instruments of one service.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The factory disposes what it has made.")]
    public Instruments(IMeterFactory meters)
    {
        Meter meter = meters.Create(Name);
        _commitDuration = meter.CreateHistogram<double>("keysets.commit.duration", "s", "How long commits take that make writes durable.");
        _commitWrites = meter.CreateHistogram<int>("keysets.commit.writes", "{write}", "How many writes a commit makes durable.");
        _keyDuration = meter.CreateHistogram<double>("keysets.key.generation.duration", "s", "How long keys take to be made.");
        _refusals = meter.CreateCounter<long>("keysets.refusals", "{request}", "Requests, and parts of batches, that were answered with an error.");
    }

    /// <summary>The spans of the service.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Records a commit.</summary>
    public void Committed(int writes, TimeSpan duration)
    {
        _commitDuration.Record(duration.TotalSeconds);
        _commitWrites.Record(writes);
    }

    /// <summary>Records a key that was made.</summary>
    /// <param name="kty">RSA or oct.</param>
    /// <param name="duration">How long it took.</param>
    public void GeneratedKey(string kty, TimeSpan duration) =>
        _keyDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("keysets.key.type", kty));

    /// <summary>Records an error that was answered.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="code">Its code: InvalidAuthenticationToken for a token that was refused, those of the list for input that was.</param>
    public void Refused(int status, string code) => _refusals.Add(
        1, new KeyValuePair<string, object?>("http.response.status_code", status), new KeyValuePair<string, object?>("error.type", code));
}
