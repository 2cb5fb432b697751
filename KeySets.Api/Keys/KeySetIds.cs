using System.Text.RegularExpressions;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// The rule for ids of key sets. A valid id can be put into a URL, a log line or a shell as it is.
/// </summary>
/// <param name="prefix">The prefix that a requested id gets if it does not begin with it; empty for none.</param>
public sealed partial class KeySetIds(string prefix)
{
    /// <summary>The id for a new set.</summary>
    /// <param name="requested">The id in the request; null for a GUID.</param>
    /// <param name="otherwise">The GUID; null for a new one.</param>
    /// <exception cref="RefusalException">400: the id, prefix included, breaks the rule.</exception>
    public string ForNewSet(string? requested, Guid? otherwise = null)
    {
        if (requested is null)
        {
            // In the order of time: the rows of new sets lie side by side in every index, which takes fewer pages.
            return (otherwise ?? Guid.CreateVersion7()).ToString();
        }

        string id = requested.StartsWith(prefix, StringComparison.Ordinal) ? requested : prefix + requested;
        return requested.Length > 0 && IsValid(id) ? id : throw Refusal.BadKeySetId();
    }

    /// <summary>
    /// Checks the id of a set that a request to its URL creates. No prefix is added: the set would be at another URL.
    /// </summary>
    /// <exception cref="RefusalException">400: the id breaks the rule, or lacks the prefix.</exception>
    public void CheckNew(string id)
    {
        if (!IsValid(id))
        {
            throw Refusal.BadKeySetId();
        }

        if (!id.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw Refusal.ForeignPrefix(prefix);
        }
    }

    /// <summary>
    /// Whether the text can be an id. A dot segment cannot: clients resolve it before they send the URL (RFC 3986
    /// section 5.2.4).
    /// </summary>
    public static bool IsValid(string text) =>
        text.Length <= Limits.IdLength && Pattern().IsMatch(text) && text is not ("." or "..");

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
