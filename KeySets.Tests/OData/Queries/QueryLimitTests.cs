using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary>The limits of queries.</summary>
public sealed class QueryLimitTests : ApiTests
{
    private static IEnumerable<TestCaseData> Deep()
    {
        foreach (int depth in (int[])[60, 1_000, 3_000])
        {
            yield return new TestCaseData("$filter", Nested("not(", "true", ")", depth));
            yield return new TestCaseData("$filter", Nested("(", "true", ") and true", depth));
            yield return new TestCaseData("$filter", Nested("tolower(", "id", ")", depth) + " eq 'x'");
            yield return new TestCaseData("$filter", Nested("concat('a',", "id", ")", depth) + " eq 'x'");
            yield return new TestCaseData("$filter", string.Join(" or ", Enumerable.Repeat("true", depth)));
            yield return new TestCaseData("$orderby", Nested("tolower(", "id", ")", depth));
            yield return new TestCaseData("$orderby", string.Join(",", Enumerable.Repeat("id", depth)));
            yield return new TestCaseData("$search", Nested("NOT (", "a", ")", depth));
            yield return new TestCaseData("$search", string.Join(" ", Enumerable.Repeat("a", depth * 4)));
        }

        yield return new TestCaseData("$filter", Nested("keys/any(k:", "true", ")", 3));
        yield return new TestCaseData("$filter", $"id in ({string.Join(",", Enumerable.Repeat("'a'", 201))})");
        yield return new TestCaseData("$filter", "@a&@a=@b&@b=@a");
    }

    [TestCaseSource(nameof(Deep))]
    public async Task Refuses_a_query_that_is_too_deep_or_too_long(string option, string value)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{HttpExtensions.KeySets}?{option}={value}");

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest).Or.EqualTo(HttpStatusCode.RequestUriTooLong));
        Assert.That((string?)(await response.JsonAsync())["error"]!["code"], Is.EqualTo("BadRequest"));
        Assert.That((await Writer.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(
        "$filter=not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not("
            + "not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not("
            + "true))))))))))))))))))))))))))))))))))))))))")]
    [TestCase("$filter=keys/any(k:k/x5c/any(c:c eq 'x'))")]
    [TestCase("$orderby=id,id desc,id,id,id")]
    [TestCase(
        "$filter=tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower("
            + "tolower(tolower(tolower(tolower(id))))))))))))))) eq 'x'")]
    [TestCase(
        "$filter=keys/any(k:concat(k/use,concat(k/x5t,concat(k/use,concat(k/x5t,concat(k/use,concat(k/x5t,"
            + "concat(k/use,concat(k/x5t,concat(k/use,concat(k/e,concat(k/n,concat(k/kid,concat(k/use,concat(k/kty,"
            + "k/use)))))))))))))) eq 'x')")]
    public async Task Allows_queries_that_people_write(string query) =>
        Assert.That(
            (await Writer.GetAsync($"{HttpExtensions.KeySets}?{query}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("$filter=keys/any(k:k/x5c/any(c:k/x5c/any(d:c eq d)))", "2")]
    [TestCase(
        "$filter=tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower(tolower("
            + "tolower(tolower(tolower(tolower(tolower(id)))))))))))))))) eq 'x'",
        "15")]
    [TestCase("$orderby=id,id,id,id,id,id", "5")]
    [TestCase(
        "$top=1&c01&c02&c03&c04&c05&c06&c07&c08&c09&c10&c11&c12&c13&c14&c15&c16&c17&c18&c19&c20&c21&c22&c23&"
            + "c24&c25&c26&c27&c28&c29&c30&c31&c32&c33&c34&c35&c36&c37&c38&c39&c40&c41&c42&c43&c44&c45&c46&c47&c48&"
            + "c49&c50&c51&c52&c53&c54&c55&c56&c57&c58&c59&c60&c61&c62&c63&c64",
        "64")]
    [TestCase("$filter=keys/any(k:keys/any(l:l/kid eq k/use))", "1 level")]
    [TestCase(
        "$filter=id in ('0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',"
            + "'0','0')",
        "200")]
    [TestCase("$filter=keys/any(k:keys/$count gt 1)", "1")]
    [TestCase(
        "$filter=not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not("
            + "not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not(not("
            + "not(not(not(true)))))))))))))))))))))))))))))))))))))))))))))))))))",
        "50")]
    public async Task Names_the_limit(string query, string limit)
    {
        JsonObject answer = await (await Writer.GetAsync($"{HttpExtensions.KeySets}?{query}")).JsonAsync();

        Assert.That((string?)answer["error"]!["message"], Does.Contain(limit));
    }

    [TestCase(100_000)]
    [TestCase(1_000_000)]
    public async Task Refuses_a_query_in_a_body_that_is_too_long(int length)
    {
        StringContent body = new("$filter=" + new string('(', length), Encoding.UTF8, "text/plain");

        await (await Writer.PostAsync($"{HttpExtensions.KeySets}/$query", body))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
    }

    [Test]
    public async Task Quotes_nothing_of_a_query_that_it_refuses()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        foreach (string query in (string[])
            [
                "$filter=id eq canary", "$filter=canary eq 'x'", "$filter='canary",
                "$filter=keys/any(k:k/k eq 'canary')", "$orderby=canary",
                "$select=canary", "$search=\"canary", "$top=canary", "$skip=canary", "$count=canary",
                "$skiptoken=canary", "$expand=canary",
            ])
        {
            HttpResponseMessage response = await application.Writer.GetAsync($"{HttpExtensions.KeySets}?{query}");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), query);
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("canary"));
        }

        // ASP.NET Core logs the URL of each request. Nothing else logs any part of it.
        IEnumerable<string> quoting = log.Lines.Where(line =>
            line.Contains("canary", StringComparison.Ordinal)
            && !line.Contains("Request starting", StringComparison.Ordinal)
            && !line.Contains("Request finished", StringComparison.Ordinal));
        Assert.That(quoting.Where(line => !line.Contains("Microsoft.AspNetCore", StringComparison.Ordinal)), Is.Empty);
        Assert.That(log.Lines, Has.None.StartsWith("Error"));
    }

    private static string Nested(string open, string core, string close, int depth) => new StringBuilder()
        .Insert(0, open, depth).Append(core).Insert(depth * open.Length + core.Length, close, depth).ToString();
}
