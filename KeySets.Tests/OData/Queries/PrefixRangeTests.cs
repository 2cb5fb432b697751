using System.Text;
using KeySets.Api.OData.Queries;

namespace KeySets.Tests.OData.Queries;

/// <summary>The range of the texts that begin with a prefix.</summary>
public sealed class PrefixRangeTests
{
    [TestCase("a", "b")]
    [TestCase("ab", "ac")]
    [TestCase("a\u007f", "a\u0080")]
    [TestCase("\ud7ff", "\ue000")]
    [TestCase("\uffff", "\U00010000")]
    [TestCase("a\U0010ffff\U0010ffff", "b")]
    [TestCase("\U0010ffff", null)]
    [TestCase("", null)]
    public void Ends_before_the_next_text_without_the_prefix(string prefix, string? end) =>
        Assert.That(PrefixRange.EndOf(prefix), Is.EqualTo(end));

    [Test]
    public void Has_no_end_for_half_of_a_surrogate_pair()
    {
        // An attribute cannot hold it.
        Assert.That(PrefixRange.EndOf("a\ud800"), Is.Null);
        Assert.That(PrefixRange.EndOf("\udc00a"), Is.Null);
    }

    [Test]
    public void Holds_the_texts_with_the_prefix_and_no_others()
    {
        string[] characters = ["", "\0", "a", "b", "\u007f", "\u00e4", "\ud7ff", "\ue000", "\uffff", "\U00010000",
            "\U0010fffe", "\U0010ffff"];
        string[] texts = [.. from one in characters from two in characters from three in characters
            select one + two + three];
        foreach (string prefix in texts.Distinct())
        {
            if (PrefixRange.EndOf(prefix) is { } end)
            {
                Assert.That(
                    texts.Where(text => Compare(text, prefix) >= 0 && Compare(text, end) < 0),
                    Is.EqualTo(texts.Where(text => text.StartsWith(prefix, StringComparison.Ordinal))));
            }
        }
    }

    /// <summary>Compares as SQLite does: byte by byte in UTF-8.</summary>
    private static int Compare(string one, string other) =>
        Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
