namespace KeySets.Tests.Support;

/// <summary>Tests over HTTP that share one running service.</summary>
public abstract class ApiTests
{
    /// <summary>The service.</summary>
    protected KeySetsApplication Application { get; } = new();

    /// <summary>A client that may read and write.</summary>
    protected HttpClient Writer { get; private set; } = null!;

    /// <summary>Starts the service.</summary>
    [OneTimeSetUp]
    public void StartApplication() => Writer = Application.Writer;

    /// <summary>Stops it.</summary>
    [OneTimeTearDown]
    public async Task StopApplication() => await Application.DisposeAsync();
}
