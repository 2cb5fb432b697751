using System.Security.Cryptography;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.DataProtection;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// Seals the answers to repeatable requests for their rows: an answer can have the private members of its request.
/// </summary>
public sealed class SealedAnswers(IDataProtectionProvider dataProtection, KeyRing keyRing)
{
    // The version goes up when the format of the sealed bytes changes.
    private readonly IDataProtector _protector = dataProtection.CreateProtector("KeySets.Answers.v1");

    /// <summary>Encrypts and authenticates an answer, bound to its request. Its bytes are zeroed.</summary>
    /// <exception cref="RefusalException">503: the key ring that would open it again is lost.</exception>
    public byte[] Seal(Guid request, byte[] answer)
    {
        try
        {
            keyRing.RequireSound();
            byte[] bytes = ProtectorOf(request).Protect(answer);
            return keyRing.Holds(bytes) ? bytes : throw Refusal.KeyRingLost();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(answer);
        }
    }

    /// <summary>Opens what <see cref="Seal"/> has sealed; null if it does not open.</summary>
    public byte[]? Open(Guid request, byte[] bytes)
    {
        try
        {
            return keyRing.Fault is null ? ProtectorOf(request).Unprotect(bytes) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(Guid request) => _protector.CreateProtector(request.ToString());
}
