using System.Net;
using System.Security.Cryptography;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Hosting.Health;
using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sealing;

/// <summary>Sealed rows that were cut, altered or moved: each costs its own key and nothing else.</summary>
[OnEveryDatabase]
public sealed class DamagedRowTests
{
    [TestCase("cut")]
    [TestCase("altered")]
    [TestCase("moved")]
    [TestCase("emptied")]
    public async Task Are_named_in_the_log_and_at_readiness_while_all_other_keys_are_served(string damage)
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        await AddAsync(application, "first", "last");
        await DamageAsync(application, "first", damage);

        SealedRows rows = application.Services.GetRequiredService<SealedRows>();
        await rows.VerifyAsync();
        await rows.ScanAsync(CancellationToken.None);

        Assert.That(rows.Named, Is.EqualTo([new DamagedKey("set", "first")]));
        Assert.That(log.Lines, Has.Some.Contains("set set, kid first"));
        Assert.That(
            await application.Reader.GetStringAsync("/health/ready"),
            Is.EqualTo("Degraded: the private members of 1 keys do not open:\nset first"));
        Assert.That(
            await application.Anonymous.GetStringAsync("/health/ready"),
            Is.EqualTo("Degraded: the private members of 1 keys do not open."), "names are for those who may read");
        Assert.That(
            (await application.Reader.GetAsync("/trustFramework/keySets('set')")).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await application.PrivateMembersAsync("set", "last"))!.K, Is.EqualTo("bGFzdA"));
    }

    [Test]
    public async Task Are_found_wherever_they_are()
    {
        await using KeySetsApplication application = new();
        await AddAsync(application, [.. Enumerable.Range(0, 60).Select(number => $"k{number}")]);
        await DamageAsync(application, "k59", "altered");

        SealedRows rows = application.Services.GetRequiredService<SealedRows>();
        await rows.ScanAsync(CancellationToken.None);

        Assert.That(rows.Named, Is.EqualTo([new DamagedKey("set", "k59")]));
    }

    [Test]
    public async Task Leave_the_service_running_if_the_scan_cannot_read_them()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        await application.Rows.ReadAsync(context =>
            context.Database.ExecuteSqlRawAsync("ALTER TABLE \"Keys\" RENAME TO \"Lost\""));
        using SealedRowsScan scan = ActivatorUtilities.CreateInstance<SealedRowsScan>(application.Services);

        await scan.StartAsync(CancellationToken.None);
        await scan.ExecuteTask!;

        Assert.That(log.Lines, Has.Some.Contains("could not all be opened after the start."));
    }

    [Test]
    public async Task Refuse_the_ring_if_all_of_them_do_not_open()
    {
        await using KeySetsApplication application = new();
        await AddAsync(application, "first", "last");
        await DamageAsync(application, "first", "altered");
        await DamageAsync(application, "last", "altered");

        await Assert.ThatAsync(
            () => application.Services.GetRequiredService<SealedRows>().VerifyAsync(),
            Throws.InstanceOf<CryptographicException>());
    }

    private static async Task AddAsync(KeySetsApplication application, params string[] kids)
    {
        string keys = string.Join(',', kids.Select(kid => $$"""{"kty":"oct","kid":"{{kid}}","k":"bGFzdA"}"""));
        HttpResponseMessage created = await application.Writer.CreateAsync($$"""{"id":"set","keys":[{{keys}}]}""");
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await application.ScanOfStart;
    }

    private static async Task DamageAsync(KeySetsApplication application, string kid, string damage)
    {
        byte[] bytes = (await application.SealedMembersAsync("set", kid))!;
        byte[] damaged = damage switch
        {
            "cut" => bytes[..^7],
            "altered" => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)],
            "moved" => (await application.SealedMembersAsync("set", "last"))!,
            _ => [],
        };
        await application.PutSealedMembersAsync("set", kid, damaged);
    }
}
