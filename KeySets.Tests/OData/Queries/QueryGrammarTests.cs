using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary>
/// The productions of the grammar (OData ABNF, sections 1, 2, 4, 5 and 7): each is answered, or is on the list of 501s
/// in <c>docs/api.md</c>.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "A run must be repeatable from its seed.")]
public sealed partial class QueryGrammarTests : ApiTests
{
    private const string K = HttpExtensions.KeySets;

    private static readonly string[] NotSupported = ListOfDocs();

    [OneTimeSetUp]
    public async Task CreateSets()
    {
        foreach (string body in (string[])[
            """{"id":"Milk","keys":[{"kty":"EC","kid":"a","use":"sig","exp":2000000000}]}""",
            """{"id":"Fred","keys":[{"kty":"EC","kid":"a b","x5c":["one","two"]},{"kty":"EC","kid":"a+b"}]}""",
            """{"id":"None"}"""])
        {
            Assert.That(
                (await Writer.SendJsonAsync(HttpMethod.Post, K, body)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        }
    }

    [TestCaseSource(typeof(QueryGrammar), nameof(QueryGrammar.Answered))]
    public async Task Answers(string query, string? ids)
    {
        HttpResponseMessage response = await Writer.GetAsync(Url(query));

        string body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        if (ids is not null)
        {
            Assert.That(
                string.Join(' ', (await response.JsonAsync())["value"]!.AsArray().Select(set => (string?)set!["id"])),
                Is.EqualTo(ids));
        }
    }

    [TestCaseSource(typeof(QueryGrammar), nameof(QueryGrammar.Unsupported))]
    public async Task Says_what_it_does_not_support(string query, string entry)
    {
        Assert.That(NotSupported.Count(line => line.StartsWith(entry, StringComparison.Ordinal)), Is.EqualTo(1), entry);
        HttpResponseMessage response = await Writer.GetAsync(Url(query));

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.NotImplemented), await response.Content.ReadAsStringAsync());
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Never_fails_whatever_the_text(int seed)
    {
        Random random = new(seed);
        string[] queries =
            [.. QueryGrammar.Answered.Concat(QueryGrammar.Unsupported).Select(example => (string)example[0]!)];
        string[] tokens = [.. queries.SelectMany(QueryText.Tokens).Distinct()];
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            List<string> text = [.. QueryText.Tokens(random.GetItems(queries, 1)[0])];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int place = random.Next(text.Count);
                text.RemoveRange(place, random.Next(2));
                text.InsertRange(place, random.GetItems(tokens, random.Next(2)));
            }

            string url = Url(string.Concat(text));
            if (!Uri.TryCreate(Application.Server.BaseAddress, url, out _))
            {
                continue;
            }

            HttpResponseMessage response = await Writer.GetAsync(url);
            Assert.That(response.StatusCode, Is.Not.EqualTo(HttpStatusCode.InternalServerError), $"seed {seed}: {url}");
        }
    }

    [Test]
    public void Each_entry_of_the_list_has_an_example() => Assert.That(
        NotSupported.Where(line => !QueryGrammar.Unsupported.Any(
            example => line.StartsWith((string)example[1], StringComparison.Ordinal))),
        Is.Empty);

    private static string Url(string query) => query.StartsWith('/') ? query : $"{K}?{query}";

    private static string[] ListOfDocs()
    {
        string list = Documents.Read(Documents.Api)
            .Split("The service answers 501 to what OData allows beyond that:\n\n")[1]
            .Split("\n\n")[0];
        return [.. Entry().Split(list).Select(entry => entry.Trim()).Where(entry => entry.Length > 0)];
    }

    [GeneratedRegex("^- ", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
