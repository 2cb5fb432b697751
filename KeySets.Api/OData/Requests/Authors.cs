using System.Security.Claims;
using System.Text;
using KeySets.Api.Data.Audit;
using KeySets.Api.Diagnostics;

namespace KeySets.Api.OData.Requests;

/// <summary>Tells who sends a request, by the claims of its token.</summary>
public static class Authors
{
    /// <summary>The most characters that are kept of a claim.</summary>
    public const int LongestClaim = 256;

    // Entra ID gives a user another sub for each application, but one oid.
    private static readonly string[] Subject = ["oid", "sub"];

    // OpenID Connect, version 1 tokens of Entra ID, and RFC 9068 section 2.2.
    private static readonly string[] Application = ["azp", "appid", "client_id"];

    private static readonly string[] Issuer = ["iss"];

    /// <summary>Who sends a request.</summary>
    public static Author Of(HttpRequest request)
    {
        ClaimsPrincipal user = request.HttpContext.User;
        return new Author(
            Claim(user, Subject),
            Claim(user, Application),
            Claim(user, Issuer),
            $"{request.Method} /{(request.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}",
            RequestIds.RequestId(request.HttpContext));
    }

    private static string? Claim(ClaimsPrincipal user, string[] types)
    {
        foreach (string type in types)
        {
            if (user.FindFirst(type) is { Value: { Length: > 0 } value })
            {
                return Printable(value);
            }
        }

        return null;
    }

    /// <summary>A text that others have chosen, without control characters, and not longer than a claim.</summary>
    /// <remarks>An issuer can be made to sign anything: line breaks, and what is no Unicode.</remarks>
    public static string Printable(string text)
    {
        if (text.Length <= LongestClaim && text.All(character => character is >= ' ' and <= '~'))
        {
            return text;
        }

        StringBuilder printable = new();
        foreach (Rune rune in text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? Rune.ReplacementChar : rune))
        {
            if (printable.Length + rune.Utf16SequenceLength > LongestClaim)
            {
                break;
            }

            printable.Append(rune.ToString());
        }

        return printable.ToString();
    }
}
