using System.Globalization;
using System.Security.Cryptography;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.DataProtection;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// Seals the hashes of audit checkpoints: who can write to the database, but has no key of the ring, cannot make one.
/// </summary>
public sealed class CheckpointSeals(IDataProtectionProvider dataProtection, KeyRing keyRing)
{
    // The version goes up when the format of the sealed bytes changes.
    private readonly IDataProtector _protector = dataProtection.CreateProtector("KeySets.AuditCheckpoints.v1");

    /// <summary>Seals a hash, bound to the number of its checkpoint.</summary>
    /// <exception cref="RefusalException">503: the key ring that would open it again is lost.</exception>
    public byte[] Seal(long number, string hash)
    {
        keyRing.RequireSound();
        byte[] seal = ProtectorOf(number).Protect(Convert.FromHexString(hash));
        return keyRing.Holds(seal) ? seal : throw Refusal.KeyRingLost();
    }

    /// <summary>The hash that <see cref="Seal"/> has sealed; null if the seal does not open.</summary>
    public string? Open(long number, byte[] seal)
    {
        try
        {
            return Convert.ToHexStringLower(ProtectorOf(number).Unprotect(seal));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(long number) =>
        _protector.CreateProtector(number.ToString(CultureInfo.InvariantCulture));
}
