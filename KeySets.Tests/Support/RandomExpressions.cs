using System.Globalization;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>
/// Makes up expressions from the members and functions that the service offers. Each comes with the value that OData
/// gives it (URL Conventions section 5.1.1), computed in the plainest way. The same seed gives the same expressions.
/// </summary>
/// <param name="seed">The seed.</param>
public sealed class RandomExpressions(int seed) : RandomValues(seed)
{
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];

    /// <summary>A condition on a key set.</summary>
    public RandomExpression<bool?> OfSet(int depth) => Next(depth > 0 ? 9 : 6) switch
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
    /// <param name="path">The prefix of the names of its members, such as <c>k/</c>.</param>
    /// <param name="depth">The depth of its nesting.</param>
    public RandomExpression<bool?> OfKey(string path, int depth) => Next(depth > 0 ? 9 : 6) switch
    {
        0 => Compare(One(Comparisons), Text(path, 2), Text(path, 1)),
        1 => Compare(One(Comparisons), Number(path, 2), Number(path, 1)),
        2 => Function(path),
        3 => One(IsNull(Text(path, 2)), IsNull(Function(path))),
        4 => One(In(path), CastNumber(path)),
        5 => Certificates(path),
        _ => Logic(OfKey(path, depth - 1), OfKey(path, depth - 1)),
    };

    /// <summary>An expression to order key sets by. It has no arithmetic.</summary>
    public RandomExpression<object?> Order()
    {
        IsOrder = true;
        RandomExpression<object?> order = Next(4) switch
        {
            0 => Boxed(Count()),
            1 => Boxed(OfSet(1)),
            2 => Boxed(Number("", 2, ofKey: false)),
            _ => Boxed(Text("", 2, ofKey: false)),
        };
        IsOrder = false;
        return order;
    }

    /// <summary>An expression to order keys by.</summary>
    public RandomExpression<object?> OrderOfKeys() => Next(3) switch
    {
        0 => Boxed(OfKey("", 2)),
        1 => Boxed(Number("", 2)),
        _ => Boxed(Text("", 2)),
    };

    private static IEnumerable<JsonNode> Keys(JsonNode set) => set["keys"]!.AsArray().Select(key => key!);

    private static RandomExpression<object?> Boxed<T>(RandomExpression<T> expression) =>
        new(expression.Text, (set, key) => expression.ValueOf(set, key));

    private static RandomExpression<bool?> Any(RandomExpression<bool?> body) =>
        new($"keys/any(k:{body.Text})", (set, _) => Keys(set).Any(key => body.ValueOf(set, key) == true));

    private static RandomExpression<bool?> All(RandomExpression<bool?> body) =>
        new($"keys/all(k:{body.Text})", (set, _) => Keys(set).All(key => body.ValueOf(set, key) == true));

    private static RandomExpression<bool?> IsNull<T>(RandomExpression<T> expression) =>
        new($"({expression.Text}) eq null", (set, key) => expression.ValueOf(set, key) is null);

    private static RandomExpression<bool?> Compare<T>(
        string comparison, RandomExpression<T> left, RandomExpression<T> right) =>
        new(
            $"{left.Text} {comparison} {right.Text}",
            (set, key) => StandardSemantics.IsSo(comparison, left.ValueOf(set, key), right.ValueOf(set, key)));

    private RandomExpression<bool?> Logic(RandomExpression<bool?> left, RandomExpression<bool?> right) => Next(5) switch
    {
        0 => new($"({left.Text}) and ({right.Text})", (set, key) => left.ValueOf(set, key) & right.ValueOf(set, key)),
        1 => new($"({left.Text}) or ({right.Text})", (set, key) => left.ValueOf(set, key) | right.ValueOf(set, key)),
        2 => new(
            $"({left.Text}) eq {(right.Text.Length % 2 == 0 ? "true" : "false")}",
            (set, key) => left.ValueOf(set, key) == (right.Text.Length % 2 == 0)),
        _ => new($"not ({left.Text})", (set, key) => !left.ValueOf(set, key)),
    };

    private RandomExpression<bool?> Function(string path, bool ofKey = true)
    {
        RandomExpression<string> text = Text(path, 2, ofKey);
        RandomExpression<string> part = Text(path, 1, ofKey);
        string name = One("contains", "startswith", "endswith");
        return new(
            $"{name}({text.Text},{part.Text})",
            (set, key) => (text.ValueOf(set, key), part.ValueOf(set, key)) switch
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
        return new(
            $"{text.Text} in ({string.Join(',', list.Select(Quoted))})",
            (set, key) => list.Contains(text.ValueOf(set, key)));
    }

    private RandomExpression<bool?> CastNumber(string path)
    {
        RandomExpression<long?> number = Number(path, 1);
        return Compare(
            One("eq", "ne"),
            new RandomExpression<string>(
                $"cast({number.Text},Edm.String)",
                (set, key) => number.ValueOf(set, key)?.ToString(CultureInfo.InvariantCulture)),
            new RandomExpression<string>("'5'", (_, _) => "5"));
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
        return Next(2) == 0
            ? new("keys/$count", (set, _) => Keys(set).Count())
            : new(
                $"{One("keys", "keys_v2")}/$count($filter={filter.Text})",
                (set, _) => Keys(set).Count(key => filter.ValueOf(set, key) == true));
    }
}
