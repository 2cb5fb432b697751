using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary>
/// The answers to random queries must equal those that <see cref="RandomExpressions"/> derives from the same sets by
/// the text of the standard. A failure names its seed: add it as a test case to repeat the failure.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "A run must be repeatable from its seed.")]
public sealed class RandomQueriesTests : ApiTests
{
    private const int Queries = 150;

    private readonly List<JsonNode> _sets = [];

    [OneTimeSetUp]
    public async Task CreateSets()
    {
        Random random = new(7);
        for (int number = 0; number < 24; number++)
        {
            JsonArray keys = [.. Enumerable.Range(0, random.Next(4)).Select(index => Key(random, index))];
            string id = $"{"aAbZ_.-"[number % 7]}{(char)('a' + (number % 3))}{number}";
            StringContent body = new(
                new JsonObject { ["id"] = id, ["keys"] = keys }.ToJsonString(), Encoding.UTF8, "application/json");
            HttpResponseMessage created = await Writer.PostAsync(HttpExtensions.KeySets, body);
            Assert.That(
                created.StatusCode, Is.EqualTo(HttpStatusCode.Created), await created.Content.ReadAsStringAsync());
            _sets.Add(await created.JsonAsync());
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Finds_and_orders_sets_as_the_standard_says(int seed)
    {
        RandomExpressions expressions = new(seed);
        for (int query = 0; query < Queries; query++)
        {
            RandomExpression<bool?> filter = expressions.OfSet(2);
            RandomExpression<object?>[] orders =
                [.. Enumerable.Range(0, expressions.One(0, 1, 2)).Select(_ => expressions.Order())];
            bool[] descending = [.. orders.Select(_ => expressions.One(true, false))];
            string options = $"$filter={Uri.EscapeDataString(filter.Text)}" + (orders.Length == 0
                ? ""
                : "&$orderby=" + Uri.EscapeDataString(string.Join(
                    ',', orders.Select((order, index) => descending[index] ? $"{order.Text} desc" : order.Text))));

            IEnumerable<string> expected = _sets
                .Where(set => filter.ValueOf(set, null) == true)
                .Order(Comparer<JsonNode>.Create((left, right) => Compare(left, right, orders, descending)))
                .Select(set => (string)set["id"]!);
            Assert.That(
                await PagesAsync(options, expressions.One(3, 7, 100)),
                Is.EqualTo(expected),
                $"seed {seed}: {Uri.UnescapeDataString(options)}");
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Finds_keys_as_the_standard_says(int seed)
    {
        RandomExpressions expressions = new(seed);
        for (int query = 0; query < Queries; query++)
        {
            JsonNode set = expressions.One(_sets.ToArray());
            RandomExpression<bool?> filter = expressions.OfKey("", 3);
            RandomExpression<object?> order = expressions.OrderOfKeys();
            string url = $"{HttpExtensions.KeySets}('{set["id"]}')/keys?$select=kid"
                + $"&$filter={Uri.EscapeDataString(filter.Text)}&$orderby={Uri.EscapeDataString(order.Text)}";

            HttpResponseMessage response = await Writer.GetAsync(url);
            Assert.That(
                response.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"seed {seed}: {Uri.UnescapeDataString(url)}");
            IEnumerable<string?> expected = set["keys"]!.AsArray()
                .Where(key => filter.ValueOf(set, key) == true)
                .OrderBy(key => order.ValueOf(set, key), Comparer<object?>.Create(StandardSemantics.Compare))
                .Select(key => (string?)key!["kid"]);
            Assert.That(
                (await response.JsonAsync())["value"]!.AsArray().Select(key => (string?)key!["kid"]),
                Is.EqualTo(expected),
                $"seed {seed}: {Uri.UnescapeDataString(url)} of {set["keys"]!.ToJsonString()}");
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Expands_keys_as_the_standard_says(int seed)
    {
        RandomExpressions expressions = new(seed);
        for (int query = 0; query < Queries / 3; query++)
        {
            RandomExpression<bool?> filter = expressions.OfKey("", 3);
            RandomExpression<object?> order = expressions.OrderOfKeys();
            string options = "$select=id&$top=100&$expand=" + Uri.EscapeDataString(
                $"keys_v2($select=kid;$filter={filter.Text};$orderby={order.Text})");

            HttpResponseMessage response = await Writer.GetAsync($"{HttpExtensions.KeySets}?{options}");
            Assert.That(
                response.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"seed {seed}: {Uri.UnescapeDataString(options)}");
            IEnumerable<string> expected = _sets
                .OrderBy(set => (string)set["id"]!, StringComparer.Ordinal)
                .Select(set => string.Join('|', set["keys"]!.AsArray()
                    .Where(key => filter.ValueOf(set, key) == true)
                    .OrderBy(key => order.ValueOf(set, key), Comparer<object?>.Create(StandardSemantics.Compare))
                    .Select(key => (string?)key!["kid"])));
            Assert.That(
                (await response.JsonAsync())["value"]!.AsArray().Select(set =>
                    string.Join('|', set!["keys_v2"]!.AsArray().Select(key => (string?)key!["kid"]))),
                Is.EqualTo(expected),
                $"seed {seed}: {Uri.UnescapeDataString(options)}");
        }
    }

    [Test]
    public async Task Finds_and_orders_as_the_standard_says_from_a_new_seed()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        await Finds_and_orders_sets_as_the_standard_says(seed);
        await Finds_keys_as_the_standard_says(seed);
        await Expands_keys_as_the_standard_says(seed);
    }

    private static JsonObject Key(Random random, int index)
    {
        JsonObject key = new()
        {
            ["kty"] = "EC",
            ["kid"] = $"{index}{RandomValues.Texts[random.Next(RandomValues.Texts.Length)]}",
            ["x5c"] = new JsonArray(
                [.. RandomValues.Texts.Take(random.Next(4)).Select(text => JsonValue.Create(text))]),
        };
        foreach (string member in (string[])["use", "x5t", "e", "n"])
        {
            key[member] = random.Next(3) == 0 ? null : RandomValues.Texts[random.Next(RandomValues.Texts.Length)];
        }

        foreach (string member in (string[])["exp", "nbf"])
        {
            key[member] = random.Next(3) == 0 ? null : random.Next(-9, 9);
        }

        return key;
    }

    private static int Compare(JsonNode left, JsonNode right, RandomExpression<object?>[] orders, bool[] descending)
    {
        foreach ((int index, RandomExpression<object?> order) in orders.Index())
        {
            int sign = StandardSemantics.Compare(order.ValueOf(left, null), order.ValueOf(right, null));
            if (sign != 0)
            {
                return descending[index] ? -sign : sign;
            }
        }

        return string.CompareOrdinal((string)left["id"]!, (string)right["id"]!);
    }

    private async Task<List<string>> PagesAsync(string options, int size)
    {
        List<string> ids = [];
        for (string? url = $"{HttpExtensions.KeySets}?$select=id&{options}"; url is not null;)
        {
            HttpResponseMessage response = await Writer.GetAsync(
                url, ("Prefer", string.Create(CultureInfo.InvariantCulture, $"maxpagesize={size}")));
            string text = await response.Content.ReadAsStringAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"{Uri.UnescapeDataString(url)}\n{text}");
            JsonNode page = JsonNode.Parse(text)!;
            ids.AddRange(page["value"]!.AsArray().Select(set => (string)set!["id"]!));
            url = (string?)page["@odata.nextLink"];
        }

        return ids;
    }
}
