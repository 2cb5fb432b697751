using Microsoft.Extensions.Time.Testing;

namespace KeySets.Tests.Support;

/// <summary>
/// Tests of an operation whose answer depends on the time. The clock of the service starts at that of the system, by
/// which the service checks tokens, and stands still unless a test moves it.
/// </summary>
public abstract class TimedTests : OperationTests
{
    /// <summary>Tests with a clock of their own.</summary>
    protected TimedTests()
        : this(new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds())))
    {
    }

    private TimedTests(FakeTimeProvider clock)
        : base(new KeySetsApplication { Clock = clock }) => Clock = clock;

    /// <summary>The clock of the service.</summary>
    protected FakeTimeProvider Clock { get; }

    /// <summary>The time of the clock, in seconds since 1970.</summary>
    protected long Now => Clock.GetUtcNow().ToUnixTimeSeconds();
}
