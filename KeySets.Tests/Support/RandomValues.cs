using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>An expression as a client writes it, and its value for a key set or for one of its keys.</summary>
/// <param name="Text">The expression.</param>
/// <param name="ValueOf">Its value for a set and, if it is about a key, that key; null as in OData.</param>
public sealed record RandomExpression<T>(string Text, Func<JsonNode, JsonNode?, T?> ValueOf);

/// <summary>Makes up texts and numbers, as expressions. The same seed gives the same ones.</summary>
/// <param name="seed">The seed.</param>
[SuppressMessage(
    "Security", "CA5394", Justification = "Nothing here is secret, and a run must be repeatable from its seed.")]
public abstract class RandomValues(int seed)
{
    /// <summary>Texts that databases are known to mishandle. Only A and Ä occur in both cases.</summary>
    public static readonly string[] Texts =
        ["", "a", "A", "ä", "Ä", "ab", "b%", "_", "'", " a\u2003", "🔑", "a🔑b", "sig", "x\\y", "\t"];

    private static readonly string[] Members = ["kid", "use", "x5t", "e", "n"];

    private readonly Random _random = new(seed);

    /// <summary>Whether the expression orders key sets. It then has no arithmetic.</summary>
    protected bool IsOrder { get; set; }

    /// <summary>One of several.</summary>
    public T One<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>A text as a literal.</summary>
    protected static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A member of a key whose value is a text.</summary>
    protected RandomExpression<string> Member(string path)
    {
        string name = One(Members);
        return new($"{path}{name}", (_, key) => (string?)key![name]);
    }

    /// <summary>A text.</summary>
    protected RandomExpression<string> Text(string path, int depth, bool ofKey = true)
    {
        RandomExpression<string> text = ofKey ? Member(path) : new("id", (set, _) => (string?)set["id"]);
        if (depth == 1 && _random.Next(2) == 0)
        {
            string literal = One(Texts);
            return new(Quoted(literal), (_, _) => literal);
        }

        return depth < 2 ? text : Made(text, Text(path, depth - 1, ofKey));
    }

    /// <summary>A number.</summary>
    protected RandomExpression<long?> Number(string path, int depth, bool ofKey = true)
    {
        long literal = _random.Next(-3, 9);
        if (depth == 0 || (depth == 1 && _random.Next(2) == 0))
        {
            return new(literal.ToString(CultureInfo.InvariantCulture), (_, _) => literal);
        }

        RandomExpression<string> text = Text(path, 2, ofKey);
        RandomExpression<string> part = Text(path, 1, ofKey);
        RandomExpression<long?> date = Date(path);
        return _random.Next((ofKey, IsOrder) switch { (false, _) => 2, (true, true) => 3, _ => 6 }) switch
        {
            0 => new($"length({text.Text})", (set, key) =>
                text.ValueOf(set, key) is { } whole ? StandardSemantics.Characters(whole).Length : null),
            1 => new($"indexof({text.Text},{part.Text})", (set, key) =>
                text.ValueOf(set, key) is { } whole && part.ValueOf(set, key) is { } piece
                    ? whole.IndexOf(piece, StringComparison.Ordinal) is >= 0 and int index
                        ? StandardSemantics.Characters(whole[..index]).Length
                        : -1
                    : null),
            2 => date,
            3 => new($"-{date.Text}", (set, key) => -date.ValueOf(set, key)),
            _ => Arithmetic(date, Number(path, 1), literal == 0 ? 5 : literal),
        };
    }

    /// <summary>A number of at least 0 and less than a limit.</summary>
    protected int Next(int limit) => _random.Next(limit);

    private RandomExpression<long?> Date(string path)
    {
        string name = One("exp", "nbf");
        string member = $"{path}{name}";
        return new(_random.Next(4) == 0 ? $"cast({member},Edm.Int64)" : member, (_, key) => (long?)key![name]);
    }

    private RandomExpression<string> Made(RandomExpression<string> text, RandomExpression<string> other)
    {
        int start = _random.Next(4);
        return _random.Next(9) switch
        {
            0 => new($"concat({text.Text},{other.Text})", (set, key) =>
                text.ValueOf(set, key) is { } left && other.ValueOf(set, key) is { } right ? left + right : null),
            1 => new($"tolower({text.Text})", (set, key) => text.ValueOf(set, key)?.ToLowerInvariant()),
            2 => new($"toupper({text.Text})", (set, key) => text.ValueOf(set, key)?.ToUpperInvariant()),
            3 => new($"trim({text.Text})", (set, key) => text.ValueOf(set, key)?.Trim()),
            4 => new($"substring({text.Text},{start})", (set, key) => text.ValueOf(set, key) is { } whole
                ? string.Concat(StandardSemantics.Characters(whole).Skip(start))
                : null),
            5 => new($"substring({text.Text},{start},2)", (set, key) => text.ValueOf(set, key) is { } whole
                ? string.Concat(StandardSemantics.Characters(whole).Skip(start).Take(2))
                : null),
            6 => new($"trim({other.Text})", (set, key) => other.ValueOf(set, key)?.Trim()),
            7 => new($"cast({text.Text},Edm.String)", text.ValueOf),
            _ => text,
        };
    }

    private RandomExpression<long?> Arithmetic(
        RandomExpression<long?> left, RandomExpression<long?> right, long divisor) => _random.Next(5) switch
        {
            0 => new($"({left.Text} add {right.Text})", (set, key) => left.ValueOf(set, key) + right.ValueOf(set, key)),
            1 => new($"({left.Text} sub {right.Text})", (set, key) => left.ValueOf(set, key) - right.ValueOf(set, key)),
            2 => new($"({left.Text} mul {right.Text})", (set, key) => left.ValueOf(set, key) * right.ValueOf(set, key)),
            3 => new($"({left.Text} div {divisor})", (set, key) => left.ValueOf(set, key) / divisor),
            _ => new($"({left.Text} mod {divisor})", (set, key) => left.ValueOf(set, key) % divisor),
        };
}
