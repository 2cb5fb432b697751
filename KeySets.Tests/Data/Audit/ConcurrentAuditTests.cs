using System.Collections.Concurrent;
using System.Net;
using KeySets.Api.Data.Audit;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Audit;

/// <summary>Events of one set that are made at the same time, on PostgreSQL also by two instances.</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class ConcurrentAuditTests : AuditedSets
{
    private const string Hot = $"{HttpExtensions.KeySets}('hot')";

    [Test]
    public async Task Stand_in_one_chain_with_one_for_each_change_and_each_refused_request()
    {
        HttpClient reader = Application.Reader;
        ConcurrentBag<HttpStatusCode> answers = [];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, end) => answers.Add((number % 5) switch
            {
                0 => (await Writer.CreateAsync("""{"id":"hot"}""")).StatusCode,
                1 => (await PutAsync("hot")).StatusCode,
                2 => (await Writer.DeleteAsync(Hot, end)).StatusCode,
                3 => (await reader.DeleteAsync(Hot, end)).StatusCode,
                _ => (await Writer.SendJsonAsync(
                    HttpMethod.Patch, $"{Hot}/keys_v2('a')", """{"status":"disabled"}""")).StatusCode,
            }));

        AuditVerifier audit = await VerifyAsync();

        Assert.That(audit.Faults, Is.Empty);
        Assert.That(answers, Has.Exactly(40).EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            await EventsAsync("hot"),
            Has.Count.EqualTo(answers.Count(status => status is HttpStatusCode.Created or HttpStatusCode.OK
                or HttpStatusCode.NoContent or HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task Of_requests_about_no_set_stand_in_one_chain()
    {
        HttpClient reader = Application.Reader;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 100),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (_, _) => await reader.CreateAsync("""{"id":"denied"}"""));

        Assert.That((await VerifyAsync()).Faults, Is.Empty);
        Assert.That(await EventsAsync(""), Has.Count.EqualTo(100));
    }
}
