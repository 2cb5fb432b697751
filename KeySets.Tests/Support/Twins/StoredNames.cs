using KeySets.Api.Data;

namespace KeySets.Tests.Support.Twins;

/// <summary>
/// Names for what a database has made at random since the start, so that the answers of two databases can be compared:
/// the revisions of sets, and generated keys. Each name stands for one value that the rows of this database have. What
/// was there at the start has no name, and a revision that stays keeps its name: otherwise a difference could hide.
/// </summary>
public sealed class StoredNames
{
    // A kid that the service has made: base64url of 256 bits.
    private const int MadeKid = 43;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Names for what comes after these sets.</summary>
    public StoredNames(IEnumerable<StoredSet> start) =>
        _known.UnionWith(start.SelectMany(Values).Select(value => value.Text));

    /// <summary>Names what is new in the rows.</summary>
    public void Learn(IEnumerable<StoredSet> sets)
    {
        foreach ((string text, string name) in sets.SelectMany(Values))
        {
            if (_known.Add(text))
            {
                int number = _numbers[name] = _numbers.GetValueOrDefault(name) + 1;
                _names.Add(text, $"<{name} {number}>");
            }
        }
    }

    /// <summary>A text with the names in the place of the values.</summary>
    public string PutInto(string text)
    {
        foreach ((string value, string name) in _names)
        {
            text = text.Replace(value, name, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A text with the values in the place of the names.</summary>
    public string TakeFrom(string text)
    {
        foreach ((string value, string name) in _names)
        {
            text = text.Replace(name, value, StringComparison.Ordinal);
        }

        return text;
    }

    private static IEnumerable<(string Text, string Name)> Values(StoredSet stored)
    {
        yield return ($"{stored.Set.Revision:N}", $"revision of {stored.Set.Id}");
        foreach ((int index, int ordinal) in stored.Ordinals.Index())
        {
            if (stored.Set.Keys[index].Kid is { Length: MadeKid } kid)
            {
                yield return (kid, $"kid {ordinal} of {stored.Set.Id}");
            }

            if (stored.Set.Keys[index].N is { Length: > MadeKid } n)
            {
                yield return (n, $"n {ordinal} of {stored.Set.Id}");
            }
        }
    }
}
