using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Repeatability;

/// <summary>The cases of section 5 of the standard, by the headers of the request.</summary>
public sealed class RepeatabilityHeaderTests : RepeatabilityTests
{
    private const string Uuid = "112a3a3e-f94c-4f56-b49b-5aab3d97e5b7";
    private const string Moment = "this moment";

    [TestCase(Uuid, null, null, 400, "rejected", TestName = "Refuses_an_id_without_a_date")]
    [TestCase(null, Moment, null, 400, "rejected", TestName = "Refuses_a_date_without_an_id")]
    [TestCase(Uuid, "2019-03-26T16:06:51Z", null, 400, "rejected", TestName = "Refuses_another_date_format")]
    [TestCase(Uuid, "Mon, 26 Mar 2019 16:06:51 GMT", null, 400, "rejected", TestName = "Refuses_a_wrong_weekday")]
    [TestCase(Uuid, "Tuesday, 26-Mar-19 16:06:51 GMT", null, 400, "rejected", TestName = "Refuses_an_obsolete_date")]
    [TestCase(Uuid, "", null, 400, "rejected", TestName = "Refuses_an_empty_date")]
    [TestCase("order-17", Moment, null, 400, "rejected", TestName = "Refuses_an_id_that_is_no_UUID")]
    [TestCase("", Moment, null, 400, "rejected", TestName = "Refuses_an_empty_id")]
    [TestCase(Uuid, Moment, "me", 400, "rejected", TestName = "Refuses_a_client_that_is_no_UUID")]
    [TestCase(Uuid, "Tue, 26 Mar 2019 16:06:51 GMT", null, 412, "rejected", TestName = "Refuses_a_forgotten_date")]
    [TestCase(Uuid, "Sat, 26 Mar 2050 16:06:51 GMT", null, 412, "rejected", TestName = "Refuses_a_date_to_come")]
    [TestCase(Uuid, Moment, null, 201, "accepted", TestName = "Accepts_an_id_and_a_date")]
    [TestCase("112A3A3E-F94C-4F56-B49B-5AAB3D97E5B8", Moment, Uuid, 201, "accepted", TestName = "Accepts_a_client")]
    [TestCase(null, null, Uuid, 201, null, TestName = "Takes_a_client_alone_for_no_repeatable_request")]
    public async Task Answers(string? id, string? sent, string? client, int status, string? result)
    {
        (string Name, string? Value)[] headers =
        [
            ("Repeatability-Request-ID", id),
            ("Repeatability-First-Sent", sent == Moment ? DateOf(Clock.GetUtcNow()) : sent),
            ("Repeatability-Client-ID", client),
        ];
        string set = $"new-{Guid.NewGuid():N}";

        HttpResponseMessage answer = await SendAsync(
            "POST",
            HttpExtensions.KeySets,
            $$"""{"id":"{{set}}"}""",
            [.. headers.Where(header => header.Value is not null).Select(header => (header.Name, header.Value!))]);

        await AssertResultAsync(answer, (HttpStatusCode)status, result);
        Assert.That(
            await Application.CountKeySetsAsync(set), Is.EqualTo(status == 201 ? 1 : 0), "rejected: not stored");
    }

    [TestCase(23, 201)]
    [TestCase(25, 412)]
    public async Task Remembers_requests_for_a_day(int hours, int status) => Assert.That(
        (int)(await SendAsync("POST", HttpExtensions.KeySets, "{}", NewHeaders(TimeSpan.FromHours(hours)))).StatusCode,
        Is.EqualTo(status));

    [TestCase("GET")]
    [TestCase("HEAD")]
    public async Task Ignores_the_headers_of_reads(string method) => await AssertResultAsync(
        await SendAsync(method, Set, json: null, ("Repeatability-Request-ID", "no UUID")),
        HttpStatusCode.OK,
        result: null);

    [Test]
    public async Task Ignores_the_headers_of_a_query_that_is_sent_by_POST()
    {
        HttpRequestMessage query = new(HttpMethod.Post, $"{HttpExtensions.KeySets}/$query")
        {
            Content = new StringContent("$top=1", new System.Net.Http.Headers.MediaTypeHeaderValue("text/plain")),
        };
        query.Headers.Add("Repeatability-Request-ID", "no UUID");

        await AssertResultAsync(await Writer.SendAsync(query), HttpStatusCode.OK, result: null);
    }

    [Test]
    public async Task Are_of_no_use_without_a_token() => Assert.That(
        (await Application.Anonymous.SendAsync(
            HttpMethod.Post, HttpExtensions.KeySets, new StringContent("{}"), NewHeaders())).StatusCode,
        Is.EqualTo(HttpStatusCode.Unauthorized));

    [Test]
    public async Task Are_announced_in_the_metadata() => Assert.That(
        await Application.Anonymous.GetStringAsync("/$metadata"),
        Does.Contain("""<Annotation Term="Repeatability.Supported" Bool="true" />"""));
}
