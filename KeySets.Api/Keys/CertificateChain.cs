using System.Security.Cryptography.X509Certificates;

namespace KeySets.Api.Keys;

/// <summary>
/// Chains of certificates, in which each further certificate certifies the one before (RFC 7517 section 4.7): by name
/// and by signature. A self-signed certificate ends a chain. No trust and no date is judged, and nothing is fetched.
/// </summary>
public static class CertificateChain
{
    /// <summary>Whether a certificate can follow another one in a chain.</summary>
    public static bool Continues(X509Certificate2 certificate, X509Certificate2 next) =>
        !Certifies(certificate, certificate) && Certifies(next, certificate);

    /// <summary>The chain from a certificate up, of certificates in any order. It leaves out those of no use.</summary>
    public static IReadOnlyList<X509Certificate2> From(
        X509Certificate2 first, IReadOnlyCollection<X509Certificate2> certificates)
    {
        List<X509Certificate2> chain = [first];
        while (certificates
            .Where(next => !chain.Any(other => IsSame(other, next)) && Continues(chain[^1], next))
            // An authority can have several certificates for one key: the one that it has signed itself ends the chain.
            .OrderByDescending(next => Certifies(next, next))
            .ThenBy(next => next.Thumbprint, StringComparer.Ordinal)
            .FirstOrDefault() is { } next)
        {
            chain.Add(next);
        }

        return chain;
    }

    /// <summary>The chain that certificates in any order make up.</summary>
    /// <returns>The chain; null if they are no chain, or more than one.</returns>
    public static IReadOnlyList<X509Certificate2>? Of(IReadOnlyCollection<X509Certificate2> certificates)
    {
        X509Certificate2[] leaves =
        [
            .. certificates.Where(certificate => !certificates.Any(
                other => !ReferenceEquals(other, certificate) && Certifies(certificate, other))),
        ];
        return leaves is [X509Certificate2 leaf]
            && From(leaf, certificates) is { } chain
            && chain.Count == certificates.Count
                ? chain
                : null;
    }

    /// <remarks>X509Certificate2.Equals compares only the issuer and the serial number.</remarks>
    public static bool IsSame(X509Certificate2 one, X509Certificate2 other) =>
        one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);

    private static bool Certifies(X509Certificate2 issuer, X509Certificate2 certificate) =>
        issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        && CertificateSignature.IsBy(issuer, certificate);
}
