using System.Security.Cryptography;
using System.Text.Json;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.DataProtection;

namespace KeySets.Api.Data;

/// <summary>Seals the private members of a key for its row. What is sealed for one key cannot be opened as another's.</summary>
public sealed class PrivateMembersProtector(IDataProtectionProvider dataProtection, KeyRing keyRing)
{
    // The version goes up when the format of the sealed bytes changes.
    private const string Purpose = "KeySets.PrivateMembers.v1";

    /// <summary>Encrypts and authenticates private members, bound to the set and the key that they belong to.</summary>
    /// <exception cref="RefusalException">503: the key ring that would open them is lost.</exception>
    public byte[] Seal(string keySetId, string kid, PrivateMembers members)
    {
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

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">The bytes were altered, belong to another key, or the key ring is another one.</exception>
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

    private IDataProtector ProtectorOf(string keySetId, string kid) => dataProtection.CreateProtector(Purpose, keySetId, kid);
}
