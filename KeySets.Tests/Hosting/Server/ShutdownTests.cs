using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Server;

/// <summary>The end of the service as a process, and its messages to systemd.</summary>
public sealed class ShutdownTests : ProcessTests
{
    private HttpClient? _client;

    [SetUp]
    public void RequireSignals()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("This needs signals.");
        }
    }

    [TearDown]
    public void CloseClient() => _client?.Dispose();

    [Test]
    public async Task Answers_the_requests_that_it_has_begun_and_keeps_acknowledged_writes()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        _client = await service.ClientAsync();
        await _client.CreateAsync("""{"id":"last"}""");
        // Once some are answered, the others have begun: they generate their keys when the signal comes.
        Task<string?>[] requests = [.. Enumerable.Range(0, 16).Select(_ => GenerateAsync())];
        while (requests.Count(request => request.IsCompleted) < 6)
        {
            await Task.WhenAny(requests.Where(request => !request.IsCompleted));
        }

        service.Terminate();
        string?[] kids = await Task.WhenAll(requests);

        Assert.That(await service.ExitAsync(), Is.Zero, service.Output);
        Assert.That(kids, Has.Some.Not.Null);
        using KeySetsProcess again = new(Folder.FullPath, "Development");
        using HttpClient reader = await again.ClientAsync();
        JsonObject set = await (await reader.GetAsync("/trustFramework/keySets/last")).JsonAsync();
        Assert.That(set["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.SupersetOf(kids.OfType<string>()));
    }

    [Test]
    public async Task Tells_systemd_when_it_is_ready_and_when_it_ends()
    {
        string path = Folder.File("notify");
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        // .NET recognizes a service of systemd by the name of its parent process.
        string parent = Folder.File("systemd");
        File.Copy("/bin/sh", parent);
        using KeySetsProcess service = new(
            Folder.FullPath,
            "Development",
            environmentVariables: new() { ["NOTIFY_SOCKET"] = path },
            parent: parent);

        Assert.That(await ReceiveAsync(socket), Is.EqualTo("READY=1"));
        await service.ClientAsync();
        service.Terminate();

        Assert.That(await ReceiveAsync(socket), Is.EqualTo("STOPPING=1"));
        Assert.That(await service.ExitAsync(), Is.Zero);
    }

    /// <returns>The kid of the key in the answer; null if the service was gone before it answered.</returns>
    private async Task<string?> GenerateAsync()
    {
        try
        {
            HttpResponseMessage response = await _client!.SendJsonAsync(
                HttpMethod.Post, "/trustFramework/keySets/last/generateKey", """{"use":"sig","kty":"RSA"}""");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            return (string?)(await response.JsonAsync())["kid"];
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return null;
        }
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] message = new byte[256];
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        int length = await socket.ReceiveAsync(message, SocketFlags.None, patience.Token);
        return Encoding.UTF8.GetString(message, 0, length).TrimEnd('\n');
    }
}
