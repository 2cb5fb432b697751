namespace KeySets.Tests.Support;

/// <summary>Tests that share one running service.</summary>
/// <param name="application">The service; null for one with the usual settings.</param>
[OnEveryDatabase]
public abstract class ApiTests(KeySetsApplication? application = null)
{
    /// <summary>The service.</summary>
    protected KeySetsApplication Application { get; } = application ?? new KeySetsApplication();

    /// <summary>A client that may read and write.</summary>
    protected HttpClient Writer { get; private set; } = null!;

    /// <summary>Starts the service.</summary>
    [OneTimeSetUp]
    public void StartApplication() => Writer = Application.Writer;

    /// <summary>Stops it.</summary>
    [OneTimeTearDown]
    public async Task StopApplication() => await Application.DisposeAsync();
}
