using KeySets.Api.Data.Audit;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeySets.Tests.Support;

/// <summary>
/// Tests of the chains of audit events and of their checkpoints. Each test has a service of its own with three sets:
/// <c>changed</c> has three events, <c>removed</c> has two and is gone, <c>new</c> has one.
/// </summary>
[OnEveryDatabase]
public abstract class AuditedSets
{
    /// <summary>The service.</summary>
    protected KeySetsApplication Application { get; private set; } = null!;

    /// <summary>The clock of the service.</summary>
    protected FakeTimeProvider Clock { get; private set; } = null!;

    /// <summary>A client that may read and write.</summary>
    protected HttpClient Writer { get; private set; } = null!;

    private CheckpointSeals Seals => Application.Services.GetRequiredService<CheckpointSeals>();

    /// <summary>Makes checkpoints, and removes old events.</summary>
    protected AuditUpkeep Upkeep => new(Application.Rows, Seals, Clock, NullLogger<AuditUpkeep>.Instance);

    [SetUp]
    public async Task CreateSets()
    {
        Clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Application = new KeySetsApplication { Clock = Clock };
        Writer = Application.Writer;
        await Writer.CreateAsync("""{"id":"changed"}""");
        await PutAsync("changed");
        await PutAsync("changed");
        await Writer.CreateAsync("""{"id":"removed"}""");
        await Writer.DeleteAsync($"{HttpExtensions.KeySets}('removed')");
        await Writer.CreateAsync("""{"id":"new"}""");
    }

    [TearDown]
    public async Task Stop() => await Application.DisposeAsync();

    /// <summary>Changes a set.</summary>
    protected Task<HttpResponseMessage> PutAsync(string id) => Writer.SendJsonAsync(
        HttpMethod.Put, $"{HttpExtensions.KeySets}('{id}')", """{"keys":[{"kty":"x","kid":"a"}]}""");

    /// <summary>Makes checkpoints of all events. For that, some minutes go by.</summary>
    /// <remarks>The service makes them too then, with the same result.</remarks>
    protected Task MakeCheckpointsAsync()
    {
        Clock.Advance(TimeSpan.FromMinutes(15));
        return Upkeep.MakeCheckpointsAsync();
    }

    /// <summary>Removes the events that are older than some days.</summary>
    protected Task TrimAsync(int days) => Upkeep.TrimAsync(TimeSpan.FromDays(days));

    /// <summary>Checks the events.</summary>
    /// <param name="days">How many days events are kept; null for ever.</param>
    protected async Task<AuditVerifier> VerifyAsync(int? days = null)
    {
        long? removable = days is null ? null : Clock.GetUtcNow().AddDays(-days.Value).ToUnixTimeMilliseconds();
        return await Application.Rows.ReadMomentAsync(async rows =>
        {
            AuditVerifier audit = new(rows, Seals, removable);
            await audit.VerifyAsync(_ => { });
            return audit;
        });
    }

    /// <summary>Runs SQL against the tables, as somebody does who can write to them.</summary>
    protected Task<int> TamperAsync(FormattableString sql) =>
        Application.Rows.ReadAsync(context => context.Database.ExecuteSqlAsync(sql));

    /// <summary>
    /// Alters an event and makes all hashes behind it anew, as somebody can who knows how they are made.
    /// </summary>
    protected async Task RewriteAsync(string id)
    {
        await TamperAsync(
            $"""UPDATE "AuditEvents" SET "Subject" = 'another' WHERE "KeySetId" = {id} AND "Sequence" = 1""");
        string? previous = null;
        foreach (AuditEvent one in await EventsAsync(id))
        {
            one.PreviousHash = previous;
            previous = EventHash.Of(one);
            await TamperAsync(
                $"""
                UPDATE "AuditEvents" SET "PreviousHash" = {one.PreviousHash}, "Hash" = {previous}
                    WHERE "KeySetId" = {id} AND "Sequence" = {one.Sequence}
                """);
        }
    }

    /// <summary>The events of a set as they are stored.</summary>
    protected Task<List<AuditEvent>> EventsAsync(string id) => Application.Rows.ReadAsync(context => context
        .Set<AuditEvent>()
        .AsNoTracking()
        .Where(one => one.KeySetId == id)
        .OrderBy(one => one.Sequence)
        .ToListAsync());
}
