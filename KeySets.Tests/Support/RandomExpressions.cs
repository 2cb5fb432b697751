using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>An expression as a client writes it, with what it is for a key set and, where there is one, a key of it.</summary>
/// <param name="Text">The expression.</param>
/// <param name="ValueOf">Its value; null as OData has it.</param>
public sealed record RandomExpression<T>(string Text, Func<JsonNode, JsonNode?, T?> ValueOf);

/// <summary>
/// Makes up expressions over what the service offers, and says of each what OData makes of it (URL Conventions section 5.1.1), in the
/// plainest way. The same seed gives the same expressions.
/// </summary>
/// <param name="seed">The seed.</param>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret, and a run must be repeatable from its seed.")]
public sealed class RandomExpressions(int seed)
{
    /// <summary>Texts that databases are known to trip over; none of them is in more than one case but A and Ä.</summary>
    public static readonly string[] Texts = ["", "a", "A", "ä", "Ä", "ab", "b%", "_", "'", " a\u2003", "🔑", "a🔑b", "sig", "x\\y", "\t"];

    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];
    private static readonly string[] Members = ["kid", "use", "x5t", "e", "n"];

    private readonly Random _random = new(seed);

    private bool _isOrder;

    /// <summary>One of several.</summary>
    public T One<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>A condition on a key set.</summary>
    public RandomExpression<bool?> OfSet(int depth) => _random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => Any(OfKey("k/", 2)),
        1 => All(OfKey("k/", 2)),
        2 => new("keys/any()", (set, _) => Keys(set).Any()),
        3 => Compare(One(Comparisons), Count(), Number("", 0, ofKey: false)),
        4 => Compare(One(Comparisons), Text("", 2, ofKey: false), Text("", 1, ofKey: false)),
        5 => Function("", ofKey: false),
        _ => Logic(OfSet(depth - 1), OfSet(depth - 1)),
    };

    /// <summary>A condition on a key.</summary>
    /// <param name="path">What stands before the names of its members.</param>
    /// <param name="depth">How deep it nests.</param>
    public RandomExpression<bool?> OfKey(string path, int depth) => _random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => Compare(One(Comparisons), Text(path, 2), Text(path, 1)),
        1 => Compare(One(Comparisons), Number(path, 2), Number(path, 1)),
        2 => Function(path),
        3 => One(IsNull(Text(path, 2)), IsNull(Function(path))),
        4 => In(path),
        5 => Certificates(path),
        _ => Logic(OfKey(path, depth - 1), OfKey(path, depth - 1)),
    };

    /// <summary>What key sets can be ordered by: no arithmetic.</summary>
    public RandomExpression<object?> Order()
    {
        _isOrder = true;
        RandomExpression<object?> order = _random.Next(4) switch
        {
            0 => Boxed(Count()),
            1 => Boxed(OfSet(1)),
            2 => Boxed(Number("", 2, ofKey: false)),
            _ => Boxed(Text("", 2, ofKey: false)),
        };
        _isOrder = false;
        return order;
    }

    /// <summary>What keys can be ordered by.</summary>
    public RandomExpression<object?> OrderOfKeys() => _random.Next(3) switch
    {
        0 => Boxed(OfKey("", 2)),
        1 => Boxed(Number("", 2)),
        _ => Boxed(Text("", 2)),
    };

    private static IEnumerable<JsonNode> Keys(JsonNode set) => set["keys"]!.AsArray().Select(key => key!);

    private static RandomExpression<object?> Boxed<T>(RandomExpression<T> expression) => new(expression.Text, (set, key) => expression.ValueOf(set, key));

    private static RandomExpression<bool?> Any(RandomExpression<bool?> body) =>
        new($"keys/any(k:{body.Text})", (set, _) => Keys(set).Any(key => body.ValueOf(set, key) == true));

    private static RandomExpression<bool?> All(RandomExpression<bool?> body) =>
        new($"keys/all(k:{body.Text})", (set, _) => Keys(set).All(key => body.ValueOf(set, key) == true));

    private static RandomExpression<bool?> IsNull<T>(RandomExpression<T> expression) =>
        new($"({expression.Text}) eq null", (set, key) => expression.ValueOf(set, key) is null);

    private static RandomExpression<bool?> Compare<T>(string comparison, RandomExpression<T> left, RandomExpression<T> right) =>
        new($"{left.Text} {comparison} {right.Text}", (set, key) => IsSo(comparison, left.ValueOf(set, key), right.ValueOf(set, key)));

    private static bool IsSo(string comparison, object? left, object? right) => (comparison, left, right) switch
    {
        ("eq", _, _) => Equals(left, right),
        ("ne", _, _) => !Equals(left, right),
        (_, null, _) or (_, _, null) => false,
        ("gt", _, _) => Sign(left, right) > 0,
        ("ge", _, _) => Sign(left, right) >= 0,
        ("lt", _, _) => Sign(left, right) < 0,
        _ => Sign(left, right) <= 0,
    };

    private static int Sign(object left, object right) =>
        left is string text ? string.CompareOrdinal(text, (string)right) : Comparer<object>.Default.Compare(left, right);

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string[] Characters(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    private RandomExpression<bool?> Logic(RandomExpression<bool?> left, RandomExpression<bool?> right) => _random.Next(5) switch
    {
        0 => new($"({left.Text}) and ({right.Text})", (set, key) => left.ValueOf(set, key) & right.ValueOf(set, key)),
        1 => new($"({left.Text}) or ({right.Text})", (set, key) => left.ValueOf(set, key) | right.ValueOf(set, key)),
        2 => new($"({left.Text}) eq {(right.Text.Length % 2 == 0 ? "true" : "false")}", (set, key) => left.ValueOf(set, key) == (right.Text.Length % 2 == 0)),
        _ => new($"not ({left.Text})", (set, key) => !left.ValueOf(set, key)),
    };

    private RandomExpression<bool?> Function(string path, bool ofKey = true)
    {
        RandomExpression<string> text = Text(path, 2, ofKey);
        RandomExpression<string> part = Text(path, 1, ofKey);
        string name = One("contains", "startswith", "endswith");
        return new($"{name}({text.Text},{part.Text})", (set, key) => (text.ValueOf(set, key), part.ValueOf(set, key)) switch
        {
            (null, _) or (_, null) => null,
            var (whole, piece) when name == "contains" => whole.Contains(piece, StringComparison.Ordinal),
            var (whole, piece) when name == "startswith" => whole.StartsWith(piece, StringComparison.Ordinal),
            var (whole, piece) => whole.EndsWith(piece, StringComparison.Ordinal),
        });
    }

    private RandomExpression<bool?> In(string path)
    {
        string[] list = [One(Texts), One(Texts), One(Texts)];
        RandomExpression<string> text = Member(path);
        return new($"{text.Text} in ({string.Join(',', list.Select(Quoted))})", (set, key) => list.Contains(text.ValueOf(set, key)));
    }

    private RandomExpression<bool?> Certificates(string path)
    {
        RandomExpression<string> text = Text(path, 1);
        string which = One("any", "all");
        return new($"{path}x5c/{which}(c:contains(c,{text.Text}))", (set, key) =>
        {
            IEnumerable<bool> found = key!["x5c"]!.AsArray().Select(certificate =>
                text.ValueOf(set, key) is { } part && ((string)certificate!).Contains(part, StringComparison.Ordinal));
            return which == "any" ? found.Any(is_ => is_) : found.All(is_ => is_);
        });
    }

    private RandomExpression<long?> Count()
    {
        RandomExpression<bool?> filter = OfKey("", 1);
        return _random.Next(2) == 0
            ? new("keys/$count", (set, _) => Keys(set).Count())
            : new($"keys/$count($filter={filter.Text})", (set, _) => Keys(set).Count(key => filter.ValueOf(set, key) == true));
    }

    private RandomExpression<string> Member(string path)
    {
        string name = One(Members);
        return new($"{path}{name}", (_, key) => (string?)key![name]);
    }

    private RandomExpression<long?> Date(string path)
    {
        string name = One("exp", "nbf");
        return new($"{path}{name}", (_, key) => (long?)key![name]);
    }

    private RandomExpression<string> Text(string path, int depth, bool ofKey = true)
    {
        RandomExpression<string> text = ofKey ? Member(path) : new("id", (set, _) => (string?)set["id"]);
        if (depth == 1 && _random.Next(2) == 0)
        {
            string literal = One(Texts);
            return new(Quoted(literal), (_, _) => literal);
        }

        return depth < 2 ? text : Made(text, Text(path, depth - 1, ofKey));
    }

    private RandomExpression<string> Made(RandomExpression<string> text, RandomExpression<string> other)
    {
        int start = _random.Next(4);
        return _random.Next(7) switch
        {
            0 => new($"concat({text.Text},{other.Text})", (set, key) => text.ValueOf(set, key) is { } left && other.ValueOf(set, key) is { } right ? left + right : null),
            1 => new($"tolower({text.Text})", (set, key) => text.ValueOf(set, key)?.ToLowerInvariant()),
            2 => new($"toupper({text.Text})", (set, key) => text.ValueOf(set, key)?.ToUpperInvariant()),
            3 => new($"trim({text.Text})", (set, key) => text.ValueOf(set, key)?.Trim()),
            4 => new($"substring({text.Text},{start})", (set, key) => text.ValueOf(set, key) is { } whole ? string.Concat(Characters(whole).Skip(start)) : null),
            5 => new($"substring({text.Text},{start},2)", (set, key) => text.ValueOf(set, key) is { } whole ? string.Concat(Characters(whole).Skip(start).Take(2)) : null),
            _ => text,
        };
    }

    private RandomExpression<long?> Number(string path, int depth, bool ofKey = true)
    {
        long literal = _random.Next(-3, 9);
        if (depth == 0 || (depth == 1 && _random.Next(2) == 0))
        {
            return new(literal.ToString(CultureInfo.InvariantCulture), (_, _) => literal);
        }

        RandomExpression<string> text = Text(path, 2, ofKey);
        RandomExpression<string> part = Text(path, 1, ofKey);
        RandomExpression<long?> date = Date(path);
        return _random.Next((ofKey, _isOrder) switch { (false, _) => 2, (true, true) => 3, _ => 6 }) switch
        {
            0 => new($"length({text.Text})", (set, key) => text.ValueOf(set, key) is { } whole ? Characters(whole).Length : null),
            1 => new($"indexof({text.Text},{part.Text})", (set, key) => text.ValueOf(set, key) is { } whole && part.ValueOf(set, key) is { } piece
                ? whole.IndexOf(piece, StringComparison.Ordinal) is >= 0 and int index ? Characters(whole[..index]).Length : -1
                : null),
            2 => date,
            3 => new($"-{date.Text}", (set, key) => -date.ValueOf(set, key)),
            _ => Arithmetic(date, Number(path, 1), literal == 0 ? 5 : literal),
        };
    }

    private RandomExpression<long?> Arithmetic(RandomExpression<long?> left, RandomExpression<long?> right, long divisor) => _random.Next(5) switch
    {
        0 => new($"({left.Text} add {right.Text})", (set, key) => left.ValueOf(set, key) + right.ValueOf(set, key)),
        1 => new($"({left.Text} sub {right.Text})", (set, key) => left.ValueOf(set, key) - right.ValueOf(set, key)),
        2 => new($"({left.Text} mul {right.Text})", (set, key) => left.ValueOf(set, key) * right.ValueOf(set, key)),
        3 => new($"({left.Text} div {divisor})", (set, key) => left.ValueOf(set, key) / divisor),
        _ => new($"({left.Text} mod {divisor})", (set, key) => left.ValueOf(set, key) % divisor),
    };
}
