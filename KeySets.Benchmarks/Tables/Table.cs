using System.Globalization;
using System.Text;
using KeySets.Benchmarks.Load;

namespace KeySets.Benchmarks.Tables;

/// <summary>A table in Markdown.</summary>
internal sealed class Table
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a table.</summary>
    /// <param name="columns">The heads of its columns.</param>
    public Table(params IEnumerable<string> columns)
    {
        string[] all = [.. columns];
        Add(all);
        _text.AppendLine($"|{string.Concat(all.Select(_ => "---|"))}");
    }

    /// <summary>Adds a row.</summary>
    public void Add(params IEnumerable<string> cells) => _text.AppendLine($"| {string.Join(" | ", cells)} |");

    /// <summary>A number with the digits that count.</summary>
    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("N2", CultureInfo.InvariantCulture),
        >= 0.01 => value.ToString("N3", CultureInfo.InvariantCulture),
        _ => value.ToString("0.######", CultureInfo.InvariantCulture),
    };

    /// <summary>The median of ratios, with the least and the greatest.</summary>
    /// <param name="ratios">The ratios in their order.</param>
    public static string Ratio(double[] ratios) =>
        $"{Number(Rounds.MedianOf(ratios))} ({Number(ratios[0])} to {Number(ratios[^1])})";

    /// <inheritdoc />
    public override string ToString() => _text.ToString();
}
