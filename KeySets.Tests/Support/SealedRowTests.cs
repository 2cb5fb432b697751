using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Api.Data.Sealing;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Support;

/// <summary>Tests of rows with sealed values that were not sealed for them. Each test has its own service.</summary>
[OnEveryDatabase]
public abstract class SealedRowTests
{
    /// <summary>A value that stands in no message.</summary>
    protected const string Secret = "YS1zZWNyZXQtb2YtdGhlLXRlc3Q";

    /// <summary>The URL of the sets.</summary>
    protected const string Sets = HttpExtensions.KeySets;

    private LogCollector _log = null!;
    private byte[] _whole = null!;

    /// <summary>The service. Its sets are <c>set</c>, <c>beside</c> and <c>rsa</c>.</summary>
    protected KeySetsApplication Application { get; private set; } = null!;

    /// <summary>What is sealed for the key <c>key</c> of the set <c>set</c>.</summary>
    protected byte[] Whole() => [.. _whole];

    /// <summary>Starts the service.</summary>
    [SetUp]
    public async Task Start()
    {
        _log = new LogCollector();
        Application = new KeySetsApplication { Log = _log };
        await FillAsync(Application);
        await Application.ScanOfStart;
        _whole = (await Application.SealedMembersAsync("set", "key"))!;
    }

    /// <summary>Stops it.</summary>
    [TearDown]
    public async Task Stop()
    {
        await Application.DisposeAsync();
        _log.Dispose();
    }

    /// <summary>Creates the sets.</summary>
    protected static async Task FillAsync(KeySetsApplication application)
    {
        JsonObject rsa = SampleKeys.PrivateRsa();
        rsa["kid"] = "key";
        using RSA other = RSA.Create(2048);
        JsonObject next = SampleKeys.PrivateRsa(other);
        next["kid"] = "next";
        string key = $$"""{"kty":"oct","kid":"key","k":"{{Secret}}"}""";
        foreach (string body in (string[])[
            $$"""{"id":"set","keys":[{{key}},{"kty":"oct","kid":"next","k":"bmV4dA"}]}""",
            $$"""{"id":"beside","keys":[{{key}},{"kty":"x","kid":"public"}]}""",
            $$"""{"id":"rsa","keys":[{{rsa}},{{next}}]}"""])
        {
            HttpResponseMessage created = await application.Writer.CreateAsync(body);
            Assert.That(
                created.StatusCode, Is.EqualTo(HttpStatusCode.Created), await created.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Opens all rows, and asserts that the log names the keys that do not open, and no value.</summary>
    protected async Task<IReadOnlyList<DamagedKey>> ScanAsync()
    {
        int before = _log.Lines.Count;
        SealedRows rows = ActivatorUtilities.CreateInstance<SealedRows>(Application.Services);
        await rows.ScanAsync(CancellationToken.None);
        string[] lines = [.. _log.Lines.Skip(before).Where(line => line.StartsWith("Error", StringComparison.Ordinal))];
        Assert.That(lines, Has.Length.EqualTo(rows.Damaged == 0 ? 0 : rows.Damaged + 1), "one for each, and the sum");
        foreach (DamagedKey key in rows.Named)
        {
            Assert.That(lines, Has.Some.Contains($"set {key.KeySetId}, kid {key.Kid}."));
        }

        Assert.That(string.Concat(lines), Does.Not.Contain(Secret).And.Not.Contain("   at "));
        return rows.Named;
    }

    /// <summary>Replaces the keys of a set.</summary>
    protected async Task PutAsync(string id, string keys)
    {
        HttpResponseMessage answer = await Application.Writer.SendJsonAsync(
            HttpMethod.Put, $"{Sets}('{id}')", $$"""{"keys":{{keys}}}""");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }
}
