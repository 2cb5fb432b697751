using System.Security.Cryptography;
using System.Text.Json;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// Seals the private members of a key for its row. Bytes that were sealed for one key cannot be opened as those of
/// another.
/// </summary>
public sealed class PrivateMembersProtector(IDataProtectionProvider dataProtection, KeyRing keyRing)
{
    // The version goes up when the format of the sealed bytes changes.
    private const string Purpose = "KeySets.PrivateMembers.v1";

    private readonly IDataProtector _protector = dataProtection.CreateProtector(Purpose);

    /// <summary>Encrypts and authenticates private members, bound to their set and their key.</summary>
    /// <exception cref="RefusalException">503: the key ring that would open them again is lost.</exception>
    public byte[] Seal(string keySetId, string kid, PrivateMembers members)
    {
        keyRing.RequireSound();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(members);
        try
        {
            byte[] bytes = ProtectorOf(keySetId, kid).Protect(json);
            return keyRing.Holds(bytes) ? bytes : throw Refusal.KeyRingLost();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    /// <summary>Opens what <see cref="Seal"/> has sealed.</summary>
    /// <exception cref="CryptographicException">
    /// The bytes were altered, belong to another key, or were sealed with another key ring.
    /// </exception>
    public PrivateMembers Unseal(string keySetId, string kid, byte[] bytes)
    {
        byte[] json = ProtectorOf(keySetId, kid).Unprotect(bytes);
        try
        {
            return JsonSerializer.Deserialize<PrivateMembers>(json)!;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    private IDataProtector ProtectorOf(string keySetId, string kid) => _protector.CreateProtector(keySetId, kid);
}
