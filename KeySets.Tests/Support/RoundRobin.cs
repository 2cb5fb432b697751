namespace KeySets.Tests.Support;

/// <summary>Sends every second request to another instance of the service.</summary>
/// <param name="other">Reaches the other instance.</param>
public sealed class RoundRobin(HttpMessageHandler other) : DelegatingHandler
{
    private readonly HttpMessageInvoker _other = new(other);
    private int _requests;

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        int.IsEvenInteger(Interlocked.Increment(ref _requests))
            ? _other.SendAsync(request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _other.Dispose();
        base.Dispose(disposing);
    }
}
