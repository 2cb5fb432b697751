using System.Security.Cryptography;
using System.Text.Json;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// Seals the private members of a key for its row. Bytes that were sealed for one key cannot be opened as those of
/// another.
/// </summary>
public sealed class PrivateMembersProtector(IDataProtectionProvider dataProtection, KeyRing keyRing)
{
    // The version goes up when the format of the sealed bytes changes.
    private const string Purpose = "KeySets.PrivateMembers.v1";

    /// <summary>Encrypts and authenticates private members, bound to their set and their key.</summary>
    /// <exception cref="RefusalException">503: the key ring that would open them again is lost.</exception>
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

    /// <summary>Opens a sealed row, so that a database is never used with another key ring than its own.</summary>
    /// <exception cref="CryptographicException">The key ring does not open what the database holds.</exception>
    public async Task VerifyAsync(Database database)
    {
        (string keySetId, string kid, byte[]? bytes) = await database.ReadAsync(FindSealedAsync);
        if (bytes is not null)
        {
            Unseal(keySetId, kid, bytes);
        }
    }

    private static async Task<(string KeySetId, string Kid, byte[]? Bytes)> FindSealedAsync(KeySetsDbContext context)
    {
        var row = await context.Set<TrustFrameworkKey>()
            .Select(key => new
            {
                key.Kid,
                KeySetId = EF.Property<string>(key, KeySetsDbContext.KeySetId),
                SealedMembers = EF.Property<byte[]?>(key, KeySetsDbContext.SealedMembers),
            })
            .FirstOrDefaultAsync(key => key.SealedMembers != null);
        return row is null ? ("", "", null) : (row.KeySetId, row.Kid!, row.SealedMembers);
    }

    private IDataProtector ProtectorOf(string keySetId, string kid) =>
        dataProtection.CreateProtector(Purpose, keySetId, kid);
}
