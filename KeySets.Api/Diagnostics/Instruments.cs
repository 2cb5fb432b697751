using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using KeySets.Model;

namespace KeySets.Api.Diagnostics;

/// <summary>
/// The measurements of the service, besides those of ASP.NET Core: meter and activity source <c>KeySets</c>, with names
/// that follow the semantic conventions of OpenTelemetry. No measurement holds an id, a kid or a value that a client
/// sent.
/// </summary>
public sealed class Instruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "KeySets";

    private const string ErrorType = "error.type";

    // From the time of a fast disk to the time of a generated key.
    private static readonly InstrumentAdvice<double> Seconds =
        new()
        {
            HistogramBucketBoundaries =
                [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        };

    private static readonly InstrumentAdvice<int> Writes =
        new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] };

    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitWrites;
    private readonly Histogram<double> _generationDuration;
    private readonly Histogram<double> _importDuration;
    private readonly Histogram<double> _slowQueryDuration;
    private readonly Counter<long> _refusals;

    /// <summary>Creates the instruments of one service.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The factory disposes the meter.")]
    public Instruments(IMeterFactory meters)
    {
        Meter meter = meters.Create(Name);
        _commitDuration = meter.CreateHistogram<double>(
            "keysets.commit.duration", "s", "How long commits take that make writes durable.", tags: null, Seconds);
        _commitWrites = meter.CreateHistogram<int>(
            "keysets.commit.writes", "{write}", "How many writes a commit makes durable.", tags: null, Writes);
        _generationDuration = meter.CreateHistogram<double>(
            "keysets.key.generation.duration", "s", "How long keys take to be generated.", tags: null, Seconds);
        _importDuration = meter.CreateHistogram<double>(
            "keysets.key.import.duration", "s", "How long PKCS #12 files take to be opened.", tags: null, Seconds);
        _slowQueryDuration = meter.CreateHistogram<double>(
            "keysets.slow_query.duration", "s", "How long slow queries run.", tags: null, Seconds);
        _refusals = meter.CreateCounter<long>(
            "keysets.refusals", "{request}", "Requests, and parts of batches, that were answered with an error.");
    }

    /// <summary>The spans of the service.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Commits all waiting writes, in a span below that of the request that does so.</summary>
    /// <param name="writes">How many writes become durable.</param>
    /// <param name="commit">Commits.</param>
    public async Task CommitAsync(int writes, Func<Task> commit)
    {
        using Activity? span = Source.StartActivity("commit")?.SetTag("keysets.commit.writes", writes);
        long start = Stopwatch.GetTimestamp();
        try
        {
            await commit();
            _commitWrites.Record(writes);
            _commitDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        catch (Exception exception)
        {
            Fail(span, _commitDuration, start, exception);
            throw;
        }
    }

    /// <summary>Runs a query that has turned out to be slow, in a span of its own.</summary>
    public async Task<T> RunSlowQueryAsync<T>(Func<Task<T>> query)
    {
        using Activity? span = Source.StartActivity("slow query");
        long start = Stopwatch.GetTimestamp();
        try
        {
            T result = await query();
            _slowQueryDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            return result;
        }
        catch (Exception exception)
        {
            Fail(span, _slowQueryDuration, start, exception);
            throw;
        }
    }

    /// <summary>Generates a key, in a span of its own.</summary>
    public TrustFrameworkKey GenerateKey(Func<TrustFrameworkKey> generate) =>
        Make("generate key", _generationDuration, generate);

    /// <summary>Imports a key of a PKCS #12 file, in a span of its own.</summary>
    public TrustFrameworkKey ImportKey(Func<TrustFrameworkKey> import) =>
        Make("import key", _importDuration, import);

    /// <summary>Records the error of an answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="code">
    /// Its code: InvalidAuthenticationToken for a refused token, a code of the documented list for refused input.
    /// </param>
    public void Refused(int status, string code) => _refusals.Add(
        1,
        new KeyValuePair<string, object?>("http.response.status_code", status),
        new KeyValuePair<string, object?>(ErrorType, code));

    private static TrustFrameworkKey Make(string name, Histogram<double> duration, Func<TrustFrameworkKey> make)
    {
        using Activity? span = Source.StartActivity(name);
        long start = Stopwatch.GetTimestamp();
        try
        {
            TrustFrameworkKey key = make();
            duration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds,
                new KeyValuePair<string, object?>("keysets.key.type", key.Kty));
            return key;
        }
        catch (Exception exception)
        {
            // A file that does not open takes as long as one that does.
            Fail(span, duration, start, exception);
            throw;
        }
    }

    private static void Fail(Activity? span, Histogram<double> duration, long start, Exception exception)
    {
        string error = exception.GetType().FullName!;
        span?.SetStatus(ActivityStatusCode.Error).SetTag(ErrorType, error);
        duration.Record(
            Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>(ErrorType, error));
    }
}
