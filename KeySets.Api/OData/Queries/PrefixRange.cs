using System.Text;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The texts that begin with a prefix, as a range of an index: from the prefix to the first text behind all of them.
/// Databases order texts by code point, as UTF-8 does.
/// </summary>
public static class PrefixRange
{
    private const int LastBeforeSurrogates = 0xD7FF;
    private const int FirstAfterSurrogates = 0xE000;
    private const int Last = 0x10FFFF;

    /// <summary>The first text behind all texts that begin with a prefix: <c>ac</c> for <c>ab</c>.</summary>
    /// <returns>
    /// The text; null if there is none, or if the prefix has half of a surrogate pair, which databases do not keep.
    /// </returns>
    public static string? EndOf(string prefix)
    {
        if (!IsWellFormed(prefix))
        {
            return null;
        }

        Rune[] runes = [.. prefix.EnumerateRunes()];
        int last = Array.FindLastIndex(runes, rune => rune.Value != Last);
        return last < 0 ? null : $"{string.Concat(runes.Take(last))}{Next(runes[last])}";
    }

    private static Rune Next(Rune rune) =>
        new(rune.Value == LastBeforeSurrogates ? FirstAfterSurrogates : rune.Value + 1);

    private static bool IsWellFormed(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (!Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                return false;
            }

            index += rune.Utf16SequenceLength - 1;
        }

        return true;
    }
}
